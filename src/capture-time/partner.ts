/** What the other half of a shot says: the photo of a Live Photo, the film beside it, the film of the same name. */
import type { Evidence } from '#contract/capture-time.ts';
import type { ZoneSource } from '#contract/words.ts';
import { inOrder } from './order.ts';
import { factsOf } from './sources.ts';
import { hasClock, wallMilliseconds } from './wall-clock.ts';

/** A pair of this name alone was taken within a minute; other files that share a name were not. */
const sameShotMs = 60_000;
const quarterHourMs = 15 * 60_000;
const farthestZoneMs = 14 * 3_600_000;

/** Zones that the partner knew by itself. One that it only supposed or borrowed says nothing new. */
const known: ReadonlySet<ZoneSource | null> = new Set([
  'offset_tag',
  'time_zone_tag',
  'creation_date',
  'gps_position',
  'written',
]);

/**
 * The partner's best wall clock as evidence for this file, or null where it has none. `partner` is what the bytes of
 * the partner say, `own` what those of this file say. A header in UTC is no witness: it may be local, and that is
 * what the partner has to tell. `certain`: both carry the same content identifier; otherwise they only share folder
 * and name, and a partner whose clock does not fit is kept and refused.
 */
export function partnerPiece(
  partner: readonly Evidence[],
  own: readonly Evidence[],
  certain: boolean,
): Evidence | null {
  const [best] = partner.filter(isWallClock).sort(inOrder);
  if (best === undefined) return null;
  const keepsZone = known.has(best.zone_source);
  const piece: Evidence = {
    ...best,
    source: 'partner',
    weight: factsOf('partner').weight,
    ...(keepsZone ? {} : { at: null, zone: null, zone_source: null }),
  };
  const clocks = own.filter(
    ({ source, rejected, local, precision }) =>
      rejected === null && local !== null && hasClock(precision) && factsOf(source).of_the_shot,
  );
  const fits = certain || clocks.length === 0 || clocks.some((clock) => sameShot(clock, piece));
  return fits ? piece : { ...piece, rejected: 'another_shot' };
}

function isWallClock({ source, rejected, local, precision }: Evidence): boolean {
  const { reads, of_the_shot } = factsOf(source);
  return of_the_shot && reads !== 'utc' && rejected === null && local !== null && hasClock(precision);
}

function sameShot(clock: Evidence, piece: Evidence): boolean {
  const between = wallMilliseconds(clock.local ?? '') - wallMilliseconds(piece.local ?? '');
  if (Math.abs(between) <= sameShotMs) return true;
  if (clock.at !== null && piece.at !== null && clock.zone_source !== 'home') {
    const instants = [clock.at, piece.at].map((at) => Temporal.Instant.from(at).epochMilliseconds);
    return Math.abs((instants[0] ?? 0) - (instants[1] ?? 0)) <= sameShotMs;
  }
  if (clock.zone_source !== 'standard') return false;
  const quarters = Math.round(between / quarterHourMs) * quarterHourMs;
  return Math.abs(quarters) <= farthestZoneMs && Math.abs(between - quarters) <= sameShotMs;
}
