/**
 * Wall clocks as text cut at their precision (`2017`, `2017-12`, `2017-12-18`, `2017-12-18T10:20`,
 * `2017-12-18T10:20:30.123`), and the little arithmetic they need. A JavaScript `Date` never holds one: it would
 * put the zone of this computer into it.
 */
import type { Precision } from '#contract/words.ts';

/** A wall clock that exists in the calendar. */
export type WallClock = { local: string; precision: Precision };

type Parts = {
  year: number;
  month?: number | undefined;
  day?: number | undefined;
  hour?: number | undefined;
  minute?: number | undefined;
  second?: number | undefined;
  /** Digits after the decimal point, as written. More than nine are cut: Temporal counts nanoseconds. */
  fraction?: string | undefined;
};

/** The wall clock with these parts, as precise as they go, or null where the calendar has no such time. */
export function wallClock(parts: Parts): WallClock | null {
  const { year, month, day, hour, minute, second, fraction } = parts;
  try {
    if (year < 1 || year > 9999) return null;
    if (month === undefined) return { local: digits(year, 4), precision: 'year' };
    if (day === undefined) {
      const { year: y, month: m } = Temporal.PlainYearMonth.from({ year, month }, { overflow: 'reject' });
      return { local: `${digits(y, 4)}-${digits(m, 2)}`, precision: 'month' };
    }
    const date = Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).toString();
    if (hour === undefined || minute === undefined) return { local: date, precision: 'day' };
    Temporal.PlainTime.from({ hour, minute, second: second ?? 0 }, { overflow: 'reject' });
    const toMinute = `${date}T${digits(hour, 2)}:${digits(minute, 2)}`;
    if (second === undefined) return { local: toMinute, precision: 'minute' };
    const tail = fraction ? `.${fraction.slice(0, 9)}` : '';
    return { local: `${toMinute}:${digits(second, 2)}${tail}`, precision: 'second' };
  } catch {
    return null; // Temporal refuses what the calendar does not have
  }
}

/** The first moment a wall clock of any precision may mean. */
export function startOf(local: string): Temporal.PlainDateTime {
  if (local.length === 4) return Temporal.PlainDateTime.from(`${local}-01-01`);
  if (local.length === 7) return Temporal.PlainDateTime.from(`${local}-01`);
  return Temporal.PlainDateTime.from(local);
}

const lengths = {
  year: { years: 1 },
  month: { months: 1 },
  day: { days: 1 },
  minute: { minutes: 1 },
  second: { seconds: 0 },
} as const satisfies Record<Precision, Temporal.DurationLike>;

/** The first moment after it; of a second, the moment itself. */
export function endOf(local: string, precision: Precision): Temporal.PlainDateTime {
  return startOf(local).add(lengths[precision]);
}

export function hasClock(precision: Precision): boolean {
  return precision === 'second' || precision === 'minute';
}

/**
 * Milliseconds on the wall clock, from the Unix epoch read as if it were local. Only for differences between two
 * wall clocks; it says nothing about an instant.
 */
export function wallMilliseconds(local: string): number {
  return startOf(local).toZonedDateTime('UTC').epochMilliseconds;
}

/**
 * The instant of a wall clock in a zone. In the hour that daylight saving skips, the later reading is taken (the
 * clock had not been put forward yet); in the hour that comes twice, the first: Temporal's `compatible`, which is
 * also what iCalendar (RFC 5545) and every camera app do.
 */
export function instantIn(local: string, zone: string): Temporal.Instant {
  return startOf(local).toZonedDateTime(zone, { disambiguation: 'compatible' }).toInstant();
}

/** The wall clock of an instant in a zone, with its sub-seconds. */
export function wallClockIn(at: Temporal.Instant, zone: string): string {
  const local = at.toZonedDateTimeISO(zone).toPlainDateTime();
  return local.millisecond === 0 && local.microsecond === 0 && local.nanosecond === 0
    ? local.toString({ smallestUnit: 'second' })
    : local.toString();
}

/** Instants are kept as text with milliseconds, so that they sort as text. */
export function instantText(at: Temporal.Instant): string {
  return at.toString({ fractionalSecondDigits: 3, roundingMode: 'trunc' });
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
