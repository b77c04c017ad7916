import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/databases.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { openStorage } from '../storage.ts';
import { SidecarFolders } from './sidecar-folders.ts';

test('a look that failed is not remembered: the next one finds the sidecar', async () => {
  await using folder = await temporaryFolder();
  await using database = await testDatabase('sqlite');
  for (const name of ['a.jpg', 'a.xmp']) await writeFile(path.join(folder.path, name), 'x');
  const folders = new SidecarFolders(database.db, await openStorage(path.join(folder.path, 'data')));
  const job = {
    id: 'j',
    owner: 'home',
    kind: 'import',
    label: '',
    input: { from: 'paths' as const, paths: [folder.path] },
  };
  const place = { folder: folder.path, name: 'a.jpg' };
  // The database is in trouble for a moment.
  await database.db.schema.alterTable('job_items').renameTo('away').execute();
  await expect(folders.of(job, place)).rejects.toThrow('job_items');
  await database.db.schema.alterTable('away').renameTo('job_items').execute();
  expect(await folders.of(job, place)).toEqual([{ name: 'a.xmp', read_from: path.join(folder.path, 'a.xmp') }]);
});
