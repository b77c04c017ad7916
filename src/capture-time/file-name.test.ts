import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceFromName, nameRules, readName } from './file-name.ts';
import { cleanStem, editedWords } from './names/stem.ts';

const seed = 20_260_501;
const rules = {
  rule: 'earliest' as const,
  min_year: 2000,
  home_zone: 'Europe/Berlin',
  now: Temporal.Instant.from('2026-05-01T10:00:00Z'),
};

/** Name, the rule that must win, what it says, and whether that is a local clock, UTC or has no clock. */
const names: readonly (readonly [string, string, string, 'local' | 'utc'])[] = [
  ['20240115_120000.jpg', 'phone.compact', '2024-01-15T12:00:00', 'local'],
  ['20240107_110258.jpg', 'phone.compact', '2024-01-07T11:02:58', 'local'],
  ['date_20170101_010101.jpg', 'phone.compact', '2017-01-01T01:01:01', 'local'],
  ['PANO_20180301_101112.jpg', 'phone.compact', '2018-03-01T10:11:12', 'local'],
  ['MVIMG_20190215_193501.MP4', 'phone.compact', '2019-02-15T19:35:01', 'local'],
  ['20231207_101605_001.jpg', 'phone.compact', '2023-12-07T10:16:05', 'local'],
  ['IMG_20191229_123456_1.jpg', 'phone.compact', '2019-12-29T12:34:56', 'local'],
  ['20240413-203800-Unknown.jpg', 'phone.compact', '2024-04-13T20:38:00', 'local'],
  ['IMG_20210921_144423_783.jpg', 'phone.compact_ms', '2021-09-21T14:44:23.783', 'local'],
  ['VID_20210921_144423_783.mp4', 'phone.compact_ms', '2021-09-21T14:44:23.783', 'local'],
  ['IMG_20210921_144423783.jpg', 'phone.compact_ms', '2021-09-21T14:44:23.783', 'local'],
  ['IMG20210921144423.jpg', 'phone.run_of_14', '2021-09-21T14:44:23', 'local'],
  ['20210921144423.mp4', 'phone.run_of_14', '2021-09-21T14:44:23', 'local'],
  ['WP_20140506_12_34_56_Pro.jpg', 'phone.windows', '2014-05-06T12:34:56', 'local'],
  ['WP_20140506_001.jpg', 'phone.windows_day', '2014-05-06', 'local'],
  ['20170923_220934000_iOS.jpg', 'phone.ios_utc', '2017-09-23T22:09:34.000', 'utc'],
  ['UTC-20240413-203430-Auckland.jpg', 'phone.utc_marked', '2024-04-13T20:34:30', 'utc'],
  ['20240413T203430Z.jpg', 'phone.utc_marked', '2024-04-13T20:34:30', 'utc'],
  ['PXL_20210906_174416840.mp4', 'pixel.utc', '2021-09-06T17:44:16.840', 'utc'],
  ['PXL_20220724_210650210.NIGHT.mp4', 'pixel.utc', '2022-07-24T21:06:50.210', 'utc'],
  ['PXL_20231006_063121958 (another copy).jpg', 'pixel.utc', '2023-10-06T06:31:21.958', 'utc'],
  ['PXL_20210101_000000123.RAW-01.MP.COVER.jpg', 'pixel.utc', '2021-01-01T00:00:00.123', 'utc'],
  ['IMG-20171218-WA0028.jpg', 'whatsapp.day', '2017-12-18', 'local'],
  ['VID-20180101-WA0001.mp4', 'whatsapp.day', '2018-01-01', 'local'],
  ['WhatsApp Image 2023-05-26 at 2.10.18 PM.jpeg', 'whatsapp.datetime', '2023-05-26T14:10:18', 'local'],
  ['WhatsApp Image 2023-05-26 at 23.57.02.jpeg', 'whatsapp.datetime', '2023-05-26T23:57:02', 'local'],
  ['WhatsApp Video 2023-05-26 at 12.00.01 AM (2).mp4', 'whatsapp.datetime', '2023-05-26T00:00:01', 'local'],
  ['00015IMG_00015_BURST20171111030039_COVER.jpg', 'burst.local', '2017-11-11T03:00:39', 'local'],
  ['DSC_0052_BURST20230709220904977.JPG', 'burst.local_ms', '2023-07-09T22:09:04.977', 'local'],
  ['00001IMG_00001_BURST1723801037429.jpg', 'burst.epoch', '2024-08-16T09:37:17.429', 'utc'],
  ['FB_IMG_1560785471157.jpg', 'epoch.facebook', '2019-06-17T15:31:11.157', 'utc'],
  ['mmexport1716130574783.jpg', 'epoch.wechat', '2024-05-19T14:56:14.783', 'utc'],
  ['Screenshot_20190919-053857_App.jpg', 'screenshot.compact', '2019-09-19T05:38:57', 'local'],
  ['Screen_Recording_20210101-120000_App.mp4', 'screenshot.compact', '2021-01-01T12:00:00', 'local'],
  ['screen-20230101-120000~2.mp4', 'screenshot.compact', '2023-01-01T12:00:00', 'local'],
  ['Screenshot_2019-04-16-11-19-37-232_com.app.jpg', 'screenshot.dashed', '2019-04-16T11:19:37.232', 'local'],
  ['Screenshot 2019-05-21 at 10.45.52.png', 'screenshot.spoken', '2019-05-21T10:45:52', 'local'],
  ['Screen Shot 2020-01-01 at 10.00.00 AM.png', 'screenshot.spoken', '2020-01-01T10:00:00', 'local'],
  ['Screenshot 2023-11-05 at 9.07.03\u202FPM.png', 'screenshot.spoken', '2023-11-05T21:07:03', 'local'],
  ['Screenshot from 2022-12-17 19-45-43.png', 'screenshot.spoken', '2022-12-17T19:45:43', 'local'],
  ['Screen Recording 2022-12-17 at 7.45.43 PM.mov', 'screenshot.spoken', '2022-12-17T19:45:43', 'local'],
  ['Bildschirmfoto 2021-02-03 um 14.05.06.png', 'screenshot.spoken', '2021-02-03T14:05:06', 'local'],
  ['Capture d’écran 2021-02-03 à 14.05.06.png', 'screenshot.spoken', '2021-02-03T14:05:06', 'local'],
  [
    'Capture d’écran 2021-02-03 à 14.05.06.png'.normalize('NFD'),
    'screenshot.spoken',
    '2021-02-03T14:05:06',
    'local',
  ],
  ['Screenshot 2024-09-30 162059.png', 'screenshot.windows', '2024-09-30T16:20:59', 'local'],
  ['signal-2024-08-17-21-58-10-982-1.jpg', 'chat.signal_ms', '2024-08-17T21:58:10.982', 'local'],
  ['signal-2018-08-21-100217.jpg', 'chat.signal', '2018-08-21T10:02:17', 'local'],
  ['photo_2020-01-30_09-57-18.jpg', 'chat.telegram', '2020-01-30T09:57:18', 'local'],
  ['telegram_2020-01-30_09-57-18.jpg', 'chat.telegram', '2020-01-30T09:57:18', 'local'],
  ['photo_1@30-01-2020_09-57-18.jpg', 'chat.telegram_export', '2020-01-30T09:57:18', 'local'],
  ['DJI_20230127131426_0352_W.JPG', 'drone.dji', '2023-01-27T13:14:26', 'local'],
  ['vlc-record-2023-05-15-14h30m22s.mp4', 'recorder.vlc', '2023-05-15T14:30:22', 'local'],
  ['2023-05-15 14-30-22.mkv', 'plain.datetime', '2023-05-15T14:30:22', 'local'],
  ['2024-01-15 12.00.00.jpg', 'plain.datetime', '2024-01-15T12:00:00', 'local'],
  ['2024-01-15 12.00.00-1.jpg', 'plain.datetime', '2024-01-15T12:00:00', 'local'],
  ['2018-04-12 19_24_49.mov', 'plain.datetime', '2018-04-12T19:24:49', 'local'],
  ['2007-01-01-12-00-00a.jpg', 'plain.datetime', '2007-01-01T12:00:00', 'local'],
  ['C360_2013-05-06-12-34-56-789.jpg', 'plain.datetime', '2013-05-06T12:34:56.789', 'local'],
  ['2024-01-15_120000.jpg', 'plain.datetime_run', '2024-01-15T12:00:00', 'local'],
  ['2015-02-04(1).jpg', 'plain.day', '2015-02-04', 'local'],
  ['photo1_2023-10-06_wo_exif.jpg', 'plain.day', '2023-10-06', 'local'],
  ['2019.07.04', 'plain.day', '2019-07-04', 'local'],
  ['scan_20170101_0004.jpg', 'plain.compact_day', '2017-01-01', 'local'],
  ['2019-07.jpg', 'plain.month', '2019-07', 'local'],
  ['2018 July 4 picnic.jpg', 'plain.year_month_word', '2018-07-04', 'local'],
  ['2018 July picnic.jpg', 'plain.year_month_word', '2018-07', 'local'],
  ['2018_März_Oma.jpg'.normalize('NFD'), 'plain.year_month_word', '2018-03', 'local'],
  ['4. Juli 2018.jpg', 'plain.day_month_word', '2018-07-04', 'local'],
  ['Fiesta 4 de julio de 2018.jpg', 'plain.day_month_word', '2018-07-04', 'local'],
  ['14 juillet 2018 (2).jpg', 'plain.day_month_word', '2018-07-14', 'local'],
  ['August 2019 beach.jpg', 'plain.day_month_word', '2019-08', 'local'],
  ['July 4th, 2018.jpg', 'plain.month_word_day', '2018-07-04', 'local'],
];

