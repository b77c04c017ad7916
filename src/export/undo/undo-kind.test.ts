import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { emptyDatabase, onEachEngine } from '../../../test/databases.ts';
import { archiveIn, exportHouse, journalFaults, openTestTools, owner } from '../../../test/export-house.ts';
import { manyPhotos, stampedPhoto } from '../../../test/fixtures/stamp.ts';
import type { Engine } from '#db/database.ts';
import { undoExport } from '#export/plan/start-export.ts';

const tools = await openTestTools();
afterAll(() => tools[Symbol.asyncDispose]());

async function twoPhotos(engine: Engine) {
  const house = await exportHouse({ database: await emptyDatabase(engine), tools });
  for (const [seed, name] of ['a.jpg', 'b.jpg'].entries()) {
    const tags = { 'EXIF:DateTimeOriginal': `2019:05:0${5 + seed} 15:30:00` };
    await stampedPhoto(house.sources, name, { seed, tags });
  }
  await house.import(house.sources);
  return house;
}

onEachEngine('the undo of an export', (engine) => {
  test('leaves a copy whose original is nowhere any more: it may be the only one there is', async () => {
    await using house = await twoPhotos(engine);
    const { export_id } = await house.export();
    await house.removeSources(export_id);
    // One of them is found in its trash folder; of the other somebody emptied it.
    await rm(path.join(house.sources, '.daybook-trash/b.jpg'));
    const undone = await house.undo(export_id);
    expect(undone.summary).toMatchObject({ removed: 1, left: { count: 1 }, failed: 0 });
    expect(undone.summary.left.examples[0]?.message).toContain('may be the only one there is');
    expect(await archiveIn(house.target)).toEqual(['2019/20190506_153000.jpg']);
    expect(await journalFaults(house, house.target)).toEqual([]);
  });

  test('waits for the disk of the originals, and goes on once it is there', async () => {
    await using house = await twoPhotos(engine);
    const { export_id } = await house.export();
    await rename(house.sources, `${house.sources} away`);
    const job = await undoExport(house, owner, export_id);
    const halted = await house.ended(job, 'undo_export');
    expect(halted).toMatchObject({ status: 'halted', done: 0, failed: 0 });
    expect(halted.status_reason).toContain(house.sources);
    expect(await archiveIn(house.target)).toHaveLength(2);

    await rename(`${house.sources} away`, house.sources);
    await house.ledger.resume({ id: job.id, owner });
    expect((await house.ended(job, 'undo_export')).summary).toMatchObject({ removed: 2, left: { count: 0 } });
    expect(await archiveIn(house.target)).toEqual([]);
  });
});

test('files of one folder that are taken back at the same time leave no folder and fail at none', async () => {
  await using house = await exportHouse({ database: await emptyDatabase('sqlite'), tools });
  await manyPhotos(house.sources, 12);
  await house.import(house.sources);
  for (let round = 0; round < 2; round += 1) {
    const { export_id } = await house.export({ template: '{date}/{name}{ext}' });
    expect(await house.undo(export_id)).toMatchObject({ status: 'completed', done: 12, failed: 0 });
    expect(await archiveIn(house.target)).toEqual([]);
    expect(await readdir(house.target)).toEqual(['.daybook']);
  }
});
