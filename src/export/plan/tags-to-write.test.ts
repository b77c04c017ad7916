import { describe, expect, test } from 'vitest';
import type { Precision } from '#contract/words.ts';
import { recipeOf, tagsAgainst, tagsForSidecar, tagsToWrite, type AssetToWrite } from './tags-to-write.ts';

type Given = Partial<Omit<AssetToWrite, 'capture_time'>> & {
  local?: string | null;
  at?: string | null;
  precision?: Precision | null;
  confidence?: AssetToWrite['capture_time']['confidence'];
  write_uncertain?: boolean;
};

/** A photo of 5 May 2019, 15:30 in Berlin, of which nothing is written in the file. */
function written({ local = '2019-05-05T15:30:00', ...given }: Given = {}) {
  const { at = '2019-05-05T13:30:00.000Z', precision = 'second', confidence = 'high', ...rest } = given;
  const { write_uncertain = false, ...asset } = rest;
  const capture_time = { at, local, zone: at && 'Europe/Berlin', precision, confidence };
  const usual = { kind: 'photo', mime_type: 'image/jpeg', extension: 'jpg', tags: [], time_tags: {} } as const;
  return tagsToWrite({ ...usual, ...asset, capture_time }, { write_uncertain });
}

const asText = ({ writes }: ReturnType<typeof tagsToWrite>) =>
  writes.map(({ tag, value }) => `${tag}=${value}`);

describe('a time that is known to the second', () => {
  test('stands in the EXIF of a picture with its offset and fraction', () => {
    const exact = written({ local: '2019-05-05T15:30:00.25', at: '2019-05-05T13:30:00.250Z' });
    expect(exact).toMatchObject({ into: 'file', uncertain: false, file_time: '2019-05-05T13:30:00.250Z' });
    expect(asText(exact)).toEqual([
      'EXIF:DateTimeOriginal=2019:05:05 15:30:00',
      'EXIF:SubSecTimeOriginal=25',
      'EXIF:OffsetTimeOriginal=+02:00',
      'EXIF:CreateDate=2019:05:05 15:30:00',
      'EXIF:SubSecTimeDigitized=25',
      'EXIF:OffsetTimeDigitized=+02:00',
    ]);
  });

  test('stands in the header of a film in UTC, and in Keys with its offset', () => {
    const film = written({
      kind: 'video',
      mime_type: 'video/mp4',
      time_tags: {
        'QuickTime:CreateDate': '2019:05:05 15:30:00',
        'QuickTime:TrackCreateDate': '2019:05:05 13:30:00',
      },
    });
    expect(asText(film)).toEqual([
      'QuickTime:CreateDate=2019:05:05 13:30:00',
      'Keys:CreationDate=2019:05:05 15:30:00+02:00',
    ]);
  });

  test('is left out of a header that counts from 1904 to 2040', () => {
    const old = written({
      kind: 'video',
      mime_type: 'video/mp4',
      local: '1895-12-28T20:00:00',
      at: '1895-12-28T19:00:00.000Z',
      time_tags: { 'QuickTime:CreateDate': '2019:05:05 15:30:00' },
    });
    expect(asText(old)).toEqual([
      'QuickTime:CreateDate=0000:00:00 00:00:00',
      'Keys:CreationDate=1895:12:28 20:00:00+01:00',
    ]);
  });

  test('has no offset where that is no whole minute, as local time of old had none', () => {
    const old = written({ local: '1880-06-01T12:00:00', at: '1880-06-01T11:06:32.000Z' });
    expect(asText(old)).toEqual([
      'EXIF:DateTimeOriginal=1880:06:01 12:00:00',
      'EXIF:CreateDate=1880:06:01 12:00:00',
    ]);
  });

  test('goes to XMP where the format has nothing else, in the file or beside it', () => {
    const dates = [
      'XMP-exif:DateTimeOriginal=2019:05:05 15:30:00+02:00',
      'XMP-photoshop:DateCreated=2019:05:05 15:30:00+02:00',
    ];
    const gif = written({ mime_type: 'image/gif' });
    expect([gif.into, ...asText(gif)]).toEqual(['file', ...dates]);
    for (const mime_type of ['image/bmp', 'video/x-msvideo', 'video/x-matroska', 'image/x-canon-cr2']) {
      const beside = written({ mime_type });
      expect([beside.into, ...asText(beside)], mime_type).toEqual(['sidecar', ...dates]);
    }
  });
});

