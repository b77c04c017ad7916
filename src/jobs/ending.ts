/** How a job comes to an end, or back from a retry. */
import { sql } from 'kysely';
import { isUnfinished } from '#contract/words.ts';
import type { KindHooks } from './hooks.ts';
import {
  appendEvents,
  columnsOf,
  finishedOf,
  lockJob,
  ranUntil,
  selectJobs,
  type Changes,
  type JobEventNote,
  type JobRow,
  type LedgerContext,
  type Move,
} from './ledger-context.ts';
import { cut } from './outcome.ts';

export function noteOf(job: JobRow, move: Move): JobEventNote {
  const { status } = columnsOf(job, move, new Date(0));
  return { kind: status as JobEventNote['kind'], data: move.reason === null ? {} : { reason: move.reason } };
}

/** A cancelled job stays cancelled, whatever its last items in hand did. */
export function endOf(job: JobRow): Move | undefined {
  if (job.status === 'cancelled') return undefined;
  if (job.failed === 0) return { name: 'complete', reason: null };
  if (job.failed < job.total) return { name: 'complete_with_errors', reason: null };
  return { name: 'fail', reason: 'Every item failed.' };
}

/** A retry works the failed items alone: is none of them left, while others still wait? */
export async function isRetryOver(changes: Changes, job: JobRow): Promise<boolean> {
  if (job.after_retry === null || !isUnfinished(job.status)) return false;
  const open = await changes
    .selectFrom('job_items')
    .select('seq')
    .where('job_id', '=', job.id)
    .where('state', 'in', ['waiting', 'working'])
    .where('retried', '=', sql.lit(1))
    .limit(1)
    .executeTakeFirst();
  return open === undefined;
}

/** The job stands again where it stood before the retry, also if it was paused or halted meanwhile. */
export function backAfterRetry({ status, after_retry }: JobRow): Move | undefined {
  if (after_retry === status) return undefined;
  const reason = 'The failed items were tried again; the others still wait.';
  if (after_retry === 'paused') return { name: 'back_to_paused', reason };
  if (after_retry === 'halted') return { name: 'back_to_halted', reason };
  return { name: 'back_to_cancelled', reason };
}

/** Jobs of these kinds whose items are all finished, but which did not end with the last of them. */
export async function unendedJobs(context: LedgerContext, kinds: readonly string[]): Promise<JobRow[]> {
  if (kinds.length === 0) return [];
  const rows: JobRow[] = await selectJobs(context.db)
    .where('status', 'in', ['running', 'paused', 'halted'])
    .where('kind', 'in', kinds)
    .where(sql<boolean>`done + skipped + failed = total`)
    .execute();
  return rows;
}

/**
 * Ends a job whose items are all finished. With `broke` it ends as `failed`: the kind could not even summarise it.
 */
export async function finishJob(
  context: LedgerContext,
  jobId: string,
  ending: { kind: KindHooks } | { broke: string },
): Promise<void> {
  await context.db.transaction().execute(async (changes) => {
    const job = await lockJob(context, changes, jobId);
    if (job === undefined || finishedOf(job) !== job.total) return;
    const move: Move | undefined = 'broke' in ending ? { name: 'fail', reason: cut(ending.broke) } : endOf(job);
    if (move === undefined || !['running', 'paused', 'halted'].includes(job.status)) return;
    const now = context.now();
    const summary = 'broke' in ending ? null : await summaryOf(changes, job, now, ending.kind);
    await changes
      .updateTable('jobs')
      .set({
        ...columnsOf(job, move, now),
        ...('broke' in ending ? { error_message: cut(ending.broke) } : {}),
        after_retry: null,
        summary_json: summary === null ? null : JSON.stringify(summary),
        last_event: await appendEvents(context, changes, job, now, [noteOf(job, move)]),
      })
      .where('id', '=', jobId)
      .execute();
  });
}

async function summaryOf(changes: Changes, job: JobRow, now: Date, hooks: KindHooks): Promise<object | null> {
  if (hooks.summarise === undefined) return null;
  const { input_json } = await changes
    .selectFrom('jobs')
    .select('input_json')
    .where('id', '=', job.id)
    .executeTakeFirstOrThrow();
  const { id, owner, kind, label, total, done, skipped, failed } = job;
  return hooks.summarise(changes, {
    id,
    owner,
    kind,
    label,
    input: JSON.parse(input_json) as unknown,
    total,
    done,
    skipped,
    failed,
    elapsed_seconds: ranUntil(job, now) / 1000,
  });
}
