import { link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import {
  foldersAround,
  makeFolders,
  moveToFreeName,
  removeEmptyFolders,
  renameToFreeName,
} from './place-file.ts';

describe.each([
  ['where there are hard links', moveToFreeName],
  ['where there are none', renameToFreeName],
])('moving a file to a free name, %s', (_, move) => {
  test('moves it', async () => {
    await using folder = await temporaryFolder();
    const [from, to] = [path.join(folder.path, 'from'), path.join(folder.path, 'to')];
    await writeFile(from, 'ours');
    expect(await move(from, to)).toBe(true);
    expect(await readdir(folder.path)).toEqual(['to']);
    expect(await readFile(to, 'utf8')).toBe('ours');
  });

  test('moves nothing where somebody has the name', async () => {
    await using folder = await temporaryFolder();
    const [from, to] = [path.join(folder.path, 'from'), path.join(folder.path, 'to')];
    await writeFile(from, 'ours');
    await writeFile(to, 'theirs');
    expect(await move(from, to)).toBe(false);
    expect(await readFile(to, 'utf8')).toBe('theirs');
    expect(await readFile(from, 'utf8')).toBe('ours');
  });
});

test('a move that died between its link and the end of the old name is finished', async () => {
  await using folder = await temporaryFolder();
  const [from, to] = [path.join(folder.path, 'from'), path.join(folder.path, 'to')];
  await writeFile(from, 'ours');
  await link(from, to);
  expect(await moveToFreeName(from, to)).toBe(true);
  expect(await readdir(folder.path)).toEqual(['to']);
});

test('folders are made as far as they are missing, and told', async () => {
  await using folder = await temporaryFolder();
  await mkdir(path.join(folder.path, '2019'));
  expect(await makeFolders(folder.path, '2019/05/trip/a.jpg')).toEqual(['2019/05', '2019/05/trip']);
  expect(await makeFolders(folder.path, '2019/05/trip/b.jpg')).toEqual([]);
  expect(await makeFolders(folder.path, 'c.jpg')).toEqual([]);
});

test('the work folder is never made: where it is missing nothing is', async () => {
  await using folder = await temporaryFolder();
  const below = '.daybook/replaced/1/2019/a.jpg';
  await expect(makeFolders(folder.path, below)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readdir(folder.path)).toEqual([]);
  await mkdir(path.join(folder.path, '.daybook'));
  expect(await makeFolders(folder.path, below)).toHaveLength(3);
});

test('a link or a file in place of a folder is not followed', async () => {
  await using folder = await temporaryFolder();
  await using elsewhere = await temporaryFolder();
  await symlink(elsewhere.path, path.join(folder.path, '2019'));
  await writeFile(path.join(folder.path, '2020'), 'a file');
  for (const below of ['2019/05/a.jpg', '2020/05/a.jpg']) {
    await expect(makeFolders(folder.path, below)).rejects.toMatchObject({
      outcome: { outcome: 'failed', code: 'folder_in_the_way' },
    });
  }
  expect(await readdir(elsewhere.path)).toEqual([]);
});

test('only folders that became empty are removed', async () => {
  await using folder = await temporaryFolder();
  await makeFolders(folder.path, 'a/b/c/x.jpg');
  await makeFolders(folder.path, 'a/d/x.jpg');
  await writeFile(path.join(folder.path, 'a/d/x.jpg'), 'x');
  expect(foldersAround('a/b/c/x.jpg')).toEqual(['a', 'a/b', 'a/b/c']);
  expect(await removeEmptyFolders(folder.path, ['a', 'a/b', 'a/b/c', 'a/d'])).toEqual(['a/b/c', 'a/b']);
  expect(await readdir(path.join(folder.path, 'a'))).toEqual(['d']);
});
