/**
 * Proof that writing notes into a file left its picture alone: a text taken before and after that is equal only if
 * nothing of the picture changed.
 *
 * JPEG and PNG: the hash of every byte that is not a note, in their order. That is more than equal pixels (the film
 * behind a motion photo, the second picture of a stereo camera, the frames of an animation count as well) and needs no
 * decoding: 12 megapixels take 4 ms instead of 100. Everything else: the hash of the decoded pixels where the decoder
 * knows the format, and ExifTool's hash of the compressed picture, or of the streams of a film.
 */
import { createHash, type Hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { MediaTools } from '#media/media-tools.ts';
import { askTwice } from '#media/metadata.ts';
import { heldInMemoryBytes } from '#media/open-file.ts';
import { harmlessToExifTool, withPlainPath } from '#media/plain-path.ts';
import type { Working } from '#media/write-tags.ts';

/** Null where nothing can be proven: then nothing should be written into such a file. */
export async function pictureProof(
  file: string,
  { mime_type, size_bytes }: { mime_type: string; size_bytes: number },
  tools: MediaTools,
  working: Working,
): Promise<string | null> {
  if (size_bytes <= heldInMemoryBytes) {
    if (mime_type === 'image/jpeg') return jpegProof(await readFile(file));
    if (mime_type === 'image/png') return pngProof(await readFile(file));
  }
  const decoded =
    mime_type.startsWith('image/') && size_bytes <= heldInMemoryBytes
      ? await decodedHash(await readFile(file), tools.options.limit_seconds)
      : null;
  working.signal.throwIfAborted();
  const data = await imageDataHash(file, tools, working);
  return decoded === null && data === null ? null : `${decoded} ${data}`;
}

// ── Every byte that is not a note ───────────────────────────────────────────────────────────────────────────

const marker = { start: 0xd8, scan: 0xda, app1: 0xe1, app2: 0xe2, app13: 0xed } as const;

/** Null for what does not hold together as a JPEG up to its picture. */
export function jpegProof(bytes: Buffer): string | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xff00 + marker.start) return null;
  const hash = createHash('sha256');
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    // Any number of fill bytes may stand before a marker.
    if (bytes[at + 1] === 0xff) {
      at += 1;
      continue;
    }
    if (bytes[at + 1] === marker.scan) return hash.update(bytes.subarray(at)).digest('hex');
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const segment = bytes.subarray(at, end);
    if (segment.length < 4 || end > bytes.length) return null;
    if (!isNote(segment)) hash.update(segment);
    at = end;
  }
  return null;
}

/**
 * APP1 holds EXIF and XMP, APP13 IPTC. APP2 holds the colour profile, which belongs to the picture, and the table of
 * further pictures in the file, which tells their distance and so moves with every note.
 */
function isNote(segment: Buffer): boolean {
  if (segment[1] === marker.app1 || segment[1] === marker.app13) return true;
  return segment[1] === marker.app2 && segment.toString('latin1', 4, 8) === 'MPF\0';
}

const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const pngNotes: ReadonlySet<string> = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'zxIf', 'tIME']);

/** Null for what is no row of whole chunks. */
export function pngProof(bytes: Buffer): string | null {
  if (!bytes.subarray(0, 8).equals(pngSignature)) return null;
  const hash = createHash('sha256');
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!pngNotes.has(type)) hash.update(bytes.subarray(at, end));
    if (type === 'IEND') return hash.update(bytes.subarray(end)).digest('hex');
    at = end;
  }
  return null;
}

// ── Decoded pixels ──────────────────────────────────────────────────────────────────────────────────────────

/** All frames of an animation together: 150 MB in memory. */
const mostMegapixels = 50;

/** Hash of the pixels of every page as stored, with their size and colour profile; null for what cannot be decoded. */
export async function decodedHash(bytes: Buffer, limit_seconds: number): Promise<string | null> {
  const options = { limitInputPixels: false, sequentialRead: true, ignoreIcc: true, failOn: 'none' } as const;
  try {
    const { width, height, pages = 1, icc } = await sharp(bytes, options).metadata();
    if ((width * height * pages) / 1e6 > mostMegapixels) return null;
    const hash = createHash('sha256').update(icc ?? '');
    for (let page = 0; page < pages; page++) {
      const { data, info } = await sharp(bytes, { ...options, page })
        .timeout({ seconds: limit_seconds })
        .raw()
        .toBuffer({ resolveWithObject: true });
      hashPixels(hash, data, info);
    }
    return hash.digest('hex');
  } catch {
    return null;
  }
}

function hashPixels(hash: Hash, data: Buffer, info: { width: number; height: number; channels: number }): void {
  hash.update(`${info.width} ${info.height} ${info.channels} `).update(data);
}

// ── The compressed picture, the streams of a film ───────────────────────────────────────────────────────────

/** Null for formats whose picture ExifTool does not find. It tells once a second how far it is. */
async function imageDataHash(
  file: string,
  tools: MediaTools,
  { signal, moves }: Working,
): Promise<string | null> {
  const readArgs = ['-api', 'ImageHashType=SHA256', '-ImageDataHash'];
  const ask = (plain: string) => tools.exiftool.readRaw(plain, { readArgs, useMWG: false, onProgress: moves });
  const { ImageDataHash: hash } = await withPlainPath(file, harmlessToExifTool, (plain) =>
    askTwice(() => ask(plain), tools.options.limit_seconds, signal),
  );
  return hash ?? null;
}
