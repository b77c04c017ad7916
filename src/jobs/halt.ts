import { finishedOf, type Changes, type JobRow, type LedgerOptions } from './ledger-context.ts';

type Counters = Pick<JobRow, 'done' | 'skipped' | 'failed'>;
type Judged = Pick<JobRow, 'judged_finished' | 'judged_failed'>;

/**
 * The halt rule: more than `halt_percent` of at least `halt_minimum` finished items failed. Counted anew from every
 * resume of a halted job and from every retry: what failed before is known and forgiven, so the job does not halt
 * again at its next step; if the cause is not mended, the next `halt_minimum` items show it. A plain pause and
 * resume does not count anew, or a job could be pushed past the rule without anybody reading the reason.
 */
export function mustHalt(job: Counters & Judged, options: LedgerOptions): boolean {
  const { finished, failed } = sinceJudged(job);
  return finished >= options.halt_minimum && failed * 100 > finished * options.halt_percent;
}

/** From here on only later items count. */
export function judgedAnew(job: Counters): Judged {
  return { judged_finished: finishedOf(job), judged_failed: job.failed };
}

function sinceJudged(job: Counters & Judged) {
  return { finished: finishedOf(job) - job.judged_finished, failed: job.failed - job.judged_failed };
}

/** "12 of the first 40 failed, more than 10 %. Most often: 9 × The file …; 3 × …" */
export async function haltReason(
  changes: Changes,
  job: JobRow,
  counters: Counters,
  options: LedgerOptions,
): Promise<string> {
  const { finished, failed } = sinceJudged({ ...job, ...counters });
  const commonest = await changes
    .selectFrom('job_items')
    .select(({ fn }) => [
      'error_code',
      fn.countAll<number>().as('times'),
      fn.min('error_message').as('example'),
    ])
    .where('job_id', '=', job.id)
    .where('state', '=', 'failed')
    .groupBy('error_code')
    .orderBy('times', 'desc')
    .orderBy('error_code')
    .limit(3)
    .execute();
  const errors = commonest.map(({ error_code, times, example }) => `${times} × ${example ?? error_code}`);
  const which = job.judged_finished === 0 ? `the first ${finished}` : `${finished} since it went on`;
  return `${failed} of ${which} failed, more than ${options.halt_percent} %. Most often: ${errors.join('; ')}`;
}
