import {
  compactDate,
  compactTime,
  dayOnly,
  local,
  type NameRule,
  noDigitAfter,
  noDigitBefore,
  pattern,
  utc,
} from './name-rule.ts';

/** Apps that put milliseconds behind the time; behind other words three digits count pictures. */
const withMilliseconds = String.raw`(?<![A-Za-z])(?:IMG|VID|MVIMG|PANO|TRIM|SAVE)`;

export const phoneRules: readonly NameRule[] = [
  {
    // 20240115_120000.jpg, 20240107_110258.jpg, date_20170101_010101.jpg, PANO_20180301_101112.jpg,
    // MVIMG_20190215_193501.MP4, IMG_20191024_081301.jpg, 20231207_101605_001.jpg (001 counts the burst)
    id: 'phone.compact',
    example: '20240115_120000.jpg',
    meaning: 'local; a counter after it is not read',
    pattern: pattern(noDigitBefore, compactDate, '[_-]', compactTime, noDigitAfter),
    read: local,
  },
  {
    // IMG_20210921_144423_783.jpg, VID_20210921_144423_783.mp4, IMG_20210921_144423783.jpg
    id: 'phone.compact_ms',
    example: 'IMG_20210921_144423_783.jpg',
    meaning: 'local, with milliseconds after the words IMG, VID, MVIMG, PANO',
    pattern: pattern(
      withMilliseconds,
      '[_-]',
      compactDate,
      '[_-]',
      compactTime,
      String.raw`[_-]?(?<fraction>\d{3})`,
      noDigitAfter,
    ),
    read: local,
  },
  {
    // IMG20210921144423.jpg, VID20210921144423.mp4 (Oppo, realme, OnePlus), 20210921144423.jpg
    id: 'phone.run_of_14',
    example: 'IMG20210921144423.jpg',
    meaning: 'local; fourteen digits that begin the name, but for a word before them',
    pattern: pattern('^(?:[A-Za-z]{1,8}[_-]?)?', compactDate, compactTime, String.raw`(?![\dA-Za-z])`),
    read: local,
  },
  {
    // WP_20140506_12_34_56_Pro.jpg, WP_20140506_12_34_56_Rich.jpg
    id: 'phone.windows',
    example: 'WP_20140506_12_34_56_Pro.jpg',
    meaning: 'local',
    pattern: pattern(
      String.raw`(?<![A-Za-z])WP_`,
      compactDate,
      String.raw`_(?<hour>\d{2})_(?<minute>\d{2})_(?<second>\d{2})`,
      noDigitAfter,
    ),
    read: local,
  },
  {
    // WP_20140506_001.jpg
    id: 'phone.windows_day',
    example: 'WP_20140506_001.jpg',
    meaning: 'day only; the number gives the order within the day',
    pattern: pattern(String.raw`(?<![A-Za-z])WP_`, compactDate, String.raw`_(?<counter>\d{3})`, noDigitAfter),
    read: dayOnly,
  },
  {
    // 20170923_220934000_iOS.jpg (OneDrive's camera upload)
    id: 'phone.ios_utc',
    example: '20170923_220934000_iOS.jpg',
    meaning: '**UTC**, milliseconds',
    pattern: pattern(noDigitBefore, compactDate, '_', compactTime, String.raw`(?<fraction>\d{3})_iOS`),
    read: utc,
  },
  {
    // UTC-20240413-203430-Auckland.jpg, 20240413T203430Z.jpg
    id: 'phone.utc_marked',
    example: 'UTC-20240413-203430-Auckland.jpg',
    meaning: '**UTC**, because the name says so',
    pattern: pattern(
      '(?:',
      String.raw`(?<![A-Za-z])UTC[-_ ]`,
      compactDate,
      '[-_T]',
      compactTime,
      noDigitAfter,
      '|',
      noDigitBefore,
      compactDate,
      'T',
      compactTime,
      String.raw`Z(?![A-Za-z]))`,
    ),
    read: utc,
  },
];
