import { describe, expect, it } from 'vitest';
import { evidenceSources, rejections } from '#contract/words.ts';
import { rejectionWords } from './rejections.ts';
import { settleEvidence } from './settle.ts';
import { sources } from './sources.ts';
import { clues, decided, person, pieceOf, rules } from './testing.ts';
import { zoneAt } from './zones.ts';

const original = 'EXIF:DateTimeOriginal';
const taken = { [original]: '2023:06:07 13:45:55' };
const london = { latitude: 51.5007, longitude: -0.1246 };

describe('the tables', () => {
  it('know every source and every rejection', () => {
    expect(Object.keys(sources).toSorted()).toEqual(evidenceSources.toSorted());
    expect(Object.keys(rejectionWords).toSorted()).toEqual(rejections.toSorted());
  });

  it('list sources from the heaviest to the lightest', () => {
    const weights = evidenceSources.map((source) => sources[source].weight);
    expect(weights).toEqual(weights.toSorted((one, other) => other - one));
  });
});

describe('what the bytes say', () => {
  it('keeps raw values exactly, and sub-seconds in the wall clock', () => {
    const decision = decided({ tags: { ...taken, 'EXIF:SubSecTimeOriginal': '084 ' } });
    expect(pieceOf(decision, original)).toMatchObject({
      raw: '2023:06:07 13:45:55',
      local: '2023-06-07T13:45:55.084',
      at: '2023-06-07T17:45:55.084Z',
      zone: 'America/New_York',
      zone_source: 'home',
      precision: 'second',
      weight: 10,
      rejected: null,
    });
  });

  it('joins the date and the time of GPS and of IPTC, and takes neither half alone for a date', () => {
    const whole = decided({
      tags: {
        'GPS:GPSDateStamp': '2020:01:01',
        'GPS:GPSTimeStamp': '14:37:42.5',
        'IPTC:DateCreated': '2020:01:01',
        'IPTC:TimeCreated': '15:37:42+01:00',
      },
    });
    expect(pieceOf(whole, 'GPS:GPSDateTime')).toMatchObject({
      raw: '2020:01:01 14:37:42.5',
      at: '2020-01-01T14:37:42.500Z',
    });
    expect(pieceOf(whole, 'IPTC:DateCreated')).toMatchObject({
      raw: '2020:01:01 15:37:42+01:00',
      zone: '+01:00',
    });
    expect(decided({ tags: { 'GPS:GPSDateStamp': '2020:01:01' } }).evidence).toEqual([]);
    expect(decided({ tags: { 'GPS:GPSTimeStamp': '14:37:42' } }).evidence).toEqual([]);
    expect(decided({ tags: { 'IPTC:TimeCreated': '14:30:00+00:00' } }).evidence).toEqual([]);
    expect(decided({ tags: { 'IPTC:DateCreated': '2011:10:22' } }).evidence).toMatchObject([
      { precision: 'day' },
    ]);
  });

  it('reads the GPS time that editors keep in XMP', () => {
    expect(decided({ tags: { 'XMP:GPSDateTime': '2023:11:15 12:30:00Z' } }).evidence).toMatchObject([
      { source: 'GPS:GPSDateTime', at: '2023-11-15T12:30:00.000Z' },
    ]);
    expect(decided({ tags: { 'XMP:GPSDateTime': '14:58:24Z' } }).evidence).toEqual([]);
  });
});

