import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { exists, moveIntoOriginals, openStorage, writeWhole } from './storage.ts';

const sha256 = 'ab'.repeat(32);

test('no path is built from what is not a hash, an id or an extension of ours', async () => {
  await using folder = await temporaryFolder();
  const storage = await openStorage(folder.path);
  expect(() => storage.incomingPath('../../etc/passwd')).toThrow('Not a name of ours');
  expect(() => storage.incomingPath('')).toThrow('Not a name of ours');
  expect(() => storage.originalPath(sha256, '../x')).toThrow('Not a name of ours');
  expect(() => storage.thumbnailPath('..')).toThrow('Not a SHA-256');
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

test('a file written whole leaves no unfinished one beside it', async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'deep', 'er', 'picture.webp');
  await writeWhole(file, new Uint8Array([1, 2, 3]));
  await writeWhole(file, new Uint8Array([4]));
  expect(await readdir(path.dirname(file))).toEqual(['picture.webp']);
  expect([...(await readFile(file))]).toEqual([4]);
});

test('a file that cannot be put in place leaves no unfinished one behind', async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'picture.webp');
  // A folder stands where the file should.
  await mkdir(path.join(file, 'inside'), { recursive: true });
  await expect(writeWhole(file, new Uint8Array([1, 2, 3]))).rejects.toThrow();
  expect(await readdir(folder.path)).toEqual(['picture.webp']);
});
