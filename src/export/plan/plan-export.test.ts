import { mkdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { emptyDatabase, onEachEngine, testDatabase } from '../../../test/databases.ts';
import { archiveIn, exportHouse, openTestTools, type ExportHouse } from '../../../test/export-house.ts';
import { setFileTime, stampedPhoto } from '../../../test/fixtures/stamp.ts';
import { addAssets, owner, type Drawn } from '../../../test/small-library.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import type { ExportFile } from '#contract/exports.ts';
import type { Engine } from '#db/database.ts';
import { everyFile } from '#export/exports.ts';
import { openStorage } from '#library/storage.ts';
import { planExport } from './plan-export.ts';
import type { ExportWish } from './plan.ts';

const tools = await openTestTools();
afterAll(() => tools[Symbol.asyncDispose]());

const taken = (text: string) => ({ 'EXIF:DateTimeOriginal': text });
const noon = '2019:05:05 12:00:00';

/** A library of which only names and dates matter. */
async function paperHouse(engine: Engine) {
  const opened = new AsyncDisposableStack();
  const { db } = opened.use(await testDatabase(engine));
  const folder = opened.use(await temporaryFolder());
  const storage = await openStorage(path.join(folder.path, 'data'));
  const sources = path.join(folder.path, 'disk', 'photos');
  const target = path.join(folder.path, 'archive');
  await mkdir(sources, { recursive: true });
  return {
    db,
    storage,
    target,
    sources,
    /** Files of one byte and the assets of them; ids in the order given. */
    async add(...drawn: Drawn[]) {
      // So soon before the import that the time of the file says nothing of the photo.
      const modified_at = `${new Date().toISOString().slice(0, 19)}.000Z`;
      for (const { name } of drawn) {
        await writeFile(path.join(sources, name), 'x');
        await setFileTime(path.join(sources, name), modified_at);
      }
      return addAssets(
        db,
        drawn.map((each) => ({ ...each, folder: sources, modified_at })),
      );
    },
    async plan(wish: Partial<ExportWish> = {}, signal?: AbortSignal): Promise<ExportFile[]> {
      const whole = {
        folder: target,
        template: '{year}/{date}_{time}{ext}',
        write_uncertain: false,
        set_aside_gone: false,
        which: { filter: {} },
        ...wish,
      };
      const id = await planExport({ db, storage }, owner, whole, signal);
      return Array.fromAsync(everyFile(db, owner, id));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const names = (files: readonly ExportFile[]) =>
  Object.fromEntries(files.map(({ name, target }) => [name, target]));

onEachEngine('A plan', (engine) => {
  test('names every file by its time, as precise as it is, in the order of the names', async () => {
    await using house = await paperHouse(engine);
    await house.add(
      { name: 'b.jpg', tags: taken('2019:05:05 15:30:00') },
      { name: 'a.jpg', tags: taken('2019:05:05 15:30:00') },
      { name: '2018-03.jpg' },
      { name: 'IMG-20171218-WA0028.jpg' },
      { name: 'scan.jpg' },
    );
    const files = await house.plan();
    expect(files.map(({ seq, name, target, number }) => [seq, name, target, number])).toEqual([
      [1, 'IMG-20171218-WA0028.jpg', '2017/20171218.jpg', 0],
      [2, '2018-03.jpg', '2018/2018-03.jpg', 0],
      [3, 'a.jpg', '2019/20190505_153000.jpg', 0],
      [4, 'b.jpg', '2019/20190505_153000_001.jpg', 1],
      [5, 'scan.jpg', 'unknown/scan.jpg', 0],
    ]);
    expect(files.map(({ doubts }) => doubts)).toEqual([
      ['uncertain_date'],
      ['uncertain_date'],
      [],
      [],
      ['no_date'],
    ]);
    expect(files.map(({ action }) => action)).toEqual(Array.from({ length: 5 }, () => 'new'));
  });

  test('says for each file where it comes from and what is written into it', async () => {
    await using house = await paperHouse(engine);
    await house.add({ name: 'a.jpg', tags: { ...taken(noon), 'EXIF:OffsetTimeOriginal': '+02:00' } });
    const [file] = await house.plan();
    expect(file).toMatchObject({
      source: path.join(house.sources, 'a.jpg'),
      into: 'file',
      local: '2019-05-05T12:00:00',
      zone: '+02:00',
      confidence: 'medium',
    });
    expect(file?.writes).toContainEqual({ tag: 'EXIF:OffsetTimeDigitized', value: '+02:00' });
  });

  test('leaves the discarded out, also where they were selected or asked for', async () => {
    await using house = await paperHouse(engine);
    const ids = await house.add(
      { name: 'kept.jpg', tags: taken(noon) },
      { name: 'away.jpg', tags: taken(noon) },
    );
    await house.db
      .updateTable('capture_times')
      .set({ review: 'discarded' })
      .where('asset_id', '=', ids[1]!)
      .execute();
    const wishes = [{ filter: {} }, { asset_ids: ids }, { filter: { review: 'any' } }] as const;
    for (const which of wishes) {
      expect(Object.keys(names(await house.plan({ which })))).toEqual(['kept.jpg']);
    }
    const discarded = house.plan({ which: { filter: { review: 'discarded' } } });
    await expect(discarded).rejects.toMatchObject({ code: 'nothing_to_export' });
  });

  test('takes the next number where a file that is not ours has the name', async () => {
    await using house = await paperHouse(engine);
    await house.add({ name: 'a.jpg', tags: taken(noon) });
    await mkdir(path.join(house.target, '2019'), { recursive: true });
    await writeFile(path.join(house.target, '2019/20190505_120000.JPG'), 'of somebody else');
    expect(await house.plan()).toMatchObject([
      { target: '2019/20190505_120000_001.jpg', number: 1, doubts: ['name_taken'] },
    ]);
  });

  test('tells of an original that cannot be found', async () => {
    await using house = await paperHouse(engine);
    await house.add({ name: 'a.jpg', tags: taken(noon) });
    await rm(path.join(house.sources, 'a.jpg'));
    expect(await house.plan()).toMatchObject([{ source: null, doubts: ['source_missing'] }]);
  });

  test('still finds an original of which only the file time changed: its bytes are told by their hash', async () => {
    await using house = await paperHouse(engine);
    await house.add({ name: 'a.jpg', tags: taken(noon) });
    await setFileTime(path.join(house.sources, 'a.jpg'), '2024-01-01T00:00:00Z');
    expect(await house.plan()).toMatchObject([{ source: path.join(house.sources, 'a.jpg'), doubts: [] }]);
  });

  test('takes the sidecars beside an original along, those of a whole shot once', async () => {
    await using house = await paperHouse(engine);
    await house.add(
      { name: 'IMG_1.jpg', tags: taken(noon) },
      { name: 'IMG_1.mov', kind: 'video', tags: taken(noon) },
      { name: 'IMG_2.jpg', tags: taken('2020:01:01 00:00:00') },
    );
    for (const sidecar of ['IMG_1.AAE', 'IMG_1.jpg.xmp', 'IMG_2.xmp', 'IMG_2.jpg.json', 'metadata.json']) {
      await writeFile(path.join(house.sources, sidecar), 'x');
    }
    const files = await house.plan();
    const companions = files.flatMap((file) => file.companions);
    expect(companions.map(({ source, target }) => [path.basename(source), target])).toEqual([
      ['IMG_1.jpg.xmp', '2019/20190505_120000.jpg.xmp'],
      ['IMG_1.AAE', '2019/20190505_120000.aae'],
      ['IMG_2.xmp', '2020/20200101_000000.xmp'],
      ['IMG_2.jpg.json', '2020/20200101_000000.jpg.json'],
    ]);
  });

  test('a folder of the archive that is a link or a file is refused by name', async () => {
    await using house = await paperHouse(engine);
    await house.add({ name: 'a.jpg', tags: taken(noon) });
    await mkdir(house.target);
    await symlink(house.sources, path.join(house.target, '2019'));
    await expect(house.plan()).rejects.toThrow(path.join(house.target, '2019'));
    await rm(path.join(house.target, '2019'));
    await writeFile(path.join(house.target, '2019'), '');
    await expect(house.plan()).rejects.toMatchObject({ code: 'folder_is_no_folder' });
  });

  test('is refused where a name would lead into a folder that was imported', async () => {
    await using house = await paperHouse(engine);
    const [id] = await house.add({ name: 'a.jpg', tags: taken(noon) });
    await house.db
      .insertInto('asset_tags')
      .values({ asset_id: id!, tag: 'photos', owner, source: 'person' })
      .execute();
    await house.db
      .insertInto('jobs')
      .values({
        id: 'import',
        owner,
        kind: 'import',
        label: 'Import',
        input_json: JSON.stringify({ from: 'paths', paths: [house.sources] }),
        status: 'completed',
        total: 1,
        created_at: '2026-01-01T00:00:00.000Z',
      })
      .execute();
    const beside = { folder: path.dirname(house.sources), template: '{tag}/{name}{ext}' };
    await expect(house.plan(beside)).rejects.toThrow(`would write into ${house.sources}`);
    await house.plan({ ...beside, template: 'by tag/{tag}/{name}{ext}' });
  });

  test('nothing is left of a plan that could not be made, or that nobody waited for', async () => {
    await using house = await paperHouse(engine);
    await house.add({ name: 'a.jpg', tags: taken(noon) });
    await expect(house.plan({ template: '{nothing}{ext}' })).rejects.toMatchObject({ code: 'template_wrong' });
    await expect(house.plan({ which: { filter: { tag: 'none' } } })).rejects.toMatchObject({
      code: 'nothing_to_export',
    });
    await expect(house.plan({}, AbortSignal.abort())).rejects.toMatchObject({ code: 'abandoned' });
    expect(await house.db.selectFrom('exports').select('id').execute()).toEqual([]);
  });

  test('old plans that nobody started are forgotten', async () => {
    await using house = await paperHouse(engine);
    await house.add({ name: 'a.jpg', tags: taken(noon) });
    for (let count = 0; count < 23; count += 1) await house.plan();
    expect(await house.db.selectFrom('exports').select('id').execute()).toHaveLength(20);
    expect(await house.db.selectFrom('export_files').select('seq').execute()).toHaveLength(20);
  });
});

/** Two photos of one second and a third, exported. */
async function exported(engine: Engine) {
  const house = await exportHouse({ database: await emptyDatabase(engine), tools });
  await stampedPhoto(house.sources, 'a.jpg', { seed: 1, tags: taken(noon) });
  await stampedPhoto(house.sources, 'b.jpg', { seed: 2, tags: taken(noon) });
  await stampedPhoto(house.sources, 'c.jpg', { seed: 3, tags: taken('2020:01:01 00:00:00') });
  await house.import(house.sources);
  const job = await house.export();
  expect([job.status, house.faults]).toEqual(['completed', []]);
  return house;
}

async function again(house: ExportHouse, wish: Partial<ExportWish> = {}): Promise<ExportFile[]> {
  return Array.fromAsync(everyFile(house.db, owner, await house.plan(wish)));
}

const actions = (files: readonly ExportFile[]) =>
  Object.fromEntries(
    files.map(({ name, action, target, was, doubts }) => [name, [action, target, was, ...doubts]]),
  );

const idOf = async ({ db }: ExportHouse, name: string) =>
  (await db.selectFrom('assets').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;

async function redate(house: ExportHouse, name: string, local: string): Promise<void> {
  await house.db
    .updateTable('capture_times')
    .set({ local, sort_key: local, at: `${local}.000Z`, zone: 'UTC' })
    .where('asset_id', '=', await idOf(house, name))
    .execute();
}

async function tag(house: ExportHouse, name: string): Promise<void> {
  await house.db
    .insertInto('asset_tags')
    .values({ asset_id: await idOf(house, name), tag: 'italy', owner, source: 'person' })
    .execute();
}

async function discard(house: ExportHouse, name: string): Promise<void> {
  await house.db
    .updateTable('capture_times')
    .set({ review: 'discarded' })
    .where('asset_id', '=', await idOf(house, name))
    .execute();
}

onEachEngine('A second plan', (engine) => {
  test('of the same library and target has nothing to do; corrections, tags and templates are changes', async () => {
    await using house = await exported(engine);
    const atRest = {
      'a.jpg': ['same', '2019/20190505_120000.jpg', null],
      'b.jpg': ['same', '2019/20190505_120000_001.jpg', null],
      'c.jpg': ['same', '2020/20200101_000000.jpg', null],
    };
    expect(actions(await again(house))).toEqual(atRest);
    await expect(house.export()).rejects.toMatchObject({ code: 'nothing_to_do' });

    const moved = await again(house, { template: '{year}/{month}/{name}{ext}' });
    expect(actions(moved)).toMatchObject({
      'a.jpg': ['changed', '2019/05/a.jpg', '2019/20190505_120000.jpg'],
      'c.jpg': ['changed', '2020/01/c.jpg', '2020/20200101_000000.jpg'],
    });

    await rename(house.sources, `${house.sources} unplugged`);
    expect(actions(await again(house))).toEqual(atRest);
    await rename(`${house.sources} unplugged`, house.sources);

    await redate(house, 'a.jpg', '2021-07-01T10:00:00');
    await tag(house, 'b.jpg');
    await writeFile(path.join(house.sources, 'c.aae'), 'edit');
    await stampedPhoto(house.sources, '0.jpg', { seed: 4, tags: taken(noon) });
    await house.import(house.sources);
    expect(actions(await again(house))).toEqual({
      'a.jpg': ['changed', '2021/20210701_100000.jpg', '2019/20190505_120000.jpg'],
      'b.jpg': ['changed', '2019/20190505_120000_001.jpg', '2019/20190505_120000_001.jpg'],
      'c.jpg': ['changed', '2020/20200101_000000.jpg', '2020/20200101_000000.jpg'],
      '0.jpg': ['new', '2019/20190505_120000_002.jpg', null],
    });
    await house.export();
    expect(await archiveIn(house.target)).toEqual([
      '2019/20190505_120000_001.jpg',
      '2019/20190505_120000_002.jpg',
      '2020/20200101_000000.aae',
      '2020/20200101_000000.jpg',
      '2021/20210701_100000.jpg',
    ]);
    expect((await again(house)).map(({ action }) => action)).toEqual(['same', 'same', 'same', 'same']);
  });

  test('leaves alone what somebody changed, and writes again what somebody removed', async () => {
    await using house = await exported(engine);
    const copyOf = (name: string) => path.join(house.target, name);
    await rm(copyOf('2020/20200101_000000.jpg'));
    expect(actions(await again(house))['c.jpg']).toEqual([
      'new',
      '2020/20200101_000000.jpg',
      '2020/20200101_000000.jpg',
      'removed_since',
    ]);
    await house.export();
    expect((await again(house)).map(({ action }) => action)).toEqual(['same', 'same', 'same']);

    await writeFile(copyOf('2019/20190505_120000.jpg'), 'painted over');
    expect(actions(await again(house))['a.jpg']).toEqual([
      'same',
      '2019/20190505_120000.jpg',
      null,
      'changed_since',
    ]);
    await tag(house, 'a.jpg');
    expect(actions(await again(house))['a.jpg']).toEqual([
      'changed',
      '2019/20190505_120000_002.jpg',
      null,
      'changed_since',
    ]);
    await house.export();
    expect(actions(await again(house))['a.jpg']).toEqual(['same', '2019/20190505_120000_002.jpg', null]);

    // Half a second is what FAT rounds; a minute is somebody's.
    const { mtimeMs } = await stat(copyOf('2020/20200101_000000.jpg'));
    await utimes(copyOf('2020/20200101_000000.jpg'), mtimeMs / 1000 + 0.5, mtimeMs / 1000 + 0.5);
    expect(actions(await again(house))['c.jpg']).toHaveLength(3);
    await utimes(copyOf('2020/20200101_000000.jpg'), mtimeMs / 1000 + 60, mtimeMs / 1000 + 60);
    expect(actions(await again(house))['c.jpg']).toContain('changed_since');
  });

  test('calls gone what does not belong any more; of a part only what the same part had before', async () => {
    await using house = await exported(engine);
    const of2019 = { which: { filter: { from: '2019-01-01', to: '2019-12-31' } } };
    expect(Object.keys(actions(await again(house, of2019)))).toEqual(['a.jpg', 'b.jpg']);
    const target = path.join(house.folder, 'only 2019');
    await house.export({ ...of2019, folder: target });
    await redate(house, 'b.jpg', '2021-07-01T10:00:00');
    expect(actions(await again(house, { ...of2019, folder: target }))).toEqual({
      'a.jpg': ['same', '2019/20190505_120000.jpg', null],
      'b.jpg': ['gone', '2019/20190505_120000_001.jpg', '2019/20190505_120000_001.jpg'],
    });
    await redate(house, 'b.jpg', '2019-05-05T12:00:00');

    await discard(house, 'a.jpg');
    expect(actions(await again(house))['a.jpg']?.[0]).toBe('gone');
    const job = await house.export({ set_aside_gone: true });
    expect(await archiveIn(house.target)).not.toContain('2019/20190505_120000.jpg');
    expect(Object.keys(actions(await again(house)))).not.toContain('a.jpg');
    await house.undo(job.export_id);
    expect(await archiveIn(house.target)).toContain('2019/20190505_120000.jpg');
  });

  test('is refused where the target vanished, until its owner says that it is empty on purpose', async () => {
    await using house = await exported(engine);
    await rm(house.target, { recursive: true });
    await expect(house.plan()).rejects.toMatchObject({ code: 'folder_gone' });
    await mkdir(house.target);
    await expect(house.plan()).rejects.toThrow('is its disk connected?');
    await mkdir(path.join(house.target, '.daybook/incoming'), { recursive: true });
    await expect(house.plan()).rejects.toThrow('make an empty file .daybook/README.txt');
    await writeFile(path.join(house.target, '.daybook/README.txt'), '');
    expect((await again(house)).map(({ action }) => action)).toEqual(['new', 'new', 'new']);
  });
});