describe('rejections, each with its reason', () => {
  it.each([
    ['EXIF:DateTimeOriginal', '0000:00:00 00:00:00', 'zeros', null],
    ['EXIF:DateTimeOriginal', '    :  :     :  :  ', 'impossible_date', null],
    ['EXIF:DateTimeOriginal', '1999:12:31 23:59:59', 'before_min_year', '1999-12-31T23:59:59'],
    ['EXIF:DateTimeOriginal', '1601:06:06 16:39:33', 'before_min_year', '1601-06-06T16:39:33'],
    ['EXIF:DateTimeOriginal', '1970:01:01 00:00:00', 'epoch_default', '1970-01-01T00:00:00'],
    ['EXIF:DateTimeOriginal', '1980:01:01 00:12:00', 'epoch_default', '1980-01-01T00:12:00'],
    ['EXIF:DateTimeOriginal', '1904:01:01 00:00:00', 'epoch_default', '1904-01-01T00:00:00'],
    ['EXIF:DateTimeOriginal', '4501:01:01 00:00:00', 'epoch_default', '4501-01-01T00:00:00'],
    ['XMP:DateTimeOriginal', '2036:01:01 23:59:59Z', 'epoch_default', '2036-01-01T23:59:59'],
    ['XMP:CreateDate', '2000:01:01 00:00:00', 'epoch_default', '2000-01-01T00:00:00'],
    ['EXIF:CreateDate', '2000/01/01 00:00:00', 'epoch_default', '2000-01-01T00:00:00'],
    ['XMP:DateCreated', '2001:01:01 00:00', 'epoch_default', '2001-01-01T00:00'],
    ['EXIF:DateTimeOriginal', '2002:12:08 12:00:00', 'camera_default', '2002-12-08T12:00:00'],
    ['EXIF:DateTimeOriginal', '2099:09:29 10:10:10', 'after_tomorrow', '2099-09-29T10:10:10'],
    ['EXIF:DateTimeOriginal', '2026:05:03 00:00:00', 'after_tomorrow', '2026-05-03T00:00:00'],
    ['QuickTime:CreateDate', '0000:00:00 00:00:00', 'container_zero', null],
    ['QuickTime:CreateDate', '1904:01:01 00:00:00', 'container_zero', '1904-01-01T00:00:00'],
    ['QuickTime:MediaCreateDate', '1970:01:01 00:00:00', 'container_zero', '1970-01-01T00:00:00'],
    ['Matroska:DateTimeOriginal', '2001:01:01 00:00:00Z', 'container_zero', '2001-01-01T00:00:00'],
  ] as const)('%s %s: %s', (source, raw, rejected, local) => {
    const decision = decided({ tags: { [source]: raw } });
    expect(pieceOf(decision, source)).toMatchObject({ raw, rejected, local });
    expect(decision.capture_time.confidence).toBe('none');
  });

  it('believes tomorrow, for somewhere it is tomorrow', () => {
    const decision = decided({ tags: { [original]: '2026:05:02 23:00:00' } });
    expect(pieceOf(decision, original).rejected).toBeNull();
  });

  it.each([
    ['XMP:CreateDate', '2000:01:01 00:00:01', '2000-01-01T00:00:01'],
    ['XMP:CreateDate', '2000:01:01', '2000-01-01'],
    ['EXIF:DateTimeOriginal', '2014:01:01 00:00:00', '2014-01-01T00:00:00'],
  ] as const)(
    '%s %s: only the exact midnight of a day that clocks start from is none',
    (source, raw, local) => {
      const decision = decided({ tags: { [source]: raw } });
      expect(pieceOf(decision, source)).toMatchObject({ rejected: null, local });
      expect(decision.capture_time.local).toBe(local);
    },
  );

  it('believes earlier years when told to', () => {
    const decision = decided({ tags: { [original]: '1985:07:04 12:00:00' }, rules: { min_year: 1900 } });
    expect(pieceOf(decision, original).rejected).toBeNull();
  });

  it('lets a person say any year', () => {
    expect(decided({ others: [person('1931', 'year')] }).capture_time).toMatchObject({
      local: '1931',
      precision: 'year',
      at: null,
    });
  });
});

