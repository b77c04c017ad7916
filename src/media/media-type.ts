/** What kind of file this is, by its content, and whether its name says so too. */
import { fileTypeFromBuffer } from 'file-type';
import type { MediaKind } from '#contract/words.ts';

/** `sharp`: decoded by libvips. `bmp`: by ours. `later`: hash, dates and size now, pixels in a later version. */
export type Decoder = 'sharp' | 'bmp' | 'later';

export type MediaType = {
  mime_type: string;
  kind: MediaKind;
  extension: string;
  /** Other extensions that are right for it. */
  also: readonly string[];
  decoder: Decoder;
};

const jpegNames = ['jpeg', 'jpe', 'jfif', 'thm', 'mpo', 'jps', 'insp'];
const heifNames = ['heic', 'heif', 'hif', 'heics', 'heifs'];
// Containers of one family; phones and editors name them for one another, and every player opens them all.
const mp4Names = ['mp4', 'm4v', 'mov', 'qt', '3gp', '3gpp', '3g2', 'f4v', 'insv', 'mp'];
const transportNames = ['mts', 'm2ts', 'm2t', 'ts', 'mod', 'tod'];

const photo = (mime_type: string, decoder: Decoder, extension: string, also: readonly string[] = []) => ({
  mime_type,
  kind: 'photo' as const,
  extension,
  also,
  decoder,
});
const video = (mime_type: string, extension: string, also: readonly string[] = []) => ({
  mime_type,
  kind: 'video' as const,
  extension,
  also,
  decoder: 'later' as const,
});

/** Types whose names or decoders need saying. Any other `image/*` or `video/*` is kept with ExifTool's extension. */
const mediaTypes: readonly MediaType[] = [
  photo('image/jpeg', 'sharp', 'jpg', jpegNames),
  photo('image/png', 'sharp', 'png', ['apng']),
  photo('image/gif', 'sharp', 'gif'),
  photo('image/webp', 'sharp', 'webp'),
  photo('image/tiff', 'sharp', 'tif', ['tiff']),
  photo('image/avif', 'sharp', 'avif', ['avifs', 'heif', 'hif']),
  photo('image/bmp', 'bmp', 'bmp', ['dib']),
  photo('image/heic', 'later', 'heic', heifNames),
  photo('image/heif', 'later', 'heif', heifNames),
  photo('image/heic-sequence', 'later', 'heic', heifNames),
  photo('image/heif-sequence', 'later', 'heif', heifNames),
  photo('image/jxl', 'later', 'jxl'),
  photo('image/jp2', 'later', 'jp2', ['jpx', 'j2k', 'jpf', 'jpm']),
  photo('image/vnd.adobe.photoshop', 'later', 'psd', ['psb']),
  video('video/mp4', 'mp4', mp4Names),
  video('video/quicktime', 'mov', mp4Names),
  video('video/3gpp', '3gp', mp4Names),
  video('video/3gpp2', '3g2', mp4Names),
  video('video/x-msvideo', 'avi', ['divx']),
  video('video/x-matroska', 'mkv', ['mk3d', 'webm']),
  video('video/webm', 'webm'),
  video('video/mp2t', 'mts', transportNames),
  video('video/mpeg', 'mpg', ['mpeg', 'mpe', 'm2v', 'vob', 'mod']),
  video('video/x-ms-wmv', 'wmv', ['asf']),
  video('video/mxf', 'mxf'),
];

/** Other spellings of the same type, by `file-type` or by ExifTool. */
const spellings: Record<string, string> = {
  'image/apng': 'image/png',
  'image/mpo': 'image/jpeg',
  'image/x-ms-bmp': 'image/bmp',
  'image/jpx': 'image/jp2',
  'image/jpm': 'image/jp2',
  'application/vnd.adobe.photoshop': 'image/vnd.adobe.photoshop',
  'video/vnd.avi': 'video/x-msvideo',
  'video/matroska': 'video/x-matroska',
  'video/m2ts': 'video/mp2t',
  'video/x-m4v': 'video/mp4',
  'video/x-ms-asf': 'video/x-ms-wmv',
  'application/mxf': 'video/mxf',
};

/** Drawings and documents that call themselves images. */
const notPhotos = new Set([
  'image/svg+xml',
  'image/vnd.djvu',
  'image/vnd.dwg',
  'image/wmf',
  'image/emf',
  'image/icns',
]);

const byMime = new Map(mediaTypes.map((type) => [type.mime_type, type]));

/**
 * The media type of a MIME type, or null for what is neither photo nor video. `extension` is what the reader of
 * the type would call the file; it names types that are not in our table (`image/x-canon-cr2` → `cr2`).
 */
export function mediaTypeOf(mime: string, extension: string): MediaType | null {
  const mime_type = spellings[mime] ?? mime;
  const known = byMime.get(mime_type);
  if (known !== undefined) return known;
  if (notPhotos.has(mime_type)) return null;
  if (mime_type.startsWith('image/')) return photo(mime_type, 'later', extension.toLowerCase());
  if (mime_type.startsWith('video/')) return video(mime_type, extension.toLowerCase());
  return null;
}

export type FirstLook = { type: MediaType | null; mime_type: string } | null;

/** A look at the first bytes (0.05 ms). TIFF may still turn out to be RAW, and null to be something ExifTool knows. */
export async function firstLook(bytes: Uint8Array): Promise<FirstLook> {
  const found = await fileTypeFromBuffer(bytes);
  return found === undefined ? null : { type: mediaTypeOf(found.mime, found.ext), mime_type: found.mime };
}

/** A sentence if the name says something else than the content, otherwise null. */
export function wrongExtension(name: string, type: MediaType): string | null {
  const extension = extensionOf(name);
  if (extension === type.extension || type.also.includes(extension)) return null;
  const content = `its content is ${type.extension.toUpperCase()} (${type.mime_type})`;
  return extension === ''
    ? `The name has no extension, ${content}: an exported copy will end in .${type.extension}.`
    : `The name ends in .${extension}, but ${content}: an exported copy will end in .${type.extension}.`;
}

/** Lower case, without the dot; empty for none. `.jpg` alone is a hidden file without an extension. */
function extensionOf(name: string): string {
  return /[^.].*\.([^.\s]{1,10})$/s.exec(name)?.[1]?.toLowerCase() ?? '';
}
