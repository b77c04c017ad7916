import { compactDate, compactTime, type NameRule, noDigitAfter, pattern, utc } from './name-rule.ts';

export const pixelRules: readonly NameRule[] = [
  {
    // PXL_20210906_174416840.mp4, PXL_20220724_210650210.NIGHT.mp4, PXL_20231006_063121958 (another copy).jpg,
    // PXL_20231006_063909898.LS.mp4, PXL_20210101_000000123~2.jpg
    id: 'pixel.utc',
    example: 'PXL_20210906_174416840.mp4',
    meaning: '**UTC**, milliseconds',
    pattern: pattern(
      String.raw`(?<![A-Za-z])PXL_`,
      compactDate,
      '_',
      compactTime,
      String.raw`(?<fraction>\d{3})?`,
      noDigitAfter,
    ),
    read: utc,
  },
];