/** Names that look as if they held a date, and hold none. */
const noDate: readonly string[] = [
  'IMG_1234.HEIC',
  'DSC_0001.JPG',
  'GX010123.MP4',
  'GOPR0123.MP4',
  'Snapchat-431959199.mp4',
  'received_10155123456789012.jpeg',
  'received_20190101123456789.jpeg',
  'IMG_20201350_123456.jpg',
  'IMG_20210230_101010.jpg',
  '20191301_256161.jpg',
  '12345678901234567890.jpg',
  '20190101123456789012.jpg',
  '1560785471157.jpg',
  'IMG_E4120.JPG',
  'P1000244.MOV',
  'MVI_0121.AVI',
  'image 2019.jpg',
  '2019.jpg',
  'Plain With Spaces And Uppercase 123.jpg',
  'phockup’s exif test.jpg',
  'PinClipart.com_gopher-clipart_4000224.jpg',
  '20190101-1a2b-4c3d-8e4f-123456789abc.jpg',
  'Marching 2018b.jpg',
  '0049-2019-0712345.jpg',
  '',
  '.jpg',
];

describe('names that say a date', () => {
  it.each(names)('%s: %s', (name, rule, local, reads) => {
    expect(readName(name)).toMatchObject({ rule, local, reads });
  });

  it('has an example in this test for every rule', () => {
    const tested = new Set(names.map(([, rule]) => rule));
    expect(nameRules.map((rule) => rule.id).filter((id) => !tested.has(id))).toEqual([]);
  });

  it.each(nameRules.map((rule) => [rule.id, rule.example] as const))(
    '%s wins its own example %s',
    (id, example) => {
      expect(readName(example)?.rule).toBe(id);
    },
  );

  it('counts the day’s pictures of WhatsApp and Windows phones', () => {
    expect(readName('IMG-20171218-WA0028.jpg')?.counter).toBe(28);
    expect(readName('WP_20140506_001.jpg')?.counter).toBe(1);
  });

  it('tries a later place when the first holds no date of the calendar', () => {
    expect(readName('20201350 20190704.jpg')).toMatchObject({ local: '2019-07-04' });
  });
});

