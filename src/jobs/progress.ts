/** How far a job is, in the shapes of the contract. */
import type { Kysely } from 'kysely';
import type { JobSummary } from '#contract/job-summary.ts';
import type { Job, Progress } from '#contract/jobs.ts';
import type { Database } from '#db/schema.ts';
import type { JobRef } from './commands.ts';
import { JobNotFound } from './job.ts';
import { finishedOf, ranUntil, selectJobs, type JobRow, type LedgerContext } from './ledger-context.ts';

/** The data of a `progress` event; `ran_ms` is the running time of the job until then. */
export type ProgressNote = {
  done: number;
  skipped: number;
  failed: number;
  total: number;
  current_item: string | null;
  ran_ms: number;
};

/** The rate is that of this much running time … */
const recentMs = 30_000;
/** … seen in at most this many events … */
const eventsRead = 60;
/** … and in at least two of them, however old: a slow job has few. */
const leastEvents = 2;
/** Less running time than this tells no rate. A job so fast that its events cover less goes by its average. */
const leastMs = 500;

export async function getJob(context: LedgerContext, ref: JobRef): Promise<Job> {
  return viewOf(context, await rowOf(context, ref));
}

export async function getProgress(context: LedgerContext, ref: JobRef): Promise<Progress> {
  const job = await rowOf(context, ref);
  const { summary_json } = await context.db
    .selectFrom('jobs')
    .select('summary_json')
    .where('id', '=', job.id)
    .executeTakeFirstOrThrow();
  const times = await timesOf(context, job);
  return {
    job_id: job.id,
    status: job.status,
    status_reason: job.status_reason,
    progress_current: finishedOf(job),
    progress_total: job.total,
    progress_percent: percentOf(finishedOf(job), job.total),
    current_filename: job.current_item,
    error_count: job.failed,
    ...times,
    summary: summary_json === null ? null : summaryOf(job.kind, summary_json),
  };
}

/** As the kind made it; the kind itself is not stored a second time. */
function summaryOf(kind: string, stored: string): JobSummary {
  return { ...(JSON.parse(stored) as object), kind } as JobSummary;
}

/** The job as the API shows it. */
export async function viewOf(context: LedgerContext, job: JobRow): Promise<Job> {
  const { id, kind, label, status, status_reason, total, done, skipped, failed } = job;
  const { current_item, error_message, created_at, started_at, completed_at, resume_at } = job;
  return {
    id,
    kind,
    label,
    status,
    status_reason,
    total,
    done,
    skipped,
    failed,
    current_item,
    error_message,
    created_at,
    started_at,
    completed_at,
    resume_at,
    ...(await timesOf(context, job)),
  };
}

/** Percent with one decimal, rounded down: 100 is said only when every item is finished. */
export function percentOf(finished: number, total: number): number {
  return Math.floor((finished / total) * 1000) / 10;
}

async function rowOf(context: LedgerContext, { id, owner }: JobRef): Promise<JobRow> {
  const job = await selectJobs(context.db).where('id', '=', id).where('owner', '=', owner).executeTakeFirst();
  if (job === undefined) throw new JobNotFound(id);
  return job;
}

async function timesOf(context: LedgerContext, job: JobRow) {
  const ran = ranUntil(job, context.now());
  const finished = finishedOf(job);
  // While the failed items alone are tried again, nobody knows how many of the others will follow.
  const counts = job.status === 'running' && finished > 0 && job.after_retry === null;
  const recent = counts ? await recentProgress(context.db, job.id) : [];
  return {
    elapsed_seconds: Math.round(ran / 100) / 10,
    eta_seconds: counts ? timeLeft({ finished, total: job.total, ran_ms: ran }, recent) : null,
  };
}

async function recentProgress(db: Kysely<Database>, jobId: string): Promise<ProgressNote[]> {
  const rows = await db
    .selectFrom('job_events')
    .select(['kind', 'data_json'])
    .where('job_id', '=', jobId)
    .orderBy('seq', 'desc')
    .limit(eventsRead)
    .execute();
  // A retry takes failed items out of the count again: what was before it says nothing about the rate.
  const retried = rows.findIndex(({ kind }) => kind === 'retried');
  return (retried === -1 ? rows : rows.slice(0, retried))
    .filter(({ kind }) => kind === 'progress')
    .map(({ data_json }) => JSON.parse(data_json) as ProgressNote);
}

/**
 * Seconds left at the recent rate, or null while that is unknown. `recent` is newest first. The rate reaches up to
 * now, so that it sinks while nothing finishes; it is taken over running time, so that a pause does not sink it.
 */
export function timeLeft(
  now: { finished: number; total: number; ran_ms: number },
  recent: readonly ProgressNote[],
): number | null {
  const inWindow = recent.filter(({ ran_ms }) => ran_ms >= now.ran_ms - recentMs);
  const from = (inWindow.length >= leastEvents ? inWindow : recent.slice(0, leastEvents)).at(-1);
  const tooLittle = from === undefined || recent.length < leastEvents || now.ran_ms - from.ran_ms < leastMs;
  // Then the job's own start is the other end.
  const start = tooLittle ? { finished: 0, ran_ms: 0 } : noted(from);
  const finished = now.finished - start.finished;
  const took = now.ran_ms - start.ran_ms;
  if (finished <= 0 || took < leastMs) return null;
  return Math.ceil(((now.total - now.finished) * took) / finished / 1000);
}

function noted(note: ProgressNote) {
  return { finished: note.done + note.skipped + note.failed, ran_ms: note.ran_ms };
}
