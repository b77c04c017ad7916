import { compactDate, compactTime, local, type NameRule, noDigitAfter, pattern } from './name-rule.ts';

/** What phones and computers call a picture or film of the screen, in the languages they speak. */
const word = String.raw`(?<![\p{L}])(?:Screen ?shot|Screen[ _]?Recording|Screenrecorder|Screencast|screen|Bildschirmfoto|Bildschirmaufnahme|Bildschirmaufzeichnung|Capture d['’]écran|Captura de pantalla|Captura de tela|Captura de ecrã|Grabación de pantalla|Schermata|Registrazione schermo|Schermafbeelding|Schermopname|Skærmbillede|Skärmavbild|Skjermbilde|Zrzut ekranu|Снимок экрана)`;
const joint = String.raw`[ _-](?:from |vom |de |du |del |van |fra |från |z )?`;
const date = String.raw`(?<year>20\d{2})-(?<month>\d{2})-(?<day>\d{2})`;

export const screenshotRules: readonly NameRule[] = [
  {
    // Screenshot_20190919-053857_App.jpg, Screen_Recording_20210101-120000_App.mp4, screen-20230101-120000.mp4
    id: 'screenshot.compact',
    example: 'Screenshot_20190919-053857_App.jpg',
    meaning: 'local',
    pattern: pattern(word, '[_-]', compactDate, '[_-]', compactTime, noDigitAfter),
    read: local,
  },
  {
    // Screenshot_2019-04-16-11-19-37-232_com.app.jpg (Xiaomi), Screenrecorder-2021-09-21-14-44-23-783.mp4
    id: 'screenshot.dashed',
    example: 'Screenshot_2019-04-16-11-19-37-232_com.app.jpg',
    meaning: 'local, milliseconds where they stand',
    pattern: pattern(
      word,
      '[_-]',
      date,
      String.raw`-(?<hour>\d{2})-(?<minute>\d{2})-(?<second>\d{2})(?:-(?<fraction>\d{3}))?`,
      noDigitAfter,
    ),
    read: local,
  },
  {
    // Screenshot 2019-05-21 at 10.45.52.png, Screen Shot 2020-01-01 at 10.00.00 AM.png (macOS; from version 13 the
    // space before AM is U+202F), Bildschirmfoto 2021-02-03 um 14.05.06.png, Screenshot from 2022-12-17 19-45-43.png
    // (GNOME), Screen Recording 2022-12-17 at 7.45.43 PM.mov
    id: 'screenshot.spoken',
    example: 'Screen Shot 2020-01-01 at 10.00.00 AM.png',
    meaning: 'local, 12 h and 24 h, in eleven languages',
    pattern: pattern(
      word,
      joint,
      date,
      String.raw` (?:(?:at|um|à|a las|alle|om|kl\.?|às|o|w|в) )?`,
      String.raw`(?<hour>\d{1,2})[-.:](?<minute>\d{2})[-.:](?<second>\d{2})`,
      noDigitAfter,
      String.raw`(?: ?(?<half>[AP])\.? ?M(?![A-Za-z]))?`,
    ),
    read: local,
  },
  {
    // Screenshot 2024-09-30 162059.png (Windows)
    id: 'screenshot.windows',
    example: 'Screenshot 2024-09-30 162059.png',
    meaning: 'local',
    pattern: pattern(word, ' ', date, ' ', compactTime, noDigitAfter),
    read: local,
  },
];
