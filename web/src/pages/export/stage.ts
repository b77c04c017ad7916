/** Where an export stands on its way from plan to undone. */
import type { Export } from '#contract/exports.ts';
import { isUnfinished } from '#contract/words.ts';
import { statusWords, type Tone } from '../../words/words.ts';

export type Stage = 'planned' | 'running' | 'ended' | 'undoing' | 'undone';

export function stageOf({ job, undo_job }: Pick<Export, 'job' | 'undo_job'>): Stage {
  if (job === null) return 'planned';
  if (undo_job !== null && undo_job.status !== 'cancelled') {
    return isUnfinished(undo_job.status) ? 'undoing' : 'undone';
  }
  return isUnfinished(job.status) ? 'running' : 'ended';
}

export function stageWords(one: Pick<Export, 'job' | 'undo_job'>): { word: string; tone: Tone } {
  switch (stageOf(one)) {
    case 'planned':
      return { word: 'a plan, not started', tone: 'quiet' };
    case 'undoing':
      return { word: 'being undone', tone: 'running' };
    case 'undone':
      return { word: 'undone', tone: 'quiet' };
    case 'running':
    case 'ended':
      return statusWords[one.job?.status ?? 'pending'];
  }
}
