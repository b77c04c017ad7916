/**
 * The history of a job is kept for a while after its end; its row, with counters and summary, for ever. Numbers are
 * never given again: a job that is retried later goes on counting where it stood.
 */
import { historyDays } from '#contract/jobs.ts';
import { lockJob, type LedgerContext } from './ledger-context.ts';

/** Events per transaction, so that nobody waits for long. */
const eventsAtOnce = 5000;

/** Returns how many events were removed. May run in several processes at once. */
export async function forgetHistory(context: LedgerContext): Promise<number> {
  const endedBefore = new Date(context.now().getTime() - historyDays * 86_400_000).toISOString();
  const jobs = await context.db
    .selectFrom('jobs')
    .select('id')
    .where('completed_at', '<', endedBefore)
    .where((job) => job.exists(job.selectFrom('job_events').select('seq').whereRef('job_id', '=', 'jobs.id')))
    .execute();
  let removed = 0;
  for (const { id } of jobs) {
    for (;;) {
      const now = await removeSome(context, id, endedBefore);
      if (now === 0) break;
      removed += now;
    }
  }
  return removed;
}

/** Oldest first, so that what is left is always whole to its end. */
async function removeSome(context: LedgerContext, id: string, endedBefore: string): Promise<number> {
  return context.db.transaction().execute(async (changes) => {
    // It may have been retried since it was chosen.
    const job = await lockJob(context, changes, id);
    if (job === undefined || job.completed_at === null || job.completed_at >= endedBefore) return 0;
    const { first } = await changes
      .selectFrom('job_events')
      .select(({ fn }) => fn.min('seq').as('first'))
      .where('job_id', '=', id)
      .executeTakeFirstOrThrow();
    if (first === null) return 0;
    const { numDeletedRows } = await changes
      .deleteFrom('job_events')
      .where('job_id', '=', id)
      .where('seq', '<', first + eventsAtOnce)
      .executeTakeFirst();
    return Number(numDeletedRows);
  });
}
