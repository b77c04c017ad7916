/** The judge of the crash harness itself: what a kill leaves behind is no fault, what stands under a final name is held to its word. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openStorage } from '#library/storage.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { unfinishedFiles, unsoundStorage } from './soundness.ts';

test('half a thumbnail is sound while it is unfinished, and unsound under its name', async () => {
  await using folder = await temporaryFolder();
  const storage = await openStorage(folder.path);
  const half = path.join(folder.path, 'thumbnails', 'unfinished', crypto.randomUUID());
  await writeFile(half, 'RIFF');
  expect(await unsoundStorage(storage)).toEqual([]);
  expect(await unfinishedFiles(storage)).toEqual([half]);

  const final = storage.thumbnailPath('ab'.repeat(32));
  await mkdir(path.dirname(final), { recursive: true });
  await writeFile(final, 'RIFF');
  expect(await unsoundStorage(storage)).toEqual([`Thumbnail ${path.basename(final)} is not whole.`]);
});
