import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../../test/databases.ts';
import { addAssets, owner } from '../../../test/small-library.ts';
import { Downloads, measureDownload } from './download.ts';

onEachEngine('the size of a download', (engine) => {
  test('what matches is counted, and what is discarded is not', async () => {
    await using database = await testDatabase(engine);
    const { db } = database;
    const [first, second] = await addAssets(db, [
      { name: '20190505_153000.jpg' },
      { name: '20190505_153001.jpg' },
      { name: 'film.mp4', kind: 'video' },
    ]);
    await db
      .updateTable('capture_times')
      .set({ review: 'discarded' })
      .where('asset_id', '=', second ?? '')
      .execute();
    const all = await measureDownload(db, owner, { filter: {} });
    expect(all).toEqual({ files: 2, total_bytes: 2 });
    const named = await measureDownload(db, owner, { asset_ids: [first ?? '', second ?? '', 'no such id'] });
    expect(named).toEqual({ files: 1, total_bytes: 1 });
    await expect(measureDownload(db, owner, { filter: { tag: 'nowhere' } })).rejects.toMatchObject({
      code: 'nothing_to_export',
    });
    await expect(measureDownload(db, 'somebody else', { filter: {} })).rejects.toMatchObject({
      code: 'nothing_to_export',
    });
  });
});

const download = { owner, which: { filter: {} }, files: 1 };
const gone = expect.objectContaining({ code: 'download_gone' });

test('a zip is for whoever asked for it', () => {
  const downloads = new Downloads();
  const id = downloads.add(download);
  expect(() => downloads.take('somebody else', id)).toThrow(gone);
  using taken = downloads.take(owner, id);
  expect(taken.files).toBe(1);
});

test('of zips that nobody fetches, the oldest are forgotten', () => {
  const downloads = new Downloads();
  const ids = Array.from({ length: 51 }, () => downloads.add(download));
  expect(() => downloads.take(owner, ids[0] ?? '')).toThrow(gone);
  using taken = downloads.take(owner, ids[1] ?? '');
  expect(taken.owner).toBe(owner);
});
