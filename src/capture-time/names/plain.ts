import {
  compactDate,
  dashedDate,
  dashedTime,
  dayOnly,
  local,
  type NameRule,
  noDigitAfter,
  noDigitBefore,
  pattern,
} from './name-rule.ts';
import { monthNumber, monthWord } from './months.ts';

/** A word of digits: what stands before and after it is no letter and no digit, nor a dash that goes on counting. */
const wordBefore = String.raw`(?<![\p{L}\d]|\d[-_.])`;
const wordAfter = String.raw`(?![\p{L}\d]|[-_.]\d{1,2}(?!\d))`;

/** What a person types, and what programs write that follow no camera. */
export const plainRules: readonly NameRule[] = [
  {
    // 2024-01-15 12.00.00.jpg (Dropbox), 2018-04-12 19_24_49.mov, 2023-05-15 14-30-22.mkv (OBS),
    // 2007-01-01-12-00-00a.jpg, 2024-01-15T12:00:00.jpg, C360_2013-05-06-12-34-56-789.jpg
    id: 'plain.datetime',
    example: '2024-01-15 12.00.00.jpg',
    meaning: 'local',
    pattern: pattern(
      noDigitBefore,
      dashedDate,
      String.raw`(?:[-_T ]|, ?| at )`,
      dashedTime,
      String.raw`(?:[-.,](?<fraction>\d{3}))?`,
      noDigitAfter,
      String.raw`(?: ?(?<half>[AP])M(?![A-Za-z]))?`,
    ),
    read: local,
  },
  {
    // 2024-01-15 120000.jpg, 2024-01-15_120000.jpg
    id: 'plain.datetime_run',
    example: '2024-01-15 120000.jpg',
    meaning: 'local',
    pattern: pattern(
      noDigitBefore,
      dashedDate,
      String.raw`[-_ T](?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})`,
      noDigitAfter,
    ),
    read: local,
  },
  {
    // 2015-02-04(1).jpg, photo1_2023-10-06_wo_exif.jpg, Birthday 2019.07.04.jpg
    id: 'plain.day',
    example: 'photo1_2023-10-06_wo_exif.jpg',
    meaning: 'day',
    pattern: pattern(noDigitBefore, dashedDate, noDigitAfter),
    read: dayOnly,
  },
  {
    // 20170101.jpg, scan_20170101_0004.jpg; not IMG_20201350_…, not inside a longer run of digits, not in a UUID
    id: 'plain.compact_day',
    example: 'scan_20170101_0004.jpg',
    meaning: 'day; eight digits that stand as a word',
    pattern: pattern(
      String.raw`(?<![\p{L}\d])`,
      compactDate,
      String.raw`(?![\p{L}\d]|-[0-9a-f]{4}-[0-9a-f]{4}-)`,
    ),
    read: dayOnly,
  },
  {
    // 2019-07.jpg, 2019-07 Italy.jpg
    id: 'plain.month',
    example: '2019-07.jpg',
    meaning: 'month',
    pattern: pattern(wordBefore, String.raw`(?<year>(?:19|20)\d{2})-(?<month>0[1-9]|1[0-2])`, wordAfter),
    read: dayOnly,
  },
  {
    // 2018 July 4 picnic.jpg, 2018 July picnic.jpg, 2018-Juli-04.jpg
    id: 'plain.year_month_word',
    example: '2018 July 4 picnic.jpg',
    meaning: 'day or month; month names in eleven languages',
    pattern: pattern(
      wordBefore,
      String.raw`(?<year>(?:19|20)\d{2})[ _.-]{1,2}(?<word>`,
      monthWord,
      String.raw`)(?!\p{L})(?:[ _.-]{1,2}(?<day>\d{1,2})(?:st|nd|rd|th)?(?![\p{L}\d]))?`,
    ),
    read: withMonthWord,
  },
  {
    // 4 July 2018.jpg, 4. Juli 2018.jpg, 4 de julio de 2018.jpg, July 2018 picnic.jpg
    id: 'plain.day_month_word',
    example: '4 July 2018.jpg',
    meaning: 'day or month',
    pattern: pattern(
      String.raw`(?<![\p{L}\d])(?:(?<day>\d{1,2})(?:st|nd|rd|th|er|º)?\.?[ _-]{1,2}(?:de |of )?)?(?<word>`,
      monthWord,
      String.raw`)\.?[ _-]{1,2}(?:de |del )?(?<year>(?:19|20)\d{2})(?![\p{L}\d])`,
    ),
    read: withMonthWord,
  },
  {
    // July 4, 2018.jpg, July 4th 2018.jpg
    id: 'plain.month_word_day',
    example: 'July 4, 2018.jpg',
    meaning: 'day',
    pattern: pattern(
      String.raw`(?<![\p{L}\d])(?<word>`,
      monthWord,
      String.raw`)\.?[ _-](?<day>\d{1,2})(?:st|nd|rd|th)?,?[ _-](?<year>(?:19|20)\d{2})(?![\p{L}\d])`,
    ),
    read: withMonthWord,
  },
];

function withMonthWord(groups: Record<string, string | undefined>): ReturnType<typeof dayOnly> {
  const month = monthNumber(groups['word'] ?? '');
  return month === null ? null : dayOnly({ ...groups, month: String(month) });
}
