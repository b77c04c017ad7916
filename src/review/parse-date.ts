/**
 * A date as people type it, with the precision they gave. What may mean two things gives two readings, and what lacks a
 * year none: never a guess. The year is not taken from the assets, because theirs is what is in doubt.
 */
import * as chrono from 'chrono-node';
import type { ParsedDate } from '#contract/decisions.ts';
import { inWords } from '#capture-time/because.ts';
import { monthNumber, monthWord } from '#capture-time/names/months.ts';
import { hasClock, wallClock, type WallClock } from '#capture-time/wall-clock.ts';
import { problemWith, type Understood } from './date-problem.ts';

type Reading = WallClock & { zone: string | null };

export function parseDate(text: string): ParsedDate {
  const typed = text.normalize('NFKC').replaceAll(/\s+/gu, ' ').trim();
  const [when, place] = splitZone(typed);
  const found = new Map<string, Reading>();
  const { readings: whole, understood } = readWhole(when);
  let hasIdleZone = false;
  for (const reading of whole) {
    const zone = place ?? reading.zone;
    hasIdleZone = zone !== null && !hasClock(reading.precision);
    if (!hasIdleZone) found.set(`${reading.local} ${zone}`, { ...reading, zone }); // a zone of a day means nothing
  }
  const readings = [...found.values()].map(({ local, precision, zone }) => ({
    local,
    precision,
    zone,
    words: zone === null ? inWords(local) : `${inWords(local)} ${zone}`,
  }));
  return { readings, problem: problemOf(typed, readings, understood, hasIdleZone) };
}

function problemOf(
  typed: string,
  [reading, other]: ParsedDate['readings'],
  understood: Understood | null,
  hasIdleZone: boolean,
): string | null {
  if (reading === undefined) return problemWith(typed, understood, hasIdleZone);
  if (other === undefined) return null;
  return `“${typed}” may be ${reading.words} or ${other.words}: write the month as a word, or the year first.`;
}

/** `2019`, `2019-05`, `12/1999`, `2019:05:05 10:20:30`, `2019-05-05T15:00:00.5+02:00` */
const byParts = [
  /^(?<year>\d{4})$/,
  /^(?<year>\d{4})[-/.](?<month>\d{1,2})$/,
  /^(?<month>\d{1,2})[-/.](?<year>\d{4})$/,
  /^(?<year>\d{4})[-/.:](?<month>\d{1,2})[-/.:](?<day>\d{1,2})(?:[T ](?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?)?(?: ?(?<zone>Z|[+-]\d{2}:?\d{2}))?)?$/i,
];

/** `understood`: what stands in a text from which no reading came. */
type WholeRead = { readings: Reading[]; understood: Understood | null };

function readWhole(text: string): WholeRead {
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
    return only(clock, offsetOf(parts['zone']));
  }
  const { word, year } = monthAndYear.exec(text)?.groups ?? {};
  if (word !== undefined) {
    const month = wallClock({ year: Number(year), month: monthNumber(word) ?? undefined });
    return only(month, null);
  }
  return readWithChrono(text);
}

function only(clock: WallClock | null, zone: string | null): WholeRead {
  return { readings: clock === null ? [] : [{ ...clock, zone }], understood: null };
}

/** A month and a year, in the languages in which file names are read. */
const monthAndYear = new RegExp(`^(?<word>${monthWord})\\.?,? (?:de |di )?(?<year>\\d{4})$`, 'iu');

/** English reads 5/6/2019 in both orders; other languages are asked only where English understands nothing. */
const english = [chrono.en.casual, chrono.en.GB];
const others = [chrono.de, chrono.fr, chrono.es, chrono.it, chrono.nl, chrono.pt, chrono.sv, chrono.fi].map(
  ({ casual }) => casual,
);

function readWithChrono(text: string): WholeRead {
  let understood: Understood | null = null;
  for (const parsers of [english, ...others.map((parser) => [parser])]) {
    const results = parsers.flatMap((parser) => wholeResult(parser, text) ?? []);
    const readings = results.flatMap((result) => readingOf(result, text) ?? []);
    if (readings.length > 0) return { readings, understood: null };
    understood ??= results.map((result) => partsOf(result, text))[0] ?? null;
  }
  return { readings: [], understood };
}

/** A part that was not understood may change the meaning of the rest. */
function wholeResult(parser: chrono.Chrono, text: string): chrono.ParsedResult | null {
  const [result, ...more] = parser.parse(text);
  const isWhole = result !== undefined && result.text.length === text.replace(/[.,]$/, '').length;
  return isWhole && more.length === 0 ? result : null;
}

function partsOf(result: chrono.ParsedResult, text: string): Understood {
  const { start, end } = result;
  return {
    month: certain(start, 'month'),
    day: certain(start, 'day'),
    hour: certain(start, 'hour'),
    is_relative: isRelative(result.tags()),
    is_range: Boolean(end),
    has_unknown_zone: start.isCertain('timezoneOffset') && writtenOffset(text) === null,
  };
}

function isRelative(tags: ReadonlySet<string>): boolean {
  return [...tags].some((tag) => /relativeDate|CasualDateParser/.test(tag));
}

function certain(start: chrono.ParsedComponents, part: chrono.Component): number | undefined {
  return start.isCertain(part) ? (start.get(part) ?? undefined) : undefined;
}

function readingOf(result: chrono.ParsedResult, text: string): Reading | null {
  const { is_relative, is_range, has_unknown_zone, month, day, hour } = partsOf(result, text);
  const year = certain(result.start, 'year');
  if (is_relative || is_range || has_unknown_zone || year === undefined) return null;
  // "May 19" has no year that anybody can tell from a day; "5/5/19" has one.
  if (!text.includes(String(year)) && day === undefined) return null;
  const clock = wallClock({
    year,
    month,
    day,
    hour,
    minute: hour === undefined ? undefined : (certain(result.start, 'minute') ?? 0),
    second: certain(result.start, 'second'),
  });
  const zone = result.start.isCertain('timezoneOffset') ? writtenOffset(text) : null;
  return clock === null ? null : { ...clock, zone };
}

/** CST is a zone of America, of China and of Cuba. */
function writtenOffset(text: string): string | null {
  return offsetOf(/(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT)$/i.exec(text)?.[0]);
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
