/** How the zone of a wall clock becomes known: from the file itself, in a fixed order of trust. */
import lookUpZone from '@photostructure/tz-lookup';
import type { Evidence } from '#contract/capture-time.ts';
import type { EvidenceSource, ZoneSource } from '#contract/words.ts';
import type { Clues } from './clues.ts';
import { offsetMinutes, offsetText, readOffset } from './read-date.ts';
import { factsOf } from './sources.ts';
import { hasClock, instantIn, wallMilliseconds } from './wall-clock.ts';

/** A zone that one piece, or the file as a whole, lends to the others. */
export type ZoneOffer = {
  zone: string;
  zone_source: ZoneSource;
  /** An offset holds only near the moment it was written at; null for an IANA zone, which knows its own summers. */
  near: Temporal.Instant | null;
};

/** An offset is lent within a day: beyond, daylight saving may have changed or the owner may have travelled. */
const lentWithinMs = 24 * 3_600_000;

/**
 * The zones this file offers, best first: offset tag → the maker's time zone tag → `Keys:CreationDate` → GPS
 * position → offset written in a date → difference between a wall clock and UTC → the device's other files: the other
 * half of the shot, then those of that day. (Then the zone at home.)
 */
export function zoneOffers(pieces: readonly Evidence[], clues: Clues): ZoneOffer[] {
  const offers: ZoneOffer[] = [];
  const believed = pieces.filter((piece) => piece.rejected === null && hasClock(piece.precision));
  const lend = (piece: Evidence | undefined, zone: string | null, zone_source: ZoneSource): void => {
    if (piece === undefined || piece.local === null || zone === null) return;
    offers.push({ zone, zone_source, near: instantIn(piece.local, zone) });
  };
  const from = (source: EvidenceSource): Evidence | undefined =>
    believed.find((piece) => piece.source === source);

  for (const source of ['EXIF:DateTimeOriginal', 'EXIF:CreateDate'] as const) {
    const piece = from(source);
    if (piece?.zone_source === 'offset_tag') lend(piece, piece.zone, 'offset_tag');
  }
  lend(from('EXIF:DateTimeOriginal') ?? from('EXIF:CreateDate'), makersZone(clues), 'time_zone_tag');
  lend(from('Keys:CreationDate'), from('Keys:CreationDate')?.zone ?? null, 'creation_date');
  const place = zoneAt(clues.gps);
  if (place !== null) offers.push({ zone: place, zone_source: 'gps_position', near: null });
  for (const piece of believed) {
    if (piece.zone_source !== 'written' || !factsOf(piece.source).of_the_shot) continue;
    // Programs that know no zone write `Z` or `+00:00`: believed of the value itself, not lent to others.
    if (piece.zone !== null && offsetMinutes(piece.zone) !== 0) lend(piece, piece.zone, 'written');
  }
  const difference = utcDifference(believed);
  if (difference !== null) lend(difference.clock, difference.zone, 'utc_difference');
  // The other half of the shot is a file of the same device of the same moment.
  const partner = from('partner');
  if (partner?.zone_source !== 'standard') lend(partner, partner?.zone ?? null, 'device');
  const { device_zone } = clues;
  if (device_zone) {
    const { zone, near } = device_zone;
    offers.push({ zone, zone_source: 'device', near: zone.includes('/') ? null : Temporal.Instant.from(near) });
  }
  return offers;
}

/** The first offer that reaches a wall clock, or an instant. */
export function offerFor(
  offers: readonly ZoneOffer[],
  when: { local: string } | { at: string },
): ZoneOffer | undefined {
  return offers.find(({ near, zone }) => {
    if (near === null) return true;
    const instant = 'at' in when ? Temporal.Instant.from(when.at) : instantIn(when.local, zone);
    return Math.abs(instant.epochMilliseconds - near.epochMilliseconds) <= lentWithinMs;
  });
}

/** The maker's own tag. Nikon keeps the zone without daylight saving and a flag beside it; Canon includes it. */
function makersZone({ time_tags, camera }: Clues): string | null {
  const tag = time_tags['MakerNotes:TimeZone'];
  const offset = typeof tag === 'string' ? readOffset(tag) : null;
  if (offset === null) return null;
  const nikon = /nikon/i.test(camera.make ?? '');
  const summer = nikon && time_tags['MakerNotes:DaylightSavings'] === 'Yes';
  return summer ? offsetText(offsetMinutes(offset) + 60) : offset;
}

/**
 * The zone on the map. (0, 0) is what devices write that have no position, and out of range is a fault. On the open
 * sea the map gives `Etc/GMT±n`.
 */
export function zoneAt(gps: Clues['gps']): string | null {
  if (gps === null) return null;
  const { latitude, longitude } = gps;
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  if (Math.abs(latitude) < nearZeroDegrees && Math.abs(longitude) < nearZeroDegrees) return null;
  const zone = lookUpZone(latitude, longitude);
  return knownZone(zone) ? zone : null;
}

/** About 11 m at the equator: rounding of a (0, 0), and water. */
const nearZeroDegrees = 0.0001;

/** The map may know a zone that this Node's tz data does not. */
function knownZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** UTC clocks of the same shot, the one nearest to the shutter first. */
const utcClocks: readonly EvidenceSource[] = [
  'GPS:GPSDateTime',
  'QuickTime:CreateDate',
  'Takeout:photoTakenTime',
  'QuickTime:MediaCreateDate',
  'QuickTime:TrackCreateDate',
  'Matroska:DateTimeOriginal',
  'filename_datetime',
];

/**
 * How far a UTC clock of the same shot may be off and still reveal the zone. A GPS time is that of the last fix: in
 * the samples it lags 0 to 96 s behind the shutter and once leads by 6 s; the header of a video may be written at its
 * end. Five minutes covers these and stays clear of the next quarter hour (7½ minutes away). Since any two moments
 * would fit some quarter hour within five minutes two times out of three, only offsets that the world uses count.
 */
const lagMs = 5 * 60_000;

/** Whole hours from −12 to +14, and the half and quarter hours in use, in minutes. */
const wholeHours = Array.from({ length: 27 }, (_, index) => (index - 12) * 60);
const partHours = [-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825];
export const offsetsInUse: ReadonlySet<number> = new Set([...wholeHours, ...partHours]);

const quarterHourMs = 15 * 60_000;

/** The zone that a wall clock without one and a UTC clock of the same shot reveal together. */
function utcDifference(believed: readonly Evidence[]): { clock: Evidence; zone: string } | null {
  const clocks = believed
    .filter((piece) => piece.zone === null && factsOf(piece.source).of_the_shot)
    .sort((one, other) => other.weight - one.weight);
  const references = utcClocks.flatMap((source) =>
    believed.filter((piece) => piece.source === source && piece.zone_source === 'standard'),
  );
  for (const clock of clocks) {
    for (const reference of references) {
      const zone = offsetBetween(clock, reference);
      if (zone !== null) return { clock, zone };
    }
  }
  return null;
}

function offsetBetween(clock: Evidence, utc: Evidence): string | null {
  if (clock.local === null || utc.local === null) return null;
  const difference = wallMilliseconds(clock.local) - wallMilliseconds(utc.local);
  const quarters = Math.round(difference / quarterHourMs);
  const minutes = quarters * 15;
  if (Math.abs(difference - quarters * quarterHourMs) > lagMs || !offsetsInUse.has(minutes)) return null;
  return offsetText(minutes);
}
