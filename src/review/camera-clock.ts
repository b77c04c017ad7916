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
 * date at all is not.
 */
export function cameraClockOf(evidence: readonly Evidence[]): Evidence | undefined {
  for (const source of cameraClocks) {
    const piece = evidence.find((each) => each.source === source && each.local !== null && tells(each));
    if (piece !== undefined) return piece;
  }
  return undefined;
}

function tells({ rejected }: Evidence): boolean {
  return rejected === null || rejected === 'before_min_year' || rejected === 'after_tomorrow';
}
