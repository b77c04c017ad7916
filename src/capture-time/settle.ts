/** Completes pieces across one another: which are believed, whose clock is whose, and the zone of each. */
import type { Evidence } from '#contract/capture-time.ts';
import type { Clues, Rules } from './clues.ts';
import { asWritten, localPiece, withoutMore } from './content.ts';
import { namePiece, readName } from './file-name.ts';
import { offsetMinutes, readDate } from './read-date.ts';
import { rejectionOf } from './rejections.ts';
import { factsOf } from './sources.ts';
import { withoutUploadTimes } from './upload-time.ts';
import { hasClock, instantIn, instantText, wallClockIn, wallMilliseconds } from './wall-clock.ts';
import { offerFor, zoneOffers, type ZoneOffer } from './zones.ts';

/**
 * The same pieces in the same order, with rejections, zones and instants. Pieces that were settled before, under
 * other rules, may be given again: what they borrowed is taken off first, so the result is that of a fresh start.
 */
export function settleEvidence(evidence: readonly Evidence[], clues: Clues, rules: Rules): Evidence[] {
  const read = evidence.map(asRead).map((piece) => ({ ...piece, rejected: rejectionOf(piece, rules) }));
  const judged = withoutUploadTimes(read, rules.home_zone);
  const pieces = clues.kind === 'video' ? withEchoes(withLocalHeaders(judged)) : judged;
  const offers = zoneOffers(pieces, clues);
  return pieces.map((piece) => zoned(piece, pieces, offers, rules));
}

/** A piece without what it borrowed from others: as its raw value and its own tag state it. */
export function asRead(piece: Evidence): Evidence {
  const { source, raw, local, zone_source: zoned_by, rejected } = piece;
  if (source === 'person' || source === 'neighbours' || source === 'folder_date' || local === null)
    return piece;
  if (source === 'partner') {
    const borrowed = zoned_by === 'home' || zoned_by === 'device' || zoned_by === 'utc_difference';
    return borrowed ? { ...piece, at: null, zone: null, zone_source: null } : piece;
  }
  if (source === 'filename_datetime' || source === 'filename_date') {
    const read = readName(raw);
    return read === null ? piece : { ...namePiece(raw, read), rejected };
  }
  // A header may have been taken for local, so it is read again; of other UTC sources the instant always stands.
  if (source.startsWith('QuickTime:')) return { ...asWritten(source, raw, withoutMore), rejected };
  if (factsOf(source).reads === 'utc' && piece.at !== null) {
    return { ...piece, local: utcWall(piece.at), zone: 'UTC', zone_source: 'standard' };
  }
  if (piece.zone_source === 'offset_tag' && source.startsWith('EXIF:')) return piece;
  // The sub-seconds came from a tag beside the date, so the wall clock is kept and only the zone read again.
  const read = readDate(raw);
  const own = read.fault === null && read.offset !== null ? read.offset : null;
  const zone_source = source === 'Keys:CreationDate' ? 'creation_date' : 'written';
  const clock = { local, precision: piece.precision };
  return { ...localPiece(source, raw, clock, own === null ? null : { zone: own, zone_source }), rejected };
}

function utcWall(at: string): string {
  return wallClockIn(Temporal.Instant.from(at), 'UTC');
}

/**
 * A name and a header that show the same wall clock this closely were written by one clock. The file is often named
 * in the second before its header is written.
 */
const sameClockMs = 2000;

/** A film and the photo beside it. Were the header UTC, they would lie a zone apart; where the zone is UTC, it is the same. */
const samePairMs = 60_000;

/**
 * The header of a video is UTC by the standard, but cameras without a zone write their wall clock into it. When the
 * file name states a wall clock and it is the header's, the header was local. Where `Keys:CreationDate` exists the
 * device knew its zone, and the header is what the standard says. The photo that belongs to the film tells the same,
 * and so does Google: its UTC is as far from a local header as a zone is.
 */
function withLocalHeaders(pieces: readonly Evidence[]): readonly Evidence[] {
  const believed = pieces.filter((piece) => piece.rejected === null && piece.local !== null);
  if (believed.some((piece) => piece.source === 'Keys:CreationDate')) return pieces;
  const names = believed.filter((piece) => piece.source === 'filename_datetime' && piece.zone === null);
  const partners = believed.filter((piece) => piece.source === 'partner');
  const google = believed.filter((piece) => piece.source === 'Takeout:photoTakenTime');
  const local = believed.some(
    (header) =>
      isUtcHeader(header) &&
      (names.some((name) => wallsDiffer(name, header) <= sameClockMs) ||
        partners.some((piece) => wallsDiffer(piece, header) <= samePairMs) ||
        google.some((piece) => differByZone(piece, header))),
  );
  if (!local) return pieces;
  return pieces.map((piece) =>
    isUtcHeader(piece) ? { ...piece, at: null, zone: null, zone_source: null } : piece,
  );
}

const quarterHourMs = 15 * 60_000;