describe('the zone, in the order of the rule book', () => {
  const nikon = { 'MakerNotes:TimeZone': '+01:00', 'MakerNotes:DaylightSavings': 'Yes' };
  const gpsClock = { 'GPS:GPSDateStamp': '2023:06:07', 'GPS:GPSTimeStamp': '12:46:01' };

  it('1. the offset tag of the same field', () => {
    const decision = decided({
      tags: { ...taken, 'EXIF:OffsetTimeOriginal': '+02:00', ...nikon, ...gpsClock },
      gps: london,
      make: 'NIKON',
    });
    expect(pieceOf(decision, original)).toMatchObject({ zone: '+02:00', zone_source: 'offset_tag' });
  });

  it('1. never OffsetTime for the original', () => {
    const decision = decided({
      tags: { ...taken, 'EXIF:ModifyDate': '2023:06:07 13:45:55', 'EXIF:OffsetTime': '+02:00' },
    });
    expect(pieceOf(decision, original).zone_source).toBe('home');
    expect(pieceOf(decision, 'EXIF:ModifyDate')).toMatchObject({ zone: '+02:00', zone_source: 'offset_tag' });
  });

  it('2. the maker’s time zone tag, to which daylight saving adds an hour for Nikon only', () => {
    const tags = { ...taken, ...nikon };
    expect(pieceOf(decided({ tags, gps: london, make: 'NIKON CORPORATION' }), original)).toMatchObject({
      zone: '+02:00',
      zone_source: 'time_zone_tag',
    });
    expect(pieceOf(decided({ tags, make: 'Canon' }), original).zone).toBe('+01:00');
    expect(
      pieceOf(decided({ tags: { ...tags, 'MakerNotes:DaylightSavings': 'No' }, make: 'NIKON' }), original).zone,
    ).toBe('+01:00');
  });

  it('3. Keys:CreationDate, for the header and the name of the same video', () => {
    const decision = decided({
      kind: 'video',
      tags: { 'Keys:CreationDate': '2020:04:17 10:03:47-06:00', 'QuickTime:CreateDate': '2020:04:17 16:03:47' },
      names: ['2020-04-17 10.03.47.mov'],
      gps: london,
    });
    for (const source of ['Keys:CreationDate', 'QuickTime:CreateDate', 'filename_datetime'] as const) {
      expect(pieceOf(decision, source)).toMatchObject({
        local: '2020-04-17T10:03:47',
        at: '2020-04-17T16:03:47.000Z',
        zone: '-06:00',
        zone_source: 'creation_date',
      });
    }
  });

  it('4. the GPS position, with the summers of the place', () => {
    expect(pieceOf(decided({ tags: taken, gps: london }), original)).toMatchObject({
      at: '2023-06-07T12:45:55.000Z',
      zone: 'Europe/London',
      zone_source: 'gps_position',
    });
    expect(pieceOf(decided({ tags: { [original]: '2023:01:07 13:45:55' }, gps: london }), original).at).toBe(
      '2023-01-07T13:45:55.000Z',
    );
  });

  it('4. never a position that is none', () => {
    expect(zoneAt({ latitude: 0, longitude: 0 })).toBeNull();
    expect(zoneAt({ latitude: 0.00001, longitude: -0.00001 })).toBeNull();
    expect(zoneAt({ latitude: 500, longitude: 10 })).toBeNull();
    expect(zoneAt({ latitude: 10, longitude: -180.5 })).toBeNull();
    expect(zoneAt({ latitude: Number.NaN, longitude: 10 })).toBeNull();
    expect(zoneAt({ latitude: 90, longitude: 180 })).not.toBeNull();
    expect(zoneAt({ latitude: 51.5, longitude: 0 })).toBe('Europe/London');
  });

  it('5. the offset written in the date, lent to the other readings of that clock', () => {
    const decision = decided({ tags: { ...taken, 'XMP:DateCreated': '2023:06:07 13:45:55+01:00' } });
    expect(pieceOf(decision, original)).toMatchObject({ zone: '+01:00', zone_source: 'written' });
  });

  it('5. a written +00:00 stays where it is: programs that know no zone write it', () => {
    const decision = decided({
      tags: { ...taken, 'IPTC:DateCreated': '2023:06:07', 'IPTC:TimeCreated': '13:45:55+00:00' },
    });
    expect(pieceOf(decision, original).zone_source).toBe('home');
    expect(pieceOf(decision, 'IPTC:DateCreated')).toMatchObject({ zone: '+00:00', zone_source: 'written' });
    expect(decision.capture_time).toMatchObject({ source: original, confidence: 'high' });
  });

  it('5. the camera’s offset tag corrects a program that wrote its own zone beside the same wall clock', () => {
    const decision = decided({
      tags: {
        ...taken,
        'EXIF:OffsetTimeOriginal': '+10:00',
        'XMP:DateTimeOriginal': '2023:06:07 13:45:55+02:00',
      },
    });
    expect(pieceOf(decision, 'XMP:DateTimeOriginal')).toMatchObject({
      zone: '+10:00',
      zone_source: 'offset_tag',
    });
  });

  it('5. a time converted as a whole keeps its offset, for its instant proves it', () => {
    const decision = decided({
      tags: { ...taken, 'EXIF:OffsetTimeOriginal': '+01:00', 'XMP:DateTimeOriginal': '2023:06:07 12:45:55Z' },
      gps: london,
    });
    expect(pieceOf(decision, 'XMP:DateTimeOriginal')).toMatchObject({ zone: 'UTC', zone_source: 'written' });
  });

  it('6. the difference to a GPS clock, which may lag, snapped to a quarter hour', () => {
    expect(pieceOf(decided({ tags: { ...taken, ...gpsClock } }), original)).toMatchObject({
      zone: '+01:00',
      zone_source: 'utc_difference',
      at: '2023-06-07T12:45:55.000Z',
    });
    const kathmandu = {
      [original]: '2024:04:14 02:20:31',
      'GPS:GPSDateStamp': '2024:04:13',
      'GPS:GPSTimeStamp': '20:34:00',
    };
    expect(pieceOf(decided({ tags: kathmandu }), original).zone).toBe('+05:45');
  });

  it('6. not when the difference fits no zone of the world, or the lag is too long', () => {
    for (const time of ['12:52:00', '12:30:55', '23:45:55']) {
      const tags = { ...taken, 'GPS:GPSDateStamp': '2023:06:07', 'GPS:GPSTimeStamp': time };
      const { zone_source } = pieceOf(decided({ tags }), original);
      expect([time, zone_source]).toEqual([time, time === '23:45:55' ? 'utc_difference' : 'home']);
    }
  });

  it('6. the header of a video and its name', () => {
    const decision = decided({
      kind: 'video',
      tags: { 'QuickTime:CreateDate': '2024:01:28 09:54:20' },
      names: ['20240128_105420.mp4'],
    });
    expect(decision.capture_time).toMatchObject({
      source: 'QuickTime:CreateDate',
      local: '2024-01-28T10:54:20',
      zone: '+01:00',
      zone_source: 'utc_difference',
    });
  });

  it('8. home, when nothing says', () => {
    expect(pieceOf(decided({ tags: taken }), original)).toMatchObject({
      zone: 'America/New_York',
      zone_source: 'home',
    });
  });

  it('lends an offset within a day only', () => {
    const decision = decided({
      tags: { ...taken, 'EXIF:OffsetTimeOriginal': '+01:00', 'EXIF:ModifyDate': '2023:06:09 13:45:55' },
      names: ['20230607_134555.jpg'],
    });
    expect(pieceOf(decision, 'filename_datetime')).toMatchObject({ zone: '+01:00', zone_source: 'offset_tag' });
    expect(pieceOf(decision, 'EXIF:ModifyDate').zone_source).toBe('home');
  });
});

