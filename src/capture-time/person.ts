/** A person's word as evidence, and what a correction makes of a time. */
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import { factsOf } from './sources.ts';
import { hasClock, instantIn, instantText, startOf, wallClockIn, wallMilliseconds } from './wall-clock.ts';

/** A time that a person spoke about, as it stood then: a piece of evidence, or the capture time that was shown. */
export type TimeSpokenOf = Pick<CaptureTime, 'at' | 'local' | 'zone' | 'zone_source' | 'source' | 'precision'>;

/** What a person entered. Without a zone it takes that of the file, or of home, each time it is decided. */
export function enteredPiece(
  entered: Pick<Evidence, 'raw' | 'local' | 'precision'> & { zone: string | null },
): Evidence {
  const { raw, local, precision, zone } = entered;
  if (local === null || zone === null || !hasClock(precision)) {
    return { ...person, raw, local, precision, at: null, zone: null, zone_source: null };
  }
  const at = instantText(instantIn(local, zone));
  return { ...person, raw, local, precision, at, zone, zone_source: 'written' };
}

/** A piece, or a shown time, that a person confirmed: null when it holds no time. */
export function confirmedPiece(time: TimeSpokenOf, raw: string): Evidence | null {
  const { local, precision, at, zone, zone_source, source } = time;
  if (local === null || precision === null) return null;
  const held = { ...person, raw, local, precision };
  // An instant that was only told in the time of home stays the instant when home moves.
  if (at !== null && source !== null && factsOf(source).reads === 'utc' && zone_source === 'home') {
    return {
      ...held,
      local: wallClockIn(Temporal.Instant.from(at), 'UTC'),
      at,
      zone: 'UTC',
      zone_source: 'standard',
    };
  }
  if (zone_source === null || zone_source === 'home')
    return { ...held, at: null, zone: null, zone_source: null };
  return { ...held, at, zone, zone_source };
}

/**
 * The same time by a clock that stood `seconds` later. Null where that has no meaning: hours cannot move a day of
 * which no hour is known, though days can.
 */
export function shifted(time: TimeSpokenOf, seconds: number): TimeSpokenOf | null {
  const { local, precision, at, zone, zone_source } = time;
  if (local === null || precision === null) return null;
  if (precision === 'day' && seconds % daySeconds === 0) {
    return { ...time, local: startOf(local).add({ seconds }).toPlainDate().toString() };
  }
  if (!hasClock(precision)) return null;
  const moved = startOf(local).add({ seconds });
  // A clock of minutes that moves by seconds stays a clock of minutes.
  const text =
    precision === 'minute'
      ? moved.toString({ smallestUnit: 'minute' })
      : withFractionOf(local, moved.toString());
  if (at === null || zone === null) return { ...time, local: text, at: null };
  const instant =
    zone_source === 'standard' ? Temporal.Instant.from(at).add({ seconds }) : instantIn(text, zone);
  return { ...time, local: text, at: instantText(instant) };
}

/** By how much a clock was off: by a time, or because it stood in another zone than the pictures were taken in. */
export type ClockFault = { shift_seconds: number; zone?: ZoneFault | null | undefined };
/** Zones as offsets, IANA names or `UTC`. */
export type ZoneFault = { clock: string; taken: string };

/** The same time by a clock without that fault. Null where that has no meaning. */
export function withoutFault(time: TimeSpokenOf, { shift_seconds, zone }: ClockFault): TimeSpokenOf | null {
  return zone ? retold(time, zone) : shifted(time, shift_seconds);
}

/** What a clock in one zone showed, told on the clock of another. A header in UTC knew its moment and keeps it. */
function retold(time: TimeSpokenOf, { clock, taken }: ZoneFault): TimeSpokenOf | null {
  const { local, precision, zone_source } = time;
  if (zone_source === 'standard') return inZone(time, taken, 'instant');
  if (local === null || precision === null || !hasClock(precision)) return null;
  const at = instantIn(local, clock);
  const milliseconds = wallMilliseconds(wallClockIn(at, taken)) - wallMilliseconds(local);
  const moved = shifted({ ...time, at: null, zone: null, zone_source: null }, milliseconds / 1000);
  return moved && { ...moved, at: instantText(at), zone: taken, zone_source: 'written' };
}

/** The same wall clock in another zone, or the same instant on the clock there. Null where there is no clock. */
export function inZone(time: TimeSpokenOf, zone: string, keep: 'clock' | 'instant'): TimeSpokenOf | null {
  const { local, precision, at } = time;
  if (local === null || precision === null || !hasClock(precision)) return null;
  if (keep === 'instant') {
    if (at === null) return null;
    return { ...time, local: wallClockIn(Temporal.Instant.from(at), zone), zone, zone_source: 'written' };
  }
  return { ...time, at: instantText(instantIn(local, zone)), zone, zone_source: 'written' };
}

const person = { source: 'person', weight: factsOf('person').weight, rejected: null } as const;
const daySeconds = 86_400;

/** `toString` leaves out seconds and fractions that are zero; a wall clock keeps as many as were read. */
function withFractionOf(local: string, moved: string): string {
  const [whole = '', fraction = ''] = (moved.length === 16 ? `${moved}:00` : moved).split('.');
  const wanted = local.split('.')[1]?.length ?? 0;
  return wanted === 0 ? whole : `${whole}.${fraction.padEnd(wanted, '0')}`;
}
