/** `daybook import` and `daybook inspect` as a person at a terminal runs them. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ImportReport } from './import.ts';
import type { Inspection } from './inspect.ts';
import { brokenFiles } from '../../test/fixtures/broken.ts';
import { manyPhotos, stampedPhoto } from '../../test/fixtures/stamp.ts';
import { daybook, startApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

const starter = path.join(import.meta.dirname, '../../bin/daybook.js');

async function importJson(paths: string[], data: string, environment: Record<string, string> = {}) {
  const { code, stdout, stderr } = await daybook(['import', ...paths, '--json'], {
    DAYBOOK_DATA: data,
    ...environment,
  });
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as ImportReport };
}

test('a folder is imported without a server; exit code 0 and one JSON object', async () => {
  await using data = await temporaryFolder();
  await using folder = await temporaryFolder();
  await manyPhotos(folder.path, 12);
  const first = await importJson([folder.path], data.path);
  expect(first.code).toBe(0);
  expect(first.report).toMatchObject({
    status: 'completed',
    total: 12,
    done: 12,
    skipped: 0,
    failed: 0,
    errors: [],
  });
  const { high, medium, low, none } = first.report.confidence;
  expect(high + medium + low + none).toBe(12);

  const again = await importJson([folder.path], data.path);
  expect(again).toMatchObject({ code: 0, report: { status: 'completed', done: 0, skipped: 12 } });
});

test('without Perl, which ExifTool needs, the job halts and says so; no file is given up', async () => {
  await using data = await temporaryFolder();
  await using folder = await temporaryFolder();
  await manyPhotos(folder.path, 3);
  const { code, stdout, stderr } = await daybook(['import', folder.path, '--json'], {
    DAYBOOK_DATA: data.path,
    PATH: '/nowhere',
  });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'halted', total: 3, done: 0, failed: 0 });
  expect(stderr).toContain('install perl');
  const again = await importJson([folder.path], data.path);
  expect(again).toMatchObject({ code: 0, report: { status: 'completed', done: 3 } });
});

test('while a server runs, its worker does the work and the page sees the job', async () => {
  await using app = await startApp();
  await using folder = await temporaryFolder();
  await manyPhotos(folder.path, 5);
  const { code, report } = await importJson([folder.path], app.data);
  expect(code).toBe(0);
  const jobs = (await (await fetch(`${app.url}/api/jobs`)).json()) as { items: { id: string; done: number }[] };
  expect(jobs.items).toMatchObject([{ id: report.job_id, done: 5 }]);
});

test('broken files are told one by one, with code and sentence; exit code 1', async () => {
  await using data = await temporaryFolder();
  await using folder = await temporaryFolder();
  await brokenFiles(folder.path);
  const { code, report } = await importJson([folder.path], data.path);
  expect(code).toBe(1);
  expect(report.done + report.skipped + report.failed).toBe(report.total);
  expect(report.errors.map((error) => error.code)).toEqual(expect.arrayContaining(['empty_file', 'not_media']));
  for (const error of report.errors) expect(error.message.length).toBeGreaterThan(20);
});

test('Ctrl-C pauses; the same command goes on and does nothing twice', async () => {
  await using data = await temporaryFolder();
  await using folder = await temporaryFolder();
  await manyPhotos(folder.path, 120);
  const environment = { ...process.env, DAYBOOK_DATA: data.path, DAYBOOK_WORKERS: '1' };
  const child = spawn(process.execPath, [starter, 'import', folder.path, '--json'], {
    env: environment,
    stdio: 'pipe',
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.resume();
  await untilSomeThumbnails(data.path);
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  const paused = JSON.parse(stdout) as ImportReport;
  expect(code).toBe(1);
  expect(paused.status).toBe('paused');
  expect(paused.done).toBeGreaterThan(0);
  expect(paused.done).toBeLessThan(120);

  const { report } = await importJson([folder.path], data.path);
  expect(report).toMatchObject({
    job_id: paused.job_id,
    status: 'completed',
    total: 120,
    done: 120,
    skipped: 0,
  });
});

async function untilSomeThumbnails(data: string): Promise<void> {
  while (globSync('thumbnails/*/*/*.webp', { cwd: data }).length < 5) await sleep(10);
}

test('a path that is not there is refused by name, with exit code 2 and nothing on stdout', async () => {
  await using data = await temporaryFolder();
  const refused = await daybook(['import', '/not/there', '--json'], { DAYBOOK_DATA: data.path });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('/not/there');
});

test('no original is changed by an import: bytes and file time stay', async () => {
  await using data = await temporaryFolder();
  await using folder = await temporaryFolder();
  const photo = await stampedPhoto(folder.path, 'IMG_20210921_144423.jpg', {
    tags: { 'EXIF:DateTimeOriginal': '2021:09:21 14:44:23' },
  });
  const before = await fingerprint(photo);
  await importJson([folder.path], data.path);
  expect(await fingerprint(photo)).toEqual(before);
});

async function fingerprint(file: string) {
  const { mtimeNs, size } = await stat(file, { bigint: true });
  return {
    mtimeNs,
    size,
    sha256: createHash('sha256')
      .update(await readFile(file))
      .digest('hex'),
  };
}

test('inspect stores nothing and prints one object per file, as documented', async () => {
  await using data = await temporaryFolder();
  await using folder = await temporaryFolder();
  const photo = await stampedPhoto(folder.path, 'IMG_20210921_144423.jpg', {
    tags: { 'EXIF:DateTimeOriginal': '2021:09:21 14:44:23', 'EXIF:OffsetTimeOriginal': '+02:00' },
  });
  const broken = await brokenFiles(path.join(folder.path));
  const { code, stdout } = await daybook(['inspect', folder.path, '--json'], {
    DAYBOOK_DATA: path.join(data.path, 'none'),
  });
  expect(code).toBe(1);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Inspection);
  expect(lines).toHaveLength(Object.keys(broken).length + 1);
  const told = lines.find((line) => line.path === photo);
  expect(told).toMatchObject({
    sha256: (await fingerprint(photo)).sha256,
    mime_type: 'image/jpeg',
    capture_time: {
      at: '2021-09-21T12:44:23.000Z',
      local: '2021-09-21T14:44:23',
      zone: '+02:00',
      zone_source: 'offset_tag',
      source: 'EXIF:DateTimeOriginal',
      precision: 'second',
      confidence: 'high',
    },
    error: null,
  });
  expect(told?.evidence.map((piece) => piece.source)).toContain('filename_datetime');
  expect(existsSync(path.join(data.path, 'none'))).toBe(false);
});

test('inspect for a person says the time, why, and what else was found', async () => {
  await using folder = await temporaryFolder();
  const photo = await stampedPhoto(folder.path, 'IMG_20210921_144423.jpg', {
    tags: { 'EXIF:DateTimeOriginal': '2021:09:21 14:44:23' },
  });
  const { stdout } = await daybook(['inspect', photo], { DAYBOOK_TIMEZONE: 'Europe/Rome' });
  expect(stdout).toContain('21 September 2021, 14:44:23  Europe/Rome   ● high');
  expect(stdout).toContain('the file name');
});

test('doctor checks everything and says what to do about a fault', async () => {
  await using data = await temporaryFolder();
  const well = await daybook(['doctor', '--json'], { DAYBOOK_DATA: data.path });
  expect(well.code).toBe(0);
  expect(JSON.parse(well.stdout)).toMatchObject({ ok: true });
  const ill = await daybook(['doctor'], { DAYBOOK_DATA: '/dev/null/nowhere' });
  expect(ill.code).toBe(1);
  expect(ill.stdout).toContain('✗ data folder');
  expect(ill.stdout).toContain('→ Set DAYBOOK_DATA');
});