describe('what is known less well', () => {
  test.each([
    ['minute', '2019-05-05T15:30', '2019:05:05 15:30+02:00', '2019-05-05T13:30:00.000Z'],
    ['day', '2019-05-05', '2019:05:05', '2019-05-06T12:00:00.000Z'],
    ['month', '2019-12', '2019:12', '2020-01-01T12:00:00.000Z'],
    ['year', '2019', '2019', '2020-01-01T12:00:00.000Z'],
  ] as const)('a %s is written as such, and no clock is invented', (precision, local, value, file_time) => {
    const at = precision === 'minute' ? '2019-05-05T13:30:00.000Z' : null;
    for (const mime_type of ['image/jpeg', 'image/heic', 'image/gif', 'image/bmp']) {
      const part = written({ mime_type, local, at, precision });
      expect(asText(part), mime_type).toEqual([
        `XMP-exif:DateTimeOriginal=${value}`,
        `XMP-photoshop:DateCreated=${value}`,
      ]);
      // Inside the day it would be read as a clock time, before it as an earlier date.
      expect(part.file_time).toBe(file_time);
    }
  });

  test('a low confidence is not written unless asked for, and keeps its file time', () => {
    const low = written({ confidence: 'low', tags: ['beach'] });
    expect(low).toMatchObject({ uncertain: true, file_time: '2019-05-05T13:30:00.000Z' });
    expect(asText(low)).toEqual(['IPTC:Keywords=beach', 'XMP-dc:Subject=beach']);
    const asked = written({ confidence: 'low', write_uncertain: true });
    expect(asked).toMatchObject({ uncertain: false, into: 'file' });
    expect(asText(asked)).toContain('EXIF:DateTimeOriginal=2019:05:05 15:30:00');
  });

  test('no date at all writes nothing and leaves the file time', () => {
    const none = written({ local: null, at: null, precision: null, confidence: 'none' });
    expect(none).toEqual({ into: 'nowhere', writes: [], file_time: null, uncertain: false });
  });
});

describe('what the file says already', () => {
  const right = {
    'EXIF:DateTimeOriginal': '2019:05:05 15:30:00',
    'EXIF:OffsetTimeOriginal': '+02:00',
    'EXIF:CreateDate': '2019:05:05 15:30:00',
    'EXIF:OffsetTimeDigitized': '+02:00',
  };

  test('is not written again', () => {
    expect(written({ time_tags: right })).toMatchObject({ into: 'nowhere', writes: [] });
    expect(written({ time_tags: right, mime_type: 'image/x-canon-cr2' })).toMatchObject({ into: 'nowhere' });
  });

  test('and what agrees stays: coarser, in UTC, a GPS that lags, a later retouch', () => {
    const time_tags = {
      ...right,
      'XMP:DateTimeOriginal': '2019-05-05T15:30',
      'XMP:CreateDate': '2019-05-05T13:30:00Z',
      'IPTC:DateCreated': '2019:05:05',
      'GPS:GPSDateStamp': '2019:05:05',
      'GPS:GPSTimeStamp': '13:28:30',
      'EXIF:ModifyDate': '2021:01:01 10:00:00',
    };
    expect(written({ time_tags })).toMatchObject({ into: 'nowhere', writes: [] });
  });

  test('is brought in line or taken out where it contradicts', () => {
    const time_tags = {
      'EXIF:DateTimeOriginal': '2018:05:05 15:30:00',
      'EXIF:SubSecTimeOriginal': '77',
      'EXIF:ModifyDate': '2018:05:05 15:30:00',
      'EXIF:OffsetTime': '+02:00',
      'GPS:GPSDateStamp': '2018:05:05',
      'GPS:GPSTimeStamp': '13:28:30',
      'XMP:DateCreated': '2019-05-05T15:30:00+05:00',
      'IPTC:DateCreated': '2018:05:05',
      'IPTC:TimeCreated': '15:30:00',
    };
    expect(asText(written({ time_tags }))).toEqual([
      'EXIF:DateTimeOriginal=2019:05:05 15:30:00',
      'EXIF:SubSecTimeOriginal=',
      'EXIF:OffsetTimeOriginal=+02:00',
      'EXIF:CreateDate=2019:05:05 15:30:00',
      'EXIF:OffsetTimeDigitized=+02:00',
      'EXIF:ModifyDate=',
      'EXIF:OffsetTime=',
      'XMP-photoshop:DateCreated=',
      'GPS:GPSDateStamp=',
      'GPS:GPSTimeStamp=',
      'IPTC:DateCreated=',
      'IPTC:TimeCreated=',
    ]);
  });

  test('and a day lets no clock stand that would be shown in its place', () => {
    const day = written({
      local: '2019-05-05',
      at: null,
      precision: 'day',
      time_tags: {
        'EXIF:DateTimeOriginal': '2019:05:05 15:30:00',
        'EXIF:ModifyDate': '2019:05:05 15:30:00',
        'XMP:DateTimeOriginal': '2019:05:05',
      },
    });
    expect(asText(day)).toEqual([
      'XMP-photoshop:DateCreated=2019:05:05',
      'EXIF:DateTimeOriginal=',
      'EXIF:ModifyDate=',
    ]);
  });
});

