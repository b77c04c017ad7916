/** The HTTP surface of the running product: guard, problem documents, uploads, imports, files. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Asset, AssetTile } from '#contract/library.ts';
import type { Job, JobItem, Progress } from '#contract/jobs.ts';
import type { Problem } from '#contract/problem.ts';
import { drawPhoto } from '../../test/fixtures/draw.ts';
import { untilOver } from '../../test/requests.ts';
import { startApp, type RunningApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

async function get<Body>(address: string): Promise<Body> {
  const answer = await fetch(`${app.url}${address}`);
  expect(answer.status, address).toBe(200);
  return (await answer.json()) as Body;
}

async function refused(address: string, init?: RequestInit): Promise<Problem> {
  const answer = await fetch(`${app.url}${address}`, init);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await answer.json()) as Problem;
  expect(problem.status).toBe(answer.status);
  return problem;
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function imported(body: unknown): Promise<Progress> {
  const answer = await fetch(`${app.url}/api/imports`, post(body));
  expect(answer.status).toBe(201);
  const { id } = (await answer.json()) as Job;
  return untilOver(app.url, id, 300_000);
}

async function upload(name: string, bytes: Uint8Array, folder = ''): Promise<string> {
  const metadata = { filename: name, relative_path: folder, modified_at: '2019-05-05T10:20:30.000Z' };
  const created = await fetch(`${app.url}/api/uploads`, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-metadata': Object.entries(metadata)
        .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
        .join(','),
    },
  });
  expect(created.status).toBe(201);
  return `${app.url}${created.headers.get('location')}`;
}

async function send(address: string, offset: number, bytes: Uint8Array): Promise<Response> {
  return fetch(address, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    },
    body: bytes as BodyInit,
  });
}

const idOf = (address: string) => address.split('/').at(-1) ?? '';

/** `fetch` does not let its Host be chosen. */
function statusWith(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    request({ hostname, port, path: '/api/jobs', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('who may ask', () => {
  test('a name that was pointed at this computer is refused', async () => {
    expect(await statusWith({ host: 'evil.example' })).toBe(403);
    expect(await statusWith({ host: `127.0.0.1:${new URL(app.url).port}` })).toBe(200);
    expect(await statusWith({ host: `localhost:${new URL(app.url).port}` })).toBe(200);
  });

  test('another site open in the same browser is refused', async () => {
    const { host } = new URL(app.url);
    expect(await statusWith({ host, origin: 'https://evil.example' })).toBe(403);
    expect(await statusWith({ host, origin: 'null' })).toBe(403);
    expect(await statusWith({ host, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await statusWith({ host, origin: app.url })).toBe(200);
  });
});

describe('refusals are problem documents', () => {
  test('unknown fields are refused by name', async () => {
    const problem = await refused('/api/imports', post({ paths: ['/x'], recursive: true }));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_input' });
    expect(problem.detail).toContain('recursive');
  });

  test('wrong types are refused by name, in bodies and in addresses', async () => {
    expect(await refused('/api/imports', post({ paths: 'x' }))).toMatchObject({ fields: [{ field: 'paths' }] });
    expect(await refused('/api/assets?limit=many')).toMatchObject({ fields: [{ field: 'limit' }] });
    expect(await refused('/api/assets?confidence=sure')).toMatchObject({ fields: [{ field: 'confidence' }] });
    expect(await refused('/api/imports', post({}))).toMatchObject({ status: 400 });
    expect(await refused('/api/imports', { ...post({}), body: '{' })).toMatchObject({ status: 400 });
  });

  test('a backslash and the letters u0000 are no NUL', async () => {
    const name = String.raw`C:\u0000 and \\u0000`;
    const list = await fetch(`${app.url}/api/lists`, post({ name, fields: [] }));
    expect(await list.json()).toMatchObject({ name });
    expect(await refused('/api/lists', post({ name: `${name}\\\0`, fields: [] }))).toMatchObject({
      status: 400,
    });
  });

  test('a NUL in an address or a body is refused; so is a body that is not JSON, an address that is none', async () => {
    for (const address of ['/api/assets?text=a%00b', '/api/jobs/%00', '/api/assets/%00/thumbnail']) {
      expect(await refused(address), address).toMatchObject({ status: 400 });
    }
    expect(await refused('/api/imports', post({ uploads: ['a\0b'] }))).toMatchObject({ status: 400 });
    const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' };
    expect(await refused('/api/imports', text)).toMatchObject({ status: 415 });
    expect(await refused('/api/jobs/%ff')).toMatchObject({ status: 400 });
    expect(await refused('/assets/nothing.js')).toMatchObject({ status: 404 });
  });

  test('what is not there is 404, on every route that names a thing', async () => {
    for (const address of [
      '/api/jobs/nope',
      '/api/jobs/nope/items',
      '/api/progress/nope',
      '/api/assets/nope',
      '/api/assets/nope/thumbnail',
      '/api/assets/nope/original',
      '/api/nothing',
    ]) {
      expect(await refused(address), address).toMatchObject({ status: 404 });
    }
    for (const command of ['pause', 'resume', 'cancel', 'retry']) {
      expect(await refused(`/api/jobs/nope/${command}`, post({}))).toMatchObject({ status: 404 });
    }
  });

  test('a folder that is not there, or with nothing in it, is refused with its name', async () => {
    await using folder = await temporaryFolder();
    expect(await refused('/api/imports', post({ paths: ['/not/there'] }))).toMatchObject({
      status: 422,
      code: 'path_unreadable',
    });
    expect(await refused('/api/imports', post({ paths: [folder.path] }))).toMatchObject({
      code: 'nothing_to_import',
    });
    expect(await refused('/api/imports', post({ paths: ['relative'] }))).toMatchObject({
      code: 'invalid_input',
    });
  });

  test('a cursor that no list gave is refused', async () => {
    for (const list of ['assets', 'jobs', 'imports/waiting']) {
      const refusal = await refused(`/api/${list}?cursor=abc`);
      expect(refusal, list).toMatchObject({ status: 400, code: 'invalid_cursor' });
    }
  });
});

test('the API describes itself', async () => {
  const description = await get<{
    openapi: string;
    paths: Record<string, unknown>;
    components: { schemas: object };
  }>('/api/openapi.json');
  expect(description.openapi).toMatch(/^3\.1/);
  expect(description.components.schemas).toHaveProperty('Problem');
  expect(Object.keys(description.paths)).toEqual(
    expect.arrayContaining([
      '/imports',
      '/jobs',
      '/jobs/{id}/pause',
      '/progress/{id}',
      '/current-job',
      '/assets',
      '/health',
      '/assets/{id}/original',
      '/uploads',
    ]),
  );
});

test('health proves database, worker and disk', async () => {
  expect(await get('/api/health')).toMatchObject({
    status: 'ok',
    database: { ok: true },
    worker: { ok: true, round_trip_ms: expect.any(Number) as number },
    disk: { ok: true },
  });
});

test('a folder becomes dated assets; the same folder again is all already here', async () => {
  await using folder = await temporaryFolder();
  await writeFile(
    path.join(folder.path, 'IMG_20190505_102030.jpg'),
    await drawPhoto({ seed: 1, width: 640, height: 480, format: 'jpeg' }),
  );
  await writeFile(path.join(folder.path, 'notes.jpg'), 'these are no pixels');
  const first = await imported({ paths: [folder.path] });
  expect(first).toMatchObject({ status: 'completed_with_errors', progress_current: 2, error_count: 1 });
  expect(first.summary).toMatchObject({ success_count: 1, error_count: 1 });

  const failed = await get<{ items: JobItem[] }>(`/api/jobs/${first.job_id}/items?state=failed`);
  expect(failed.items).toMatchObject([{ label: 'notes.jpg', error_code: 'not_media' }]);

  const { items } = await get<{ items: AssetTile[] }>(`/api/assets?job_id=${first.job_id}`);
  expect(items).toMatchObject([
    { name: 'IMG_20190505_102030.jpg', local: '2019-05-05T10:20:30', has_thumbnail: true },
  ]);
  const asset = await get<Asset>(`/api/assets/${items[0]?.id}`);
  const named = asset.evidence.find(({ source }) => source === 'filename_datetime');
  expect(named).toMatchObject({ agrees: true, seconds_apart: 0 });
  expect(asset.locations).toMatchObject([{ path: path.join(folder.path, 'IMG_20190505_102030.jpg') }]);

  const again = await imported({ paths: [folder.path] });
  const skipped = await get<{ items: JobItem[] }>(`/api/jobs/${again.job_id}/items?state=skipped`);
  expect(skipped.items).toMatchObject([{ skipped_because: 'already here' }]);
  expect(await refused(`/api/jobs/${again.job_id}/pause`, post({}))).toMatchObject({ status: 409 });
});

test('an upload cut in the middle goes on where it stopped, and its hash is that of the file', async () => {
  const photo = await drawPhoto({ seed: 2, width: 800, height: 600, format: 'jpeg' });
  const bytes = Buffer.concat([photo, randomBytes(300_000)]);
  const address = await upload('holiday/IMG_1.jpg', bytes, 'holiday');
  expect((await send(address, 0, bytes.subarray(0, 100_000))).status).toBe(204);
  // A request that promises more than it sends leaves the upload where the bytes ended.
  await cutRequest(address, 100_000, bytes.subarray(100_000, 160_000), bytes.length - 100_000);
  const head = await fetch(address, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
  expect(head.headers.get('upload-offset')).toBe('160000');
  expect((await send(address, 160_000, bytes.subarray(160_000))).status).toBe(204);

  const waiting = await get<{ items: { id: string }[] }>('/api/imports/waiting');
  expect(waiting.items.map((item) => item.id)).toContain(idOf(address));
  const progress = await imported({ uploads: [idOf(address)] });
  expect(progress.status).toBe('completed');
  const { items } = await get<{ items: AssetTile[] }>(`/api/assets?job_id=${progress.job_id}`);
  const asset = await get<Asset>(`/api/assets/${items[0]?.id}`);
  expect(asset.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(asset.locations).toMatchObject([
    { path: null, name: 'IMG_1.jpg', folder: 'holiday', modified_at: '2019-05-05T10:20:30.000Z' },
  ]);

  const original = await fetch(`${app.url}/api/assets/${asset.id}/original`);
  expect(Buffer.from(await original.arrayBuffer()).equals(bytes)).toBe(true);
  const part = await fetch(`${app.url}/api/assets/${asset.id}/original`, { headers: { range: 'bytes=10-19' } });
  expect(part.status).toBe(206);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
  const beyond = await fetch(`${app.url}/api/assets/${asset.id}/original`, {
    headers: { range: 'bytes=99999999-' },
  });
  expect(beyond.status).toBe(416);
  expect(beyond.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
  const thumbnail = await fetch(`${app.url}/api/assets/${asset.id}/thumbnail`);
  expect(thumbnail.headers.get('content-type')).toBe('image/webp');
  expect(thumbnail.headers.get('cache-control')).toContain('immutable');
});

test('an upload cannot be imported before it has arrived, nor by two jobs at once', async () => {
  const bytes = await drawPhoto({ seed: 9, width: 64, height: 48, format: 'png' });
  const whole = await upload('whole.png', bytes);
  await send(whole, 0, bytes);
  const both = await Promise.all(
    [1, 2].map(() => fetch(`${app.url}/api/imports`, post({ uploads: [idOf(whole)] }))),
  );
  expect(both.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409]);

  const address = await upload('half.jpg', Buffer.alloc(10));
  expect(await refused('/api/imports', post({ uploads: [idOf(address)] }))).toMatchObject({
    code: 'upload_unfinished',
  });
  expect(await refused('/api/imports', post({ uploads: ['nope'] }))).toMatchObject({ code: 'upload_unknown' });
});

test('an upload that nobody imports can be taken back, one that a job has cannot', async () => {
  const bytes = await drawPhoto({ seed: 5, width: 64, height: 48, format: 'jpeg' });
  const unwanted = await upload('unwanted.jpg', bytes);
  await send(unwanted, 0, bytes);
  const taken = await fetch(unwanted, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } });
  expect(taken.status).toBe(204);
  const { items } = await get<{ items: { id: string }[] }>('/api/imports/waiting');
  expect(items.map((item) => item.id)).not.toContain(idOf(unwanted));

  const kept = await upload('kept.jpg', bytes);
  await send(kept, 0, bytes);
  await imported({ uploads: [idOf(kept)] });
  const late = await fetch(kept, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } });
  expect(late.status).toBeGreaterThanOrEqual(400);
});

test('an upload that failed is not offered again, and can be taken back once its job has ended', async () => {
  const text = await upload('letter.jpg', Buffer.from('no pixels'));
  await send(text, 0, Buffer.from('no pixels'));
  expect(await imported({ uploads: [idOf(text)] })).toMatchObject({ status: 'failed', error_count: 1 });
  const { items } = await get<{ items: { id: string }[] }>('/api/imports/waiting');
  expect(items.map((item) => item.id)).not.toContain(idOf(text));
  const taken = await fetch(text, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } });
  expect(taken.status).toBe(204);
  expect(existsSync(path.join(app.data, 'incoming', idOf(text)))).toBe(false);
});

test('an upload that is refused leaves nothing behind', async () => {
  const before = readdirSync(path.join(app.data, 'incoming')).length;
  const nameless = await fetch(`${app.url}/api/uploads`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '5' },
  });
  expect(nameless.status).toBe(400);
  expect(await nameless.text()).toContain('filename');
  expect(readdirSync(path.join(app.data, 'incoming'))).toHaveLength(before);
});

