import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readZip } from '../../../test/read-zip.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { notIncluded, zipStream, type FileToZip } from './zip.ts';

async function original(folder: string, name: string, bytes: Buffer): Promise<FileToZip> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return { name: `2019/${name}`, local: null, sha256: sha256(bytes), file };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function* each(files: readonly FileToZip[]): AsyncGenerator<FileToZip> {
  yield* files;
}

async function zipped(files: readonly FileToZip[]) {
  return readZip(await buffer(zipStream(each(files))));
}

test('every original comes out byte for byte, in order, under names of any script', async () => {
  await using folder = await temporaryFolder();
  const names = [
    'Müller & Söhne.jpg',
    '東京.heic',
    'empty.mov',
    ...Array.from({ length: 150 }, (_, n) => `${n}.jpg`),
  ];
  const files: FileToZip[] = [];
  for (const [index, name] of names.entries()) {
    // Up to more than one chunk.
    files.push(
      await original(folder.path, name, name === 'empty.mov' ? Buffer.alloc(0) : randomBytes(1 + index * 4099)),
    );
  }
  const entries = await zipped(files);
  expect(entries.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
  for (const [index, { bytes }] of entries.entries()) expect(sha256(bytes)).toBe(files[index]?.sha256);
});

test('an entry carries the capture time on the wall clock, whatever the zone of this computer', async () => {
  await using folder = await temporaryFolder();
  const file = await original(folder.path, 'a.jpg', Buffer.from('a'));
  const at = (local: string | null, name: string): FileToZip => ({ ...file, local, name });
  const entries = await zipped([
    at('2019-05-05T15:30:22.5', 'second'),
    // Hours that daylight saving skips in Berlin and in New York.
    at('2024-03-31T02:30', 'Berlin'),
    at('2024-03-10T02:30', 'New York'),
    at('2014-07-04', 'day'),
    at('2014-07', 'month'),
    at('2014', 'year'),
    at('1969-07-20T20:17', 'before such clocks begin'),
  ]);
  expect(Object.fromEntries(entries.map(({ name, modified }) => [name, modified]))).toEqual({
    second: '2019-05-05T15:30:22',
    Berlin: '2024-03-31T02:30:00',
    'New York': '2024-03-10T02:30:00',
    day: '2014-07-04T00:00:00',
    month: '2014-07-01T00:00:00',
    year: '2014-01-01T00:00:00',
    'before such clocks begin': '1980-01-01T00:00:00',
  });
});

test('a file that cannot be read is left out and told, one that is another by now is told, and the others are whole', async () => {
  await using folder = await temporaryFolder();
  const first = await original(folder.path, 'first.jpg', randomBytes(700_000));
  const missing: FileToZip = { ...first, name: '2019/missing.jpg', file: undefined };
  const deleted = await original(folder.path, 'deleted.jpg', Buffer.from('x'));
  await rm(deleted.file ?? '');
  const changed = await original(folder.path, 'changed.jpg', randomBytes(700_000));
  await writeFile(changed.file ?? '', randomBytes(700_000));
  const folderInstead: FileToZip = {
    ...first,
    name: '2019/folder.jpg',
    file: path.join(folder.path, 'folder'),
  };
  await mkdir(path.join(folder.path, 'folder'));
  const last = await original(folder.path, 'last.jpg', randomBytes(700_000));

  const entries = await zipped([missing, first, deleted, changed, folderInstead, last]);
  expect(entries.map(({ name }) => name)).toEqual([first.name, changed.name, last.name, notIncluded]);
  expect(sha256(entries[0]!.bytes)).toBe(first.sha256);
  expect(sha256(entries[2]!.bytes)).toBe(last.sha256);
  const told = entries[3]!.bytes.toString();
  expect(told).toMatch(/2019\/missing\.jpg\n {4}The file is no longer where it was met/);
  expect(told).toMatch(/2019\/deleted\.jpg\n {4}The file is no longer there/);
  expect(told).toMatch(/2019\/changed\.jpg\n {4}The file is in this zip, but it does not hold the bytes/);
  expect(told).toMatch(/2019\/folder\.jpg\n {4}The file cannot be read/);
});

test('nothing is read ahead of a reader that waits, and nothing stays open once it is gone', async () => {
  await using folder = await temporaryFolder();
  const files: FileToZip[] = [];
  for (let n = 0; n < 40; n += 1) files.push(await original(folder.path, `${n}.jpg`, randomBytes(1_000_000)));
  let taken = 0;
  let ended = false;
  async function* counted() {
    try {
      for (const file of files) {
        taken += 1;
        yield file;
      }
    } finally {
      ended = true;
    }
  }
  const stream = zipStream(counted());
  await new Promise((resolve) => stream.once('readable', resolve));
  stream.read(100);
  await sleep(300);
  expect(taken).toBeLessThanOrEqual(2);

  stream.destroy();
  await expect.poll(() => ended).toBe(true);
  const left = taken;
  await expect.poll(() => openBelow(folder.path)).toEqual([]);
  await sleep(100);
  expect(taken).toBe(left);
});

/** Files below the folder that this process holds open. Only Linux tells. */
async function openBelow(folder: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((link) => link.startsWith(folder));
}

test('a fault of the list itself breaks the zip: half of it must not look whole', async () => {
  await using folder = await temporaryFolder();
  const first = await original(folder.path, 'a.jpg', Buffer.from('a'));
  await expect(buffer(zipStream(failingAfter(first)))).rejects.toThrow('database gone');
});

async function* failingAfter(file: FileToZip): AsyncGenerator<FileToZip> {
  yield file;
  throw new Error('database gone');
}

test.skipIf(!hasUnzip())('unzip takes it', async () => {
  await using folder = await temporaryFolder();
  const files = [
    await original(folder.path, 'Größe.jpg', randomBytes(300_000)),
    { ...(await original(folder.path, 'gone.jpg', Buffer.from('x'))), file: undefined },
  ];
  const zip = path.join(folder.path, 'some.zip');
  await writeFile(zip, zipStream(each(files)));
  execFileSync('unzip', ['-q', '-t', zip]);
  execFileSync('unzip', ['-q', zip, '-d', path.join(folder.path, 'out')]);
  expect(sha256(await readFile(path.join(folder.path, 'out/2019/Größe.jpg')))).toBe(files[0]?.sha256);
  expect(await readFile(path.join(folder.path, 'out', notIncluded), 'utf8')).toContain('2019/gone.jpg');
});

function hasUnzip(): boolean {
  try {
    execFileSync('unzip', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
