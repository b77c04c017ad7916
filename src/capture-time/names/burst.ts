import {
  compactDate,
  compactTime,
  epochMilliseconds,
  local,
  type NameRule,
  noDigitAfter,
  pattern,
} from './name-rule.ts';

export const burstRules: readonly NameRule[] = [
  {
    // 00015IMG_00015_BURST20171111030039_COVER.jpg
    id: 'burst.local',
    example: '00015IMG_00015_BURST20171111030039_COVER.jpg',
    meaning: 'local',
    pattern: pattern('BURST', compactDate, compactTime, noDigitAfter),
    read: local,
  },
  {
    // DSC_0052_BURST20230709220904977.JPG (Sony Xperia)
    id: 'burst.local_ms',
    example: 'DSC_0052_BURST20230709220904977.JPG',
    meaning: 'local, milliseconds',
    pattern: pattern('BURST', compactDate, compactTime, String.raw`(?<fraction>\d{3})`, noDigitAfter),
    read: local,
  },
  {
    // 00001IMG_00001_BURST1723801037429.jpg, 00000PORTRAIT_00000_BURST20181229213517346.jpg has a date instead
    id: 'burst.epoch',
    example: '00001IMG_00001_BURST1723801037429.jpg',
    meaning: 'milliseconds since 1970, UTC',
    pattern: pattern(String.raw`BURST(?<epoch>[12]\d{12})`, noDigitAfter),
    read: epochMilliseconds,
  },
];
