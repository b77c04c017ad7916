/** What ExifTool says about a file, in our words. Values are kept as it prints them; nothing is parsed as a date. */
import { askFor } from '#media/bounded-exiftool.ts';
import type { Camera, MediaFacts, MediaWarning } from '#media/media-facts.ts';
import type { MediaTools } from '#media/media-tools.ts';
import { harmlessToExifTool, withPlainPath } from '#media/plain-path.ts';
import { timeTags, type Look } from '#media/tags-asked.ts';

export type Metadata = {
  /** Null when ExifTool does not know the format. */
  mime_type: string | null;
  /** ExifTool's extension for the type, lower case. */
  extension: string | null;
  camera: Camera;
  gps: MediaFacts['gps'];
  time_tags: Record<string, string>;
  /** IPTC Keywords and XMP Subject, each once, as written; what follows from them is judged elsewhere. */
  keywords: string[];
  duration_seconds: number | null;
  /** As stored, before orientation. */
  width: number | null;
  height: number | null;
  /** Whether it is shown turned by a quarter, so that width and height change places. */
  turned: boolean;
  warnings: MediaWarning[];
};

/**
 * `-e` leaves out composed tags, which only RAW and videos need (0.8 of 5.8 ms). `-fast` stops a JPEG at its pixels
 * (1 ms); elsewhere it would lose what stands behind them: XMP in GIF and AVI, the duration of a transport stream.
 * Maker notes cost 2 ms and stay: time zone, serial number. JSONQ quotes every value, otherwise a model "1.10" would
 * come out as the number 1.1.
 */
const common = ['-G0:1', '-api', 'StructFormat=JSONQ'];
const lookArguments: Record<Look, string[]> = {
  jpeg: ['-fast', '-e', ...common, ...askFor('jpeg')],
  picture: ['-e', ...common, ...askFor('picture')],
  container: [...common, ...askFor('container')],
};

/** ExifTool could not read the file at all: it took too long, needed too much memory, or does not run. */
export class MetadataError extends Error {}

/** One look by ExifTool. Throws `MetadataError`, or the reason of the signal. */
export async function readMetadata(
  path: string,
  look: Look,
  tools: MediaTools,
  signal: AbortSignal,
): Promise<Metadata> {
  const tags = await withPlainPath(path, harmlessToExifTool, (file) => {
    const ask = () =>
      tools.exiftool.readRaw(file, { readArgs: lookArguments[look], useMWG: false, ignoreMinorErrors: true });
    return askTwice(ask, tools.options.limit_seconds, signal);
  });
  return metadataOf(new Tags(tags));
}

/**
 * A process that dies takes the file in hand with it, whoever killed it, so a file is asked about a second time on
 * a new process; one that reached the time limit is not.
 */
export async function askTwice<Answer>(
  ask: () => Promise<Answer>,
  limit_seconds: number,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await unlessAborted(ask(), signal);
  } catch (error) {
    signal.throwIfAborted();
    if (isTimeout(error)) throw giveUp(error, `took longer than ${limit_seconds} s`);
  }
  try {
    return await unlessAborted(ask(), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw giveUp(error, 'stopped at it');
  }
}

/** ExifTool cannot be called off; its answer, at the latest at the time limit, then finds nobody waiting. */
async function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TaskTimeoutError';
}

function giveUp(cause: unknown, how: string): MetadataError {
  return new MetadataError(`ExifTool ${how}.`, { cause });
}

type Tag = { group: string; subgroup: string; name: string; value: string };

/**
 * The tags of one file. ExifTool names them `EXIF:ExifIFD:DateTimeOriginal`, `File:MIMEType`; of a list each value is
 * a tag.
 */
class Tags {
  readonly #tags: Tag[] = [];

  constructor(read: object) {
    for (const [key, said] of Object.entries(read)) {
      const parts = key.split(':');
      const name = parts.at(-1)!;
      if (parts.length < 2) continue;
      const values: unknown[] = Array.isArray(said) ? said.slice(0, mostInList) : [said];
      for (const value of values) {
        if (typeof value !== 'string') continue;
        this.#tags.push({ group: parts[0]!, subgroup: parts[1]!, name, value: cut(value) });
      }
    }
    // The same tag stands in several directories; that of the main picture says how it was taken.
    this.#tags.sort((a, b) => rank(a.subgroup) - rank(b.subgroup));
  }

  /** The value as read, from the most trusted place; `EXIF` and `IFD0` both name where to look. */
  raw(name: string, ...groups: string[]): string | null {
    const wanted = groups.length === 0 ? null : groups;
    const found = this.#tags.find(
      (tag) =>
        tag.name === name && (wanted === null || wanted.includes(tag.group) || wanted.includes(tag.subgroup)),
    );
    return found?.value ?? null;
  }

  /** Without surrounding blanks; null for empty and for the dashes that some cameras write. */
  text(name: string, ...groups: string[]): string | null {
    const value = this.raw(name, ...groups)?.trim() ?? '';
    return /^[-\s]*$/.test(value) ? null : value;
  }

  number(name: string, ...groups: string[]): number | null {
    const value = this.text(name, ...groups);
    const number = Number(value);
    return value !== null && Number.isFinite(number) ? number : null;
  }

  all(name: string): string[] {
    return this.#tags.filter((tag) => tag.name === name).map((tag) => tag.value);
  }
}

