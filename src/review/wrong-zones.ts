/** Whether a clock was not wrong by a time but stood in another zone than the pictures were taken in, and in words. Pure. */
import type { ZoneFault } from '#capture-time/person.ts';
import { offsetText } from '#capture-time/read-date.ts';
import { wallClockIn, wallMilliseconds } from '#capture-time/wall-clock.ts';
import { offsetsInUse } from '#capture-time/zones.ts';
import type { Witness } from './wrong-clocks.ts';

const quarterHourSeconds = 15 * 60;
/** Fewer that know where they were taken may be a coincidence. */
const leastPlaces = 3;

/**
 * The zone a clock stood in and the zone the pictures were taken in, where one pair of zones explains every shot whose
 * place is known; null where the difference is no whole quarter hour or no zone of the world. A clock in the zone of
 * home says so, because that one has its own summers.
 */
export function zoneFault(run: readonly Witness[], shift_seconds: number, home_zone: string): ZoneFault | null {
  if (shift_seconds % quarterHourSeconds !== 0) return null;
  const places = run.flatMap(({ taken }) => (taken === null ? [] : [taken]));
  if (places.length < leastPlaces) return null;
  const shift = shift_seconds / 60;
  const isHome = places.every(({ at, zone }) => minutesEast(home_zone, at) === minutesEast(zone, at) - shift);
  const taken = commonZone(places);
  // A clock that was right, whose camera wrote another zone beside it.
  if (shift_seconds === 0) return taken === null ? null : { clock: taken, taken };
  const clock = isHome ? home_zone : clockOffset(places, shift);
  return taken === null || clock === null || taken === clock ? null : { clock, taken };
}

type Place = NonNullable<Witness['taken']>;

function clockOffset(places: readonly Place[], shift: number): string | null {
  const offsets = new Set(places.map(({ at, zone }) => minutesEast(zone, at) - shift));
  const [minutes] = offsets;
  return offsets.size === 1 && minutes !== undefined && offsetsInUse.has(minutes) ? offsetText(minutes) : null;
}

/** The zone all were taken in: by its name where that is one, else by its offset; null for more than one. */
function commonZone(places: readonly Place[]): string | null {
  const [first] = places;
  if (first === undefined) return null;
  if (places.every(({ zone }) => zone === first.zone)) return first.zone;
  const minutes = minutesEast(first.zone, first.at);
  return places.every(({ at, zone }) => minutesEast(zone, at) === minutes) ? offsetText(minutes) : null;
}

/** `at` in milliseconds since 1970. */
export function minutesEast(zone: string, at: number): number {
  const wall = wallMilliseconds(wallClockIn(Temporal.Instant.fromEpochMilliseconds(at), zone));
  return Math.round((wall - at) / 60_000);
}

/** `its clock was on winter time (UTC+1) while the photos were taken in summer time (UTC+2)` */
export function zoneFaultInWords(
  { clock, taken }: ZoneFault,
  { at, tag_seconds, home_zone }: { at: number; tag_seconds: number; home_zone: string },
): string {
  const [from, to] = [minutesEast(clock, at), minutesEast(taken, at)];
  if (from === to) {
    const set = utcInWords(to - tag_seconds / 60);
    return `its zone was set to ${set} while the photos were taken in ${utcInWords(to)}, and its clock was right`;
  }
  const seasons = seasonsOf(taken, at);
  if (
    seasons.winter !== seasons.summer &&
    Math.min(from, to) === seasons.winter &&
    Math.max(from, to) === seasons.summer
  ) {
    const [own, right] = from === seasons.winter ? ['winter', 'summer'] : ['summer', 'winter'];
    return `its clock was on ${own} time (${utcInWords(from)}) while the photos were taken in ${right} time (${utcInWords(to)})`;
  }
  const own = clock === home_zone ? `the time of ${clock} (${utcInWords(from)})` : utcInWords(from);
  return `its clock was on ${own} while the photos were taken in ${utcInWords(to)}`;
}

/** `UTC`, `UTC+1`, `UTC−3:30` */
function utcInWords(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}

/** Minutes east of UTC of a zone in its two seasons of that year; the same where it has none. */
function seasonsOf(zone: string, at: number): { winter: number; summer: number } {
  const year = new Temporal.ZonedDateTime(BigInt(Math.round(at)) * 1_000_000n, 'UTC').year;
  const offsets = [1, 7].map((month) => minutesEast(zone, Date.UTC(year, month - 1, 1)));
  return { winter: Math.min(...offsets), summer: Math.max(...offsets) };
}
