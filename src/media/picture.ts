/** The one decode of a picture: never larger than 480 × 480, its pixels as stored, before orientation and colours. */
import { readFile } from 'node:fs/promises';
import sharp, { type Metadata as Header, type Sharp, type SharpInput, type SharpOptions } from 'sharp';
import { decodeBmp, readBmpHeader } from '#media/bmp.ts';
import type { MediaWarning, OpenedFile } from '#media/media-facts.ts';
import type { MediaType } from '#media/media-type.ts';
import { readHead } from '#media/open-file.ts';
import type { Pixels } from '#media/perceptual-hash.ts';
import { harmlessToLibvips, withPlainPath } from '#media/plain-path.ts';

/** Longest side of a thumbnail: fits a grid tile of 240 pixels on a screen of double density. */
const thumbnailSide = 480;

const reduction = {
  width: thumbnailSide,
  height: thumbnailSide,
  fit: 'inside',
  withoutEnlargement: true,
} as const;

export type Picture = {
  /** As stored. Null when not even the header can be read. */
  width: number | null;
  height: number | null;
  /** EXIF orientation, 1 to 8. */
  orientation: number;
  /** Null when the picture was not decoded; `warnings` say why. */
  decoded: Decoded | null;
  warnings: MediaWarning[];
};

export type Decoded = {
  pixels: Pixels;
  /** False if part of the pixels is missing: good enough to look at, not to compare. */
  complete: boolean;
  /** The same pixels with their colour profile, as an uncompressed TIFF; null when they are plain sRGB. */
  profiled: Buffer | null;
};

export type DecodeLimits = { max_megapixels: number; limit_seconds: number };

export async function decodePicture(file: OpenedFile, type: MediaType, limits: DecodeLimits): Promise<Picture> {
  if (type.decoder === 'bmp') return decodeBitmap(file, limits);
  return file.bytes === null
    ? withPlainPath(file.path, harmlessToLibvips, (path) => decode(path, limits))
    : decode(file.bytes, limits);
}

async function decode(input: SharpInput, limits: DecodeLimits): Promise<Picture> {
  let header: Header;
  try {
    header = await open(input, { failOn: 'none' }).metadata();
  } catch (error) {
    return undecoded(null, notDecodable(error));
  }
  const size = sizeOf(header);
  if (header.format === 'heif' && header.compression !== 'av1') return undecoded(size, noThumbnailYet('HEIC'));
  const refusal = tooLarge(header, limits);
  if (refusal !== null) return undecoded(size, refusal);
  try {
    return { ...size, decoded: await reduceOnce(input, header, 'warning', limits), warnings: [] };
  } catch (strict) {
    try {
      const decoded = await reduceOnce(input, header, 'none', limits);
      return { ...size, decoded, warnings: [partlyDamaged(strict)] };
    } catch (lenient) {
      return undecoded(size, notDecodable(lenient));
    }
  }
}

/**
 * As stored, except TIFF: Pillow turns a TIFF by its orientation when it opens it, and only a TIFF, so the hash of
 * `imagehash` is that of the turned picture.
 */
function sizeOf({ format, width, height, orientation = 1, autoOrient }: Header) {
  return format === 'tiff' ? { ...autoOrient, orientation: 1 } : { width, height, orientation };
}

function open(input: SharpInput, options: SharpOptions): Sharp {
  return sharp(input, { limitInputPixels: false, sequentialRead: true, ...options });
}

/**
 * Reading, reducing and nothing else. A JPEG is reduced while it is decoded (12 megapixels: 28 ms, of which 24 are
 * Huffman decoding). The colour profile is not applied here: `imagehash` does not, and on the reduced picture it
 * costs 4 ms instead of 10.
 */
async function reduceOnce(
  input: SharpInput,
  header: Header,
  failOn: 'warning' | 'none',
  limits: DecodeLimits,
): Promise<Decoded> {
  // CMYK without its profile would have no colours worth showing, so there the decoder applies it.
  const ignoreIcc = header.space !== 'cmyk';
  const reduced = open(input, { failOn, ignoreIcc, autoOrient: header.format === 'tiff' })
    .resize(reduction)
    .timeout({ seconds: limits.limit_seconds });
  const complete = failOn === 'warning';
  if (!ignoreIcc || header.icc === undefined || isSrgb(header.icc)) {
    return { pixels: await rawPixels(reduced), complete, profiled: null };
  }
  const profiled = await reduced.keepIccProfile().tiff({ compression: 'none' }).toBuffer();
  return { pixels: await rawPixels(sharp(profiled, { ignoreIcc: true })), complete, profiled };
}

