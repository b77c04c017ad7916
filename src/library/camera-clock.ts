/** What the clock of the device itself said, which is what a correction of that clock moves. */
import { asWritten, withoutMore } from '#capture-time/content.ts';
import { asRead } from '#capture-time/settle.ts';
import type { Evidence } from '#contract/capture-time.ts';
import type { EvidenceSource } from '#contract/words.ts';

/** Times that the clock of the device itself gave, the one nearest to the shutter first. */
export const cameraClocks = [
  'EXIF:DateTimeOriginal',
  'Keys:CreationDate',
  'EXIF:CreateDate',
  'H264:DateTimeOriginal',
  'RIFF:DateTimeOriginal',
  'QuickTime:CreateDate',
] as const satisfies EvidenceSource[];

/**
 * What the device's clock said. A clock that was never set and runs from its first day is read too; only what is no
 * date at all is not, nor the midnight at which such a day begins: there the clock may not run at all.
 */
export function cameraClockOf<Piece extends Pick<Evidence, 'source' | 'local' | 'rejected'>>(
  evidence: readonly Piece[],
): Piece | undefined {
  for (const source of cameraClocks) {
    const piece = evidence.find((each) => each.source === source && each.local !== null && tells(each));
    if (piece !== undefined) return piece;
  }
  return undefined;
}

function tells({ rejected, local }: Pick<Evidence, 'local' | 'rejected'>): boolean {
  if (rejected === 'epoch_default') return local?.includes('T') === true && !local.includes('T00:00:00');
  return rejected === null || rejected === 'before_min_year' || rejected === 'after_tomorrow';
}

/**
 * The same without the zone that it borrowed, which it is given anew each time it is decided: so a correction comes to
 * the same whether another file of that day was met before it or after it.
 */
export function asTheDeviceToldIt(piece: Evidence): Evidence {
  if (!piece.source.startsWith('QuickTime:') || piece.zone_source === 'standard') return asRead(piece);
  const inUtc = asWritten(piece.source, piece.raw, withoutMore);
  // A header that was found to be the wall clock of the camera still shows the hour that was read.
  const isWallClock = inUtc.local === piece.local;
  return isWallClock ? { ...piece, at: null, zone: null, zone_source: null } : inUtc;
}
