/** What assets tell about one another, on both engines and in whatever order they are kept. */
import { expect, test } from 'vitest';
import type { Rules } from '#capture-time/clues.ts';
import type { MediaKind } from '#contract/words.ts';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { keepReadings, type Reading } from './keep-asset.ts';

const rules: Rules = {
  rule: 'earliest',
  min_year: 2000,
  home_zone: 'America/New_York',
  now: Temporal.Instant.from('2026-05-01T10:00:00Z'),
};

type Said = {
  file: string;
  tags: Record<string, string>;
  kind?: MediaKind;
  make?: string;
  model?: string | null;
};

const original = (local: string, offset?: string) => ({
  'EXIF:DateTimeOriginal': local,
  ...(offset !== undefined && { 'EXIF:OffsetTimeOriginal': offset }),
});

const said: readonly Said[] = [
  { file: '/count/IMG_0121.JPG', tags: original('2014:07:01 10:00:00') },
  { file: '/count/IMG_0122.JPG', tags: {} },
  { file: '/count/IMG_0123.JPG', tags: {}, model: null },
  { file: '/count/IMG_0124.JPG', tags: original('2014:07:01 10:30:00') },
  // the same camera went on in another folder
  { file: '/later/IMG_0125.JPG', tags: {} },
  { file: '/later/IMG_0126.JPG', tags: original('2014:07:01 10:50:00') },
  { file: '/day/a.jpg', tags: original('2015:08:01 10:00:00') },
  { file: '/day/b.jpg', tags: original('2015:08:01 11:00:00', '+09:00') },
  {
    file: '/live/IMG_1.HEIC',
    tags: { ...original('2020:04:17 10:03:48', '-06:00'), 'MakerNotes:ContentIdentifier': 'ABC' },
  },
  { file: '/live/other name.MOV', kind: 'video', tags: { 'Keys:ContentIdentifier': 'ABC' } },
  // Canon counts photos and films together, whatever it calls them
  { file: '/canon/IMG_0201.JPG', tags: original('2014:07:01 10:00:00'), make: 'Canon' },
  { file: '/canon/MVI_0202.AVI', kind: 'video', tags: {}, model: null },
  { file: '/canon/_MG_0203.JPG', tags: {}, make: 'Canon' },
  { file: '/canon/IMG_0204.JPG', tags: original('2014:07:01 10:30:00'), make: 'Canon' },
];

const expected = {
  'IMG_0121.JPG': '2014-07-01T10:00:00 home',
  'IMG_0122.JPG': '2014-07-01T10:10 home',
  'IMG_0123.JPG': '2014-07-01T10:20 home',
  'IMG_0124.JPG': '2014-07-01T10:30:00 home',
  'IMG_0125.JPG': '2014-07-01T10:40 home',
  'IMG_0126.JPG': '2014-07-01T10:50:00 home',
  'a.jpg': '2015-08-01T10:00:00 device',
  'b.jpg': '2015-08-01T11:00:00 offset_tag',
  'IMG_1.HEIC': '2020-04-17T10:03:48 offset_tag',
  'other name.MOV': '2020-04-17T10:03:48 offset_tag',
  'IMG_0201.JPG': '2014-07-01T10:00:00 home',
  'MVI_0202.AVI': '2014-07-01T10:10 home',
  '_MG_0203.JPG': '2014-07-01T10:20 home',
  'IMG_0204.JPG': '2014-07-01T10:30:00 home',
};

function reading(
  { file, tags, kind = 'photo', make = 'Drawn', model = 'By Code' }: Said,
  number: number,
): Reading {
  const [folder = '', name = ''] = file.split(/\/(?=[^/]*$)/);
  return {
    sha256: String(number).padStart(64, '0'),
    size_bytes: 1,
    meeting: { path: file, upload_id: null, name, folder, modified_at: null },
    sidecars: [],
    facts: {
      mime_type: kind === 'photo' ? 'image/jpeg' : 'video/quicktime',
      extension: 'jpg',
      kind,
      width: null,
      height: null,
      duration_seconds: null,
      dhash: null,
      camera: { make: model && make, model, serial: null, lens: null },
      gps: null,
      time_tags: tags,
      keywords: [],
      thumbnail: null,
      warnings: [],
    },
  };
}

onEachEngine('what files tell about one another', (engine) => {
  const orders = [
    ['in order', said.map((_, number) => number)],
    ['in reverse', said.map((_, number) => said.length - 1 - number)],
    ['the telling ones last', [1, 2, 4, 6, 9, 11, 12, 0, 3, 5, 7, 8, 10, 13]],
    ['the telling ones first', [0, 3, 5, 7, 8, 10, 13, 1, 2, 4, 6, 9, 11, 12]],
  ] as const;
  const groups = [
    ['one by one', 1],
    ['three at a time', 3],
    ['all at once', said.length],
  ] as const;
  test.each(
    orders.flatMap(([name, order]) => groups.map(([size, group]) => [name, size, order, group] as const)),
  )('is heard %s, %s', async (_name, _size, order, group) => {
    await using opened = await testDatabase(engine);
    for (let first = 0; first < order.length; first += group) {
      const readings = order.slice(first, first + group).map((number) => reading(said[number]!, number));
      await opened.db
        .transaction()
        .execute((changes) => keepReadings(changes, { owner: 'local', job_id: 'job', rules }, readings));
    }
    const rows = await opened.db
      .selectFrom('assets')
      .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
      .select(['name', 'local', 'zone_source'])
      .execute();
    expect(
      Object.fromEntries(rows.map(({ name, local, zone_source }) => [name, `${local} ${zone_source}`])),
    ).toEqual(expected);
  });
});
