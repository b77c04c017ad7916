/** Exports over HTTP, on the running product: previewed, planned, browsed, saved as a table, started, taken back. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Export, ExportFile } from '#contract/exports.ts';
import type { Job } from '#contract/jobs.ts';
import type { Problem } from '#contract/problem.ts';
import { drawPhoto } from '../../test/fixtures/draw.ts';
import { archiveIn } from '../../test/export-house.ts';
import { untilOver } from '../../test/requests.ts';
import { startApp, type RunningApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

let app: RunningApp;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const names = ['IMG_20180704_091500.png', 'IMG-20171218-WA0028.png', '=DSC_0001.png'];

beforeAll(async () => {
  app = await startApp();
  folder = await temporaryFolder();
  await mkdir(path.join(folder.path, 'photos'));
  for (const [seed, name] of names.entries()) {
    const photo = await drawPhoto({ seed: seed + 1, width: 320, height: 200, format: 'png' });
    await writeFile(path.join(folder.path, 'photos', name), photo);
  }
  const job = await ask<Job>('/api/imports', { paths: [path.join(folder.path, 'photos')] }, 201);
  await ended(job);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const json = { method: 'POST', headers: { 'content-type': 'application/json' } };

async function ask<Body>(address: string, body?: unknown, status = 200): Promise<Body> {
  const answer = await fetch(
    `${app.url}${address}`,
    body === undefined ? {} : { ...json, body: JSON.stringify(body) },
  );
  const told = (await answer.json()) as Body;
  expect(answer.status, JSON.stringify(told)).toBe(status);
  return told;
}

const ended = ({ id }: Job) => untilOver(app.url, id, 300_000);

const target = (name: string) => path.join(folder.path, name);
const plan = (body: object, status = 201) => ask<Export>('/api/exports', body, status);
const refused = (body: object, status: number) => ask<Problem>('/api/exports', body, status);

test('a template is tried on the library before anything is planned', async () => {
  const { names: shown } = await ask<{ names: { name: string; target: string }[] }>('/api/exports/preview', {
    template: '{year}/{name}{-camera}{ext}',
  });
  expect(shown).toContainEqual({ name: names[0], target: '2018/IMG_20180704_091500.png' });
  expect(shown).toContainEqual({ name: names[2], target: 'unknown/=DSC_0001.png' });
  const usual = await ask<{ template: string }>('/api/exports/preview', {});
  expect(usual.template).toBe('{year}/{date}_{time}{ext}');
  const wrong = await ask<Problem>('/api/exports/preview', { template: '{yaer}{ext}' }, 422);
  expect(wrong).toMatchObject({ code: 'template_wrong' });
  expect(wrong.detail).toContain('character 1');
});

test('a plan is made, found, browsed, saved and forgotten; nothing is written', async () => {
  const made = await plan({ folder: target('planned') });
  expect(made).toMatchObject({
    folder: target('planned'),
    template: '{year}/{date}_{time}{ext}',
    write_uncertain: false,
    set_aside_gone: false,
    counts: {
      actions: { new: 3, changed: 0, same: 0, gone: 0 },
      doubts: { no_date: 1, uncertain_date: 2, source_missing: 0 },
      collisions: 0,
    },
    job: null,
    undo_job: null,
    remove_job: null,
  });
  expect(made.total_bytes).toBeGreaterThan(0);
  expect(made.free_bytes).toBeGreaterThan(made.total_bytes);
  expect(existsSync(target('planned'))).toBe(false);

  expect(await ask<Export>(`/api/exports/${made.id}`)).toEqual(made);
  expect((await ask<{ items: Export[] }>('/api/exports')).items[0]).toEqual(made);

  type Files = { items: ExportFile[]; total: number };
  const files = (query = '') => ask<Files>(`/api/exports/${made.id}/files${query}`);
  const all = await files();
  expect(all.total).toBe(3);
  expect(all.items.map(({ target }) => target)).toEqual([
    '2017/20171218.png',
    '2018/20180704_091500.png',
    'unknown/=DSC_0001.png',
  ]);
  expect(await files('?limit=1&offset=1')).toEqual({ items: [all.items[1]], total: 3 });
  expect(await files('?text=dsc')).toEqual({ items: [all.items[2]], total: 1 });
  expect((await files('?in_doubt=false')).total).toBe(0);
  expect((await files('?action=changed')).items).toEqual([]);

  const table = await fetch(`${app.url}/api/exports/${made.id}/plan.csv`);
  expect(table.headers.get('content-type')).toContain('text/csv');
  expect(table.headers.get('content-disposition')).toContain('attachment');
  const rows = parse<Record<string, string>>(await table.text(), { columns: true, bom: true });
  expect(rows.map((row) => row['target'])).toEqual(all.items.map((item) => item.target));
  expect(rows[2]).toMatchObject({
    action: 'new',
    doubts: 'no_date',
    source: expect.stringContaining('=DSC') as string,
  });

  await fetch(`${app.url}/api/exports/${made.id}`, { method: 'DELETE' });
  const gone = await ask<Problem>(`/api/exports/${made.id}`, undefined, 404);
  expect(gone.code).toBe('not_found');
  expect((await fetch(`${app.url}/api/exports/${made.id}/plan.csv`)).status).toBe(404);
});

test('a cell that a spreadsheet would take for a formula is told as text', async () => {
  const made = await plan({ folder: target('planned'), template: '{name}{ext}' });
  const table = await (await fetch(`${app.url}/api/exports/${made.id}/plan.csv`)).text();
  const rows = parse<Record<string, string>>(table, { columns: true, bom: true });
  expect(rows.map((row) => row['target'])).toContain('unknown/=DSC_0001.png');
  for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
});

test('what cannot be exported is refused with a sentence and what to do', async () => {
  expect(await refused({ folder: 'archive' }, 422)).toMatchObject({ code: 'folder_not_whole' });
  expect(await refused({ folder: '/proc/archive' }, 422)).toMatchObject({ code: 'folder_of_the_system' });
  expect(await refused({ folder: path.join(app.data, 'x') }, 422)).toMatchObject({
    code: 'folder_of_the_library',
  });
  expect(await refused({ folder: target('photos/x') }, 422)).toMatchObject({ code: 'folder_of_sources' });
  expect(await refused({ folder: target('x'), filter: { tag: 'none' } }, 422)).toMatchObject({
    code: 'nothing_to_export',
  });
  expect(await refused({ folder: target('x'), filter: {}, asset_ids: ['a'] }, 400)).toMatchObject({
    code: 'invalid_input',
  });
});

test('an accepted plan becomes a job, once; its lines tell where they stand; undo takes it back', async () => {
  const outdated = await plan({ folder: target('archive') });
  const made = await plan({ folder: target('archive') });
  const job = await ask<Job>(`/api/exports/${made.id}/start`, {}, 201);
  expect(job).toMatchObject({ kind: 'export', label: 'Export of 3 files to archive', total: 3 });
  const twice = await ask<Problem>(`/api/exports/${made.id}/start`, {}, 409);
  expect(twice.code).toBe('already_started');
  expect(await ended(job)).toMatchObject({ status: 'completed' });
  expect((await archiveIn(target('archive'))).filter((file) => file.endsWith('.png'))).toEqual([
    '2017/20171218.png',
    '2018/20180704_091500.png',
    'unknown/=DSC_0001.png',
  ]);
  const { items } = await ask<{ items: ExportFile[] }>(`/api/exports/${made.id}/files`);
  expect(items.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  expect((await ask<Export>(`/api/exports/${made.id}`)).job?.id).toBe(job.id);

  const late = await ask<Problem>(`/api/exports/${outdated.id}/start`, {}, 409);
  expect(late.code).toBe('plan_outdated');
  const kept = await fetch(`${app.url}/api/exports/${made.id}`, { method: 'DELETE' });
  expect(kept.status).toBe(409);
  const early = await ask<Problem>(`/api/exports/${outdated.id}/undo`, {}, 409);
  expect(early.code).toBe('not_started');

  const same = await plan({ folder: target('archive') });
  expect(same.counts.actions).toEqual({ new: 0, changed: 0, same: 3, gone: 0 });
  const nothing = await ask<Problem>(`/api/exports/${same.id}/start`, {}, 409);
  expect(nothing.code).toBe('nothing_to_do');

  const undo = await ask<Job>(`/api/exports/${made.id}/undo`, {}, 201);
  expect(undo.kind).toBe('undo_export');
  await ended(undo);
  expect(await archiveIn(target('archive'))).toEqual([]);
  const again = await ask<Problem>(`/api/exports/${made.id}/undo`, {}, 409);
  expect(again.code).toBe('nothing_to_do');
});
