/** The data folder on a disk that fills up while an import runs. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openApp } from '#app.ts';
import { readConfig } from '#config.ts';
import { drawPhoto } from '../fixtures/draw.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openHouse } from './house.ts';
import { mayMount, smallDisk } from './mounts.ts';
import { importPaths, resume, untilStatus } from '../requests.ts';
import { changedFiles, fingerprints, unfinishedFiles, unsound } from './soundness.ts';

const photos = 60;

/** Photos whose thumbnails take some kilobytes each. */
async function drawSome(folder: string): Promise<void> {
  await mkdir(folder);
  for (let n = 0; n < photos; n++) {
    const photo = await drawPhoto({ seed: n, width: 500, height: 400, format: 'jpeg' });
    await writeFile(path.join(folder, `photo ${n}.jpg`), photo);
  }
}

describe.skipIf(!mayMount)('a full disk (where tmpfs may be mounted)', () => {
  test.each([
    { who: 'of thumbnails', leave: 150_000 },
    { who: 'before the first thumbnail', leave: 0 },
  ])(
    'full $who: the import pauses and says why, leaves nothing half written, and goes on when there is space',
    async ({ leave }) => {
      await using folder = await temporaryFolder();
      const data = path.join(folder.path, 'data');
      const source = path.join(folder.path, 'source');
      await mkdir(data);
      await drawSome(source);
      const before = await fingerprints(source);
      await using disk = await smallDisk(data, 16_000);
      await using house = await openHouse(data, {});
      const ballast = path.join(data, 'ballast');
      await fill(ballast, data, leave);

      const { id } = await importPaths(house.url, [source]).catch(async (error: unknown) => {
        // No room even for the job: told as a problem, and nothing was begun.
        expect(String(error)).toMatch(/50[07]/);
        await disk.grow(16_300);
        return importPaths(house.url, [source]);
      });
      const paused = await untilStatus(house.url, id, ['paused'], 300_000);
      expect(paused.status_reason).toContain('disk of the data folder is full');
      expect(paused.error_count).toBe(0);
      {
        await using app = await openApp(readConfig({ DAYBOOK_DATA: data }));
        expect(await unsound(app)).toEqual([]);
        expect(await unfinishedFiles(app.storage)).toEqual([]);
        expect((await app.ledger.get({ id, owner: 'home' })).resume_at).not.toBeNull();
      }

      await disk.grow(200_000);
      await resume(house.url, id);
      const over = await untilStatus(house.url, id, ['completed'], 300_000);
      expect(over).toMatchObject({ progress_current: photos, error_count: 0 });
      await using app = await openApp(readConfig({ DAYBOOK_DATA: data }));
      expect(await unsound(app)).toEqual([]);
      expect(await unfinishedFiles(app.storage)).toEqual([]);
      expect(await changedFiles(source, before)).toEqual([]);
      await rm(ballast);
    },
  );
});

/** Leaves about so many bytes of the disk. */
async function fill(file: string, folder: string, leave: number): Promise<void> {
  const { statfs } = await import('node:fs/promises');
  const { bavail, bsize } = await statfs(folder);
  const bytes = Math.max(0, bavail * bsize - leave);
  await writeFile(file, Buffer.alloc(bytes));
  expect((await stat(file)).size).toBe(bytes);
}
