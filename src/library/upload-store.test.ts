import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Upload } from '@tus/utils';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/databases.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { openStorage } from './storage.ts';
import { UploadStore } from './upload-store.ts';

test('an upload whose bytes are all here, but whose finish failed, is finished when its sender asks', async () => {
  await using folder = await temporaryFolder();
  await using database = await testDatabase('sqlite');
  const store = new UploadStore(database.db, await openStorage(folder.path), 'home');
  const bytes = Buffer.from('all of it');
  await store.create(new Upload({ id: 'u1', size: bytes.length, offset: 0, metadata: { filename: 'a.jpg' } }));
  await store.write(Readable.from([bytes]), 'u1', 0);
  const row = () =>
    database.db.selectFrom('uploads').select(['sha256', 'finished_at']).executeTakeFirstOrThrow();
  expect(await row()).toEqual({ sha256: null, finished_at: null });
  expect(await store.getUpload('u1')).toMatchObject({ offset: bytes.length });
  const { sha256, finished_at } = await row();
  expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(finished_at).not.toBeNull();
});
