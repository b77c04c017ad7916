/** The story of one file: what it is, what it says about itself, what it looks like. */
import { stat } from 'node:fs/promises';
import { MediaError, type MediaFacts, type MediaWarning, type OpenedFile } from '#media/media-facts.ts';
import type { MediaTools } from '#media/media-tools.ts';
import { firstLook, mediaTypeOf, wrongExtension, type FirstLook, type MediaType } from '#media/media-type.ts';
import { MetadataError, readMetadata, type Metadata } from '#media/metadata.ts';
import { asMediaError, changedWhileReading, isoMilliseconds, readHead } from '#media/open-file.ts';
import { differenceHash } from '#media/perceptual-hash.ts';
import { decodePicture, noThumbnailYet, notDecodable, tooManyPixels, type Picture } from '#media/picture.ts';
import type { Look } from '#media/tags-asked.ts';
import { makeThumbnail } from '#media/thumbnail.ts';

/**
 * What an opened file says about itself: one decode, one look by ExifTool, side by side. Throws `MediaError`
 * (`not_media`, `changed_while_reading`, `not_found`); everything less is a warning among the facts.
 */
export async function readMedia(file: OpenedFile, tools: MediaTools, signal: AbortSignal): Promise<MediaFacts> {
  signal.throwIfAborted();
  const look = await firstLook(file.bytes ?? (await readHead(file.path)));
  const early = decodedAtOnce(look?.type ?? null);
  const [asked, earlyPicture] = await Promise.all([
    askExifTool(file, early, tools, signal),
    early === null ? null : decodePicture(file, early, tools.options),
  ]);
  signal.throwIfAborted();
  await refuseChanged(file);
  const type = early ?? typeOf(file, look, asked);
  const picture = earlyPicture ?? (await decodeOrPutOff(file, type, tools));
  signal.throwIfAborted();
  return factsOf(file, type, asked, picture, tools);
}

/** A TIFF may be a RAW file, whose first picture is a small preview: there ExifTool has to speak first. */
function decodedAtOnce(type: MediaType | null): MediaType | null {
  return type === null || type.decoder === 'later' || type.mime_type === 'image/tiff' ? null : type;
}

function lookOf(picture: MediaType | null): Look {
  if (picture === null) return 'container';
  return picture.mime_type === 'image/jpeg' ? 'jpeg' : 'picture';
}

/** The metadata of a file whose type is known, as an import would read it. Throws as `readMetadata` does. */
export async function readMetadataOf(
  path: string,
  type: { mime_type: string; extension: string },
  tools: MediaTools,
  signal: AbortSignal,
): Promise<Metadata> {
  const look = lookOf(decodedAtOnce(mediaTypeOf(type.mime_type, type.extension)));
  return readMetadata(path, look, tools, signal);
}

/** Null, with the reason, when ExifTool gives up; the picture is worth keeping without it. */
type Asked = { metadata: Metadata | null; warnings: MediaWarning[] };

async function askExifTool(
  file: OpenedFile,
  picture: MediaType | null,
  tools: MediaTools,
  signal: AbortSignal,
): Promise<Asked> {
  try {
    const metadata = await readMetadata(file.path, lookOf(picture), tools, signal);
    return { metadata, warnings: metadata.warnings };
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    const message = `What the file says about itself cannot be read: ${error.message} Its dates are missing.`;
    return { metadata: null, warnings: [{ code: 'metadata_unreadable', message }] };
  }
}

/** The bytes were hashed and decoded from one read, ExifTool read again by name: both must have met the same file. */
async function refuseChanged(file: OpenedFile): Promise<void> {
  const now = await stat(file.path, { bigint: true }).catch((error: unknown) => {
    throw asMediaError(error, file.path);
  });
  if (Number(now.size) === file.size_bytes && isoMilliseconds(now.mtimeNs) === file.modified_at) return;
  throw changedWhileReading();
}

