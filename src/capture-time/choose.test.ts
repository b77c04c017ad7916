import { describe, expect, it } from 'vitest';
import { chooseCaptureTime } from './choose.ts';
import { decided, person, rules } from './testing.ts';

const camera = 'EXIF:DateTimeOriginal';
const stored = 'EXIF:CreateDate';
const changed = 'EXIF:ModifyDate';

describe('rule earliest', () => {
  it('shows the heaviest and finest piece among those that agree with the earliest', () => {
    const { capture_time } = decided({
      tags: {
        [camera]: '2019:10:24 08:13:01',
        'EXIF:SubSecTimeOriginal': '703615',
        [stored]: '2019:10:24 08:13:01',
      },
      names: ['IMG_20191024_081301.jpg'],
    });
    expect(capture_time).toMatchObject({
      source: camera,
      local: '2019-10-24T08:13:01.703615',
      confidence: 'high',
    });
  });

  it('takes a second in a name for any moment of that second', () => {
    const { capture_time } = decided({
      tags: { [camera]: '2024:01:07 11:02:59', 'EXIF:SubSecTimeOriginal': '177' },
      names: ['20240107_110258.jpg'],
    });
    expect(capture_time).toMatchObject({ source: camera, confidence: 'high' });
  });

  it('takes the earlier of two that differ', () => {
    const { capture_time } = decided({
      tags: { [camera]: '2020:05:05 10:20:30', [changed]: '2020:05:05 09:00:00' },
    });
    expect(capture_time).toMatchObject({ source: changed, confidence: 'medium' });
  });

  it('passes over a GPS clock that only lags', () => {
    const { capture_time, rules_differ } = decided({
      tags: {
        [camera]: '2023:10:06 19:26:23',
        'EXIF:OffsetTimeOriginal': '+02:00',
        'GPS:GPSDateStamp': '2023:10:06',
        'GPS:GPSTimeStamp': '17:24:47',
      },
    });
    expect(capture_time).toMatchObject({ source: camera, confidence: 'medium' });
    expect(rules_differ).toBe(false);
  });

  it('does not pass over a GPS clock that proves the camera’s zone wrong', () => {
    const { capture_time } = decided({
      tags: {
        [camera]: '2021:02:05 10:56:53',
        'GPS:GPSDateStamp': '2021:02:05',
        'GPS:GPSTimeStamp': '08:57:13',
      },
      gps: { latitude: 61.5555, longitude: 6.4699 },
    });
    expect(capture_time).toMatchObject({
      source: 'GPS:GPSDateTime',
      local: '2021-02-05T09:57:13',
      zone: 'Europe/Oslo',
    });
  });
});

describe('rule trusted', () => {
  const tags = {
    [camera]: '2020:05:05 10:20:30',
    [stored]: '2020:05:05 10:20:30',
    [changed]: '2020:05:05 09:00:00',
  };

  it('shows the group that weighs most, and both rules say that they differ', () => {
    const trusted = decided({ tags, rules: { rule: 'trusted' } });
    expect(trusted.capture_time).toMatchObject({ source: camera, confidence: 'high' });
    expect(trusted.rules_differ).toBe(true);
    expect(decided({ tags }).rules_differ).toBe(true);
  });

  it('takes the earliest on a tie', () => {
    const { capture_time } = decided({
      tags: { [changed]: '2020:05:05 10:20:30', 'PNG:CreationTime': '2020:05:04 10:20:30' },
      rules: { rule: 'trusted' },
    });
    expect(capture_time.source).toBe('PNG:CreationTime');
  });

  it('counts one name met in many folders once', () => {
    const { capture_time } = decided({
      tags: { [camera]: '2020:05:05 10:20:30' },
      names: Array.from({ length: 9 }, () => '2019-01-01 10.00.00.jpg'),
      rules: { rule: 'trusted' },
    });
    expect(capture_time.source).toBe(camera);
  });
});

