/** The time at which a photo was uploaded to Google, which Google gives for want of a date of its own. */
import type { Evidence } from '#contract/capture-time.ts';
import type { Rejection } from '#contract/words.ts';
import { agree } from './agreement.ts';
import { hasClock, wallMilliseconds } from './wall-clock.ts';

/** In the samples both are the same second. A phone needs longer to send what it has just taken. */
const sameMomentSeconds = 10;
const mark = ', uploaded ';

/** `photoTakenTime` as it was read; beside it `creationTime`, when the photo reached Google, where the two are one. */
export function takeoutRaw(taken: string, created: string | null): string {
  const between = created === null ? Number.NaN : Math.abs(Number(taken) - Number(created));
  return between <= sameMomentSeconds ? `${taken}${mark}${created}` : taken;
}

function isUploadTime({ source, raw }: Evidence): boolean {
  return source === 'Takeout:photoTakenTime' && raw.includes(mark);
}

/**
 * The time of the upload is refused, except where another clock of the file shows the same moment, in whatever zone:
 * then the photo was sent at once and Google has read the clock. With it goes the folder that Google named for it.
 */
export function withoutUploadTimes(pieces: readonly Evidence[], home_zone: string): readonly Evidence[] {
  const refused = new Set(
    pieces.filter(
      (piece) =>
        isUploadTime(piece) &&
        piece.rejected === null &&
        !pieces.some((other) => isClockOfItsOwn(other) && showsTheSame(piece, other, home_zone)),
    ),
  );
  if (refused.size === 0) return pieces;
  const years = new Set([...refused].map(({ local }) => local?.slice(0, 4)));
  const upload_time: Rejection = 'upload_time';
  return pieces.map((piece) =>
    refused.has(piece) || (isGooglesFolder(piece) && years.has(piece.local ?? ''))
      ? { ...piece, rejected: upload_time }
      : piece,
  );
}

/** Google's own word twice is no confirmation, and a file is saved when it is sent. */
const sayTheUpload: ReadonlySet<Evidence['source']> = new Set([
  'Takeout:photoTakenTime',
  'File:FileModifyDate',
  'neighbours',
]);

function isClockOfItsOwn({ source, rejected, local, precision }: Evidence): boolean {
  return rejected === null && local !== null && hasClock(precision) && !sayTheUpload.has(source);
}

const quarterHourMs = 15 * 60_000;
const farthestZoneMs = 14 * 4 * quarterHourMs;

function showsTheSame(google: Evidence, other: Evidence, home_zone: string): boolean {
  if (agree(google, other, home_zone)) return true;
  // The header of a video may be a wall clock that is only taken for UTC so far.
  if (!other.source.startsWith('QuickTime:')) return false;
  const between = Math.abs(wallMilliseconds(google.local ?? '') - wallMilliseconds(other.local ?? ''));
  return between <= farthestZoneMs && between % quarterHourMs <= 1000;
}

/** Photos from 2023, Photos de 2023, Fotos von 2023, Fotos de 2023, Foto del 2023, Foto's uit 2023, Zdjęcia z 2023 */
function isGooglesFolder({ source, raw }: Evidence): boolean {
  return (
    source === 'folder_date' &&
    /^(?:photos|fotos|foto(?:['’]s|n)?|bilder|billeder|zdjęcia|фото\p{L}*) \p{L}{1,6} \d{4}$/iu.test(
      raw.normalize('NFC'),
    )
  );
}
