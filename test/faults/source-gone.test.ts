/** The folder that is being imported goes away while it is read. */
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openApp } from '#app.ts';
import { readConfig } from '#config.ts';
import { manyPhotos } from '../fixtures/stamp.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openHouse } from './house.ts';
import { mayMount, pull, readOnlyView } from './mounts.ts';
import { importPaths, progressOf, resume, untilStatus } from '../requests.ts';
import { changedFiles, fingerprints, unsound } from './soundness.ts';

const photos = 200;

/** `leave` undoes what `comeBack` did last, so that the folder can be removed. */
async function goesAndComesBack(
  go: (source: string) => Promise<void>,
  comeBack: (source: string) => Promise<void>,
  leave: (source: string) => Promise<void>,
) {
  await using folder = await temporaryFolder();
  await using _ = { [Symbol.asyncDispose]: () => leave(path.join(folder.path, 'source')) };
  const data = path.join(folder.path, 'data');
  const source = path.join(folder.path, 'source');
  await mkdir(source);
  await comeBack(source);
  const before = await fingerprints(source);
  await using house = await openHouse(data, { DAYBOOK_WORKERS: '1' });
  const { id } = await importPaths(house.url, [source]);
  while ((await progressOf(house.url, id)).progress_current < 10);
  await go(source);

  const halted = await untilStatus(house.url, id, ['halted'], 300_000);
  expect(halted.status_reason).toContain(`The folder ${source} is gone`);
  expect(halted.error_count).toBe(0);
  expect(halted.progress_current).toBeLessThan(photos);
  const still = await resume(house.url, id);
  expect(still.failed).toBe(0);
  const again = await untilStatus(house.url, id, ['halted'], 300_000);
  expect(again.error_count).toBe(0);

  await comeBack(source);
  await resume(house.url, id);
  const over = await untilStatus(house.url, id, ['completed'], 300_000);
  expect(over).toMatchObject({ progress_current: photos, error_count: 0 });
  expect(await changedFiles(source, before)).toEqual([]);
  await using app = await openApp(readConfig({ DAYBOOK_DATA: data }));
  expect(await unsound(app)).toEqual([]);
  expect((await app.db.selectFrom('assets').select('id').execute()).length).toBe(photos);
}

describe('a source folder that is gone halts the job; its items wait, and a resume finishes all', () => {
  test('renamed away', async () => {
    let drawn = false;
    await goesAndComesBack(
      (source) => rename(source, `${source}-away`),
      async (source) => {
        if (drawn) return rename(`${source}-away`, source);
        drawn = true;
        await manyPhotos(source, photos);
      },
      async () => {},
    );
  });

  test.skipIf(!mayMount)('a disk that was pulled and leaves its empty mount point', async () => {
    await using disk = await temporaryFolder();
    await manyPhotos(disk.path, photos);
    await goesAndComesBack(
      pull,
      async (source) => void (await readOnlyView(disk.path, source)),
      (source) => pull(source).catch(() => {}),
    );
  });
});