describe('a day, a month, a year', () => {
  it('is shown without a clock, an instant or a zone', () => {
    expect(decided({ names: ['IMG-20171218-WA0028.jpg'] }).capture_time).toEqual({
      at: null,
      local: '2017-12-18',
      zone: null,
      zone_source: null,
      source: 'filename_date',
      precision: 'day',
      confidence: 'low',
      because: 'Only the day is known: the file name says 18 December 2017.',
    });
  });

  it('covers a time of that day and is not earlier than it', () => {
    const { capture_time } = decided({
      tags: { [camera]: '2018:07:04 18:00:00', [changed]: '2018:07:04 19:00:00' },
      names: ['2018 July 4 picnic.jpg'],
    });
    expect(capture_time).toMatchObject({
      source: camera,
      confidence: 'high',
      because: 'The camera’s clock says 4 July 2018 18:00:00, and the file name says the same day.',
    });
  });

  it('of a heavy source gives way to a clock that fits it', () => {
    const { capture_time } = decided({
      tags: { 'IPTC:DateCreated': '2020:05:05' },
      names: ['20200505_102030.jpg'],
    });
    expect(capture_time).toMatchObject({ source: 'filename_datetime', confidence: 'medium' });
  });

  it('stands alone where it fits nothing', () => {
    const { capture_time } = decided({ tags: { [camera]: '2020:05:05 10:20:30' }, names: ['2019-07.jpg'] });
    expect(capture_time).toMatchObject({ local: '2019-07', precision: 'month', confidence: 'low', at: null });
  });

  it('is the day of a UTC clock as it is told at home', () => {
    const { capture_time } = decided({
      kind: 'video',
      tags: { 'QuickTime:CreateDate': '2017:12:19 02:00:00' },
      names: ['VID-20171218-WA0001.mp4'],
    });
    expect(capture_time).toMatchObject({ source: 'QuickTime:CreateDate', local: '2017-12-18T21:00:00' });
  });

  it('sorts within its day by its counter, before what has a clock', () => {
    const keys = [
      decided({ names: ['IMG-20171218-WA0028.jpg'] }),
      decided({ names: ['IMG-20171218-WA0003.jpg', 'IMG-20171218-WA0003(1).jpg'] }),
      decided({ names: ['20171218_080000.jpg'] }),
      decided({}),
    ].map(({ sort_key }) => sort_key);
    expect(keys).toEqual(['2017-12-18 000028', '2017-12-18 000003', '2017-12-18T08:00:00', '']);
  });
});

describe('a person', () => {
  it('wins over everything, even alone and coarse, and is sure', () => {
    const { capture_time, rules_differ } = decided({
      tags: { [camera]: '2020:05:05 10:20:30', [stored]: '2020:05:05 10:20:30' },
      names: ['[FORCE] 2019-01-01.jpg'],
      others: [person('2004-06', 'month')],
    });
    expect(capture_time).toMatchObject({
      source: 'person',
      local: '2004-06',
      precision: 'month',
      confidence: 'high',
      because: 'A person said that it was taken in June 2004.',
    });
    expect(rules_differ).toBe(false);
  });

  it('who marked a name with [FORCE] is believed next', () => {
    const { capture_time } = decided({
      tags: { [camera]: '2020:05:05 10:20:30', [stored]: '2020:05:05 10:20:30' },
      names: ['2021-01-01 [force].jpg', '2022-02-02.jpg'],
    });
    expect(capture_time).toMatchObject({ source: 'filename_date', local: '2021-01-01', confidence: 'high' });
  });
});

describe('confidence', () => {
  it.each([
    [
      'high',
      'a strong piece that another confirms',
      { [camera]: '2020:05:05 10:20:30', [changed]: '2020:05:05 10:20:30' },
      [],
    ],
    ['medium', 'a strong piece alone', { [camera]: '2020:05:05 10:20:30' }, []],
    ['medium', 'a fair piece alone', { [changed]: '2020:05:05 10:20:30' }, []],
    ['low', 'a name alone', {}, ['20200505_102030.jpg']],
    ['low', 'one name in two folders', {}, ['20200505_102030.jpg', '20200505_102030(1).jpg']],
    ['medium', 'two light pieces that agree', {}, ['20200505_102030.jpg', '2020-05-05.jpg']],
    ['low', 'a heavy day', { 'XMP:DateCreated': '2020:05:05' }, []],
    [
      'low',
      'good pieces that contradict each other',
      { [camera]: '2020:05:05 10:20:30', [stored]: '2020:05:05 10:20:30', 'IPTC:DateCreated': '2020:05:07' },
      [],
    ],
    [
      'high',
      'a retouch a month later contradicts nothing',
      { [camera]: '2020:05:05 10:20:30', [stored]: '2020:05:05 10:20:30', [changed]: '2020:06:05 10:20:30' },
      [],
    ],
    ['none', 'nothing', {}, []],
  ] as const)('%s: %s', (confidence, _why, tags, names) => {
    expect(decided({ tags, names }).capture_time.confidence).toBe(confidence);
  });
});

