import type { ClockCorrection } from '#contract/review.ts';
import type { ReviewGroup } from '#contract/review.ts';

/** One line of the queue: a camera whose clock was wrong, or assets that wait for the same reason. */
export type Entry =
  | { kind: 'clock'; key: string; correction: ClockCorrection }
  | { kind: 'group'; key: string; group: ReviewGroup };

/** Clocks first: setting one right moves its pictures out of the groups below. */
export function entriesOf(clocks: readonly ClockCorrection[], groups: readonly ReviewGroup[]): Entry[] {
  return [
    ...clocks.map((correction) => ({ kind: 'clock' as const, key: keyOf(correction), correction })),
    ...groups.map((group) => ({ kind: 'group' as const, key: group.key, group })),
  ];
}

function keyOf({ camera, from }: ClockCorrection): string {
  return ['clock', camera.make, camera.model, camera.serial, from].filter((part) => part !== null).join(' ');
}
