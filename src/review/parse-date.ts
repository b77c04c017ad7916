/** A date as people type it, with the precision they gave. What may mean two things gives two readings, never a guess. */
import * as chrono from 'chrono-node';
import type { ParsedDate } from '#contract/decisions.ts';
import { inWords } from '#capture-time/because.ts';
import { monthNumber, monthWord } from '#capture-time/names/months.ts';
import { hasClock, wallClock, type WallClock } from '#capture-time/wall-clock.ts';

type Reading = WallClock & { zone: string | null };

export function parseDate(text: string): ParsedDate {
  const typed = text.normalize('NFKC').replaceAll(/\s+/gu, ' ').trim();
  const [when, place] = splitZone(typed);
  const readings = new Map<string, Reading>();
  for (const reading of readWhole(when)) {
    const zone = place ?? reading.zone;
    if (zone !== null && !hasClock(reading.precision)) continue; // a zone of a day means nothing
    readings.set(`${reading.local} ${zone}`, { ...reading, zone });
  }
  return {
    readings: [...readings.values()].map(({ local, precision, zone }) => ({
      local,
      precision,
      zone,
      words: zone === null ? inWords(local) : `${inWords(local)} ${zone}`,
    })),
  };
}

/** `2019`, `2019-05`, `12/1999`, `2019:05:05 10:20:30`, `2019-05-05T15:00:00.5+02:00` */
const byParts = [
  /^(?<year>\d{4})$/,
  /^(?<year>\d{4})[-/.](?<month>\d{1,2})$/,
  /^(?<month>\d{1,2})[-/.](?<year>\d{4})$/,
  /^(?<year>\d{4})[-/.:](?<month>\d{1,2})[-/.:](?<day>\d{1,2})(?:[T ](?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?)?(?: ?(?<zone>Z|[+-]\d{2}:?\d{2}))?)?$/i,
];

function readWhole(text: string): Reading[] {
  for (const pattern of byParts) {
    const parts = pattern.exec(text)?.groups;
    if (parts === undefined) continue;
    const number = (name: string) => (parts[name] === undefined ? undefined : Number(parts[name]));
    const clock = wallClock({
      year: Number(parts['year']),
      month: number('month'),
      day: number('day'),
      hour: number('hour'),
      minute: number('minute'),
      second: number('second'),
      fraction: parts['fraction'],
    });
    return clock === null ? [] : [{ ...clock, zone: offsetOf(parts['zone']) }];
  }
  const { word, year } = monthAndYear.exec(text)?.groups ?? {};
  if (word !== undefined) {
    const month = wallClock({ year: Number(year), month: monthNumber(word) ?? undefined });
    return month === null ? [] : [{ ...month, zone: null }];
  }
  return readWithChrono(text);
}

/** A month and a year, in the languages in which file names are read. */
const monthAndYear = new RegExp(`^(?<word>${monthWord})\\.?,? (?:de |di )?(?<year>\\d{4})$`, 'iu');

/** English reads 5/6/2019 in both orders; other languages are asked only where English understands nothing. */
const english = [chrono.en.casual, chrono.en.GB];
const others = [chrono.de, chrono.fr, chrono.es, chrono.it, chrono.nl, chrono.pt, chrono.sv, chrono.fi].map(
  ({ casual }) => casual,
);

function readWithChrono(text: string): Reading[] {
  if (!/\d{2}/.test(text)) return []; // "yesterday": no year was said
  const readings = english.flatMap((parser) => read(parser, text));
  if (readings.length > 0) return readings;
  for (const parser of others) {
    const understood = read(parser, text);
    if (understood.length > 0) return understood;
  }
  return [];
}

function read(parser: chrono.Chrono, text: string): Reading[] {
  const [result, ...more] = parser.parse(text);
  // A part that was not understood may change the meaning of the rest.
  const isWhole = result !== undefined && result.text.length === text.replace(/[.,]$/, '').length;
  if (!isWhole || more.length > 0 || result.end) return [];
  const { start } = result;
  const known = (part: chrono.Component) =>
    start.isCertain(part) ? (start.get(part) ?? undefined) : undefined;
  const year = known('year');
  if (year === undefined) return [];
  const zone = start.isCertain('timezoneOffset')
    ? offsetOf(/(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT)$/i.exec(text)?.[0])
    : null;
  // CST is a zone of America, of China and of Cuba.
  if (start.isCertain('timezoneOffset') && zone === null) return [];
  const hour = known('hour');
  const clock = wallClock({
    year,
    month: known('month'),
    day: known('day'),
    hour,
    minute: hour === undefined ? undefined : (known('minute') ?? 0),
    second: known('second'),
  });
  return clock === null ? [] : [{ ...clock, zone }];
}

function offsetOf(written: string | undefined): string | null {
  if (written === undefined) return null;
  if (/^(?:z|utc|gmt)$/i.test(written)) return 'UTC';
  return written.includes(':') ? written : `${written.slice(0, 3)}:${written.slice(3)}`;
}

/** `5 May 2019 15:00 Europe/Paris` */
function splitZone(text: string): [string, string | null] {
  const [, when = text, zone = ''] = /^(.+) ([A-Za-z_]+\/[A-Za-z_/+-]+)$/u.exec(text) ?? [];
  return isZone(zone) ? [when, zone] : [text, null];
}

/** An IANA name, an offset, or UTC. */
export function isZone(zone: string): boolean {
  if (zone === '') return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