function inBerlin(raw: string): string | null {
  return pieceOf(decided({ tags: { [original]: raw }, rules: { home_zone: 'Europe/Berlin' } }), original).at;
}

describe('clocks that are put forward and back', () => {
  it('takes the first of an hour that comes twice', () => {
    expect(inBerlin('2023:10:29 02:30:00')).toBe('2023-10-29T00:30:00.000Z');
  });

  it('takes a clock not yet put forward in an hour that is skipped, and keeps what it showed', () => {
    expect(inBerlin('2023:03:26 02:30:00')).toBe('2023-03-26T01:30:00.000Z');
  });
});

const header = {
  'QuickTime:CreateDate': '2018:04:12 19:24:49',
  'QuickTime:TrackCreateDate': '2018:04:12 19:24:49',
};

function headerAt(names: string[], more: Record<string, string>): string | null {
  return pieceOf(decided({ kind: 'video', tags: { ...header, ...more }, names }), 'QuickTime:CreateDate').at;
}

describe('a video header that is local', () => {
  it('is recognised by a name with the same wall clock', () => {
    const decision = decided({ kind: 'video', tags: header, names: ['2018-04-12 19.24.48.mov'] });
    for (const source of ['QuickTime:CreateDate', 'QuickTime:TrackCreateDate'] as const) {
      expect(pieceOf(decision, source)).toMatchObject({
        local: '2018-04-12T19:24:49',
        at: '2018-04-12T23:24:49.000Z',
        zone_source: 'home',
      });
    }
  });

  it('is UTC where the name has another clock, is in UTC itself, or the phone knew its zone', () => {
    expect(headerAt(['20180412_212449.mp4'], {})).toBe('2018-04-12T19:24:49.000Z');
    expect(headerAt(['PXL_20180412_192449000.mp4'], {})).toBe('2018-04-12T19:24:49.000Z');
    expect(headerAt(['20180412_192449.mp4'], { 'Keys:CreationDate': '2018:04:12 19:24:49Z' })).toBe(
      '2018-04-12T19:24:49.000Z',
    );
  });
});