describe('names that say none', () => {
  it.each(noDate)('%s', (name) => {
    expect(readName(name)).toBeNull();
  });
});

describe('marks that are stripped first', () => {
  const marks = [
    '(1)',
    ' (12)',
    ' copy',
    ' copy 2',
    ' - Copy',
    ' - Copy (2)',
    ' - Kopie',
    '~2',
    '_COVER',
    '.MP',
    '.NIGHT',
    '.PORTRAIT',
    '.RAW-01',
    '.RAW-02.ORIGINAL',
    '-edited(1)',
    ' (copy)',
    '[FORCE]',
    ' {beach,2019-08-01}',
  ];
  it.each(marks)('20240115_120000%s', (mark) => {
    expect(cleanStem(`20240115_120000${mark}.jpg`)).toBe('20240115_120000');
  });

  it.each(editedWords)('-%s of an edited copy, composed or not', (word) => {
    expect(cleanStem(`20240115_120000-${word}.jpg`)).toBe('20240115_120000');
    expect(cleanStem(`20240115_120000-${word}.jpg`.normalize('NFD'))).toBe('20240115_120000');
  });
});

describe('what a location gives', () => {
  it('keeps the name exactly as it is', () => {
    const name = 'Écran 2024-01-15 [FORCE] {a,b}.jpg'.normalize('NFD');
    expect(evidenceFromName({ name, modified_at: null }, rules)).toMatchObject([
      { source: 'filename_date', raw: name, local: '2024-01-15', precision: 'day', at: null, weight: 2 },
    ]);
  });

  it('takes the time of the file for an instant', () => {
    expect(evidenceFromName({ name: 'a.jpg', modified_at: '2020-05-05T10:20:30.123Z' }, rules)).toMatchObject([
      { source: 'File:FileModifyDate', at: '2020-05-05T10:20:30.123Z', rejected: null, weight: 1 },
    ]);
  });

  it('refuses a file time within a day before the import, or after it', () => {
    for (const modified_at of ['2026-04-30T10:00:01Z', '2026-05-01T10:00:00Z', '2026-05-01T11:00:00Z']) {
      expect(evidenceFromName({ name: 'a.jpg', modified_at }, rules)).toMatchObject([
        { rejected: 'copied_recently' },
      ]);
    }
    expect(evidenceFromName({ name: 'a.jpg', modified_at: '2026-04-30T09:59:59Z' }, rules)).toMatchObject([
      { rejected: null },
    ]);
  });
});

describe('names nobody expects', () => {
  it('never throws and never hangs', () => {
    const piece = fc.constantFrom(
      '20',
      '2019',
      '-',
      '_',
      '.',
      ' ',
      '0',
      '12',
      'IMG',
      'at',
      'PM',
      '(1)',
      'mai',
      '{',
      '~',
    );
    const built = fc.array(piece, { maxLength: 600 }).map((parts) => parts.join(''));
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2000 }),
      fc.string({ unit: 'grapheme' }),
      built,
    );
    fc.assert(
      fc.property(any, (name) => {
        const started = performance.now();
        readName(name);
        expect(performance.now() - started).toBeLessThan(1000);
      }),
      { seed, numRuns: 3000 },
    );
  });

  it.each(['a', '1', '20', '2019-', '(1)', '-edited', ' ', '{', '_COVER', '.MP', 'BURST', '19_'])(
    '100,000 times %s takes no time',
    (part) => {
      const started = performance.now();
      readName(part.repeat(100_000));
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );
});
