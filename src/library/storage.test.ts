import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { exists, moveIntoOriginals, openStorage } from './storage.ts';

const sha256 = 'ab'.repeat(32);

test('no path is built from what is not a hash, an id or an extension of ours', async () => {
  await using folder = await temporaryFolder();
  const storage = await openStorage(folder.path);
  expect(() => storage.incomingPath('../../etc/passwd')).toThrow('Not a name of ours');
  expect(() => storage.incomingPath('')).toThrow('Not a name of ours');
  expect(() => storage.originalPath(sha256, '../x')).toThrow('Not a name of ours');
  expect(() => storage.thumbnailPath('..')).toThrow('Not a SHA-256');
});

test('a data folder that cannot be one is refused with a sentence', async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'file');
  await writeFile(file, '');
  await expect(openStorage(file)).rejects.toThrow('cannot be written');
  await expect(openStorage(path.join(file, 'below'))).rejects.toThrow('cannot be written');
});

// Node's own `mkdir` with `recursive` never comes back from there.
test.skipIf(!existsSync('/proc/self'))('a data folder in /proc is refused (where there is one)', async () => {
  await expect(openStorage('/proc/daybook/data')).rejects.toThrow('cannot be written');
});

test('moving an upload again, or bytes that already stand there, changes nothing', async () => {
  await using folder = await temporaryFolder();
  const storage = await openStorage(folder.path);
  const original = storage.originalPath(sha256, 'jpg');
  for (const id of ['first', 'second']) {
    await writeFile(storage.incomingPath(id), 'bytes');
    await moveIntoOriginals(storage.incomingPath(id), original);
    expect(await readFile(original, 'utf8')).toBe('bytes');
    expect(await exists(storage.incomingPath(id))).toBe(false);
  }
  await moveIntoOriginals(original, original);
  expect(await readFile(original, 'utf8')).toBe('bytes');
  expect(await storage.findOriginal(sha256)).toBe(original);
});

async function opened() {
  const folder = await temporaryFolder();
  const storage = await openStorage(folder.path);
  return {
    storage,
    file: storage.thumbnailPath(sha256),
    unfinished: path.join(folder.path, 'thumbnails', 'unfinished'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('a thumbnail', () => {
  test('is written whole, again and again, and nothing is left unfinished', async () => {
    await using place = await opened();
    await place.storage.writeWhole(place.file, new Uint8Array([1, 2, 3]));
    await place.storage.writeWhole(place.file, new Uint8Array([4]));
    expect([...(await readFile(place.file))]).toEqual([4]);
    expect(await readdir(place.unfinished)).toEqual([]);
  });

  test('is written although somebody removed all of them meanwhile', async () => {
    await using place = await opened();
    await rm(path.dirname(place.unfinished), { recursive: true });
    await place.storage.writeWhole(place.file, new Uint8Array([1]));
    expect([...(await readFile(place.file))]).toEqual([1]);
  });

  test('that cannot be put in place leaves nothing unfinished behind', async () => {
    await using place = await opened();
    // A folder stands where the file should.
    await mkdir(path.join(place.file, 'inside'), { recursive: true });
    await expect(place.storage.writeWhole(place.file, new Uint8Array([1, 2, 3]))).rejects.toThrow();
    expect(await readdir(place.unfinished)).toEqual([]);
  });

  test('that a killed process left unfinished is swept after an hour, not while it may still be written', async () => {
    await using place = await opened();
    const [old, fresh] = ['old', 'fresh'].map((name) => path.join(place.unfinished, name)) as [string, string];
    await writeFile(old, 'half');
    await writeFile(fresh, 'half');
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(old, longAgo, longAgo);
    await place.storage.sweepUnfinished();
    expect(await readdir(place.unfinished)).toEqual(['fresh']);
  });
});