describe('settling again', () => {
  const said = {
    kind: 'video' as const,
    tags: {
      ...taken,
      'EXIF:SubSecTimeOriginal': '12',
      'XMP:DateTimeOriginal': '2023:06:07 13:45:55+02:00',
      'QuickTime:CreateDate': '2023:06:07 13:45:55',
    },
    names: ['20230607_134555.mp4', 'PXL_20230607_134555123.mp4', '2023-06-07.mp4'],
    saved: '2023-06-08T00:00:00Z',
  };

  it('changes nothing under the same rules', () => {
    const { evidence } = decided(said);
    expect(settleEvidence(evidence, clues(said), rules)).toEqual(evidence);
  });

  it('under other rules, is a fresh start', () => {
    const { evidence } = decided(said);
    for (const other of [{ home_zone: 'Asia/Tokyo' }, { min_year: 2024 }, { home_zone: 'UTC' }]) {
      expect(settleEvidence(evidence, clues(said), { ...rules, ...other })).toEqual(
        decided({ ...said, rules: other }).evidence,
      );
    }
  });

  it('keeps what a person ruled out', () => {
    const { evidence } = decided(said);
    const ruled = evidence.map((piece) => ({ ...piece, rejected: 'overruled' as const }));
    expect(settleEvidence(ruled, clues(said), rules).every(({ rejected }) => rejected === 'overruled')).toBe(
      true,
    );
  });
});

describe('what programs copy out of a video header', () => {
  const header = { 'QuickTime:CreateDate': '2024:01:28 09:54:20' };

  it('is UTC, too: digiKam writes it into XMP without a zone', () => {
    const { capture_time } = decided({
      kind: 'video',
      names: ['20240128_105420.mp4'],
      tags: { ...header, 'XMP:DateTimeOriginal': '2024:01:28 09:54:20' },
    });
    expect(capture_time).toMatchObject({
      local: '2024-01-28T10:54:20',
      zone: '+01:00',
      zone_source: 'utc_difference',
      confidence: 'high',
    });
  });

  it('is not taken for a copy where it shows another moment', () => {
    const decision = decided({
      kind: 'video',
      tags: { ...header, 'XMP:DateTimeOriginal': '2024:01:28 10:54:20' },
    });
    expect(decision.capture_time).toMatchObject({ zone: '+01:00', source: 'XMP:DateTimeOriginal' });
  });
});

it('Google’s UTC tells that a header was local', () => {
  const google = { 'Takeout:photoTakenTime': '1706432060' }; // 2024-01-28T08:54:20Z
  const decision = decided({
    kind: 'video',
    tags: { 'QuickTime:CreateDate': '2024:01:28 09:54:20', ...google },
  });
  expect(decision.capture_time).toMatchObject({ local: '2024-01-28T09:54:20', at: '2024-01-28T08:54:20.000Z' });
  expect(decision.capture_time.zone).toBe('+01:00');
});

it.each([
  ['XMP:DateTimeDigitized', '2019:03:04 05:06:07', 'medium'],
  ['UserData:DateTimeOriginal', '2019:03:04 05:06:07', 'medium'],
  ['ItemList:ContentCreateDate', '2019:03:04 05:06:07-05:00', 'medium'],
  ['UserData:ContentCreateDate', '2019:03:04 05:06:07-05:00', 'medium'],
  ['MakerNotes:DateTimeOriginal', '2019:03:04 05:06:07', 'medium'],
  ['ASF:CreationDate', '2019:03:04 10:06:07Z', 'medium'],
] as const)('%s alone says when', (source, raw, confidence) => {
  const { capture_time } = decided({ tags: { [source]: raw } });
  expect(capture_time).toMatchObject({ source, at: '2019-03-04T10:06:07.000Z', confidence });
});

it('IPTC:DigitalCreationDate takes its time from the tag beside it', () => {
  const tags = { 'IPTC:DigitalCreationDate': '2019:03:04', 'IPTC:DigitalCreationTime': '05:06:07-05:00' };
  expect(decided({ tags }).capture_time).toMatchObject({ local: '2019-03-04T05:06:07', zone: '-05:00' });
});

it('+00:00 in a caption is no zone beside a camera’s clock that Google places elsewhere', () => {
  const decision = decided({
    tags: {
      'EXIF:DateTimeOriginal': '2018:09:28 16:07:07',
      'IPTC:DateCreated': '2018:09:28',
      'IPTC:TimeCreated': '16:07:07+00:00',
      'Takeout:photoTakenTime': '1538176027', // 23:07:07 in UTC
    },
  });
  expect(decision.capture_time).toMatchObject({
    source: 'EXIF:DateTimeOriginal',
    zone: '-07:00',
    confidence: 'high',
  });
});
