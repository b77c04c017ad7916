import { dashedTime, local, type NameRule, noDigitAfter, pattern } from './name-rule.ts';

const date = String.raw`(?<year>20\d{2})-(?<month>\d{2})-(?<day>\d{2})`;

export const chatRules: readonly NameRule[] = [
  {
    // signal-2024-08-17-21-58-10-982-1.jpg, signal-2024-08-17-21-58-10-982.jpg
    id: 'chat.signal_ms',
    example: 'signal-2024-08-17-21-58-10-982-1.jpg',
    meaning: 'local, milliseconds',
    pattern: pattern(
      'signal-',
      date,
      String.raw`-(?<hour>\d{2})-(?<minute>\d{2})-(?<second>\d{2})(?:-(?<fraction>\d{3}))?`,
      noDigitAfter,
    ),
    read: local,
  },
  {
    // signal-2018-08-21-100217.jpg
    id: 'chat.signal',
    example: 'signal-2018-08-21-100217.jpg',
    meaning: 'local',
    pattern: pattern(
      'signal-',
      date,
      String.raw`-(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})`,
      noDigitAfter,
    ),
    read: local,
  },
  {
    // photo_2020-01-30_09-57-18.jpg, telegram_2020-01-30_09-57-18.jpg, video_2020-01-30_09-57-18.mp4
    id: 'chat.telegram',
    example: 'photo_2020-01-30_09-57-18.jpg',
    meaning: 'local',
    pattern: pattern('(?:photo|video|telegram|file|sticker)_', date, '_', dashedTime, noDigitAfter),
    read: local,
  },
  {
    // photo_1@30-01-2020_09-57-18.jpg, video_12@30-01-2020_09-57-18.mp4 (Telegram's export: the day stands first)
    id: 'chat.telegram_export',
    example: 'photo_1@30-01-2020_09-57-18.jpg',
    meaning: 'local, day first',
    pattern: pattern(
      String.raw`[a-z_]{1,20}\d{0,9}@(?<day>\d{2})-(?<month>\d{2})-(?<year>20\d{2})_`,
      dashedTime,
      noDigitAfter,
    ),
    read: local,
  },
];