test('the same bytes under another name are one asset with two locations and the evidence of both names', async () => {
  await using folder = await temporaryFolder();
  const photo = await drawPhoto({ seed: 3, width: 320, height: 200, format: 'png' });
  await writeFile(path.join(folder.path, 'a.png'), photo);
  await writeFile(path.join(folder.path, 'IMG_20180704_091500.png'), photo);
  const progress = await imported({ paths: [folder.path] });
  expect(progress).toMatchObject({ status: 'completed', summary: { success_count: 1, duplicate_groups: 1 } });
  const { items } = await get<{ items: AssetTile[] }>(`/api/assets?job_id=${progress.job_id}`);
  expect(items).toHaveLength(1);
  const asset = await get<Asset>(`/api/assets/${items[0]?.id}`);
  expect(asset.locations.map((location) => location.name).sort()).toEqual(['IMG_20180704_091500.png', 'a.png']);
  expect(asset.capture_time.local).toBe('2018-07-04T09:15:00');
});

test('an original that was changed since it was read is not sent for what it was', async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'changing.jpg');
  await writeFile(file, await drawPhoto({ seed: 4, width: 320, height: 200, format: 'jpeg' }));
  const progress = await imported({ paths: [file] });
  const { items } = await get<{ items: AssetTile[] }>(`/api/assets?job_id=${progress.job_id}`);
  await writeFile(file, 'something else');
  expect(await refused(`/api/assets/${items[0]?.id}/original`)).toMatchObject({
    status: 410,
    code: 'original_gone',
  });
});

/** It is cut when all that was sent has arrived. Asking for the offset would not tell: that ends what is under way. */
async function cutRequest(address: string, offset: number, sent: Uint8Array, promised: number): Promise<void> {
  const cut = request(address, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': offset,
      'content-type': 'application/offset+octet-stream',
      'content-length': promised,
    },
  });
  const closed = new Promise((resolve) => cut.on('close', resolve));
  cut.on('error', () => {});
  cut.write(sent);
  const file = path.join(app.data, 'incoming', idOf(address));
  while ((await stat(file)).size < offset + sent.length) await sleep(5);
  cut.destroy();
  await closed;
}
