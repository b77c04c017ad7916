/** Zips over HTTP, from the running product: asked for, fetched once, left half-way, too many at once. */
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manyPhotos, stampedPhoto } from '../../test/fixtures/stamp.ts';
import { readZip } from '../../test/read-zip.ts';
import { untilOver } from '../../test/requests.ts';
import { startApp, type RunningApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import type { Job } from '#contract/jobs.ts';
import type { AssetTile } from '#contract/library.ts';
import type { Problem } from '#contract/problem.ts';
import { notIncluded } from '#export/download/zip.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ DAYBOOK_TIMEZONE: 'Europe/Vienna' });
});
afterAll(() => app[Symbol.asyncDispose]());

async function post(address: string, body: unknown): Promise<Response> {
  return fetch(`${app.url}${address}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Resolves to the assets of the folder, in the order of their times. */
async function imported(folder: string): Promise<AssetTile[]> {
  const job = (await (await post('/api/imports', { paths: [folder] })).json()) as Job;
  await untilOver(app.url, job.id, 300_000);
  const listed = await fetch(`${app.url}/api/assets?job_id=${job.id}&limit=500`);
  return ((await listed.json()) as { items: AssetTile[] }).items.toReversed();
}

type Asked = { url: string; files: number; total_bytes: number };

async function asked(which: unknown): Promise<Asked> {
  const answer = await post('/api/downloads', which);
  expect(answer.status).toBe(201);
  return (await answer.json()) as Asked;
}

async function refusedAs(answer: Response): Promise<[number, string]> {
  const { code } = (await answer.json()) as Problem;
  return [answer.status, code];
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('a selection of 120 arrives byte for byte, named as an export would name it', async () => {
  await using pile = await temporaryFolder();
  const photos = await manyPhotos(pile.path, 120);
  const assets = await imported(pile.path);
  const { url, files, total_bytes } = await asked({ asset_ids: assets.map(({ id }) => id) });
  expect(files).toBe(120);
  const originals = await Promise.all(photos.map((photo) => readFile(photo)));
  expect(total_bytes).toBe(originals.reduce((sum, { length }) => sum + length, 0));

  const answer = await fetch(`${app.url}${url}`);
  expect(answer.headers.get('content-type')).toBe('application/zip');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="daybook-120-files.zip"');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const entries = readZip(Buffer.from(await answer.arrayBuffer()));
  expect(entries.map(({ bytes }) => sha256(bytes))).toEqual(originals.map(sha256));
  // A minute apart from midnight.
  expect(entries[0]).toMatchObject({ name: '2020/20200101_000000.jpg', modified: '2020-01-01T00:00:00' });
  expect(entries[61]).toMatchObject({ name: '2020/20200101_010100.jpg', modified: '2020-01-01T01:01:00' });

  // It is of use once; and there never was another.
  expect(await refusedAs(await fetch(`${app.url}${url}`))).toEqual([410, 'download_gone']);
  const guessed = await fetch(`${app.url}/api/downloads/00000000-0000-4000-8000-000000000000`);
  expect(await refusedAs(guessed)).toEqual([410, 'download_gone']);
});

test('a filter leaves the discarded out, also where it asks for them', async () => {
  await using pile = await temporaryFolder();
  for (const [index, name] of ['one.jpg', 'two.jpg', 'three.jpg'].entries()) {
    await stampedPhoto(pile.path, name, {
      seed: 700 + index,
      tags: { 'EXIF:DateTimeOriginal': `2011:03:04 05:06:0${index}` },
    });
  }
  const [first, second] = await imported(pile.path);
  const decision = { asset_ids: [second?.id], decision: { kind: 'discard' } };
  expect((await post('/api/decisions', decision)).ok).toBe(true);

  const { url, files } = await asked({ filter: { from: '2011-03-04', to: '2011-03-04', review: 'any' } });
  expect(files).toBe(2);
  const answer = await fetch(`${app.url}${url}`);
  const names = readZip(Buffer.from(await answer.arrayBuffer())).map(({ name }) => name);
  expect(names).toEqual(['2011/20110304_050600.jpg', '2011/20110304_050602.jpg']);

  const nothing = await post('/api/downloads', { asset_ids: [second?.id] });
  expect(await refusedAs(nothing)).toEqual([422, 'nothing_to_export']);
  const both = await post('/api/downloads', { asset_ids: [first?.id], filter: {} });
  expect(await refusedAs(both)).toEqual([400, 'invalid_input']);
});

test('an original that is gone is told in the zip, which holds the others', async () => {
  await using pile = await temporaryFolder();
  const kept = await stampedPhoto(pile.path, 'kept.jpg', {
    seed: 801,
    tags: { 'EXIF:DateTimeOriginal': '2012:03:04 05:06:07' },
  });
  const lost = await stampedPhoto(pile.path, 'lost.jpg', {
    seed: 802,
    tags: { 'EXIF:DateTimeOriginal': '2012:03:04 05:06:08' },
  });
  const assets = await imported(pile.path);
  await rm(lost);
  const { url } = await asked({ asset_ids: assets.map(({ id }) => id) });
  const entries = readZip(Buffer.from(await (await fetch(`${app.url}${url}`)).arrayBuffer()));
  expect(entries.map(({ name }) => name)).toEqual(['2012/20120304_050607.jpg', notIncluded]);
  expect(entries[0]?.bytes).toEqual(await readFile(kept));
  expect(entries[1]?.bytes.toString()).toContain('2012/20120304_050608.jpg');
});

test('no other site can fetch one, and asking what it would be does not use it up', async () => {
  await using pile = await temporaryFolder();
  await stampedPhoto(pile.path, 'a.jpg', { seed: 901 });
  const [asset] = await imported(pile.path);
  const { url } = await asked({ asset_ids: [asset?.id] });
  const elsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
  expect((await fetch(`${app.url}${url}`, { headers: elsewhere })).status).toBe(403);
  expect((await fetch(`${app.url}${url}`, { method: 'HEAD' })).status).toBe(404);
  expect((await fetch(`${app.url}${url}`)).status).toBe(200);
});

test('three zips at once and no more; one that is left half-way makes room', async () => {
  await using pile = await temporaryFolder();
  // More than what sockets and buffers on the way take in.
  for (let seed = 0; seed < 4; seed += 1) {
    await appendFile(
      await stampedPhoto(pile.path, `${seed}.jpg`, { seed: 950 + seed }),
      randomBytes(12_000_000),
    );
  }
  const asset_ids = (await imported(pile.path)).map(({ id }) => id);
  const waiting = await asked({ asset_ids });
  const begun = await Promise.all([1, 2, 3].map(async () => begin((await asked({ asset_ids })).url)));

  expect(await refusedAs(await post('/api/downloads', { asset_ids }))).toEqual([409, 'too_many_downloads']);
  // Refused for now, not used up.
  expect(await refusedAs(await fetch(`${app.url}${waiting.url}`))).toEqual([409, 'too_many_downloads']);

  begun[0]?.destroy();
  await expect.poll(async () => (await post('/api/downloads', { asset_ids })).status).toBe(201);
  const answer = await fetch(`${app.url}${waiting.url}`);
  expect(readZip(Buffer.from(await answer.arrayBuffer()))).toHaveLength(4);
  for (const one of begun) one.destroy();
});

/** The answer has begun and nobody reads it. */
function begin(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${app.url}${url}`, resolve).on('error', reject);
  });
}