function differByZone(utc: Evidence, header: Evidence): boolean {
  const between = wallsDiffer(utc, header);
  const quarters = Math.round(between / quarterHourMs) * quarterHourMs;
  return quarters > 0 && quarters <= 56 * quarterHourMs && Math.abs(between - quarters) <= sameClockMs;
}

/**
 * Programs copy the header of a video, which is UTC, into XMP notes without saying so (digiKam). Where both show the
 * same moment, the notes are UTC as well; otherwise they would reveal a zone that nobody was in.
 */
function withEchoes(pieces: readonly Evidence[]): readonly Evidence[] {
  const headers = pieces.filter(isUtcHeader);
  const isEcho = (piece: Evidence): boolean =>
    piece.source.startsWith('XMP:') &&
    piece.zone === null &&
    piece.local !== null &&
    hasClock(piece.precision) &&
    headers.some((header) => wallsDiffer(header, piece) < secondMs);
  return pieces.map((piece) =>
    isEcho(piece)
      ? { ...piece, at: instantText(instantIn(piece.local ?? '', 'UTC')), zone: 'UTC', zone_source: 'standard' }
      : piece,
  );
}

function isUtcHeader({ source, rejected, zone_source }: Evidence): boolean {
  return source.startsWith('QuickTime:') && rejected === null && zone_source === 'standard';
}

/** The piece with the best zone it can have. Its wall clock stays as it was read unless it was read in UTC. */
function zoned(
  piece: Evidence,
  pieces: readonly Evidence[],
  offers: readonly ZoneOffer[],
  rules: Rules,
): Evidence {
  const { local, at, zone_source } = piece;
  if (local === null || !hasClock(piece.precision)) return piece;
  if (zone_source === 'standard') {
    const offer = at === null ? undefined : offerFor(offers, { at });
    return at === null || offer === undefined ? piece : shownIn(piece, at, offer);
  }
  if (zone_source === 'written') {
    const better = betterThanWritten(piece, pieces, offers);
    return better === undefined ? piece : standingIn(piece, local, better);
  }
  if (zone_source !== null && zone_source !== 'home' && piece.zone !== null) return piece;
  const home: ZoneOffer = { zone: rules.home_zone, zone_source: 'home', near: null };
  return standingIn(piece, local, offerFor(offers, { local }) ?? home);
}

/** An instant shown on the wall clock of a zone. */
function shownIn(piece: Evidence, at: string, { zone, zone_source }: ZoneOffer): Evidence {
  return { ...piece, local: wallClockIn(Temporal.Instant.from(at), zone), zone, zone_source };
}

/** A wall clock placed in a zone. */
function standingIn(piece: Evidence, local: string, { zone, zone_source }: ZoneOffer): Evidence {
  return { ...piece, at: instantText(instantIn(local, zone)), zone, zone_source };
}

const secondMs = 1000;

/**
 * An offset inside a date string ranks below the tags of the camera and the position, because programs write their
 * own zone, or `+00:00` for none, beside the camera's wall clock. It stays when it proves itself: the instant it
 * gives is that of another clock of the file, as with a time that was converted whole. The camera's offset tag counts
 * against it only where both show the same wall clock; otherwise they are two readings.
 */
function betterThanWritten(
  piece: Evidence,
  pieces: readonly Evidence[],
  offers: readonly ZoneOffer[],
): ZoneOffer | undefined {
  const { local, at, source } = piece;
  if (local === null || at === null || source === 'H264:DateTimeOriginal' || source === 'person')
    return undefined;
  const instant = Temporal.Instant.from(at).epochMilliseconds;
  const sure = pieces.filter(
    (other) => other.rejected === null && other.at !== null && other.zone_source !== 'written',
  );
  const proven = sure.some(
    (other) => Math.abs(Temporal.Instant.from(other.at ?? at).epochMilliseconds - instant) <= secondMs,
  );
  if (proven) return undefined;
  const sameWall = sure.some(
    (other) =>
      other.zone_source === 'offset_tag' && other.local !== null && wallsDiffer(other, piece) <= secondMs,
  );
  // Programs write `+00:00` for a zone they do not know: beside a clock without zone that shows the same, it is none.
  const standsForNone =
    offsetMinutes(piece.zone ?? 'UTC') === 0 &&
    pieces.some(
      (other) =>
        other.rejected === null &&
        other.zone === null &&
        other.local !== null &&
        hasClock(other.precision) &&
        wallsDiffer(other, piece) <= secondMs,
    );
  return offerFor(
    offers.filter(
      (offer) =>
        (offer.zone_source === 'offset_tag' && sameWall) ||
        (offer.zone_source === 'utc_difference' && standsForNone) ||
        offer.zone_source === 'time_zone_tag' ||
        offer.zone_source === 'creation_date' ||
        offer.zone_source === 'gps_position',
    ),
    { local },
  );
}

function wallsDiffer(one: Evidence, other: Evidence): number {
  return Math.abs(wallMilliseconds(one.local ?? '') - wallMilliseconds(other.local ?? ''));
}
