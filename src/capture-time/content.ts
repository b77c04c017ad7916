/** Evidence from what the bytes of a file say. */
import type { Evidence } from '#contract/capture-time.ts';
import type { EvidenceSource, Rejection, ZoneSource } from '#contract/words.ts';
import type { Clues, Rules } from './clues.ts';
import { readDate, readOffset } from './read-date.ts';
import { factsOf } from './sources.ts';
import { takeoutRaw } from './upload-time.ts';
import { instantText, instantIn, wallClockIn, type WallClock } from './wall-clock.ts';

/**
 * Sources whose value stands in one tag, with the tags that complete it. `OffsetTime` belongs to the change of the
 * file and never to the shot: a picture taken in Lisbon and retouched in Berlin carries both.
 *
 * Never evidence, though they are dates: ICC profile dates, MetadataDate, inode change, access time, import time,
 * `XMP:ModifyDate`, and a GPS date without its time (it is a day in UTC, not where the picture was taken).
 */
const tags = [
  {
    source: 'EXIF:DateTimeOriginal',
    sub_seconds: 'EXIF:SubSecTimeOriginal',
    offset: 'EXIF:OffsetTimeOriginal',
  },
  { source: 'EXIF:CreateDate', sub_seconds: 'EXIF:SubSecTimeDigitized', offset: 'EXIF:OffsetTimeDigitized' },
  { source: 'EXIF:ModifyDate', sub_seconds: 'EXIF:SubSecTime', offset: 'EXIF:OffsetTime' },
  { source: 'Keys:CreationDate' },
  { source: 'XMP:DateTimeOriginal' },
  { source: 'XMP:DateCreated' },
  { source: 'XMP:CreateDate' },
  { source: 'XMP:DateTimeDigitized' },
  { source: 'UserData:DateTimeOriginal' },
  { source: 'UserData:ContentCreateDate' },
  { source: 'ItemList:ContentCreateDate' },
  { source: 'MakerNotes:DateTimeOriginal' },
  { source: 'RIFF:DateCreated' },
  { source: 'ASF:CreationDate' },
  { source: 'H264:DateTimeOriginal' },
  { source: 'RIFF:DateTimeOriginal' },
  { source: 'PNG:CreationTime' },
  { source: 'QuickTime:CreateDate' },
  { source: 'QuickTime:MediaCreateDate' },
  { source: 'QuickTime:TrackCreateDate' },
  { source: 'Matroska:DateTimeOriginal' },
] as const satisfies readonly { source: EvidenceSource; sub_seconds?: string; offset?: string }[];

/** IPTC keeps the day and the time apart. */
const captions = [
  { source: 'IPTC:DateCreated', time: 'IPTC:TimeCreated' },
  { source: 'IPTC:DigitalCreationDate', time: 'IPTC:DigitalCreationTime' },
] as const satisfies readonly { source: EvidenceSource; time: string }[];

/** Every tag that `evidenceFromContent` and the zone order look at: what must be read from a file and kept. */
export const timeTags: readonly string[] = [
  ...new Set(
    tags.flatMap((tag) =>
      ['sub_seconds' in tag ? [tag.source, tag.sub_seconds, tag.offset] : [tag.source]].flat(),
    ),
  ),
  'GPS:GPSDateStamp',
  'GPS:GPSTimeStamp',
  'XMP:GPSDateTime',
  ...captions.flatMap(({ source, time }) => [source, time]),
  'MakerNotes:TimeZone',
  'MakerNotes:DaylightSavings',
  'Takeout:photoTakenTime',
  'Takeout:creationTime',
];

/** One piece for each date in the file, as read: zones that other pieces could lend are not known yet. */
export function evidenceFromContent(clues: Clues, _rules: Rules): Evidence[] {
  return evidenceFromTags(clues.time_tags);
}

