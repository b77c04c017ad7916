import { copyFile, lstat, mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { emptyDatabase, onEachEngine } from '../../../test/databases.ts';
import {
  archiveIn,
  exportHouse,
  journalFaults,
  openTestTools,
  owner,
  printOf,
  type ExportHouse,
} from '../../../test/export-house.ts';
import { changedFiles, filesBelow, fingerprints, hashOf } from '../../../test/faults/soundness.ts';
import { drawAvi, drawPhoto, drawVideo } from '../../../test/fixtures/draw.ts';
import { stampedFile, stampedPhoto } from '../../../test/fixtures/stamp.ts';
import type { Engine } from '#db/database.ts';
import { startExport } from '#export/plan/start-export.ts';
import { readMetadata } from '#media/metadata.ts';

const tools = await openTestTools();
afterAll(() => tools[Symbol.asyncDispose]());

const taken = (text: string) => ({ 'EXIF:DateTimeOriginal': text });
const longAgo = '2021-01-02T03:04:05Z';

/** Three photos and a film, one photo of them with a tag. */
async function smallHouse(engine: Engine): Promise<ExportHouse> {
  const house = await exportHouse({ database: await emptyDatabase(engine), tools });
  const { sources } = house;
  await stampedPhoto(sources, 'a.jpg', { seed: 1, tags: taken('2019:05:05 15:30:00'), modified: longAgo });
  await stampedPhoto(sources, 'b {beach}.png', {
    seed: 2,
    tags: taken('2019:05:06 15:30:00'),
    modified: longAgo,
  });
  await stampedPhoto(sources, 'scan.webp', { seed: 3 });
  const film = {
    brand: 'isom',
    created: '2018-06-01T10:00:00Z',
    seconds: 3,
    width: 64,
    height: 48,
    rotation: 0,
    frame: Buffer.from('one frame'),
  } as const;
  await stampedFile(sources, 'film.mp4', drawVideo(film));
  await house.import(sources);
  return house;
}

const archive = [
  '2018/20180601_120000.mp4',
  '2019/20190505_153000.jpg',
  '2019/20190506_153000.png',
  'unknown/scan.webp',
];

const read = (house: ExportHouse, file: string) =>
  readMetadata(path.join(house.target, file), 'container', house.tools, new AbortController().signal);

onEachEngine('An export', (engine) => {
  test('writes verified copies with date and tags in them, and a journal and a report of it', async () => {
    await using house = await smallHouse(engine);
    const before = await fingerprints(house.sources);
    const job = await house.export();
    expect(job).toMatchObject({ status: 'completed', done: 4 });
    expect(await archiveIn(house.target)).toEqual(archive);
    expect(await journalFaults(house, house.target)).toEqual([]);
    expect(await changedFiles(house.sources, before)).toEqual([]);

    const photo = await read(house, '2019/20190505_153000.jpg');
    expect(photo.time_tags).toMatchObject({
      'EXIF:DateTimeOriginal': '2019:05:05 15:30:00',
      'EXIF:CreateDate': '2019:05:05 15:30:00',
      'EXIF:OffsetTimeOriginal': '+02:00',
      'EXIF:OffsetTimeDigitized': '+02:00',
    });
    expect((await read(house, '2019/20190506_153000.png')).keywords).toEqual(['beach']);
    expect((await read(house, '2018/20180601_120000.mp4')).time_tags).toMatchObject({
      'QuickTime:CreateDate': '2018:06:01 10:00:00',
      'Keys:CreationDate': '2018:06:01 12:00:00+02:00',
    });
    const { mtime } = await lstat(path.join(house.target, '2019/20190505_153000.jpg'));
    expect(mtime.toISOString()).toBe('2019-05-05T13:30:00.000Z');
    // Nothing is known of it, so nothing is written, into the file or as its time.
    expect(await hashOf(path.join(house.target, 'unknown/scan.webp'))).toBe(
      await hashOf(path.join(house.sources, 'scan.webp')),
    );

    expect(job.summary).toMatchObject({ new: 4, changed: 0, same: 0, gone: 0, failed: 0 });
    const report = path.join(house.target, '.daybook/exports', job.export_id);
    expect(job.summary.report).toBe(report);
    const { files } = JSON.parse(await readFile(path.join(report, 'report.json'), 'utf8')) as {
      files: { target: string; written_to: string; state: string }[];
    };
    expect(files.map(({ target }) => target)).toEqual(archive);
    expect(files.every(({ state, target, written_to }) => state === 'done' && target === written_to)).toBe(
      true,
    );
    expect((await readFile(path.join(report, 'report.csv'), 'utf8')).trim().split('\n').length).toBe(5);
    expect(await filesBelow(path.join(house.target, '.daybook/incoming'))).toEqual([]);
  });

  test('a second time changes nothing', async () => {
    await using house = await smallHouse(engine);
    await house.export();
    const print = await printOf(house.target);
    await expect(house.export()).rejects.toThrow('everything stands');
    expect(await printOf(house.target)).toEqual(print);
  });

  test('again writes only what changed, keeps what it replaces, and undo brings that back', async () => {
    await using house = await smallHouse(engine);
    await house.export();
    const print = await printOf(house.target);
    await house.decide(
      { asset_ids: [await house.assetOf('a.jpg')] },
      { kind: 'shift', data: { seconds: 3600 } },
    );
    await house.decide(
      { asset_ids: [await house.assetOf('b {beach}.png')] },
      { kind: 'tag', data: { add: ['öresund & more'], remove: ['beach'] } },
    );
    const job = await house.export();
    expect(job.summary).toMatchObject({ new: 0, changed: 2, same: 2, failed: 0 });
    expect(await archiveIn(house.target)).toEqual(archive.toSpliced(1, 1, '2019/20190505_163000.jpg'));
    expect(await journalFaults(house, house.target)).toEqual([]);
    expect((await read(house, '2019/20190506_153000.png')).keywords).toEqual(['öresund & more']);
    const replaced = path.join(house.target, '.daybook/replaced', job.export_id, '2019');
    expect((await filesBelow(replaced)).map((file) => path.basename(file)).sort()).toEqual([
      '20190505_153000.jpg',
      '20190506_153000.png',
    ]);

    const undone = await house.undo(job.export_id);
    expect(undone.summary).toMatchObject({ removed: 2, restored: 2, left: { count: 0 } });
    expect(await printOf(house.target)).toEqual(print);
    expect(await journalFaults(house, house.target)).toEqual([]);
    expect(await filesBelow(path.join(house.target, '.daybook/replaced'))).toEqual([]);
  });

  test('takes a copy back unless it was changed since, with the folders that it made', async () => {
    await using house = await smallHouse(engine);
    await mkdir(path.join(house.target, '2018'), { recursive: true });
    const { export_id } = await house.export();
    await writeFile(path.join(house.target, '2019/20190505_153000.jpg'), 'edited by somebody');
    const { summary } = await house.undo(export_id);
    expect(summary).toMatchObject({ removed: 3, restored: 0, left: { count: 1 } });
    expect(summary.left.examples[0]?.message).toContain('was changed since it was written');
    expect(await archiveIn(house.target)).toEqual(['2019/20190505_153000.jpg']);
    await expect(lstat(path.join(house.target, 'unknown'))).rejects.toThrow('ENOENT');
    expect((await lstat(path.join(house.target, '2018'))).isDirectory()).toBe(true);
  });

  test('a change of the bytes alone is noticed when it is taken back', async () => {
    await using house = await smallHouse(engine);
    const { export_id } = await house.export();
    const file = path.join(house.target, '2019/20190505_153000.jpg');
    const [bytes, { mtime }] = [await readFile(file), await lstat(file)];
    bytes[bytes.length - 5] = ~bytes[bytes.length - 5]! & 255;
    await writeFile(file, bytes);
    await utimes(file, mtime, mtime);
    expect((await house.undo(export_id)).summary).toMatchObject({ removed: 3, left: { count: 1 } });
    expect(await archiveIn(house.target)).toEqual(['2019/20190505_153000.jpg']);
  });

  test('taken back after a later one leaves what that wrote, and neither comes back', async () => {
    await using house = await smallHouse(engine);
    const first = await house.export();
    await house.decide(
      { asset_ids: [await house.assetOf('a.jpg')] },
      { kind: 'shift', data: { seconds: 3600 } },
    );
    const second = await house.export();
    expect((await house.undo(first.export_id)).summary).toMatchObject({ removed: 3, restored: 0 });
    expect(await archiveIn(house.target)).toEqual(['2019/20190505_163000.jpg']);
    expect(await journalFaults(house, house.target)).toEqual([]);
    expect((await house.undo(second.export_id)).summary).toMatchObject({ removed: 1, restored: 0 });
    expect(await archiveIn(house.target)).toEqual([]);
  });

  test('sets aside what does not belong any more where that was asked, and undo brings it back', async () => {
    await using house = await smallHouse(engine);
    await house.export();
    const print = await printOf(house.target);
    await house.decide({ asset_ids: [await house.assetOf('film.mp4')] }, { kind: 'discard' });
    await expect(house.export()).rejects.toThrow('everything stands');
    expect(await printOf(house.target)).toEqual(print);
    const job = await house.export({ set_aside_gone: true });
    expect(job.summary).toMatchObject({ new: 0, changed: 0, same: 3, gone: 1 });
    expect(await archiveIn(house.target)).toEqual(archive.slice(1));
    expect(await journalFaults(house, house.target)).toEqual([]);
    expect((await house.undo(job.export_id)).summary).toMatchObject({ removed: 0, restored: 1 });
    expect(await printOf(house.target)).toEqual(print);
    expect(await journalFaults(house, house.target)).toEqual([]);
  });

  test('fails for a source that is gone or changed, exports the others, and is retried alone', async () => {
    await using house = await smallHouse(engine);
    const [gone, changed] = [path.join(house.sources, 'a.jpg'), path.join(house.sources, 'scan.webp')];
    const [kept, bytes] = [`${gone}.kept`, await readFile(changed)];
    const id = await house.plan();
    await rename(gone, kept);
    await writeFile(changed, Buffer.from(bytes).fill(1, 30, 40));
    const { job_id } = await started(house, id);
    const over = await house.ended({ id: job_id } as never, 'export');
    expect(over).toMatchObject({ status: 'completed_with_errors', done: 2, failed: 2 });
    const { items } = await house.ledger.items({ job: { id: job_id, owner }, state: 'failed', limit: 10 });
    expect(items.map(({ label, error_code }) => [label, error_code])).toEqual([
      ['2019/20190505_153000.jpg', 'source_missing'],
      ['unknown/scan.webp', 'source_changed'],
    ]);
    expect(await archiveIn(house.target)).toEqual([archive[0], archive[2]]);
    expect(await filesBelow(path.join(house.target, '.daybook/incoming'))).toEqual([]);

    await rename(kept, gone);
    await writeFile(changed, bytes);
    await house.ledger.retry({ id: job_id, owner }, 'all');
    expect(await house.ended({ id: job_id } as never, 'export')).toMatchObject({
      status: 'completed',
      done: 4,
    });
    expect(await archiveIn(house.target)).toEqual(archive);
    expect(await journalFaults(house, house.target)).toEqual([]);
  });

  test('never writes over a file that came between: the next number is taken, and told', async () => {
    await using house = await smallHouse(engine);
    const id = await house.plan();
    await mkdir(path.join(house.target, '2019'), { recursive: true });
    const foreign = path.join(house.target, '2019/20190505_153000.jpg');
    await writeFile(foreign, 'not ours');
    const { job_id } = await started(house, id);
    const over = await house.ended({ id: job_id } as never, 'export');
    expect(over.summary.warnings.count).toBe(1);
    expect(over.summary.warnings.examples[0]?.message).toContain('was taken meanwhile');
    expect(await readFile(foreign, 'utf8')).toBe('not ours');
    expect(await archiveIn(house.target)).toEqual([
      ...archive.slice(0, 2),
      '2019/20190505_153000_001.jpg',
      ...archive.slice(2),
    ]);
    await house.undo(id);
    expect(await archiveIn(house.target)).toEqual(['2019/20190505_153000.jpg']);
  });

  test('takes a file that a run which died had placed for its own', async () => {
    await using house = await smallHouse(engine);
    await using twin = await smallHouse(engine);
    await twin.export();
    const id = await house.plan();
    await mkdir(path.join(house.target, '2019'), { recursive: true });
    const placed = path.join(house.target, '2019/20190505_153000.jpg');
    await copyFile(path.join(twin.target, '2019/20190505_153000.jpg'), placed);
    await utimes(placed, new Date('2019-05-05T13:30:00Z'), new Date('2019-05-05T13:30:00Z'));
    const { ino } = await lstat(placed);
    const { job_id } = await started(house, id);
    expect((await house.ended({ id: job_id } as never, 'export')).summary.warnings.count).toBe(0);
    expect(await archiveIn(house.target)).toEqual(archive);
    expect((await lstat(placed)).ino).toBe(ino);
    expect(await journalFaults(house, house.target)).toEqual([]);
  });

  test('halts when the target is gone, and a resume finishes all', async () => {
    await using house = await smallHouse(engine);
    await house.export();
    await house.decide({ filter: {} }, { kind: 'tag', data: { add: ['all'], remove: [] } });
    const id = await house.plan();
    const { job_id } = await started(house, id, () => rename(house.target, `${house.target} away`));
    const halted = await house.ended({ id: job_id } as never, 'export');
    expect(halted).toMatchObject({ status: 'halted', failed: 0 });
    expect(halted.status_reason).toContain(`The folder ${house.target} is gone`);
    await expect(lstat(house.target)).rejects.toThrow('ENOENT');
    await rename(`${house.target} away`, house.target);
    await house.ledger.resume({ id: job_id, owner });
    expect(await house.ended({ id: job_id } as never, 'export')).toMatchObject({
      status: 'completed',
      done: 4,
    });
    expect(await journalFaults(house, house.target)).toEqual([]);
  });

  test('moves the sources of verified copies to a trash folder, and the library reads them there', async () => {
    await using house = await smallHouse(engine);
    await mkdir(path.join(house.sources, 'deep'));
    await copyFile(path.join(house.sources, 'a.jpg'), path.join(house.sources, 'deep/again.jpg'));
    await house.import(house.sources);
    const { export_id } = await house.export();
    await writeFile(path.join(house.target, '2018/20180601_120000.mp4'), 'changed since');
    await writeFile(path.join(house.sources, 'scan.webp'), 'changed since');
    const removed = await house.removeSources(export_id);
    expect(removed).toMatchObject({ status: 'completed_with_errors', done: 2, skipped: 1, failed: 1 });
    expect(removed.summary).toMatchObject({ moved: 3, left: { count: 1 }, failed: 1 });
    const { items } = await house.ledger.items({ job: { id: removed.id, owner }, state: 'failed', limit: 10 });
    expect(items[0]).toMatchObject({ label: '2018/20180601_120000.mp4', error_code: 'copy_not_verified' });
    const below = (await filesBelow(house.sources)).map((file) => path.relative(house.sources, file)).sort();
    expect(below).toEqual([
      '.daybook-trash/a.jpg',
      '.daybook-trash/b {beach}.png',
      '.daybook-trash/deep/again.jpg',
      'film.mp4',
      'scan.webp',
    ]);

    // The next export still finds the bytes, and the names stay those under which they were met.
    await rm(path.join(house.target, '2019'), { recursive: true });
    expect((await house.export()).summary).toMatchObject({ new: 2, failed: 0 });
    const { name, path: now } = await house.db
      .selectFrom('locations')
      .select(['name', 'path'])
      .where('asset_id', '=', await house.assetOf('b {beach}.png'))
      .executeTakeFirstOrThrow();
    expect([name, now]).toEqual(['b {beach}.png', path.join(house.sources, '.daybook-trash/b {beach}.png')]);
  });
});

/** Starts a plan and does something before its first item is worked. */
async function started(house: ExportHouse, id: string, meanwhile = async (): Promise<void> => {}) {
  const job = await startExport(house, owner, id);
  await meanwhile();
  return { job_id: job.id };
}

test('A copy of what cannot hold dates, or may not be written into, has an XMP beside it', async () => {
  await using house = await exportHouse({ database: await emptyDatabase('sqlite'), tools });
  const { sources } = house;
  const tags = { tags: taken('2019:05:05 15:30:00') };
  await stampedFile(sources, 'VID_20190505_153000 {sea & <sun>}.avi', drawAvi({ width: 64, height: 48 }));
  // Bytes behind a picture that ExifTool would move or drop change what is there: it keeps them, and so may we write.
  await stampedFile(
    sources,
    'motion.jpg',
    Buffer.concat([await drawPhoto({ seed: 4, width: 64, height: 48, format: 'jpeg' }), Buffer.alloc(500, 7)]),
    tags,
  );
  // A film without a frame has no stream by which it could be compared.
  await stampedFile(
    sources,
    'empty.mp4',
    drawVideo({
      brand: 'isom',
      created: '2018-06-01T10:00:00Z',
      seconds: 3,
      width: 64,
      height: 48,
      rotation: 0,
    }),
  );
  await house.import(sources);
  await house.decide({ filter: {} }, { kind: 'accept' });
  const { summary } = await house.export({ write_uncertain: true });
  expect(await archiveIn(house.target)).toEqual([
    '2018/20180601_120000.mp4',
    '2018/20180601_120000.mp4.xmp',
    '2019/20190505_153000.jpg',
    '2019/20190505_153000_001.avi',
    '2019/20190505_153000_001.avi.xmp',
  ]);
  expect(summary.warnings.count).toBe(1);
  expect(summary.warnings.examples[0]?.message).toContain('cannot be told');
  for (const [copy, original] of [
    ['2018/20180601_120000.mp4', 'empty.mp4'],
    ['2019/20190505_153000_001.avi', 'VID_20190505_153000 {sea & <sun>}.avi'],
  ] as const) {
    expect(await hashOf(path.join(house.target, copy))).toBe(await hashOf(path.join(sources, original)));
  }
  const xmp = await read(house, '2019/20190505_153000_001.avi.xmp');
  expect(xmp.time_tags).toEqual({
    'XMP:DateTimeOriginal': '2019:05:05 15:30:00+02:00',
    'XMP:DateCreated': '2019:05:05 15:30:00+02:00',
  });
  expect(xmp.keywords).toEqual(['sea & <sun>']);
  const motion = await readFile(path.join(house.target, '2019/20190505_153000.jpg'));
  expect(motion.subarray(-500)).toEqual(Buffer.alloc(500, 7));
  expect(await journalFaults(house, house.target)).toEqual([]);
});

const xmpOf = (attributes: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" ${attributes}/></rdf:RDF></x:xmpmeta>`;

test('Sidecars of the original go along; XMP that says another time is brought in line, in the copy only', async () => {
  await using house = await exportHouse({ database: await emptyDatabase('sqlite'), tools });
  const { sources } = house;
  await stampedPhoto(sources, 'a.jpg', { tags: taken('2019:05:05 15:30:00'), modified: longAgo });
  const wrong = xmpOf('exif:DateTimeOriginal="2012-01-01T00:00:00" xmp:Rating="5"');
  await writeFile(path.join(sources, 'a.jpg.xmp'), wrong);
  await writeFile(path.join(sources, 'a.jpg.json'), '{"photoTakenTime":{"timestamp":"1325376000"}}');
  await stampedFile(sources, 'b.avi', drawAvi({ width: 64, height: 48 }));
  await writeFile(path.join(sources, 'b.avi.xmp'), xmpOf('xmp:Rating="3"'));
  await house.import(sources);
  const before = await fingerprints(sources);
  await house.decide(
    { filter: {} },
    {
      kind: 'set_time',
      data: { local: '2019-05-05T15:30:00', precision: 'second', zone: 'Europe/Berlin', entered: '' },
    },
  );
  const { summary } = await house.export();
  expect(summary.warnings).toEqual({ count: 0, examples: [] });
  const files = await archiveIn(house.target);
  const [photo, film] = [
    files.find((file) => file.endsWith('.jpg'))!,
    files.find((file) => file.endsWith('.avi'))!,
  ];
  expect(files).toEqual([photo, `${photo}.json`, `${photo}.xmp`, film, `${film}.xmp`].sort());

  const beside = await read(house, `${photo}.xmp`);
  expect(beside.time_tags).toEqual({});
  expect(await readFile(path.join(house.target, `${photo}.xmp`), 'utf8')).toContain('Rating');
  expect(await readFile(path.join(house.target, `${photo}.json`), 'utf8')).toContain('1325376000');
  // What the copy could not hold is written into the XMP that it had.
  const own = await read(house, `${film}.xmp`);
  expect(own.time_tags['XMP:DateTimeOriginal']).toBe('2019:05:05 15:30:00+02:00');
  expect(await readFile(path.join(house.target, `${film}.xmp`), 'utf8')).toContain('Rating');
  expect(await journalFaults(house, house.target)).toEqual([]);
  expect(await changedFiles(sources, before)).toEqual([]);
  await expect(house.export()).rejects.toThrow('everything stands');
});
