/** What tests ask of the running product over HTTP. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Progress } from '#contract/jobs.ts';
import { isUnfinished, isWorkable, jobStatuses } from '#contract/words.ts';

export async function post<Answer>(url: string, body: unknown): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

export const importPaths = (url: string, paths: string[]) => post<Job>(`${url}/api/imports`, { paths });
export const importUploads = (url: string, uploads: string[]) => post<Job>(`${url}/api/imports`, { uploads });
export const resume = (url: string, id: string) => post<Job>(`${url}/api/jobs/${id}/resume`, {});

export async function progressOf(url: string, id: string): Promise<Progress> {
  const answer = await fetch(`${url}/api/progress/${id}`);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Progress;
}

/** Polls until the job stands there; throws after the limit, with where it stands instead. */
export async function untilStatus(
  url: string,
  id: string,
  statuses: readonly Job['status'][],
  limitMs: number,
): Promise<Progress> {
  const limit = performance.now() + limitMs;
  for (;;) {
    const progress = await progressOf(url, id);
    if (statuses.includes(progress.status)) return progress;
    if (performance.now() > limit) {
      throw new Error(`Expected ${statuses.join(' or ')} within ${limitMs} ms: ${JSON.stringify(progress)}`);
    }
    await sleep(50);
  }
}

const standing = jobStatuses.filter((status) => !isWorkable(status));

/** Polls until the job is over. Throws where it stands still instead, and after the limit. */
export async function untilOver(url: string, id: string, limitMs: number): Promise<Progress> {
  const progress = await untilStatus(url, id, standing, limitMs);
  if (isUnfinished(progress.status)) throw new Error(`Expected it to end: ${JSON.stringify(progress)}`);
  return progress;
}

/** One tus upload in one request. Resolves to its id. */
export async function upload(url: string, name: string, bytes: Uint8Array): Promise<string> {
  const answer = await fetch(`${url}/api/uploads`, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
    },
    body: Buffer.from(bytes),
  });
  if (answer.status !== 201) throw new Error(`Upload: ${answer.status} ${await answer.text()}`);
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
}
