/** When two pieces of evidence say the same. */
import type { Evidence } from '#contract/capture-time.ts';
import { hasClock, wallClockIn, wallMilliseconds } from './wall-clock.ts';

const secondMs = 1000;
const minuteMs = 60_000;
const quarterHourMs = 15 * minuteMs;
const farthestZoneMs = 14 * 60 * minuteMs;

/**
 * Two settled pieces agree if
 * - their instants are within 1 s; or
 * - their wall clocks are, when a zone is missing on one (a zone taken from home is a missing one); or
 * - their wall clocks differ by a whole quarter hour up to 14 h and exactly one of them is UTC, the other without zone
 *   (with a zone of its own, the instants have already said no); or
 * - the coarser one covers the finer one's local date.
 *
 * A time without sub-seconds means any moment of its second, so two times are compared in whole seconds unless both
 * have them: 11:02:58 in a name agrees with 11:02:59.177 in the camera's tag.
 */
export function agree(one: Evidence, other: Evidence, home_zone: string): boolean {
  if (one.local === null || other.local === null) return false;
  if (!hasClock(one.precision) || !hasClock(other.precision)) return covers(one, other, home_zone);
  const [oneAt, otherAt] = [one.at, other.at];
  if (oneAt !== null && otherAt !== null && zoneIsKnown(one) && zoneIsKnown(other)) {
    const between =
      Temporal.Instant.from(otherAt).epochMilliseconds - Temporal.Instant.from(oneAt).epochMilliseconds;
    return sameMoment(one, other, between, milliseconds(one.local), milliseconds(other.local));
  }
  const [oneMs, otherMs] = [wallMilliseconds(one.local), wallMilliseconds(other.local)];
  const between = otherMs - oneMs;
  if (sameMoment(one, other, between, oneMs % secondMs, otherMs % secondMs)) return true;
  if ((one.zone_source === 'standard') === (other.zone_source === 'standard')) return false;
  const quarters = Math.round(between / quarterHourMs) * quarterHourMs;
  return (
    Math.abs(quarters) <= farthestZoneMs &&
    sameMoment(one, other, between - quarters, oneMs % secondMs, otherMs % secondMs)
  );
}

/** Whether the coarser of two pieces, one of which has no clock, contains the date of the finer. */
export function covers(one: Evidence, other: Evidence, home_zone: string): boolean {
  const [first, second] = [localAt(one, home_zone), localAt(other, home_zone)];
  if (first === null || second === null) return false;
  // Wall clocks are cut at their precision, so the coarser text begins the finer.
  return first.length <= second.length ? second.startsWith(first) : first.startsWith(second);
}

/** The wall clock as a household sees it: a time known only in UTC is that of home. */
export function localAt({ local, at, zone_source }: Evidence, home_zone: string): string | null {
  return zone_source === 'standard' && at !== null ? wallClockIn(Temporal.Instant.from(at), home_zone) : local;
}

/** A zone that the file or its place gave, not the one supposed for want of any. */
export function zoneIsKnown({ zone, zone_source }: Evidence): boolean {
  return zone !== null && zone_source !== null && zone_source !== 'home';
}

/** The film of a Live Photo begins up to three seconds before the shutter, and cameras name both in one go. */
const partnersMs = 10_000;

function sameMoment(one: Evidence, other: Evidence, between: number, oneMs: number, otherMs: number): boolean {
  if (one.precision === 'minute' || other.precision === 'minute') {
    if (one.precision === other.precision) return between === 0;
    const afterTheMinute = one.precision === 'minute' ? between : -between;
    return afterTheMinute >= -secondMs && afterTheMinute < minuteMs + secondMs;
  }
  const wholeSeconds = one.local?.includes('.') !== true || other.local?.includes('.') !== true;
  const within = one.source === 'partner' || other.source === 'partner' ? partnersMs : secondMs;
  return Math.abs(wholeSeconds ? between - otherMs + oneMs : between) <= within;
}

function milliseconds(local: string): number {
  return Number(`${local.split('.')[1] ?? ''}000`.slice(0, 3));
}
