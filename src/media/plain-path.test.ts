import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { harmlessToExifTool, harmlessToLibvips, withPlainPath } from '#media/plain-path.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

test('a plain path is used as it is, absolute', async () => {
  const used = await withPlainPath('photos/a b.jpg', harmlessToExifTool, async (plain) => plain);
  expect(used).toBe(path.resolve('photos/a b.jpg'));
});

test.each([
  ['line\nbreak.jpg', harmlessToExifTool],
  ['page[n=-1].tif', harmlessToLibvips],
])('%j is read through a link with its extension, which is gone afterwards', async (name, harmless) => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, name);
  await writeFile(file, 'content');
  const link = await withPlainPath(file, harmless, async (plain) => {
    expect(await readFile(plain, 'utf8')).toBe('content');
    return plain;
  });
  expect(link).toMatch(harmless);
  expect(path.extname(link)).toBe(path.extname(name));
  expect(existsSync(path.dirname(link))).toBe(false);
  expect(existsSync(file)).toBe(true);
});

test('the link is gone also when reading fails', async () => {
  let link = '';
  const failing = withPlainPath('/nowhere/\n.jpg', harmlessToExifTool, async (plain) => {
    link = plain;
    throw new Error('no such file');
  });
  await expect(failing).rejects.toThrow('no such file');
  expect(existsSync(path.dirname(link))).toBe(false);
});
