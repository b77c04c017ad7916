/**
 * The rules against real files. They lie beside the repository (`../shared/media`, with what ExifTool says of each in
 * MANIFEST.json) and may not be passed on, so these tests are skipped where they are absent.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { exiftoolPath } from 'exiftool-vendored';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Clues, Decision } from './clues.ts';
import { timeTags } from './content.ts';
import { decide } from './decide.ts';
import { rules } from './testing.ts';

const folder = path.resolve(import.meta.dirname, '../../../shared/media');
const here = existsSync(path.join(folder, 'MANIFEST.json'));
if (!here) console.warn(`Skipped: no sample media in ${folder}`);

type Sample = {
  path: string;
  expected: { exifDateTimeOriginal: string | null; gps: [number, number] | null; mime: string | null };
};

const decisions = new Map<string, Decision>();
let samples: Sample[] = [];

beforeAll(async () => {
  if (!here) return;
  samples = JSON.parse(readFileSync(path.join(folder, 'MANIFEST.json'), 'utf8')).files;
  const read = readTags(await exiftoolPath());
  for (const sample of samples) {
    const tags = read.get(sample.path);
    if (tags === undefined) continue;
    const { gps, mime } = sample.expected;
    const clues: Clues = {
      time_tags: tags.time_tags,
      gps: gps === null ? null : { latitude: gps[0], longitude: gps[1] },
      kind: mime?.startsWith('video') === true ? 'video' : 'photo',
      camera: { make: tags.make, model: null },
    };
    const names = [{ name: path.basename(sample.path), modified_at: null, met_at: null }];
    decisions.set(sample.path, decide({ clues, names, others: [], rules }));
  }
});

describe.skipIf(!here)('sample media', () => {
  it('hold in evidence every capture date that ExifTool reports from 2000 on', () => {
    const missing = samples
      .filter(({ expected }) => /^20\d\d:\d\d:\d\d/.test(expected.exifDateTimeOriginal ?? ''))
      .filter(
        ({ path: name, expected }) =>
          decisions
            .get(name)
            ?.evidence.some(({ raw, local }) => raw === expected.exifDateTimeOriginal && local !== null) !==
          true,
      );
    expect(samples.length).toBeGreaterThan(300);
    expect(missing.map((sample) => sample.path)).toEqual([]);
  });

  // Home is America/New_York, which is the zone of none of these.
  it.each([
    ['timezones/big_ben.jpg', '2023-06-07T13:45:55', '+01:00', 'offset_tag', 'EXIF:DateTimeOriginal', 'high'],
    [
      'timezones/big_ben_no_tsoffset_but_gps_utc.jpg',
      '2023-06-07T13:45:55',
      'Europe/London',
      'gps_position',
      'EXIF:DateTimeOriginal',
      'high',
    ],
    [
      'timezones/big_ben_no_tsoffset_but_gps_utc_off_by_1min.jpg',
      '2023-06-07T13:45:55',
      'Europe/London',
      'gps_position',
      'EXIF:DateTimeOriginal',
      'high',
    ],
    [
      'timezones/big_ben_only_time.jpg',
      '2023-06-07T13:45:55',
      'America/New_York',
      'home',
      'EXIF:DateTimeOriginal',
      'high',
    ],
    [
      'timezones/sydney_opera_house.jpg',
      '2020-09-19T20:55:57',
      '+10:00',
      'offset_tag',
      'EXIF:DateTimeOriginal',
      'high',
    ],
    [
      'timezones/createdate_timezone_separate.jpg',
      '2008-03-15T07:44:21.49',
      '-07:00',
      'time_zone_tag',
      'EXIF:DateTimeOriginal',
      'high',
    ],
    [
      'timezones/nikon_worldtime_exiv2-bug1062.jpg',
      '2015-02-13T13:51:35.60',
      '-06:00',
      'time_zone_tag',
      'EXIF:DateTimeOriginal',
      'high',
    ],
    [
      'timezones/fin de journée.jpg',
      '2021-07-10T20:39:25.77',
      '+01:00',
      'offset_tag',
      'EXIF:DateTimeOriginal',
      'high',
    ],
    [
      'timezones/UTC-20240413-203531-Kathmandu.jpg',
      '2024-04-14T02:20:31',
      '+05:45',
      'offset_tag',
      'EXIF:DateTimeOriginal',
      'high',
    ],
    [
      'wrong-dates/exif-1601.jpg',
      '2015-06-12T16:39:33.29',
      'America/Los_Angeles',
      'gps_position',
      'EXIF:CreateDate',
      'high',
    ],
    ['wrong-dates/exif-slashes.jpg', null, null, null, null, 'none'],
    ['wrong-dates/exif-2099.jpg', null, null, null, null, 'none'],
    ['wrong-dates/exif-200X.jpg', null, null, null, null, 'none'],
    ['wrong-dates/exif-0000.JPG', null, null, null, null, 'none'],
    ['wrong-dates/fujifilm-dx5_exif-blank.jpg', null, null, null, null, 'none'],
    ['wrong-dates/mp4-2033.mp4', null, null, null, null, 'none'],
    ['wrong-dates/png-time-1970.png', null, null, null, null, 'none'],
    [
      'date-sources/IMG_20200101_153745_gpsdate.jpg',
      '2020-01-01T15:37:45',
      'Europe/Paris',
      'gps_position',
      'filename_datetime',
      'low',
    ],
    [
      'date-sources/gps-datetime.jpg',
      '2023-11-15T04:30:00',
      'America/Los_Angeles',
      'gps_position',
      'GPS:GPSDateTime',
      'medium',
    ],
    ['date-sources/jpg_iptc-dateonly.jpg', '2011-10-22', null, null, 'IPTC:DateCreated', 'low'],
    [
      'date-sources/jpg_xmp-createdate.jpg',
      '2009-09-14T11:08:06',
      '+02:00',
      'written',
      'XMP:CreateDate',
      'medium',
    ],
    ['date-sources/time-created.jpg', null, null, null, null, 'none'],
    ['date-sources/no-metadata.jpg', null, null, null, null, 'none'],
    [
      'names/photo1_2024-10-06_w_exif.jpg',
      '2023-10-06T08:30:00.139',
      '+02:00',
      'offset_tag',
      'EXIF:DateTimeOriginal',
      'high',
    ],
    [
      'video/iphone6_gps_utc-vs-local.mov',
      '2019-07-24T11:25:40',
      '+03:00',
      'creation_date',
      'Keys:CreationDate',
      'medium',
    ],
    ['video/iphone12promax.mp4', '2021-05-25T09:21:51', '-07:00', 'creation_date', 'Keys:CreationDate', 'high'],
    [
      'video/iphonex_edited-later.mov',
      '2019-02-12T15:27:12',
      '+08:00',
      'creation_date',
      'Keys:CreationDate',
      'low',
    ],
    ['video/christmas_date-zero.mp4', null, null, null, null, 'none'],
    [
      'sidecar-xmp/20240128_105420.mp4',
      '2024-01-28T10:54:20',
      '+01:00',
      'utc_difference',
      'QuickTime:CreateDate',
      'medium',
    ],
  ] as const)('%s', (name, local, zone, zone_source, source, confidence) => {
    expect(decisions.get(name)?.capture_time).toMatchObject({ local, zone, zone_source, source, confidence });
  });
});

/** Groups of ExifTool as the product names them. */
const groups: readonly (readonly [RegExp, string])[] = [
  [/^(?:IFD0|ExifIFD)$/, 'EXIF'],
  [/^XMP-(?:exif|xmp|photoshop)$/, 'XMP'],
  [/^Track\d+$/, 'QuickTime'],
  [/^(?:Nikon|Canon)$/, 'MakerNotes'],
];

type Tags = { time_tags: Record<string, string>; make: string | null };

function readTags(exiftool: string): Map<string, Tags> {
  // ExifTool ends with 1 because some of the files are broken on purpose; what it could read is printed all the same.
  const { stdout } = spawnSync(exiftool, ['-r', '-ext', '*', '-j', '-a', '-G1', '-m', '-q', '-q', '.'], {
    cwd: folder,
    env: { ...process.env, TZ: 'UTC' },
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  const files: Record<string, unknown>[] = JSON.parse(stdout);
  return new Map(
    files.map((file) => {
      const time_tags: Record<string, string> = {};
      for (const [key, value] of Object.entries(file)) {
        const [group = '', tag = ''] = key.split(':');
        const name = `${groups.find(([pattern]) => pattern.test(group))?.[1] ?? group}:${tag}`;
        if (!timeTags.includes(name)) continue;
        if (typeof value === 'string' || typeof value === 'number') time_tags[name] ??= String(value);
      }
      const make = file['IFD0:Make'];
      const source = String(file['SourceFile']).replace(/^\.\//, '');
      return [source, { time_tags, make: typeof make === 'string' ? make : null }];
    }),
  );
}
