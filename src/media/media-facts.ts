/**
 * What a file says about itself, in the words the rest of the product uses. Nothing here is judged: which of the
 * times is right is the business of `capture-time`.
 */
import type { MediaErrorCode, MediaKind, MediaWarningCode } from '#contract/words.ts';

/** A file that was read once. `bytes` is null above 64 MB: the hash was streamed, decoders read from `path`. */
export type OpenedFile = {
  path: string;
  /** The name its owner knows it by. For an upload the caller puts the uploaded name here. */
  name: string;
  size_bytes: number;
  /** UTC with milliseconds, `2020-05-05T10:20:30.000Z`. */
  modified_at: string;
  /** 64 hex digits. */
  sha256: string;
  bytes: Uint8Array | null;
};

export type MediaWarning = { code: MediaWarningCode; message: string };

export type Camera = {
  make: string | null;
  model: string | null;
  serial: string | null;
  lens: string | null;
};

/** WebP, oriented as the picture is to be seen, fits 480 × 480. */
export type Thumbnail = { bytes: Uint8Array; width: number; height: number };

export type MediaFacts = {
  mime_type: string;
  /** The right one for the real type, without a dot. */
  extension: string;
  kind: MediaKind;
  /** As shown, after orientation. */
  width: number | null;
  height: number | null;
  duration_seconds: number | null;
  /** 16 hex digits, equal to Python's `imagehash.dhash`; null for what is not a whole picture. */
  dhash: string | null;
  camera: Camera;
  /** Signed decimal degrees. */
  gps: { latitude: number; longitude: number } | null;
  /** `Group:Tag` → the value exactly as ExifTool prints it, for instance `EXIF:DateTimeOriginal`. */
  time_tags: Record<string, string>;
  /** IPTC Keywords and XMP Subject, as written. */
  keywords: string[];
  thumbnail: Thumbnail | null;
  warnings: MediaWarning[];
};

/** A file that cannot become an asset. The message says what was expected, what came and what to do. */
export class MediaError extends Error {
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MediaError';
    this.code = code;
  }
}