describe('because', () => {
  it.each([
    [
      'The camera’s clock says 5 May 2020 10:20:30, and the file name says the same.',
      { tags: { [camera]: '2020:05:05 10:20:30' }, names: ['20200505_102030.jpg'] },
    ],
    ['The camera’s clock says 5 May 2020 10:20:30.', { tags: { [camera]: '2020:05:05 10:20:30' } }],
    [
      'The camera’s clock says 5 May 2020 10:20:30, but the file name says 1 August 2021 10:00:00.',
      { tags: { [camera]: '2020:05:05 10:20:30' }, names: ['20210801_100000.jpg'] },
    ],
    [
      'The file name says 1 August 2019 10:00:00, but the camera’s clock says 5 May 2020 10:20:30.',
      { tags: { [camera]: '2020:05:05 10:20:30' }, names: ['20190801_100000.jpg'] },
    ],
    [
      'The file name says 6 September 2021 17:44:16 in universal time, which is 6 September 2021 13:44:16 at home.',
      { names: ['PXL_20210906_174416840.mp4'] },
    ],
    [
      'The file name says 6 September 2021 17:44:16.',
      { names: ['PXL_20210906_174416840.mp4'], rules: { home_zone: 'UTC' } },
    ],
    ['The time the file was last saved says 1 January 2024 07:00:00.', { saved: '2024-01-01T12:00:00Z' }],
    ['Only the month is known: the file name says July 2019.', { names: ['2019-07.jpg'] }],
    [
      'The file name says 1 January 2019 and is marked [FORCE], so it goes before everything else.',
      { names: ['2019-01-01[FORCE].jpg'] },
    ],
    [
      'Nothing that can be believed says when it was taken: the camera’s clock says 1 January 1970 00:00:00, which is a day that clocks start from when nobody has set them.',
      { tags: { [camera]: '1970:01:01 00:00:00' } },
    ],
    [
      'Nothing that can be believed says when it was taken: the camera’s clock says “0000:00:00 00:00:00”, which is all zeros, so the clock was never set.',
      { tags: { [camera]: '0000:00:00 00:00:00' } },
    ],
    [
      'Nothing in this file says when it was taken: the video was written without a date.',
      { kind: 'video' as const, tags: { 'QuickTime:CreateDate': '0000:00:00 00:00:00' } },
    ],
    [
      'Nothing in this file says when it was taken: the file was saved just before it was imported, so this is when it was copied.',
      { saved: '2026-05-01T09:00:00Z' },
    ],
    ['Nothing in this file says when it was taken.', {}],
  ])('%s', (because, said) => {
    expect(decided(said).capture_time.because).toBe(because);
  });
});

describe('choosing again', () => {
  it('needs nothing but the stored evidence', () => {
    const tags = {
      [camera]: '2020:05:05 10:20:30',
      [stored]: '2020:05:05 10:20:30',
      [changed]: '2020:05:05 09:00:00',
    };
    const { evidence } = decided({ tags });
    expect(chooseCaptureTime(evidence, { ...rules, rule: 'trusted' })).toEqual(
      decided({ tags, rules: { rule: 'trusted' } }).capture_time,
    );
  });

  it('tells which location gave which piece', () => {
    const { evidence, given_by } = decided({
      tags: { [camera]: '2020:05:05 10:20:30' },
      names: ['a.jpg', '20200505_102030.jpg'],
      saved: '2020-05-06T00:00:00Z',
      others: [person('2020', 'year')],
    });
    expect(evidence.map(({ source }, index) => [source, given_by[index]])).toEqual([
      [camera, null],
      ['filename_datetime', 1],
      ['File:FileModifyDate', 2],
      ['person', null],
    ]);
  });
});
