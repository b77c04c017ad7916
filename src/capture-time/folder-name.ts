/** The day, month or year that folders say. A folder holds many files, so it never says a clock time. */
import { readName } from './file-name.ts';
import { monthNumber, monthWord } from './names/months.ts';
import { wallClock, type WallClock } from './wall-clock.ts';

/** `raw` is the folder that said it, with the folders above it that it needs: `2014/07`. */
export type FolderRead = WallClock & { raw: string };

/** Deeper trees than this say nothing more. */
const deepest = 40;

/**
 * What the folders of a path say, or null. The innermost that has a date counts, and the finest of those around it
 * that agrees: `2014/2014-07 Italy/`, `2019-07-04 Picnic/DCIM`, `2014/07/15`.
 */
export function readFolder(folder: string): FolderRead | null {
  const segments = folder
    .normalize('NFC')
    .split(/[/\\]/)
    .filter((segment) => segment !== '')
    .slice(-deepest);
  const reads: FolderRead[] = [];
  let above: FolderRead | null = null;
  for (const segment of segments) {
    above = within(above, segment) ?? readSegment(segment);
    if (above !== null) reads.push(above);
  }
  const innermost = reads.at(-1);
  if (innermost === undefined) return null;
  const agreeing = reads.filter(({ local }) => local.startsWith(innermost.local));
  return agreeing.reduce(
    (finest, read) => (read.local.length > finest.local.length ? read : finest),
    innermost,
  );
}

const monthFolder = new RegExp(`^(?<month>0[1-9]|1[0-2])(?:[ _.-]{1,3}(?<word>${monthWord}))?$`, 'iu');
const wordFolder = new RegExp(`^(?<word>${monthWord})$`, 'iu');

/** A folder that needs the one above it: `2014/07`, `2014/07 July`, `2014/July`, `2014/07/15`. */
function within(above: FolderRead | null, segment: string): FolderRead | null {
  if (above === null) return null;
  const raw = `${above.raw}/${segment}`;
  if (above.precision === 'year') {
    const { month, word } = (monthFolder.exec(segment) ?? wordFolder.exec(segment))?.groups ?? {};
    const number = month === undefined ? null : Number(month);
    const named = word === undefined ? null : monthNumber(word);
    // "07 August" was not written by a calendar
    if (number !== null && named !== null && number !== named) return null;
    return asFolder(raw, above.local, number ?? named ?? undefined, undefined);
  }
  if (above.precision === 'month' && /^(?:0[1-9]|[12]\d|3[01])$/.test(segment)) {
    const [year = '', month = ''] = above.local.split('-');
    return asFolder(raw, year, Number(month), Number(segment));
  }
  return null;
}

function asFolder(raw: string, year: string, month: number | undefined, day: number | undefined) {
  if (month === undefined) return null;
  const clock = wallClock({ year: Number(year), month, day });
  return clock === null ? null : { ...clock, raw };
}

/** `2019-07-01 - 2019-07-14`, `2019-07 to 2019-08`, `2014-2016`, `2014–16`: only what both ends share is known. */
const span =
  /(?<![\p{L}\d])(?<from>(?:19|20)\d{2}(?:-\d{2}){0,2})(?: {0,2}(?:[-–]| to | bis | till ) {0,2})(?<to>(?:19|20)\d{2}(?:-\d{2}){0,2}|\d{2})(?![\p{L}\d-])/u;

/**
 * 2014, 2014 Italy, 2014_Italy; Photos from 2023, Summer 2014, Fotos von 2023. The year stands at the beginning or at
 * the end of the name, as a word.
 */
const yearFirst = /^(?<year>(?:19|20)\d{2})(?:$|[ _-]{1,3}(?=\p{L}))/u;
const yearLast = /\p{L}[ _-]{1,3}(?<year>(?:19|20)\d{2})$/u;

/** When something was copied or scanned is not when it was taken: Backup 2020, Scans 2019-03. */
const notOfTheShot =
  /(?<!\p{L})(?:back-?ups?|sicherung(?:en)?|sauvegardes?|kopia|scan(?:s|ned)?|eingescannt|exports?|imports?|uploads?|downloads?|sync|restored?|recovered)(?!\p{L})/iu;

function readSegment(segment: string): FolderRead | null {
  // Most folders say no year, and every photo of a library asks.
  if (!/(?:19|20)\d{2}/.test(segment) || notOfTheShot.test(segment)) return null;
  const range = span.exec(segment);
  const { from, to } = range?.groups ?? {};
  // `2019-07-04` alone is also a year followed by two digits
  if (from !== undefined && to !== undefined && !/^\d{4}-\d{2}(?:-\d{2})?$/.test(range?.[0] ?? '')) {
    return sharedBy(segment, from, to);
  }
  // The dot of "2019.07.04 Picnic" begins no extension.
  const named = readName(`${segment}.jpg`);
  if (named !== null) {
    return named.reads === 'utc' ? null : { ...dayOf(named), raw: segment };
  }
  const year = (yearFirst.exec(segment) ?? yearLast.exec(segment))?.groups?.['year'];
  const clock = year === undefined ? null : wallClock({ year: Number(year) });
  return clock === null ? null : { ...clock, raw: segment };
}

function dayOf({ local, precision }: WallClock): WallClock {
  const clock = precision === 'second' || precision === 'minute';
  return clock ? { local: local.slice(0, 10), precision: 'day' } : { local, precision };
}

function sharedBy(raw: string, from: string, to: string): FolderRead | null {
  const [one, other] = [from.split('-'), to.split('-')];
  const shared = one.slice(0, one.findIndex((part, index) => part !== other[index]) >>> 0);
  const [year, month, day] = shared.map(Number);
  const clock = year === undefined ? null : wallClock({ year, month, day });
  return clock === null ? null : { ...clock, raw };
}
