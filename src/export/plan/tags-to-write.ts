/**
 * What is written into the copy of one asset, and where. A pure function of what the library knows, so that the plan
 * shows exactly what will happen and a second export can tell whether anything would be different.
 */
import { createHash } from 'node:crypto';
import { agree } from '#capture-time/agreement.ts';
import { evidenceFromTags, isContainer } from '#capture-time/content.ts';
import { offsetText } from '#capture-time/read-date.ts';
import { endOf, hasClock, wallMilliseconds } from '#capture-time/wall-clock.ts';
import type { Evidence } from '#contract/capture-time.ts';
import type { TagToWrite } from '#contract/exports.ts';
import type { Confidence, EvidenceSource, MediaKind, Precision, WriteTarget } from '#contract/words.ts';
import { asTag } from '#library/name-tags.ts';
import type { PlannedFile } from './plan.ts';

export type AssetToWrite = {
  kind: MediaKind;
  mime_type: string;
  extension: string;
  capture_time: {
    at: string | null;
    local: string | null;
    zone: string | null;
    precision: Precision | null;
    confidence: Confidence;
  };
  tags: readonly string[];
  /** Every time tag that the original carries, as ExifTool prints it. */
  time_tags: Record<string, string>;
  /** The keywords that the original carries, as written. */
  keywords?: readonly string[];
};

export type ToWrite = {
  into: WriteTarget;
  writes: TagToWrite[];
  /** ISO instant for the file time of the copy; null leaves that of the original. */
  file_time: string | null;
  /** The time is known, but not well enough to be written into files. */
  uncertain: boolean;
};

/**
 * Where a format keeps dates and tags.
 * `exif_iptc`, `exif`: EXIF for clocks, XMP for parts of a date and for tags, with or without IPTC beside it.
 * `xmp`: XMP alone. `quicktime`: the header of the film in UTC, Keys, XMP.
 */
type Holds = 'exif_iptc' | 'exif' | 'xmp' | 'quicktime';

/**
 * Formats that ExifTool writes and whose picture can be proven untouched afterwards. All others get a sidecar: RAW
 * because it is the negative, PSD because its layers cannot be compared, AVI, Matroska, transport streams, Windows
 * Media and BMP because nothing writes them.
 */
const formats: Readonly<Record<string, Holds>> = {
  'image/jpeg': 'exif_iptc',
  'image/tiff': 'exif_iptc',
  'image/png': 'exif',
  'image/webp': 'exif',
  'image/heic': 'exif',
  'image/heif': 'exif',
  'image/avif': 'exif',
  'image/jxl': 'exif',
  'image/jp2': 'exif',
  'image/gif': 'xmp',
  'video/mp4': 'quicktime',
  'video/quicktime': 'quicktime',
  'video/3gpp': 'quicktime',
  'video/3gpp2': 'quicktime',
};

export function tagsToWrite(asset: AssetToWrite, { write_uncertain }: { write_uncertain: boolean }): ToWrite {
  const holds = formats[asset.mime_type] ?? 'sidecar';
  const time = chosenTime(asset.capture_time);
  const sure = asset.capture_time.confidence === 'high' || asset.capture_time.confidence === 'medium';
  const uncertain = time !== null && !sure && !write_uncertain;
  const dates = time === null || uncertain ? [] : dateTags(time, holds, asset.time_tags);
  const writes = [...dates, ...keywordTags(asset.tags, asset.keywords ?? [], holds)];
  return {
    into: writes.length === 0 ? 'nowhere' : holds === 'sidecar' ? 'sidecar' : 'file',
    writes,
    file_time: time === null ? null : fileTime(time),
    uncertain,
  };
}

/** Raised whenever the same wishes would give other bytes. */
const writerVersion = 1;

