/** Items, counters, events and status after some items ended: what a settled group and a dead worker have in common. */
import { sql } from 'kysely';
import { isUnfinished, type ItemState } from '#contract/words.ts';
import { backAfterRetry, endOf, isRetryOver, noteOf } from './ending.ts';
import { haltReason, mustHalt } from './halt.ts';
import type { AtEnd } from './hooks.ts';
import { jsonRows, seqAmong } from './json-rows.ts';
import {
  appendEvents,
  columnsOf,
  finishedOf,
  lockJob,
  ranUntil,
  type Changes,
  type JobEventNote,
  type JobRow,
  type LedgerContext,
  type Move,
} from './ledger-context.ts';
import { cut, storable, type StopJob } from './outcome.ts';

/** What an item becomes; null leaves the column empty. */
export type ItemChange = {
  seq: number;
  label: string;
  state: ItemState;
  attempt: number;
  crashes: number;
  run_after: string | null;
  skipped_because: string | null;
  error_code: string | null;
  error_message: string | null;
};

const itemColumns = {
  seq: 'integer',
  state: 'text',
  attempt: 'integer',
  crashes: 'integer',
  run_after: 'text',
  skipped_because: 'text',
  error_code: 'text',
  error_message: 'text',
  finished_at: 'text',
} as const;

export async function writeItems(
  context: LedgerContext,
  changes: Changes,
  jobId: string,
  itemChanges: readonly ItemChange[],
  now: Date,
): Promise<void> {
  const rows = itemChanges.map(({ label: _, ...change }) => ({
    ...change,
    finished_at: change.state === 'waiting' ? null : now.toISOString(),
  }));
  const among = seqAmong(
    context.engine,
    itemChanges.map(({ seq }) => seq),
  );
  await sql`
    update job_items set
      state = change.state, attempt = change.attempt, crashes = change.crashes, run_after = change.run_after,
      skipped_because = change.skipped_because, error_code = change.error_code,
      error_message = change.error_message, finished_at = change.finished_at,
      lease_owner = null, lease_token = null
    from ${jsonRows(context.engine, 'change', itemColumns, rows)}
    where job_id = ${jobId} and ${among} and job_items.seq = change.seq`.execute(changes);
}

type Step = {
  /** Causes that items met and that stop the whole job, and the run in which each item was leased. */
  stops: readonly { run: string; cause: StopJob }[];
  now: Date;
  /** Undefined: a job whose last item this was stays as it is until `finishJob`. */
  summarise: ((atEnd: AtEnd) => Promise<object | null>) | undefined;
};

/** Counters, events and status of the job after these items. */
export async function writeJob(
  context: LedgerContext,
  changes: Changes,
  jobId: string,
  itemChanges: readonly ItemChange[],
  { stops, now, summarise }: Step,
): Promise<void> {
  const job = await lockJob(context, changes, jobId);
  if (job === undefined) throw new Error(`Job ${jobId} is gone while its items are in hand.`);
  const counters = { done: job.done, skipped: job.skipped, failed: job.failed };
  const notes: JobEventNote[] = [];
  let newest = itemChanges[0];
  let errorMessage = job.error_message;
  for (const change of itemChanges) {
    if (change.state === 'waiting' || change.state === 'working') continue;
    counters[change.state] += 1;
    if (newest === undefined || change.seq > newest.seq) newest = change;
    if (change.state !== 'failed') continue;
    const { seq, label, error_code: code, error_message: message } = change;
    errorMessage = message;
    notes.push({ kind: 'item_failed', data: { item: seq, label, code, message } });
  }
  const currentItem = newest?.label ?? job.current_item;
  if (finishedOf(counters) > finishedOf(job)) {
    const data = { ...counters, total: job.total, current_item: currentItem, ran_ms: ranUntil(job, now) };
    notes.push({ kind: 'progress', data });
  }

  const after = { ...job, ...counters };
  const allFinished = finishedOf(after) === job.total;
  const retryOver = !allFinished && (await isRetryOver(changes, after));
  let move: Move | undefined;
  if (allFinished) move = summarise && endOf(after);
  else if (retryOver) move = backAfterRetry(after);
  else move = await stopOf(context, changes, after, stops);
  const ended = allFinished && move !== undefined && summarise !== undefined;
  const elapsed_seconds = ranUntil(job, now) / 1000;
  const summary = ended ? await summarise({ total: job.total, ...counters, elapsed_seconds }) : null;
  if (move !== undefined) notes.push(noteOf(job, move));
  await changes
    .updateTable('jobs')
    .set({
      ...counters,
      current_item: isUnfinished(job.status) ? currentItem : null,
      error_message: errorMessage,
      last_event: await appendEvents(context, changes, job, now, notes),
      ...(move === undefined ? {} : columnsOf(job, move, now)),
      ...(retryOver ? { after_retry: null } : {}),
      ...(ended ? { after_retry: null, summary_json: summary && JSON.stringify(summary) } : {}),
    })
    .where('id', '=', jobId)
    .execute();
}

async function stopOf(
  context: LedgerContext,
  changes: Changes,
  job: JobRow,
  stops: Step['stops'],
): Promise<Move | undefined> {
  if (job.status !== 'running') return undefined;
  // Whoever let the job go on has heard of the causes before that. If one still holds, an item leased since will tell.
  const stop = stops.find(({ run }) => run === job.running_since)?.cause;
  if (stop?.how === 'halt') return { name: 'halt', reason: cut(stop.reason) };
  if (stop?.how === 'pause') return { name: 'stop', reason: cut(stop.reason), resume_at: stop.resume_at };
  if (mustHalt(job, context.options)) {
    return { name: 'halt', reason: storable(await haltReason(changes, job, job, context.options)) };
  }
  return undefined;
}
