/** The target of an export on a disk that fills up, that can only be read, that is pulled. */
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { emptySqlite } from '../empty-databases.ts';
import {
  archiveIn,
  exportHouse,
  journalFaults,
  openTestTools,
  owner,
  type ExportHouse,
} from '../export-house.ts';
import { drawPhoto } from '../fixtures/draw.ts';
import { startExport } from '#export/plan/start-export.ts';
import { mayMount, pull, readOnlyView, smallDisk } from './mounts.ts';
import { changedFiles, filesBelow, fingerprints } from './soundness.ts';

const photos = 40;
const tools = await openTestTools();
afterAll(() => tools[Symbol.asyncDispose]());

/** Some kilobytes each. */
async function libraryOfPhotos(): Promise<ExportHouse> {
  const house = await exportHouse({ database: await emptySqlite(), tools });
  await mkdir(house.sources);
  for (let n = 0; n < photos; n += 1) {
    const photo = await drawPhoto({ seed: n, width: 500, height: 400, format: 'jpeg' });
    await writeFile(path.join(house.sources, `IMG_20190505_1530${String(10 + n)}.jpg`), photo);
  }
  await house.import(house.sources);
  await house.decide({ filter: {} }, { kind: 'accept' });
  await mkdir(house.target);
  return house;
}

describe.skipIf(!mayMount)('a target (where disks may be mounted)', () => {
  test('that fills up pauses the export, and it goes on when there is space', async () => {
    await using house = await libraryOfPhotos();
    const before = await fingerprints(house.sources);
    await using disk = await smallDisk(house.target, 2000);
    const id = await house.plan({ write_uncertain: true });
    // Taken by somebody else after the plan was accepted.
    const { id: job } = await startExport(house, owner, id);
    await writeFile(path.join(house.target, 'ballast'), Buffer.alloc(1_400_000));
    const paused = await house.ended({ id: job } as never, 'export');
    expect(paused).toMatchObject({ status: 'paused', failed: 0 });
    expect(paused.status_reason).toContain(`The disk of ${house.target} is full`);
    expect(paused.resume_at).not.toBeNull();
    const written = (await archiveIn(house.target)).filter((file) => file !== 'ballast');
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThan(photos);
    // What was in hand beside it ends a moment later.
    const incoming = path.join(house.target, '.daybook/incoming');
    await expect.poll(() => filesBelow(incoming)).toEqual([]);

    await disk.grow(100_000);
    await house.ledger.resume({ id: job, owner });
    const over = await house.ended({ id: job } as never, 'export');
    expect(over).toMatchObject({ status: 'completed', done: photos });
    expect((await journalFaults(house, house.target)).filter((fault) => !fault.startsWith('ballast'))).toEqual(
      [],
    );
    expect(over.summary.warnings.count).toBe(0);
    expect(await changedFiles(house.sources, before)).toEqual([]);
  });

  test('that can only be read any more halts it, and a resume finishes all', async () => {
    await using house = await libraryOfPhotos();
    const id = await house.plan();
    const { id: job } = await startExport(house, owner, id);
    {
      await using _ = await readOnlyView(house.target, house.target);
      const halted = await house.ended({ id: job } as never, 'export');
      expect(halted).toMatchObject({ status: 'halted', failed: 0 });
      expect(halted.status_reason).toContain(`Daybook may not write into ${house.target}`);
    }
    await house.ledger.resume({ id: job, owner });
    expect(await house.ended({ id: job } as never, 'export')).toMatchObject({
      status: 'completed',
      done: photos,
    });
    expect(await journalFaults(house, house.target)).toEqual([]);
  });

  test('whose disk is pulled halts it, and nothing is written where it was', async () => {
    await using house = await libraryOfPhotos();
    await smallDisk(house.target, 100_000);
    await using _ = { [Symbol.asyncDispose]: () => pull(house.target).catch(() => {}) };
    await house.export();
    await house.decide({ filter: {} }, { kind: 'tag', data: { add: ['again'], remove: [] } });
    const { id: job } = await startExport(house, owner, await house.plan());
    while ((await house.ledger.get({ id: job, owner })).done < 3) {
      house.worker.wake();
      await sleep(5);
    }
    await pull(house.target);
    const halted = await house.ended({ id: job } as never, 'export');
    expect(halted).toMatchObject({ status: 'halted', failed: 0 });
    expect(halted.status_reason).toContain(`The folder ${house.target} is gone`);
    expect(await filesBelow(house.target)).toEqual([]);
  });
});
