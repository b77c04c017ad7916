/** How fast a job moves now, and since when it does not. */
import { useState } from 'react';
import type { Progress } from '#contract/jobs.ts';
import { rate, span } from '../words/numbers.ts';

/** Where the count last moved, as far as this page saw it. Seconds are of the job's running time. */
type Moved = { at: number; seconds: number };

/** So many times the usual time for one item without any is no chance. */
const usualTimes = 5;
/** Nor do items come evenly. */
const leastSeconds = 15;
/** Where none is finished, nobody knows what is usual. */
const leastSecondsAtFirst = 60;

/** Seconds since something was finished, once they are remarkable; else null. */
export function standsStill({ progress_current, elapsed_seconds }: Progress, moved: Moved): number | null {
  const usual = progress_current === 0 ? leastSecondsAtFirst / usualTimes : moved.seconds / progress_current;
  const still = elapsed_seconds - moved.seconds;
  return still >= Math.max(leastSeconds, usualTimes * usual) ? still : null;
}

/** What is said beside the bar of a job, and whether it stands still. */
export function useJobSpeed(progress: Progress): { words: string[]; still: boolean } {
  const { progress_current: current, progress_total: total, elapsed_seconds: elapsed } = progress;
  const [moved, setMoved] = useState<Moved>({ at: current, seconds: elapsed });
  if (moved.at !== current) setMoved({ at: current, seconds: elapsed });
  const still = progress.status === 'running' ? standsStill(progress, moved) : null;
  if (still !== null) return { words: [`nothing finished for ${span(still)}`], still: true };
  const left = progress.eta_seconds;
  // The server takes the time left from the last moments, and the rate must not contradict it.
  const speed = left === null || left === 0 ? rate(current, elapsed) : rate(total - current, left);
  return {
    words: [...(speed === null ? [] : [speed]), ...(left === null ? [] : [`${span(left)} left`])],
    still: false,
  };
}
