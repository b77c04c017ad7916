import type { CaptureTime } from '#contract/capture-time.ts';
import type { NameClues } from './clues.ts';
import { readName } from './file-name.ts';

/**
 * What a library sorts by: the wall clock, or '' where there is none. A day without a clock is never given one; it
 * sorts within its day by the counter of its name (`IMG-20171218-WA0028`): `2017-12-18 000028`, before the timed
 * ones of that day, because a blank sorts before `T`.
 */
export function sortKey(
  { local, precision }: Pick<CaptureTime, 'local' | 'precision'>,
  names: readonly NameClues[],
): string {
  if (local === null) return '';
  if (precision !== 'day') return local;
  const counters = names.flatMap(({ name }) => {
    const read = readName(name);
    return read === null || read.counter === null || read.local !== local ? [] : [read.counter];
  });
  if (counters.length === 0) return local;
  return `${local} ${String(Math.min(...counters)).padStart(6, '0')}`;
}
