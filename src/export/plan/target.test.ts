import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/databases.ts';
import { addAssets, owner } from '../../../test/small-library.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { importKind } from '#library/import-input.ts';
import { openStorage } from '#library/storage.ts';
import { checkTarget } from './target.ts';

async function house() {
  const opened = new AsyncDisposableStack();
  const { db } = opened.use(await testDatabase('sqlite'));
  const folder = opened.use(await temporaryFolder());
  const storage = await openStorage(path.join(folder.path, 'data'));
  return {
    db,
    /** A path in its folder. */
    at: (...parts: string[]) => path.join(folder.path, ...parts),
    check: (asked: string) => checkTarget({ db, storage }, owner, asked),
    /** As if these had been imported. */
    async imported(...paths: string[]) {
      await db
        .insertInto('jobs')
        .values({
          id: `import of ${paths.join()}`,
          owner,
          kind: importKind,
          label: 'Import',
          input_json: JSON.stringify({ from: 'paths', paths }),
          status: 'completed',
          total: 1,
          created_at: '2026-01-01T00:00:00.000Z',
        })
        .execute();
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const refused = (code: string) => expect.objectContaining({ name: 'ExportRefused', code }) as Error;

test('a folder that is there, or is not yet, is taken with its links resolved and its free room', async () => {
  await using home = await house();
  await mkdir(home.at('disk'));
  await symlink(home.at('disk'), home.at('link'));
  const target = await home.check(home.at('link', 'archive', '2024'));
  expect(target).toMatchObject({ folder: home.at('disk', 'archive', '2024'), is_there: false });
  expect(target.free_bytes).toBeGreaterThan(0);
  expect(await home.check(home.at('disk'))).toMatchObject({ folder: home.at('disk'), is_there: true });
});

test('a path that does not begin at the root is refused', async () => {
  await using home = await house();
  await expect(home.check('archive')).rejects.toEqual(refused('folder_not_whole'));
  await expect(home.check(`/media/${'x'.repeat(2000)}`)).rejects.toEqual(refused('folder_not_whole'));
  await expect(home.check('/media/\0/x')).rejects.toEqual(refused('folder_not_whole'));
});

test('folders of the system are refused, by whatever way they are named', async () => {
  await using home = await house();
  await symlink('/proc', home.at('way'));
  for (const folder of [
    '/',
    '/proc',
    '/proc/1/x',
    '/etc/archive',
    '/usr/share/x',
    '/dev/shm/x',
    home.at('way', 'x'),
  ]) {
    await expect(home.check(folder)).rejects.toEqual(refused('folder_of_the_system'));
  }
});

test('the data folder is refused, and what is in it or around it, also by a link', async () => {
  await using home = await house();
  await symlink(home.at('data'), home.at('way'));
  for (const folder of [
    home.at('data'),
    home.at('data', 'x'),
    home.at(),
    home.at('way', 'originals'),
    home.at('x', '..'),
  ]) {
    await expect(home.check(folder)).rejects.toEqual(refused('folder_of_the_library'));
  }
});

test('a folder that was imported is refused, and what is in it; the links of neither help', async () => {
  await using home = await house();
  await mkdir(home.at('disk', 'photos'), { recursive: true });
  await symlink(home.at('disk', 'photos'), home.at('photos'));
  await symlink(home.at('disk'), home.at('way'));
  await home.imported(home.at('photos'));
  for (const folder of [
    home.at('photos'),
    home.at('disk', 'photos', 'archive'),
    home.at('way', 'photos', 'x'),
  ]) {
    await expect(home.check(folder)).rejects.toEqual(refused('folder_of_sources'));
  }
  const around = await home.check(home.at('disk'));
  expect(around.sources_inside).toEqual(['photos']);
  await home.check(home.at('disk', 'photos 2'));
});

test('a folder of which single files were imported is refused, but not one in it', async () => {
  await using home = await house();
  await mkdir(home.at('desk'));
  await writeFile(home.at('desk', 'a.jpg'), 'x');
  await home.imported(home.at('desk', 'a.jpg'));
  await addAssets(home.db, [{ name: 'a.jpg', folder: home.at('desk') }]);
  await expect(home.check(home.at('desk'))).rejects.toEqual(refused('folder_of_sources'));
  await home.check(home.at('desk', 'archive'));
});

test('a disk of sources that is not connected is still one of sources', async () => {
  await using home = await house();
  await home.imported(home.at('gone'));
  await expect(home.check(home.at('gone', 'archive'))).rejects.toEqual(refused('folder_of_sources'));
});

test('a file, a path through a file, and a link that leads nowhere are no folders', async () => {
  await using home = await house();
  await writeFile(home.at('file'), '');
  await symlink(home.at('not there'), home.at('way'));
  await symlink(home.at('round'), home.at('round'));
  await expect(home.check(home.at('file'))).rejects.toEqual(refused('folder_is_no_folder'));
  await expect(home.check(home.at('file', 'x'))).rejects.toEqual(refused('folder_is_no_folder'));
  await expect(home.check(home.at('way'))).rejects.toThrow('a link that leads nowhere');
  await expect(home.check(home.at('round', 'x'))).rejects.toThrow('a link that leads nowhere');
});
