import { compactDate, dayOnly, local, type NameRule, noDigitAfter, pattern } from './name-rule.ts';

export const whatsappRules: readonly NameRule[] = [
  {
    // IMG-20171218-WA0028.jpg, VID-20180101-WA0001.mp4, AUD-…, PTT-…, STK-20200101-WA0003.webp
    id: 'whatsapp.day',
    example: 'IMG-20171218-WA0028.jpg',
    meaning: 'day only; the WA number gives the order within the day',
    pattern: pattern(String.raw`[A-Z]{3}-`, compactDate, String.raw`-WA(?<counter>\d{1,6})`, noDigitAfter),
    read: dayOnly,
  },
  {
    // WhatsApp Image 2023-05-26 at 2.10.18 PM.jpeg, WhatsApp Video 2023-05-26 at 23.57.02.mp4
    id: 'whatsapp.datetime',
    example: 'WhatsApp Image 2023-05-26 at 2.10.18 PM.jpeg',
    meaning: 'local, 12 h and 24 h',
    pattern: pattern(
      String.raw`WhatsApp [A-Za-z]{1,12} (?<year>20\d{2})-(?<month>\d{2})-(?<day>\d{2}) (?:at|um|à|a las|alle|om|às) `,
      String.raw`(?<hour>\d{1,2})[.:](?<minute>\d{2})[.:](?<second>\d{2})`,
      noDigitAfter,
      String.raw`(?: ?(?<half>[AP])\.? ?M(?![A-Za-z]))?`,
    ),
    read: local,
  },
];