/** One piece for each date among the tags of a file or of a sidecar. */
export function evidenceFromTags(time_tags: Clues['time_tags']): Evidence[] {
  const said = (tag: string): string | null => {
    const value = time_tags[tag];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const pieces: Evidence[] = [];
  for (const tag of tags) {
    const raw = said(tag.source);
    if (raw === null) continue;
    const exif = 'sub_seconds' in tag;
    pieces.push(
      asWritten(tag.source, raw, {
        sub_seconds: exif ? said(tag.sub_seconds) : null,
        offset: exif ? said(tag.offset) : null,
      }),
    );
  }
  const gps = gpsDateTime(said);
  if (gps !== null) pieces.push(asWritten('GPS:GPSDateTime', gps, withoutMore));
  // A time without a date is no date: `IPTC:TimeCreated` alone says nothing.
  for (const { source, time } of captions) {
    const day = said(source);
    if (day !== null) pieces.push(asWritten(source, joined(day, said(time)), withoutMore));
  }
  const takeout = said('Takeout:photoTakenTime');
  if (takeout !== null) {
    const raw = takeoutRaw(takeout, said('Takeout:creationTime'));
    pieces.push(fromEpochSeconds('Takeout:photoTakenTime', takeout, raw));
  }
  return pieces;
}

type More = { sub_seconds: string | null; offset: string | null };
export const withoutMore: More = { sub_seconds: null, offset: null };

/** A piece from a raw value of a source and the tags beside it, before anything is learnt from other pieces. */
export function asWritten(source: EvidenceSource, raw: string, more: More): Evidence {
  const read = readDate(raw);
  if (read.fault !== null) {
    const container = read.fault === 'zeros' && isContainer(source);
    return refused(source, raw, container ? 'container_zero' : read.fault);
  }
  const clock = withSubSeconds(read, more.sub_seconds);
  const { reads } = factsOf(source);
  if (reads === 'utc') return utcPiece(source, raw, clock, read.offset);
  const tagged = more.offset === null ? null : readOffset(more.offset);
  const zone = tagged ?? read.offset;
  const zone_source: ZoneSource | null =
    zone === null
      ? null
      : tagged !== null
        ? 'offset_tag'
        : source === 'Keys:CreationDate'
          ? 'creation_date'
          : 'written';
  return localPiece(source, raw, clock, zone === null ? null : { zone, zone_source });
}

/** Google writes seconds since 1970; before that they are negative. */
function fromEpochSeconds(source: EvidenceSource, value: string, raw: string): Evidence {
  const seconds = /^\s*-?\d{1,11}\s*$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(seconds)) return refused(source, raw, 'impossible_date');
  const at = Temporal.Instant.fromEpochMilliseconds(seconds * 1000);
  const year = at.toZonedDateTimeISO('UTC').year;
  if (year < 1 || year > 9999) return refused(source, raw, 'impossible_date');
  return utcPiece(source, raw, { local: wallClockIn(at, 'UTC'), precision: 'second' }, null);
}

/** A piece that could not be read, kept with the reason. */
export function refused(source: EvidenceSource, raw: string, rejected: Rejection): Evidence {
  return {
    source,
    raw,
    at: null,
    local: null,
    zone: null,
    zone_source: null,
    precision: 'second',
    weight: factsOf(source).weight,
    rejected,
  };
}

/** A wall clock, with its zone where the value itself or its own tag says it. */
export function localPiece(
  source: EvidenceSource,
  raw: string,
  { local, precision }: WallClock,
  own: { zone: string; zone_source: ZoneSource | null } | null,
): Evidence {
  const zoned = own !== null && (precision === 'second' || precision === 'minute') ? own : null;
  return {
    source,
    raw,
    at: zoned === null ? null : instantText(instantIn(local, zoned.zone)),
    local,
    zone: zoned?.zone ?? null,
    zone_source: zoned?.zone_source ?? null,
    precision,
    weight: factsOf(source).weight,
    rejected: null,
  };
}

/** An instant. Until the zone of the shot is known its wall clock is that of UTC. */
export function utcPiece(
  source: EvidenceSource,
  raw: string,
  { local, precision }: WallClock,
  offset: string | null,
): Evidence {
  // A standard that says UTC may still be written with an offset, as `+00:00` or by a tool that converted it.
  const at = precision === 'second' || precision === 'minute' ? instantIn(local, offset ?? 'UTC') : null;
  const shifted = at !== null && offset !== null && offset !== 'UTC' && offset !== '+00:00';
  return {
    source,
    raw,
    at: at === null ? null : instantText(at),
    local: shifted ? at.toZonedDateTimeISO('UTC').toPlainDateTime().toString() : local,
    zone: at === null ? null : 'UTC',
    zone_source: at === null ? null : 'standard',
    precision,
    weight: factsOf(source).weight,
    rejected: null,
  };
}

export function isContainer(source: EvidenceSource): boolean {
  return (
    source.startsWith('QuickTime:') || source === 'Matroska:DateTimeOriginal' || source === 'ASF:CreationDate'
  );
}

/** SubSecTime tags hold the digits after the decimal point, often padded with blanks. */
function withSubSeconds(clock: WallClock, sub_seconds: string | null): WallClock {
  if (clock.precision !== 'second' || clock.local.includes('.')) return clock;
  const digits = /^\s*(\d{1,9})/.exec(sub_seconds ?? '')?.[1];
  return digits === undefined ? clock : { ...clock, local: `${clock.local}.${digits}` };
}

/** EXIF keeps the date and the time of the fix apart; XMP, which some editors keep alone, in one value. */
function gpsDateTime(said: (tag: string) => string | null): string | null {
  const day = said('GPS:GPSDateStamp');
  const time = said('GPS:GPSTimeStamp');
  if (day !== null && time !== null) return joined(day, time);
  const whole = said('XMP:GPSDateTime');
  return whole !== null && whole.trim().includes(' ') ? whole : null;
}

function joined(day: string, time: string | null): string {
  return time === null ? day : `${day} ${time}`;
}