async function rawPixels(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** Whether a profile describes sRGB by name, in ASCII or UTF-16; then there is nothing to convert. */
function isSrgb(profile: Buffer): boolean {
  return profile.includes('sRGB', 0, 'latin1') || profile.includes(Buffer.from('\0s\0R\0G\0B', 'latin1'));
}

async function decodeBitmap(file: OpenedFile, limits: DecodeLimits): Promise<Picture> {
  try {
    const header = readBmpHeader(file.bytes ?? (await readHead(file.path)));
    const size = { ...header, orientation: 1 };
    const refusal = tooManyPixels(header, Math.min(limits.max_megapixels, wholeInMemory.bmp));
    if (refusal !== null) return undecoded(size, refusal);
    const bitmap = decodeBmp(file.bytes ?? (await readFile(file.path)));
    const whole = sharp(bitmap.data, { raw: { width: bitmap.width, height: bitmap.height, channels: 3 } });
    const pixels = await rawPixels(whole.resize(reduction));
    const warnings = bitmap.complete ? [] : [partlyDamaged(new Error('rows are missing'))];
    return { ...size, decoded: { pixels, complete: bitmap.complete, profiled: null }, warnings };
  } catch (error) {
    return undecoded(null, notDecodable(error));
  }
}

/**
 * Most formats are decoded row by row in 40 MB, whatever their size. These must be in memory as a whole, so they
 * have a lower limit in megapixels, at which they take 256 MB (AVIF 400 MB, so that 24-megapixel cameras get by).
 * Measured at 40 megapixels: progressive JPEG 116 MB (4:2:0) to 229 MB (4:4:4), interlaced PNG 138 MB, lossless
 * WebP 152 MB, GIF 189 MB, AVIF 580 MB. A bitmap is the file and its pixels, 6 to 7 bytes for each.
 */
const wholeInMemory = { jpeg_420: 85, jpeg: 44, png: 74, webp: 67, gif: 53, avif: 27, bmp: 40 };

function tooLarge(header: Header, limits: DecodeLimits): MediaWarning | null {
  return tooManyPixels(header, Math.min(limits.max_megapixels, mostMegapixels(header)));
}

function mostMegapixels(header: Header): number {
  const { format, isProgressive, chromaSubsampling } = header;
  if (format === 'jpeg' && isProgressive) {
    return chromaSubsampling === '4:2:0' ? wholeInMemory.jpeg_420 : wholeInMemory.jpeg;
  }
  // The measurement is for 3 bytes per pixel.
  if (format === 'png' && isProgressive) return (wholeInMemory.png * 3) / bytesPerPixel(header);
  if (format === 'webp' || format === 'gif') return wholeInMemory[format];
  if (format === 'heif') return wholeInMemory.avif;
  return Infinity;
}

function bytesPerPixel(header: Header): number {
  return header.channels * (header.depth === 'ushort' ? 2 : 1);
}

/**
 * Reducing takes memory by the width, whatever the height: 240 MB at 100,000 pixels, 1.1 GB at a million. No photo
 * is that wide, but a few changed bytes in the header of a PNG make it so (6,422,628 × 16 took 3.9 GB and 8 s).
 */
const longestSide = 100_000;

export function tooManyPixels(
  { width, height }: { width: number; height: number },
  most_megapixels: number,
): MediaWarning | null {
  if ((width * height) / 1e6 <= most_megapixels && Math.max(width, height) <= longestSide) return null;
  const message = `The picture claims ${width} × ${height} pixels; in this format up to ${Math.floor(most_megapixels)} megapixels and ${longestSide} pixels a side are decoded. It is kept and dated, without a thumbnail.`;
  return { code: 'too_many_pixels', message };
}

export function noThumbnailYet(format: string): MediaWarning {
  return { code: 'no_thumbnail_yet', message: `Thumbnails of ${format} files are not made yet.` };
}

function partlyDamaged(cause: unknown): MediaWarning {
  const message = `Part of the picture is damaged; the rest is shown. The decoder says: ${faultIn(cause)}.`;
  return { code: 'damaged_pixels', message };
}

export function notDecodable(cause: unknown): MediaWarning {
  const message = `The picture is damaged and cannot be shown. The decoder says: ${faultIn(cause)}.`;
  return { code: 'damaged_pixels', message };
}

function undecoded(size: Omit<Picture, 'decoded' | 'warnings'> | null, warning: MediaWarning): Picture {
  return { ...(size ?? { width: null, height: null, orientation: 1 }), decoded: null, warnings: [warning] };
}

/** Decoders repeat themselves over many lines, and sharp adds what it was told to do. */
function faultIn(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^Input (buffer|file) has corrupt header:/, '').trim());
  const fault = lines.find((line) => line !== '' && !/failOn setting|read gave|bad seek/.test(line));
  return (fault ?? 'the data is corrupt').slice(0, 200).replace(/[.:\s]+$/, '');
}