/** Hash over everything that makes the bytes of a copy and of its XMP sidecar. */
export function recipeOf(sha256: string, planned: Pick<ToWrite, 'into' | 'writes' | 'file_time'>): string {
  const { into, writes, file_time } = planned;
  const parts = [writerVersion, sha256, into, writes.map(({ tag, value }) => [tag, value]), file_time];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

type Chosen = {
  local: string;
  precision: Precision;
  /** Null where only a day, month or year is known. */
  at: string | null;
  /** `+02:00`; null without an instant, and for zones of old that are no whole minutes from UTC. */
  offset: string | null;
};

function chosenTime({
  at,
  local,
  precision,
}: Pick<AssetToWrite['capture_time'], 'at' | 'local' | 'precision'>): Chosen | null {
  if (local === null || precision === null) return null;
  return { local, precision, at, offset: at === null ? null : offsetBetween(local, at) };
}

function offsetBetween(local: string, at: string): string | null {
  const seconds = Math.trunc(wallMilliseconds(local) / 1000) - Math.trunc(Date.parse(at) / 1000);
  return seconds % 60 === 0 && Math.abs(seconds) <= 14 * 3600 ? offsetText(seconds / 60) : null;
}

/**
 * A clock gives its instant. Inside a day, month or year the file time would be read as a clock time by whoever looks,
 * so it stands at noon (UTC) after its end: on no place of the earth in it, and in no doubt which one comes first.
 */
function fileTime({ at, local, precision }: Chosen): string {
  if (at !== null) return at;
  return `${endOf(local, precision).toPlainDate().toString()}T12:00:00.000Z`;
}

// ── Dates ───────────────────────────────────────────────────────────────────────────────────────────────────

function dateTags(time: Chosen, holds: Holds | 'sidecar', said: Record<string, string>): TagToWrite[] {
  if (holds === 'sidecar') return saysAlready(time, said) ? [] : xmpDates(time);
  const wanted = ownDates(time, holds, said);
  const own = new Set(wanted.map(({ tag }) => tag));
  const others = contradicting(time, said).filter(({ tag }) => !own.has(tag));
  return [...wanted, ...others].filter(({ tag, value }) => (said[asRead(tag)] ?? '') !== value);
}

/** The tags that state the time in a format, in the order of the plan. */
function ownDates(time: Chosen, holds: Holds, said: Record<string, string>): TagToWrite[] {
  if (holds === 'quicktime') return filmDates(time, said);
  // EXIF has no way to say a minute, a day, a month or a year alone.
  return holds === 'xmp' || time.precision !== 'second' ? xmpDates(time) : exifDates(time);
}

function exifDates({ local, offset }: Chosen): TagToWrite[] {
  const [date = '', fraction = ''] = exifText(local).split('.');
  return [
    { tag: 'EXIF:DateTimeOriginal', value: date },
    { tag: 'EXIF:SubSecTimeOriginal', value: fraction },
    { tag: 'EXIF:OffsetTimeOriginal', value: offset ?? '' },
    { tag: 'EXIF:CreateDate', value: date },
    { tag: 'EXIF:SubSecTimeDigitized', value: fraction },
    { tag: 'EXIF:OffsetTimeDigitized', value: offset ?? '' },
  ];
}

function xmpDates({ local, offset }: Chosen): TagToWrite[] {
  const value = exifText(local) + (offset ?? '');
  return [
    { tag: 'XMP-exif:DateTimeOriginal', value },
    { tag: 'XMP-photoshop:DateCreated', value },
  ];
}

const headerTags = ['QuickTime:CreateDate', 'QuickTime:TrackCreateDate', 'QuickTime:MediaCreateDate'] as const;
const headerZero = '0000:00:00 00:00:00';

function filmDates(time: Chosen, said: Record<string, string>): TagToWrite[] {
  const inHeader = headerText(time);
  const headers = headerTags
    .filter((tag) => tag in said || (tag === 'QuickTime:CreateDate' && inHeader !== null))
    .map((tag) => ({ tag, value: inHeader ?? headerZero }));
  if (time.precision !== 'second') return [...headers, ...xmpDates(time)];
  return [...headers, { tag: 'Keys:CreationDate', value: exifText(time.local) + (time.offset ?? '') }];
}

/** Headers count seconds from 1904 in 32 bits; null for what they cannot hold. */
const headerFrom = Date.UTC(1904, 0, 2);
const headerUntil = Date.UTC(1904, 0, 1) + 0xffff_ffff * 1000;

function headerText({ at }: Chosen): string | null {
  if (at === null || Date.parse(at) < headerFrom || Date.parse(at) > headerUntil) return null;
  return exifText(at.slice(0, 19));
}

/** `2019-05-05T15:30:00.123` as ExifTool writes and prints it, cut at any precision. */
function exifText(local: string): string {
  return local.replaceAll('-', ':').replace('T', ' ');
}

/** A RAW file of a camera that knows its zone needs no sidecar for its date. */
function saysAlready(time: Chosen, said: Record<string, string>): boolean {
  if (time.precision !== 'second' || time.offset === null) return false;
  return exifDates(time)
    .slice(0, 3)
    .every(({ tag, value }) => (said[tag] ?? '') === value);
}

// ── Dates that say something else ───────────────────────────────────────────────────────────────────────────

/** The tags of each source that can be taken out of a file. */
const tagsOf: Partial<Record<EvidenceSource, readonly string[]>> = {
  'EXIF:DateTimeOriginal': ['EXIF:DateTimeOriginal', 'EXIF:SubSecTimeOriginal', 'EXIF:OffsetTimeOriginal'],
  'EXIF:CreateDate': ['EXIF:CreateDate', 'EXIF:SubSecTimeDigitized', 'EXIF:OffsetTimeDigitized'],
  'EXIF:ModifyDate': ['EXIF:ModifyDate', 'EXIF:SubSecTime', 'EXIF:OffsetTime'],
  'GPS:GPSDateTime': ['GPS:GPSDateStamp', 'GPS:GPSTimeStamp', 'XMP-exif:GPSDateTime'],
  'XMP:DateTimeOriginal': ['XMP-exif:DateTimeOriginal'],
  'XMP:DateCreated': ['XMP-photoshop:DateCreated'],
  'XMP:CreateDate': ['XMP-xmp:CreateDate'],
  'XMP:DateTimeDigitized': ['XMP-exif:DateTimeDigitized'],
  'IPTC:DateCreated': ['IPTC:DateCreated', 'IPTC:TimeCreated'],
  'IPTC:DigitalCreationDate': ['IPTC:DigitalCreationDate', 'IPTC:DigitalCreationTime'],
  'PNG:CreationTime': ['PNG:CreationTime'],
  'Keys:CreationDate': ['Keys:CreationDate'],
  'ItemList:ContentCreateDate': ['ItemList:ContentCreateDate'],
  'UserData:ContentCreateDate': ['UserData:ContentCreateDate'],
  'UserData:DateTimeOriginal': ['UserData:DateTimeOriginal'],
};

/** An archive must say one thing: the tags that say another time than the chosen one, to be taken out of the copy. */
function contradicting(time: Chosen, said: Record<string, string>): TagToWrite[] {
  const tags = evidenceFromTags(said)
    .filter((piece) => saysOtherwise(piece, time))
    .flatMap(({ source }) => tagsOf[source] ?? []);
  return tags.filter((tag) => asRead(tag) in said).map((tag) => ({ tag, value: '' }));
}

/** How far a GPS fix may lag behind the shutter: the importer passes it over as well. */
const gpsLagMs = 5 * 60_000;

function saysOtherwise(piece: Evidence, time: Chosen): boolean {
  if (piece.local === null || isContainer(piece.source)) return false;
  const chosen: Evidence = {
    ...time,
    source: 'person',
    raw: '',
    zone: time.at === null ? null : (time.offset ?? 'UTC'),
    zone_source: 'written',
    weight: 100,
    rejected: null,
  };
  const apart = millisecondsAfter(piece, time);
  // The picture may have been retouched, and so saved, at any time after it was taken.
  if (piece.source === 'EXIF:ModifyDate' && apart > 0 && !agree(piece, chosen, 'UTC')) return false;
  if (piece.source === 'GPS:GPSDateTime' && hasClock(time.precision)) return Math.abs(apart) > gpsLagMs;
  // A finer time would be shown instead of what is known.
  if (time.precision !== 'second' && piece.precision !== time.precision) return true;
  return !agree(piece, chosen, 'UTC');
}

/** By instant where both have one, else by wall clock. */
function millisecondsAfter(piece: Evidence, { at, local }: Chosen): number {
  if (piece.at !== null && at !== null) return Date.parse(piece.at) - Date.parse(at);
  return wallMilliseconds(piece.local ?? local) - wallMilliseconds(local);
}

/** The name under which the importer keeps the tag: it knows XMP and EXIF as one group each. */
export function asRead(tag: string): string {
  return tag.replace(/^XMP-\w+:/, 'XMP:');
}

// ── Tags ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The longest keyword that IPTC can hold, in bytes; XMP holds any. */
const longestKeywordBytes = 64;

/**
 * The keywords of the copy, one line for each: those that the file has and that are still tags, in their own spelling,
 * and the tags that it lacks. Nothing where the file says so already.
 */
function keywordTags(
  tags: readonly string[],
  known: readonly string[],
  holds: Holds | 'sidecar',
): TagToWrite[] {
  const stays = known.filter((keyword) => tags.includes(asTag(keyword)));
  const spelled = new Set(stays.map(asTag));
  const added = tags.filter((tag) => !spelled.has(tag));
  if (added.length === 0 && stays.length === known.length) return [];
  const all = [...stays, ...added];
  const iptc = all.filter((keyword) => Buffer.byteLength(keyword) <= longestKeywordBytes);
  return [...(holds === 'exif_iptc' ? list('IPTC:Keywords', iptc) : []), ...list('XMP-dc:Subject', all)];
}

/** An empty list takes the tag out. */
function list(tag: string, values: readonly string[]): TagToWrite[] {
  return values.length === 0 ? [{ tag, value: '' }] : values.map((value) => ({ tag, value }));
}

// ── Sidecars ────────────────────────────────────────────────────────────────────────────────────────────────

/** What an XMP sidecar says in place of a file that could not be written. */
export function tagsForSidecar(planned: Pick<PlannedFile, StatesTime | 'writes'>): TagToWrite[] {
  const time = statedTime(planned);
  const subjects = planned.writes.filter(({ tag, value }) => tag === 'XMP-dc:Subject' && value !== '');
  return [...(time === null ? [] : xmpDates(time)), ...subjects];
}

/** What must change in an XMP sidecar that the original had, so that it does not contradict the copy. */
export function tagsAgainst(
  planned: Pick<PlannedFile, StatesTime>,
  said: Record<string, string>,
): TagToWrite[] {
  const time = statedTime(planned);
  return time === null ? [] : contradicting(time, said);
}

type StatesTime = 'local' | 'precision' | 'file_time' | 'doubts';

/** The time that the copy states, wherever; null where none is known well enough. */
function statedTime({ local, precision, file_time, doubts }: Pick<PlannedFile, StatesTime>): Chosen | null {
  if (doubts.includes('uncertain_date') || precision === null) return null;
  return chosenTime({ local, precision, at: hasClock(precision) ? file_time : null });
}
