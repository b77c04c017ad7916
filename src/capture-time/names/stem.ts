/** The part of a file name that may hold a date: no extension, no copy marks, one form for every space and accent. */

/** Longer names are cut: no date stands there, and no system makes them (255 bytes on all common ones). */
const longestName = 1024;

/**
 * What Google Photos adds to the name of an edited copy, in the language of the account; special effects are always
 * in English.
 */
export const editedWords = [
  'edited',
  'effects',
  'smile',
  'mix',
  'animation',
  'collage',
  'motion',
  'pano',
  'exported',
  'bearbeitet',
  'modifié',
  'modifiée',
  'editado',
  'editada',
  'ha editado',
  'editat',
  'modificato',
  'bewerkt',
  'redigeret',
  'redigerad',
  'redigert',
  'edytowane',
  'upraveno',
  'upravené',
  'szerkesztve',
  'muokattu',
  'düzenlendi',
  'измененный',
  'изменено',
  'відредаговано',
  '編集済み',
  '已修改',
  '已编辑',
  '已編輯',
  '수정됨',
] as const;

/** Marks at the end of a stem that say nothing about time, each to be stripped as often as it stands there. */
const endings: readonly RegExp[] = [
  / ?\(\d{1,4}\)$/u, // (1) of browsers and Takeout
  / ?\((?:another |\d{1,3}(?:st|nd|rd|th) )?copy(?: \d{1,3})?\)$/iu, // (copy), (another copy) of GNOME
  /(?: - | )(?:copy|copie|kopie|copia|kopia|kopi)(?: \d{1,3})?$/iu, // " copy", " copy 2", " - Copy"
  /~\d{1,4}$/u, // ~2 of Android
  new RegExp(`-(?:${editedWords.map((word) => word.normalize('NFC')).join('|')})$`, 'iu'),
  /_COVER$/iu, // the chosen one of a burst
  /\.(?:MP|NIGHT|PORTRAIT|LS|TS|PANO|VB|MACRO|ORIGINAL|LONG_EXPOSURE|ACTION_PAN|PHOTOSPHERE)$/iu, // Pixel modes
  /\.(?:RAW|MOTION|RAW_MAIN|RAW_COVER|SOOC)-?\d{0,2}(?:\.(?:MP|COVER|ORIGINAL))?$/iu, // .RAW-01, .RAW-02.ORIGINAL
  / ?\[force\]$/iu,
  / ?\{[^{}]{0,200}\}$/u, // {tag1,tag2}
];

export function cleanStem(name: string): string {
  let stem = name
    .slice(0, longestName)
    .normalize('NFC')
    .replaceAll(/[\p{Zs}\t]/gu, ' ') // macOS writes U+202F before AM and PM, others U+00A0
    .replaceAll(/\p{Cf}/gu, '') // marks of writing direction
    .replace(/\.(?=\d{0,4}[A-Za-z])[A-Za-z0-9]{1,5}$/u, '') // "2019.07.04" has none
    .replaceAll(/ ?\[force\]/giu, '')
    .replaceAll(/ ?\{[^{}]{0,200}\}/gu, '')
    .trim();
  // One ending may hide another, as in "IMG_1-edited(1)"; more than a few are not worth the time.
  for (let round = 0; round < 6; round += 1) {
    const before = stem;
    for (const ending of endings) stem = stem.replace(ending, '');
    if (stem === before) break;
  }
  return stem;
}
