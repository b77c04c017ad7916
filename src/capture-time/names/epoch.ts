import { epochMilliseconds, type NameRule, noDigitAfter, pattern } from './name-rule.ts';

/** Thirteen digits alone are no date: every app numbers things. Only after these words. */
export const epochRules: readonly NameRule[] = [
  {
    // FB_IMG_1560785471157.jpg
    id: 'epoch.facebook',
    example: 'FB_IMG_1560785471157.jpg',
    meaning: 'milliseconds since 1970, UTC; the time of saving',
    pattern: pattern(String.raw`(?<![A-Za-z])FB_(?:IMG|VID)_(?<epoch>1\d{12})`, noDigitAfter),
    read: epochMilliseconds,
  },
  {
    // mmexport1716130574783.jpg, wx_camera_1716130574783.jpg
    id: 'epoch.wechat',
    example: 'mmexport1716130574783.jpg',
    meaning: 'milliseconds since 1970, UTC; the time of saving',
    pattern: pattern(String.raw`(?<![A-Za-z])(?:mmexport|wx_camera_)(?<epoch>1\d{12})`, noDigitAfter),
    read: epochMilliseconds,
  },
];
