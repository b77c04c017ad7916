/** `daybook export` and `daybook export undo` as a person at a terminal runs them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { ExportReport, UndoReport } from './export.ts';
import { archiveIn } from '../../test/export-house.ts';
import { manyPhotos, stampedPhoto } from '../../test/fixtures/stamp.ts';
import { daybook, startApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

// Each command starts a worker of its own, with its programs.
vi.setConfig({ testTimeout: 120_000 });

const starter = path.join(import.meta.dirname, '../../bin/daybook.js');

async function household() {
  const opened = new AsyncDisposableStack();
  const folder = opened.use(await temporaryFolder());
  const environment = { DAYBOOK_DATA: path.join(folder.path, 'data') };
  return {
    photos: path.join(folder.path, 'photos'),
    archive: path.join(folder.path, 'archive'),
    at: (name: string) => path.join(folder.path, name),
    environment,
    run: (...said: string[]) => daybook(said, environment),
    async report<Report>(...said: string[]) {
      const { code, stdout, stderr } = await daybook([...said, '--json'], environment);
      if (stdout === '') throw new Error(stderr);
      return { code, ...(JSON.parse(stdout) as Report) };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

test('without a server: planned with --dry-run, exported, nothing to do the second time, taken back', async () => {
  await using home = await household();
  await manyPhotos(home.photos, 3);
  await stampedPhoto(home.photos, 'scan.jpg', { seed: 200 });
  await home.run('import', home.photos);

  const csv = home.at('plan.csv');
  const planned = await home.run('export', home.archive, '--dry-run', '--csv', csv);
  expect(planned.code).toBe(0);
  expect(planned.stdout).toContain('4 new, 0 changed, 0 same, 0 gone');
  expect(planned.stdout).toContain('IMG_000001.jpg → 2020/20200101_000100.jpg');
  expect(planned.stdout).toContain('1 without a date, go to unknown/');
  expect(planned.stdout).toContain('Nothing was written.');
  expect(existsSync(home.archive)).toBe(false);
  expect(readFileSync(csv, 'utf8').trim().split('\n')).toHaveLength(5);

  const first = await home.report<ExportReport>('export', home.archive);
  expect(first).toMatchObject({
    code: 0,
    status: 'completed',
    new: 4,
    changed: 0,
    same: 0,
    gone: 0,
    failed: 0,
    doubts: { no_date: 1 },
    errors: [],
  });
  expect(first.total_bytes).toBeGreaterThan(0);
  expect(await archiveIn(home.archive)).toEqual([
    '2020/20200101_000000.jpg',
    '2020/20200101_000100.jpg',
    '2020/20200101_000200.jpg',
    'unknown/scan.jpg',
  ]);

  const second = await home.run('export', home.archive);
  expect(second).toMatchObject({ code: 0 });
  expect(second.stdout).toContain('Nothing was to be done');

  const undone = await home.report<UndoReport>('export', 'undo', first.export_id);
  expect(undone).toMatchObject({ code: 0, status: 'completed', done: 4, left: [], errors: [] });
  expect(await archiveIn(home.archive)).toEqual([]);
});

test('filters, a template and flags do what they say', async () => {
  await using home = await household();
  await stampedPhoto(home.photos, 'Italy/a.jpg', { tags: { 'EXIF:DateTimeOriginal': '2019:05:05 15:30:00' } });
  await stampedPhoto(home.photos, 'b.jpg', {
    seed: 2,
    tags: { 'EXIF:DateTimeOriginal': '2021:05:05 15:30:00' },
  });
  await home.run('import', home.photos);
  const plan = (...said: string[]) => home.report<ExportReport>('export', home.archive, '--dry-run', ...said);
  expect(await plan('--tag', 'italy')).toMatchObject({ code: 0, status: 'planned', new: 1, job_id: null });
  expect(await plan('--from', '2020-01-01', '--to', '2021-12-31', '--kind', 'photo')).toMatchObject({ new: 1 });
  const named = await home.run('export', home.archive, '--template', '{tag}/{name}{ext}', '--dry-run');
  expect(named.stdout).toContain('a.jpg → italy/a.jpg');
});

test('what cannot begin is said on stderr alone, with exit code 2', async () => {
  await using home = await household();
  await stampedPhoto(home.photos, 'a.jpg');
  await home.run('import', home.photos);
  for (const [why, ...said] of [
    ['inside', 'export', home.at('photos/archive')],
    ['there is no word {yaer}', 'export', home.archive, '--template', '{yaer}{ext}'],
    ['It is no day', 'export', home.archive, '--from', 'May'],
    ['must end in .csv', 'export', home.archive, '--csv', 'photo.jpg'],
    ['There is no export of this id', 'export', 'undo', 'nothing'],
    ['nothing to export', 'export', home.archive, '--tag', 'none'],
  ] as const) {
    const refused = await home.run(...said);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(why);
  }
});

test('a file that fails is told with its source; exit code 1', async () => {
  await using home = await household();
  const photo = await stampedPhoto(home.photos, 'a.jpg');
  await stampedPhoto(home.photos, 'b.jpg', { seed: 2 });
  await home.run('import', home.photos);
  await stampedPhoto(home.photos, 'a.jpg', { seed: 3 });
  const report = await home.report<ExportReport>('export', home.archive);
  expect(report).toMatchObject({ code: 1, status: 'completed_with_errors', failed: 1 });
  expect(report.errors).toMatchObject([{ code: 'source_changed' }]);
  expect(report.errors[0]?.message).toContain(photo);
});

test('while a server runs, its worker does the work and the page sees the export', async () => {
  await using folder = await temporaryFolder();
  await using app = await startApp();
  const environment = { DAYBOOK_DATA: app.data };
  await stampedPhoto(path.join(folder.path, 'photos'), 'a.jpg');
  await daybook(['import', path.join(folder.path, 'photos')], environment);
  const { code, stdout } = await daybook(['export', path.join(folder.path, 'archive'), '--json'], environment);
  expect(code).toBe(0);
  const { items } = (await (await fetch(`${app.url}/api/exports`)).json()) as {
    items: { id: string; job: { done: number } }[];
  };
  expect(items).toMatchObject([{ id: (JSON.parse(stdout) as ExportReport).export_id, job: { done: 1 } }]);
});

test('Ctrl-C pauses; the same command goes on and does nothing twice', async () => {
  await using home = await household();
  await manyPhotos(home.photos, 40);
  await home.run('import', home.photos);
  const child = spawn(process.execPath, [starter, 'export', home.archive, '--json'], {
    env: { ...process.env, ...home.environment, DAYBOOK_WORKERS: '1' },
    stdio: 'pipe',
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.resume();
  const some = async () => (existsSync(home.archive) ? (await archiveIn(home.archive)).length : 0);
  while ((await some()) < 5) await sleep(10);
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  const paused = JSON.parse(stdout) as ExportReport;
  expect([code, paused.status]).toEqual([1, 'paused']);
  expect(await some()).toBeLessThan(40);

  const report = await home.report<ExportReport>('export', home.archive);
  expect(report).toMatchObject({
    code: 0,
    export_id: paused.export_id,
    job_id: paused.job_id,
    status: 'completed',
  });
  expect(await some()).toBe(40);
});