function typeOf(file: OpenedFile, look: FirstLook, { metadata, warnings }: Asked): MediaType {
  // ExifTool knows more formats and tells RAW from TIFF; the first look counts where ExifTool says nothing.
  const asked = metadata?.mime_type ?? null;
  const type = asked === null ? (look?.type ?? null) : mediaTypeOf(asked, metadata?.extension ?? '');
  if (type !== null) return type;
  if (metadata === null) throw new MediaError('unreadable', warnings[0]!.message);
  const content = asked ?? look?.mime_type ?? 'unknown';
  throw new MediaError(
    'not_media',
    `Expected a photo or a video, but the content of ${file.name} is ${content}: leave it out, or copy it again if it should be one.`,
  );
}

/** Pictures that had to wait for ExifTool, and everything that is not decoded yet. */
async function decodeOrPutOff(file: OpenedFile, type: MediaType, tools: MediaTools): Promise<Picture> {
  if (type.decoder !== 'later') return decodePicture(file, type, tools.options);
  const format = type.kind === 'video' ? 'video' : type.extension.toUpperCase();
  return { width: null, height: null, orientation: 1, decoded: null, warnings: [noThumbnailYet(format)] };
}

async function factsOf(
  file: OpenedFile,
  type: MediaType,
  { metadata, warnings }: Asked,
  picture: Picture,
  tools: MediaTools,
): Promise<MediaFacts> {
  const misnamed = wrongExtension(file.name, type);
  const seen = await seenFrom(picture);
  return {
    mime_type: type.mime_type,
    extension: type.extension,
    kind: type.kind,
    ...sizeAsShown(picture, metadata),
    duration_seconds: type.kind === 'video' ? (metadata?.duration_seconds ?? null) : null,
    dhash: seen.dhash,
    camera: metadata?.camera ?? { make: null, model: null, serial: null, lens: null },
    gps: metadata?.gps ?? null,
    time_tags: metadata?.time_tags ?? {},
    keywords: metadata?.keywords ?? [],
    thumbnail: seen.thumbnail,
    warnings: [
      ...(misnamed === null ? [] : [{ code: 'wrong_extension' as const, message: misnamed }]),
      ...pictureWarnings(picture, metadata, tools.options.max_megapixels),
      ...seen.warnings,
      ...warnings,
    ],
  };
}

type Seen = Pick<MediaFacts, 'dhash' | 'thumbnail' | 'warnings'>;

async function seenFrom({ decoded, orientation }: Picture): Promise<Seen> {
  if (decoded === null) return { dhash: null, thumbnail: null, warnings: [] };
  // The hash is taken of the pixels as stored: `imagehash` and everything that compares with it does not turn a
  // picture by its EXIF orientation. A damaged picture has none, because grey stripes resemble each other.
  const dhash = decoded.complete ? differenceHash(decoded.pixels) : null;
  try {
    return { dhash, thumbnail: await makeThumbnail(decoded, orientation), warnings: [] };
  } catch (error) {
    return { dhash, thumbnail: null, warnings: [notDecodable(error)] };
  }
}

function sizeAsShown(picture: Picture, metadata: Metadata | null): Pick<MediaFacts, 'width' | 'height'> {
  if (picture.width !== null) return turnedSize(picture.width, picture.height, picture.orientation >= 5);
  return turnedSize(metadata?.width ?? null, metadata?.height ?? null, metadata?.turned ?? false);
}

function turnedSize(width: number | null, height: number | null, turned: boolean) {
  return turned ? { width: height, height: width } : { width, height };
}

/** libvips refuses a JPEG of more than 65,500 pixels a side as damaged, although only its size is the matter. */
function pictureWarnings(picture: Picture, metadata: Metadata | null, max_megapixels: number): MediaWarning[] {
  const { width, height } = metadata ?? { width: null, height: null };
  if (picture.decoded !== null || picture.width !== null || width === null || height === null)
    return picture.warnings;
  const tooMany = picture.warnings.some((warning) => warning.code === 'damaged_pixels')
    ? tooManyPixels({ width, height }, max_megapixels)
    : null;
  return tooMany === null ? picture.warnings : [tooMany];
}
