/** Which dates are not to be believed, and why. */
import type { Evidence } from '#contract/capture-time.ts';
import type { Rejection } from '#contract/words.ts';
import type { Rules } from './clues.ts';
import { isContainer } from './content.ts';
import { hasClock, startOf } from './wall-clock.ts';

/** What a rejection means, in words that follow a colon or a dash. */
export const rejectionWords = {
  impossible_date: 'not a date of the calendar',
  zeros: 'all zeros, so the clock was never set',
  container_zero: 'the video was written without a date',
  epoch_default: 'a day that clocks start from when nobody has set them',
  camera_default: 'a date that a faulty device writes into every picture',
  before_min_year: 'before the first year that is believed',
  after_tomorrow: 'in the future',
  copied_recently: 'the file was saved just before it was imported, so this is when it was copied',
  upload_time: 'the moment it was uploaded to Google and not when it was taken',
  another_shot: 'of another shot that only has the same name',
  overruled: 'ruled out by a person',
} as const satisfies Record<Rejection, string>;

/**
 * Days from which clocks count: 1904-01-01 QuickTime and classic Mac OS, 1970-01-01 Unix, 1980-01-01 FAT and many
 * cameras, 4501-01-01 Microsoft's "no date".
 */
const epochDays: ReadonlySet<string> = new Set(['1904-01-01', '1970-01-01', '1980-01-01', '4501-01-01']);
/**
 * Days on which pictures were taken too, so that only their exact midnight is a default: 1601 Windows, 1899 Office,
 * 1998 and 2000 cameras after a change of batteries, 2001 Apple. A day without a clock is somebody's note and stays.
 */
const midnightDays: ReadonlySet<string> = new Set([
  '1601-01-01',
  '1899-12-30',
  '1998-01-01',
  '2000-01-01',
  '2001-01-01',
]);
const midnight = /^T00:00(?::00(?:\.0+)?)?$/;
/** The end of the days of some counters, seen as a default. */
const endOfCounting = '2036-01-01T23:59:59';
/** Many Android devices around 2010 wrote this moment into every picture. */
const androidFault = '2002-12-08T12:00:00';
/** Matroska counts from 2001. */
const matroskaZero = '2001-01-01T00:00:00';

/** A file time this close before the import tells of a copy, not of a picture. */
export const copiedWithin = Temporal.Duration.from({ hours: 24 });

/**
 * Why this piece may not be chosen, or null. What was found when the piece was read stays: it cannot be read again,
 * a person ruled it out, or it was new at its import.
 */
export function rejectionOf(piece: Evidence, rules: Rules): Rejection | null {
  const { source, local, rejected } = piece;
  if (source === 'person') return null;
  if (rejected === 'overruled' || rejected === 'copied_recently' || rejected === 'another_shot')
    return rejected;
  if (local === null) return rejected ?? 'impossible_date';
  const day = hasClock(piece.precision) || piece.precision === 'day' ? local.slice(0, 10) : null;
  if (isContainer(source) && (day === '1904-01-01' || day === '1970-01-01')) return 'container_zero';
  if (source === 'Matroska:DateTimeOriginal' && local.startsWith(matroskaZero)) return 'container_zero';
  if (day !== null && epochDays.has(day)) return 'epoch_default';
  if (day !== null && midnightDays.has(day) && midnight.test(local.slice(10))) return 'epoch_default';
  if (local.startsWith(endOfCounting)) return 'epoch_default';
  if (local.startsWith(androidFault)) return 'camera_default';
  if (Number(local.slice(0, 4)) < rules.min_year) return 'before_min_year';
  if (Temporal.PlainDate.compare(startOf(local).toPlainDate(), tomorrow(rules)) > 0) return 'after_tomorrow';
  return null;
}

/** Whether a file time tells of a copy: within a day before the import, or after it, which only a wrong clock does. */
export function copiedRecently(modified_at: Temporal.Instant, rules: Rules): boolean {
  return Temporal.Instant.compare(modified_at, rules.now.subtract(copiedWithin)) > 0;
}

/** A day of grace, because a picture may come from a zone where it is already tomorrow. */
function tomorrow({ now, home_zone }: Rules): Temporal.PlainDate {
  return now.toZonedDateTimeISO(home_zone).toPlainDate().add({ days: 1 });
}
