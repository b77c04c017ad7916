import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { PathRefused, walk, type WalkOptions } from './walk.ts';

const nothingUnreadable: WalkOptions = {
  leaveOut: null,
  onUnreadable(folder) {
    throw new Error(`unreadable: ${folder}`);
  },
};

async function tree(root: string, files: string[]) {
  for (const file of files) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), 'x');
  }
}

async function namesBelow(root: string, paths: string[]) {
  const found = await walk(paths, nothingUnreadable);
  return found.map((file) => path.relative(root, file.path)).sort();
}

test('folders are taken with all below them, whatever the files are called', async () => {
  await using folder = await temporaryFolder();
  const files = ['a.jpg', 'b/c.JPG', 'b/d e/öüó.heic', 'b/-rf.jpg', 'b/line\nbreak.jpg', 'no-extension'];
  await tree(folder.path, files);
  expect(await namesBelow(folder.path, [folder.path])).toEqual(files.sort());
});

test('hidden and system files are skipped, also in their folders', async () => {
  await using folder = await temporaryFolder();
  await tree(folder.path, [
    'kept.jpg',
    '.DS_Store',
    '._kept.jpg',
    '.thumbnails/1.jpg',
    '@eaDir/kept.jpg/SYNOPHOTO_THUMB_M.jpg',
    'Thumbs.db',
    'desktop.ini',
    '__MACOSX/x.jpg',
    '#recycle/y.jpg',
  ]);
  expect(await namesBelow(folder.path, [folder.path])).toEqual(['kept.jpg']);
});

test('links are not followed, so a loop ends and nothing outside is taken', async () => {
  await using outside = await temporaryFolder();
  await using folder = await temporaryFolder();
  await tree(outside.path, ['secret.jpg']);
  await tree(folder.path, ['kept.jpg']);
  await symlink(outside.path, path.join(folder.path, 'elsewhere'));
  await symlink(folder.path, path.join(folder.path, 'loop'));
  await symlink(path.join(outside.path, 'secret.jpg'), path.join(folder.path, 'link.jpg'));
  expect(await namesBelow(folder.path, [folder.path])).toEqual(['kept.jpg']);
});

test('a file asked for twice, or inside a folder asked for, is taken once', async () => {
  await using folder = await temporaryFolder();
  await tree(folder.path, ['a.jpg', 'b.jpg']);
  const file = path.join(folder.path, 'a.jpg');
  expect(await namesBelow(folder.path, [file, folder.path, file])).toEqual(['a.jpg', 'b.jpg']);
});

test('a path that is not there is refused by name', async () => {
  await using folder = await temporaryFolder();
  const missing = path.join(folder.path, 'missing');
  await expect(walk([missing], nothingUnreadable)).rejects.toThrow(PathRefused);
  await expect(walk([missing], nothingUnreadable)).rejects.toThrow(missing);
});

test('Daybook’s own data folder is left out of what holds it, and refused by itself, whichever link leads there', async () => {
  await using folder = await temporaryFolder();
  await tree(folder.path, ['photo.jpg', 'data/thumbnails/ab/cd/x.webp', 'data/daybook.db']);
  const data = path.join(folder.path, 'data');
  const options = { ...nothingUnreadable, leaveOut: data };
  const names = (await walk([folder.path], options)).map((file) => file.name);
  expect(names).toEqual(['photo.jpg']);
  await expect(walk([path.join(data, 'thumbnails')], options)).rejects.toThrow('own data folder');

  await using elsewhere = await temporaryFolder();
  const link = path.join(elsewhere.path, 'link');
  await symlink(folder.path, link);
  const throughLink = await walk([folder.path], { ...options, leaveOut: path.join(link, 'data') });
  expect(throughLink.map((file) => file.name)).toEqual(['photo.jpg']);
});

test('two names that are not UTF-8 stay two files, though they look the same', async () => {
  await using folder = await temporaryFolder();
  for (const bytes of ['ff', 'fe']) {
    const name = Buffer.concat([
      Buffer.from(`${folder.path}/caf`),
      Buffer.from(bytes, 'hex'),
      Buffer.from('.jpg'),
    ]);
    await writeFile(name, 'x');
  }
  const found = await walk([folder.path], nothingUnreadable);
  expect(found.map((file) => file.name)).toEqual(['caf\u{FFFD}.jpg', 'caf\u{FFFD}.jpg']);
});
