/** What a person asks of a job. Each is one row and one event, for 10 items and for 1,000,000; a retry also touches the failed items. */
import { sql } from 'kysely';
import type { JobCommand, JobStatus } from '#contract/words.ts';
import { judgedAnew } from './halt.ts';
import type { MayRunAgain } from './hooks.ts';
import { JobNotFound, JobRefused, judge } from './job.ts';
import {
  appendEvents,
  columnsOf,
  lockJob,
  selectJobs,
  type Changes,
  type JobRow,
  type LedgerContext,
} from './ledger-context.ts';

/** A job as its owner names it; somebody else's job is not found. */
export type JobRef = { id: string; owner: string };

export function pause(context: LedgerContext, ref: JobRef): Promise<void> {
  return command(context, ref, 'pause', {}, async (changes, job, now) => {
    const last_event = await appendEvents(context, changes, job, now, [{ kind: 'paused', data: {} }]);
    return { ...columnsOf(job, { name: 'pause', reason: null }, now), last_event };
  });
}

/** Goes on with everything that waits; a retry that a cancelled job was in stays one. */
export function resume(context: LedgerContext, ref: JobRef, mayRun: MayRunAgain): Promise<void> {
  return command(context, ref, 'resume', mayRun, async (changes, job, now) => {
    const to: JobStatus = job.started_at === null ? 'pending' : 'running';
    const last_event = await appendEvents(context, changes, job, now, [{ kind: 'resumed', data: {} }]);
    return {
      ...columnsOf(job, { name: 'resume', to, reason: null }, now),
      ...(job.status === 'halted' ? judgedAnew(job) : {}),
      after_retry: job.after_retry === 'cancelled' ? job.after_retry : null,
      last_event,
    };
  });
}

/** Ends the job. What is done stays; what is in hand is given up by its worker. */
export function cancel(context: LedgerContext, ref: JobRef): Promise<void> {
  return command(context, ref, 'cancel', {}, async (changes, job, now) => {
    const last_event = await appendEvents(context, changes, job, now, [{ kind: 'cancelled', data: {} }]);
    return { ...columnsOf(job, { name: 'cancel', reason: null }, now), after_retry: null, last_event };
  });
}

/**
 * Works failed items again, all of them or those with these numbers, and nothing else: where other items still
 * wait because the job was paused, halted or cancelled, it goes back to that status afterwards. A job that paused until
 * a known time goes on as a whole: if the cause still holds, the first item meets it and says until when.
 */
export function retry(
  context: LedgerContext,
  ref: JobRef,
  seqs: readonly number[] | 'all',
  mayRun: MayRunAgain,
): Promise<void> {
  return command(context, ref, 'retry', mayRun, async (changes, job, now) => {
    const again = await failedItemsAgain(changes, job, seqs);
    if (again === 0) {
      throw new JobRefused('job_not_retryable', 'None of these items failed; there is nothing to try again.');
    }
    const after = { ...job, failed: job.failed - again };
    const last_event = await appendEvents(context, changes, job, now, [
      { kind: 'retried', data: { items: again } },
    ]);
    return {
      ...columnsOf(job, { name: 'retry', reason: null }, now),
      ...judgedAnew(after),
      failed: after.failed,
      error_message: null,
      summary_json: null,
      after_retry: othersWait(job) ? (job.after_retry ?? job.status) : null,
      last_event,
    };
  });
}

/** Only a job that somebody stopped keeps items that wait; one that broke has nothing left to protect. */
function othersWait(job: JobRow): boolean {
  return (
    (job.status === 'paused' && job.resume_at === null) || job.status === 'halted' || job.status === 'cancelled'
  );
}

async function failedItemsAgain(
  changes: Changes,
  job: JobRow,
  seqs: readonly number[] | 'all',
): Promise<number> {
  const { numUpdatedRows } = await changes
    .updateTable('job_items')
    .set({
      state: 'waiting',
      attempt: 0,
      // An item that took a worker down is still worked alone, and given up at the next death that is its own.
      crashes: sql`case when crashes > 0 then 1 else 0 end`,
      retried: 1,
      run_after: null,
      error_code: null,
      error_message: null,
      finished_at: null,
    })
    .where('job_id', '=', job.id)
    .where('state', '=', 'failed')
    .$if(seqs !== 'all', (query) => query.where('seq', 'in', seqs as readonly number[]))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Jobs that stopped until a known time and whose time has come. Returns their ids. */
export async function resumeDue(context: LedgerContext): Promise<string[]> {
  const due = await context.db
    .selectFrom('jobs')
    .select('id')
    .where('status', '=', 'paused')
    .where('resume_at', '<=', context.now().toISOString())
    .execute();
  const resumed: string[] = [];
  for (const { id } of due) {
    await context.db.transaction().execute(async (changes) => {
      const job = await lockJob(context, changes, id);
      const now = context.now();
      if (job === undefined || job.status !== 'paused' || job.resume_at === null) return;
      if (job.resume_at > now.toISOString()) return;
      const reason = 'The time it waited for has come.';
      const last_event = await appendEvents(context, changes, job, now, [
        { kind: 'resumed', data: { reason } },
      ]);
      await changes
        .updateTable('jobs')
        .set({ ...columnsOf(job, { name: 'go_on', reason: null }, now), last_event })
        .where('id', '=', id)
        .execute();
      resumed.push(id);
    });
  }
  return resumed;
}

async function command(
  context: LedgerContext,
  ref: JobRef,
  name: JobCommand,
  mayRun: MayRunAgain,
  change: (changes: Changes, job: JobRow, now: Date) => Promise<object>,
): Promise<void> {
  await context.db.transaction().execute(async (changes) => {
    await askKind(changes, ref, name, mayRun);
    const job = await lockJob(context, changes, ref.id);
    if (job === undefined || job.owner !== ref.owner) throw new JobNotFound(ref.id);
    if (judge(name, job.status) === 'already') return;
    await changes
      .updateTable('jobs')
      .set(await change(changes, job, context.now()))
      .where('id', '=', job.id)
      .execute();
  });
}

/** Throws what the kind throws, where the command would be carried out. */
async function askKind(
  changes: Changes,
  { id, owner }: JobRef,
  name: JobCommand,
  mayRun: MayRunAgain,
): Promise<void> {
  const job = await selectJobs(changes).where('id', '=', id).executeTakeFirst();
  if (job === undefined || job.owner !== owner || judge(name, job.status) === 'already') return;
  const ask = mayRun[job.kind];
  if (ask === undefined) return;
  const { input_json } = await changes
    .selectFrom('jobs')
    .select('input_json')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { kind, label } = job;
  await ask(changes, { id, owner, kind, label, input: JSON.parse(input_json) });
}
