/**
 * What a rule for file names is made of. A rule is a pattern over a clean stem (NFC, plain spaces, endings stripped);
 * of all rules that match, the longest match wins.
 *
 * Patterns have no nested repetition and only bounded ones, so that no name, however long or odd, makes them slow.
 */
import { wallClock, type WallClock } from '../wall-clock.ts';

export type NameRead = WallClock & {
  reads: 'local' | 'utc';
  /** Order within the day, where the name has a counter and no clock. */
  counter: number | null;
};

export type NameRule = {
  /** Family and form, as tests and documentation name it. */
  id: string;
  /** A real name. */
  example: string;
  /** One line for the table in the documentation. */
  meaning: string;
  pattern: RegExp;
  read: (groups: Record<string, string | undefined>) => NameRead | null;
};

/** Year, month and day written as digits without anything between: 19xx and 20xx only, or every number is a date. */
export const compactDate = String.raw`(?<year>(?:19|20)\d{2})(?<month>\d{2})(?<day>\d{2})`;
export const compactTime = String.raw`(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})`;
/** `2024-01-15`, `2024_01_15`, `2024.01.15`. */
export const dashedDate = String.raw`(?<year>(?:19|20)\d{2})(?<dash>[-_.])(?<month>\d{2})\k<dash>(?<day>\d{2})`;
export const dashedTime = String.raw`(?<hour>\d{2})[-_.:](?<minute>\d{2})[-_.:](?<second>\d{2})`;
export const noDigitBefore = String.raw`(?<!\d)`;
export const noDigitAfter = String.raw`(?!\d)`;

/** Global, so that a later place in the name is tried when the first holds no date of the calendar. */
export function pattern(...parts: string[]): RegExp {
  return new RegExp(parts.join(''), 'giu');
}

/** A wall clock from the groups `year` … `second`, `fraction`, and `half` for AM and PM. */
export function local(groups: Record<string, string | undefined>): NameRead | null {
  return fromGroups(groups, 'local');
}

export function utc(groups: Record<string, string | undefined>): NameRead | null {
  return fromGroups(groups, 'utc');
}

/** A day, month or year, with a counter where the name has one. */
export function dayOnly(groups: Record<string, string | undefined>): NameRead | null {
  const clock = wallClock({
    year: Number(groups['year']),
    month: number(groups['month']),
    day: number(groups['day']),
  });
  return clock === null ? null : { ...clock, reads: 'local', counter: number(groups['counter']) ?? null };
}

/** Milliseconds since 1970 in UTC. */
export function epochMilliseconds(groups: Record<string, string | undefined>): NameRead | null {
  const at = Temporal.Instant.fromEpochMilliseconds(Number(groups['epoch']));
  const text = at.toZonedDateTimeISO('UTC').toPlainDateTime().toString({ fractionalSecondDigits: 3 });
  return { local: text, precision: 'second', reads: 'utc', counter: null };
}

function fromGroups(groups: Record<string, string | undefined>, reads: 'local' | 'utc'): NameRead | null {
  const hour = hourOfDay(Number(groups['hour']), groups['half']);
  if (hour === null) return null;
  const clock = wallClock({
    year: Number(groups['year']),
    month: number(groups['month']),
    day: number(groups['day']),
    hour,
    minute: number(groups['minute']),
    second: number(groups['second']),
    fraction: groups['fraction'],
  });
  return clock === null ? null : { ...clock, reads, counter: null };
}

/** 12 AM is midnight, 12 PM noon; "14 PM" is no time. */
function hourOfDay(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0);
}

function number(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