/** Keywords of one picture; a hostile file may hold millions. */
const mostInList = 200;

/** Longer values say nothing about time or camera; a hostile file may hold megabytes. */
function cut(value: string): string {
  return value.length > 200 ? value.slice(0, 200) : value;
}

const places = ['ExifIFD', 'IFD0', 'GPS', 'Keys', 'Track1'];

function rank(subgroup: string): number {
  const place = places.indexOf(subgroup);
  return place === -1 ? places.length : place;
}

function metadataOf(tags: Tags): Metadata {
  const [width, height] = sizeOf(tags);
  return {
    mime_type: tags.text('MIMEType', 'File'),
    extension: tags.text('FileTypeExtension', 'File')?.toLowerCase() ?? null,
    camera: cameraOf(tags),
    gps: gpsOf(tags),
    time_tags: timeTagsOf(tags),
    keywords: [...new Set([...tags.all('Keywords'), ...tags.all('Subject')])],
    duration_seconds: durationOf(tags),
    width,
    height,
    turned: isTurned(tags),
    warnings: warningsOf(tags),
  };
}

/** Other name spaces use the same names for other things: digiKam's `video:DateTimeOriginal` is the header in UTC. */
const xmpPlaces = ['XMP-exif', 'XMP-xmp', 'XMP-photoshop'];

/** Groups asked for are families (`EXIF`), except these, which are places within one. */
function timeTagsOf(tags: Tags): Record<string, string> {
  const found: Record<string, string> = {};
  for (const key of timeTags) {
    const [group, name] = key.split(':') as [string, string];
    const value = group === 'XMP' ? tags.raw(name, ...xmpPlaces) : tags.raw(name, group);
    if (value !== null && value !== '') found[key] = value;
  }
  return found;
}

function cameraOf(tags: Tags): Camera {
  return {
    make: tags.text('Make'),
    model: tags.text('Model'),
    serial: tags.text('SerialNumber') ?? tags.text('InternalSerialNumber'),
    lens: tags.text('LensModel') ?? tags.text('Lens'),
  };
}

function gpsOf(tags: Tags): MediaFacts['gps'] {
  return (
    position(signed(tags, 'GPSLatitude', 'S'), signed(tags, 'GPSLongitude', 'W')) ??
    position(tags.number('GPSLatitude', 'XMP', 'Composite'), tags.number('GPSLongitude', 'XMP', 'Composite'))
  );
}

function position(latitude: number | null, longitude: number | null): MediaFacts['gps'] {
  if (latitude === null || longitude === null) return null;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

function signed(tags: Tags, name: string, negative: 'S' | 'W'): number | null {
  const value = tags.number(name, 'GPS');
  if (value === null) return null;
  return tags.text(`${name}Ref`, 'GPS')?.toUpperCase().startsWith(negative) === true ? -value : value;
}

function durationOf(tags: Tags): number | null {
  const seconds =
    tags.number('Duration', 'QuickTime') ?? tags.number('Duration', 'Composite') ?? tags.number('Duration');
  return seconds !== null && seconds > 0 ? seconds : null;
}

function sizeOf(tags: Tags): [number | null, number | null] {
  // RAW files name many sizes; ExifTool's composition knows which one is the picture.
  const [width, height] = tags.text('ImageSize', 'Composite')?.split(' ').map(Number) ?? [];
  if (width !== undefined && height !== undefined && width > 0 && height > 0) return [width, height];
  const own = [tags.number('ImageWidth'), tags.number('ImageHeight')] as const;
  return own[0] !== null && own[1] !== null && own[0] > 0 && own[1] > 0 ? [own[0], own[1]] : [null, null];
}

/**
 * A video says degrees (Composite:Rotation). HEIC says quarter turns (its `irot` box), and its EXIF orientation, which
 * repeats them, does not count. RAW says an EXIF orientation, of which 5 to 8 are turned.
 */
function isTurned(tags: Tags): boolean {
  const mime = tags.raw('MIMEType', 'File') ?? '';
  if (mime.startsWith('video/')) return (tags.number('Rotation', 'Composite') ?? 0) % 180 === 90;
  if (/^image\/(heic|heif|avif)/.test(mime)) return (tags.number('Rotation', 'QuickTime') ?? 0) % 2 === 1;
  return (tags.number('Orientation', 'EXIF') ?? 1) >= 5;
}

/** ExifTool warns of much; these do not mean that something is lost. */
const harmlessWarnings = [
  /IPTCDigest is not current/,
  /text encoding/,
  /encoding marker/,
  /^Ignored Leica MakerNote trailer/,
  /^(Raw|Value|Print)Conv /, // one value could not be computed
  /^\[minor\]/,
];

function warningsOf(tags: Tags): MediaWarning[] {
  const serious = [...tags.all('Error'), ...tags.all('Warning')].find(
    (text) => !harmlessWarnings.some((harmless) => harmless.test(text)),
  );
  if (serious === undefined) return [];
  const message = `Part of the file is damaged, dates may be missing. ExifTool says: ${serious}.`;
  return [{ code: 'metadata_damaged', message }];
}