describe('tags', () => {
  test('are set as IPTC Keywords and XMP Subject, those too long for IPTC in XMP alone', () => {
    const long = 'ü'.repeat(40);
    expect(asText(written({ local: null, precision: null, tags: ['beach', long] }))).toEqual([
      'IPTC:Keywords=beach',
      'XMP-dc:Subject=beach',
      `XMP-dc:Subject=${long}`,
    ]);
  });

  test('keep the spelling that the file has, and go when a person took them away', () => {
    const keywords = ['Italy 2014', 'Rome'];
    const none = { local: null, precision: null, mime_type: 'image/png', keywords };
    expect(written({ ...none, tags: ['italy 2014', 'rome'] })).toMatchObject({ into: 'nowhere' });
    expect(asText(written({ ...none, tags: ['beach', 'italy 2014'] }))).toEqual([
      'XMP-dc:Subject=Italy 2014',
      'XMP-dc:Subject=beach',
    ]);
    expect(asText(written({ ...none, tags: [] }))).toEqual(['XMP-dc:Subject=']);
  });
});

describe('a sidecar', () => {
  const planned = {
    local: '2019-05-05T15:30:00',
    precision: 'second',
    file_time: '2019-05-05T13:30:00.000Z',
    doubts: [],
    writes: [
      { tag: 'EXIF:DateTimeOriginal', value: '2019:05:05 15:30:00' },
      { tag: 'XMP-dc:Subject', value: 'beach' },
    ],
  } satisfies Parameters<typeof tagsForSidecar>[0];

  test('says the same as a file that could not be written', () => {
    expect(tagsForSidecar(planned)).toEqual([
      { tag: 'XMP-exif:DateTimeOriginal', value: '2019:05:05 15:30:00+02:00' },
      { tag: 'XMP-photoshop:DateCreated', value: '2019:05:05 15:30:00+02:00' },
      { tag: 'XMP-dc:Subject', value: 'beach' },
    ]);
    expect(tagsForSidecar({ ...planned, doubts: ['uncertain_date'] })).toEqual([
      { tag: 'XMP-dc:Subject', value: 'beach' },
    ]);
  });

  test('that the original had loses only what contradicts', () => {
    const said = { 'XMP:DateTimeOriginal': '2010:01:01 00:00:00', 'XMP:DateCreated': '2019:05:05 15:30:00' };
    expect(tagsAgainst(planned, said)).toEqual([{ tag: 'XMP-exif:DateTimeOriginal', value: '' }]);
    expect(tagsAgainst({ ...planned, doubts: ['uncertain_date'] }, said)).toEqual([]);
  });
});

test('a recipe changes with the bytes, with what is written and with the file time, and with nothing else', () => {
  const planned = written();
  const recipe = recipeOf('a'.repeat(64), planned);
  expect(recipeOf('a'.repeat(64), written({ confidence: 'medium' }))).toBe(recipe);
  expect(recipeOf('b'.repeat(64), planned)).not.toBe(recipe);
  expect(recipeOf('a'.repeat(64), written({ tags: ['beach'] }))).not.toBe(recipe);
  expect(recipeOf('a'.repeat(64), { ...planned, file_time: null })).not.toBe(recipe);
});
