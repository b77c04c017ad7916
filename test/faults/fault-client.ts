/** Somebody who uses the API while things fail: asks again after a fault, as the page and a person do. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '#contract/jobs.ts';

const tries = 5;

/** Tries until an answer is not a fault of the server. */
async function again(ask: () => Promise<Response>): Promise<Response> {
  for (let number = 1; ; number++) {
    const answer = await ask().catch((error: unknown) => error as Error);
    if (answer instanceof Response && answer.status < 500) return answer;
    if (number === tries) throw new Error(`Failed ${tries} times: ${await sayAnswer(answer)}`);
    await sleep(5);
  }
}

export type Client = ReturnType<typeof client>;

export function client(port: number) {
  const url = `http://127.0.0.1:${port}`;

  async function jobs(): Promise<Job[]> {
    const answer = await again(() => fetch(`${url}/api/jobs`));
    return ((await answer.json()) as { items: Job[] }).items;
  }

  const send = (path: string, body: unknown) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  async function importWhat(what: { paths: string[] } | { uploads: string[] }, asked: number): Promise<void> {
    const answer = await again(() => send('/api/imports', what));
    // The job was created, only the answer was lost.
    if (answer.status === 409 && (await jobs()).length > 0) return;
    // A disk that stumbled while its folders were listed: a person tries once more.
    if (answer.status === 400 && asked === 1) return importWhat(what, 2);
    if (!answer.ok) throw new Error(`Import: ${await sayAnswer(answer)}`);
  }

  /** As the page's tus client does it: after a fault it asks how far the bytes came and goes on there. */
  async function upload(name: string, bytes: Uint8Array, modified: string): Promise<string> {
    const metadata = { filename: name, relative_path: 'dropped', modified_at: modified };
    const created = await again(() =>
      fetch(`${url}/api/uploads`, {
        method: 'POST',
        headers: {
          'tus-resumable': '1.0.0',
          'upload-length': String(bytes.length),
          'upload-metadata': Object.entries(metadata)
            .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
            .join(','),
        },
      }),
    );
    const location = created.headers.get('location');
    if (location === null) throw new Error(`Upload: ${await sayAnswer(created)}`);
    const address = new URL(location, url);
    let offset = 0;
    await again(async () => {
      const answer = await fetch(address, {
        method: 'PATCH',
        headers: {
          'tus-resumable': '1.0.0',
          'content-type': 'application/offset+octet-stream',
          'upload-offset': String(offset),
        },
        body: Buffer.from(bytes.subarray(offset)),
      });
      if (answer.ok) return answer;
      const head = await again(() => fetch(address, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } }));
      offset = Number(head.headers.get('upload-offset'));
      // Every byte is there: the client takes the upload for finished.
      return offset === bytes.length ? head : answer;
    });
    return address.pathname.split('/').at(-1) ?? '';
  }

  return {
    jobs,
    upload,
    importPaths: (paths: string[]) => importWhat({ paths }, 1),
    importUploads: (uploads: string[]) => importWhat({ uploads }, 1),
    resume: (id: string) => again(() => send(`/api/jobs/${id}/resume`, {})),
    retry: (id: string) => again(() => send(`/api/jobs/${id}/retry`, {})),
  };
}

async function sayAnswer(answer: Response | Error): Promise<string> {
  if (answer instanceof Error) return answer.cause instanceof Error ? answer.cause.message : answer.message;
  return `${answer.status} ${await answer.text()}`;
}
