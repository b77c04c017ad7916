import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '#db/database.ts';
import { openStorage } from '#library/storage.ts';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { addAssets, owner, type Drawn } from '../../test/small-library.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { everyFile } from './exports.ts';
import type { ExportWish } from './plan.ts';
import { planExport } from './plan-export.ts';

async function house(engine: Engine) {
  const opened = new AsyncDisposableStack();
  const { db } = opened.use(await testDatabase(engine));
  const folder = opened.use(await temporaryFolder());
  const storage = await openStorage(path.join(folder.path, 'data'));
  const sources = path.join(folder.path, 'photos');
  const target = path.join(folder.path, 'archive');
  await mkdir(sources);
  return {
    db,
    target,
    sources,
    /** Files of one byte, and the assets of them. */
    async add(...drawn: Drawn[]) {
      for (const { name } of drawn) await writeFile(path.join(sources, name), 'x');
      return addAssets(
        db,
        drawn.map((each) => ({ ...each, folder: sources })),
      );
    },
    plan: async (wish: Partial<ExportWish> = {}) => {
      const id = await planExport({ db, storage }, owner, {
        folder: target,
        template: '{year}/{date}_{time}{ext}',
        write_uncertain: false,
        set_aside_gone: false,
        which: { filter: {} },
        ...wish,
      });
      return { id, files: await Array.fromAsync(everyFile(db, owner, id)) };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const taken = (text: string) => ({ 'EXIF:DateTimeOriginal': text });

onEachEngine('A plan', (engine) => {
  test('names every file by its time, and what has none after itself in unknown/', async () => {
    await using home = await house(engine);
    await home.add(
      { name: 'b.jpg', tags: taken('2019:05:05 15:30:00') },
      { name: 'a.jpg', tags: taken('2019:05:05 15:30:00') },
      { name: 'scan.jpg' },
    );
    const { files } = await home.plan();
    expect(files.map(({ name, target }) => [name, target])).toEqual([
      ['a.jpg', '2019/20190505_153000.jpg'],
      ['b.jpg', '2019/20190505_153000_001.jpg'],
      ['scan.jpg', 'unknown/scan.jpg'],
    ]);
  });
});
