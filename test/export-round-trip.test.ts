/** Import → export → import into a fresh library gives the same times, zones and tags, and the same pictures. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Precision } from '#contract/words.ts';
import { roundTrip, type Trip } from '../bench/exports/round-trip.ts';
import { openTestTools, type ExportHouse } from './export-house.ts';
import { drawAvi, drawPhoto, drawVideo } from './fixtures/draw.ts';
import { temporaryFolder } from './temporary-folder.ts';

const tools = await openTestTools();
afterAll(() => tools[Symbol.asyncDispose]());

/** Earlier dates than those that a person will set, in every place where one can stand. */
const contradicting: Record<string, string> = {
  'EXIF:DateTimeOriginal': '2010:01:01 00:00:00',
  'EXIF:ModifyDate': '2009:01:01 00:00:00',
  'EXIF:OffsetTimeOriginal': '-05:00',
  'XMP-photoshop:DateCreated': '2008:01:01 00:00:00+01:00',
  'XMP-xmp:CreateDate': '2007:01:01 00:00:00',
  'XMP-dc:Subject': 'Zürich',
};
const inCaption = { 'IPTC:DateCreated': '2006:01:01' };
const inNotes: Record<string, string> = { 'XMP-xmp:CreateDate': '2007:01:01 00:00:00' };
const inKeys: Record<string, string> = { 'Keys:CreationDate': '2012:01:01 00:00:00+01:00' };

const photo = (format: Parameters<typeof drawPhoto>[0]['format']) => (seed: number) =>
  drawPhoto({ seed, width: 64, height: 48, format });
const film = (brand: Parameters<typeof drawVideo>[0]['brand']) => (seed: number) => {
  const frame = Buffer.from(`frame ${seed}`);
  const created = '2011-01-01T00:00:00Z';
  return drawVideo({ brand, created, seconds: 2, width: 64, height: 48, rotation: 0, frame });
};

/** One file of each format that can be drawn, and where its date goes. */
const drawn = [
  { name: 'photo.jpg', draw: photo('jpeg'), tags: { ...contradicting, ...inCaption }, into: 'file' },
  { name: 'photo.tif', draw: photo('tiff'), tags: { ...contradicting, ...inCaption }, into: 'file' },
  { name: 'photo.png', draw: photo('png'), tags: contradicting, into: 'file' },
  { name: 'photo.webp', draw: photo('webp'), tags: contradicting, into: 'file' },
  { name: 'photo.avif', draw: photo('avif'), tags: contradicting, into: 'file' },
  { name: 'photo.gif', draw: photo('gif'), tags: inNotes, into: 'file' },
  { name: 'film.mp4', draw: film('isom'), tags: inKeys, into: 'file' },
  { name: 'film.mov', draw: film('qt  '), tags: { 'XMP-dc:Subject': 'Zürich' }, into: 'file' },
  // Nothing writes it, and it says nothing itself.
  {
    name: 'film.avi',
    draw: (seed: number) => drawAvi({ width: 64 + seed, height: 48 }),
    tags: null,
    into: 'sidecar',
  },
];

const times: Record<string, { local: string; precision: Precision; zone: string | null }> = {
  fraction: { local: '2019-12-24T18:30:05.25', precision: 'second', zone: 'Europe/Berlin' },
  'far away': { local: '2019-05-05T15:30:05', precision: 'second', zone: 'Asia/Kathmandu' },
  minute: { local: '2019-05-05T15:30', precision: 'minute', zone: 'America/New_York' },
  date: { local: '2019-05-05', precision: 'day', zone: null },
  month: { local: '2019-05', precision: 'month', zone: null },
  year: { local: '2019', precision: 'year', zone: null },
};

test('every precision in every format that can be drawn', async () => {
  await using folder = await temporaryFolder();
  let seed = 0;
  for (const name of Object.keys(times)) {
    await mkdir(path.join(folder.path, name));
    for (const each of drawn) {
      const file = path.join(folder.path, name, each.name);
      await writeFile(file, await each.draw((seed += 1)));
      if (each.tags !== null)
        await tools.exiftool.write(file, each.tags, { writeArgs: ['-overwrite_original', '-m'] });
    }
  }
  const { trips, failed } = await roundTrip({
    source: folder.path,
    write_uncertain: false,
    mend: setTimes,
    tools,
  });
  expect(failed).toEqual([]);
  expect(trips.flatMap(wrong)).toEqual([]);
  expect(trips.map(({ file, into }) => `${file} ${into}`).sort()).toEqual(
    Object.keys(times)
      .flatMap((time) => drawn.map(({ name, into }) => `${path.join(time, name)} ${into}`))
      .sort(),
  );
  for (const { file, before } of trips) {
    const { local, precision } = times[path.dirname(file)]!;
    expect(before, file).toMatchObject({ local, precision });
    expect(before.tags, file).toContain('größe, & <b>');
  }
});

async function setTimes(house: ExportHouse): Promise<void> {
  for (const [name, time] of Object.entries(times)) {
    const rows = await house.db
      .selectFrom('locations')
      .select('asset_id')
      .where('folder', 'like', `%/${name}`)
      .execute();
    const target = { asset_ids: rows.map(({ asset_id }) => asset_id) };
    await house.decide(target, { kind: 'set_time', data: { ...time, entered: time.local } });
  }
  await house.decide({ filter: {} }, { kind: 'tag', data: { add: ['größe, & <b>'], remove: [] } });
}

const leave = async (): Promise<void> => {};

const samples = path.join(import.meta.dirname, '../../shared/media');

test.skipIf(!existsSync(samples))(
  'real samples (in ../shared/media): each exception is one that is known, and no pixel differs',
  async () => {
    const { trips, failed } = await roundTrip({ source: samples, write_uncertain: false, mend: leave, tools });
    expect(failed).toEqual([]);
    expect(trips.length).toBeGreaterThan(200);
    const known = new Set(['only_in_name', 'shared_name']);
    expect(trips.filter(({ because }) => !known.has(because ?? '')).flatMap(wrong)).toEqual([]);
    expect(trips.filter(({ because }) => because !== null).length).toBeLessThanOrEqual(2);
  },
);

function wrong({ file, differs, before, after, pixels, warnings }: Trip): unknown[] {
  if (after !== null && differs.length === 0 && pixels === 'equal') return [];
  return [{ file, differs, before, after, pixels, warnings }];
}
