import {
  compactDate,
  compactTime,
  local,
  type NameRule,
  noDigitAfter,
  noDigitBefore,
  pattern,
} from './name-rule.ts';

export const droneRules: readonly NameRule[] = [
  {
    // DJI_20230127131426_0352_W.JPG
    id: 'drone.dji',
    example: 'DJI_20230127131426_0352_W.JPG',
    meaning: 'local',
    pattern: pattern('DJI_', compactDate, compactTime, noDigitAfter),
    read: local,
  },
  {
    // vlc-record-2023-05-15-14h30m22s.mp4, vlc-record-2023-05-15-14h30m22s-film.mp4
    id: 'recorder.vlc',
    example: 'vlc-record-2023-05-15-14h30m22s.mp4',
    meaning: 'local; the time of recording',
    pattern: pattern(
      noDigitBefore,
      String.raw`(?:vlc-record-)?(?<year>20\d{2})-(?<month>\d{2})-(?<day>\d{2})-(?<hour>\d{2})h(?<minute>\d{2})m(?<second>\d{2})s`,
    ),
    read: local,
  },
];
