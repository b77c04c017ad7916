/** What every operation of the ledger shares: the database, its options, and the row of a job under lock. */
import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { JobEventKind, JobStatus } from '#contract/words.ts';
import type { Engine } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import type { JobsTable } from '#db/schema/jobs.ts';
import { transitions, type TransitionName } from './job.ts';
import { jsonRows } from './json-rows.ts';

export type LedgerOptions = {
  /** A job halts when more than this share of its finished items failed … */
  halt_percent: number;
  /** … and at least this many are finished. */
  halt_minimum: number;
  /** How often an item is tried again after a passing fault. */
  retries: number;
  retry_delay_seconds: number;
  /** How long a worker that gives no sign of life keeps its items. */
  lease_seconds: number;
  /** The clock; tests bring their own. */
  now?: () => Date;
};

export type LedgerContext = {
  db: Kysely<Database>;
  engine: Engine;
  options: LedgerOptions;
  now: () => Date;
};

export type Changes = Transaction<Database>;

const jobColumns = [
  'id',
  'owner',
  'kind',
  'label',
  'status',
  'status_reason',
  'total',
  'done',
  'skipped',
  'failed',
  'current_item',
  'error_message',
  'last_event',
  'ran_ms',
  'running_since',
  'resume_at',
  'after_retry',
  'judged_finished',
  'judged_failed',
  'created_at',
  'started_at',
  'completed_at',
] as const satisfies readonly (keyof JobsTable)[];

/** A job without its two columns of unbounded length. */
export type JobRow = Selectable<Pick<JobsTable, (typeof jobColumns)[number]>>;

export function selectJobs(db: Kysely<Database>) {
  return db.selectFrom('jobs').select(jobColumns);
}

/** The row of a job, nobody else changing it until the transaction ends: SQLite has one writer anyway. */
export function lockJob(context: LedgerContext, changes: Changes, id: string): Promise<JobRow | undefined> {
  return selectJobs(changes)
    .where('id', '=', id)
    .$if(context.engine === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst();
}

export function finishedOf(job: Pick<JobRow, 'done' | 'skipped' | 'failed'>): number {
  return job.done + job.skipped + job.failed;
}

/** Milliseconds the job has spent running until `at`; pauses do not count. */
export function ranUntil(job: Pick<JobRow, 'ran_ms' | 'running_since'>, at: Date): number {
  if (job.running_since === null) return job.ran_ms;
  return job.ran_ms + Math.max(0, at.getTime() - Date.parse(job.running_since));
}

export type JobEventNote = { kind: JobEventKind; data: object };
export type Move = { name: TransitionName; to?: JobStatus; reason: string | null; resume_at?: Date };

/** The columns that a transition sets. Throws if the table in `job.ts` does not have it. */
export function columnsOf(job: JobRow, move: Move, at: Date) {
  const transition = transitions[move.name];
  if (!transition.from.includes(job.status)) {
    throw new Error(
      `Job ${job.id} is ${job.status}; "${move.name}" starts from ${transition.from.join(', ')}.`,
    );
  }
  const status = move.to ?? transition.to;
  const running = status === 'running';
  const stopped = !running && status !== 'pending' && status !== 'paused' && status !== 'halted';
  return {
    status,
    status_reason: move.reason,
    resume_at: move.resume_at?.toISOString() ?? null,
    ran_ms: ranUntil(job, at),
    running_since: running ? at.toISOString() : null,
    started_at: job.started_at ?? (running ? at.toISOString() : null),
    completed_at: stopped ? at.toISOString() : null,
    ...(stopped ? { current_item: null } : {}),
  };
}

/** Appends events under the lock of the job. The caller writes the number returned to `jobs.last_event`. */
export async function appendEvents(
  context: LedgerContext,
  changes: Changes,
  job: Pick<JobRow, 'id' | 'last_event'>,
  at: Date,
  notes: readonly JobEventNote[],
): Promise<number> {
  if (notes.length === 0) return job.last_event;
  const rows = notes.map(({ kind, data }, index) => ({
    seq: job.last_event + 1 + index,
    kind,
    data_json: JSON.stringify(data),
  }));
  const columns = { seq: 'integer', kind: 'text', data_json: 'text' } as const;
  await sql`
    insert into job_events (job_id, seq, at, kind, data_json)
    select ${job.id}, note.seq, ${at.toISOString()}, note.kind, note.data_json
    from ${jsonRows(context.engine, 'note', columns, rows)}`.execute(changes);
  return job.last_event + notes.length;
}
