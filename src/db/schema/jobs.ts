/** The batch-job engine. */
import type { Generated } from 'kysely';
import type { ItemState, JobEventKind, JobStatus } from '#contract/words.ts';

export type JobTables = {
  jobs: JobsTable;
  job_items: JobItemsTable;
  job_events: JobEventsTable;
  workers: WorkersTable;
};

export type JobsTable = {
  id: string;
  owner: string;
  kind: string;
  /** What the job is about, for a person: "Import of 4,812 files". */
  label: string;
  input_json: string;
  status: JobStatus;
  status_reason: string | null;
  total: number;
  done: Generated<number>;
  skipped: Generated<number>;
  failed: Generated<number>;
  current_item: string | null;
  error_message: string | null;
  /** Number of the newest event; events of a job are numbered 1, 2, 3 … without gap. */
  last_event: Generated<number>;
  /** Milliseconds spent running before `running_since`. */
  ran_ms: Generated<number>;
  running_since: string | null;
  /** When an item of this job was last claimed: the job that waited longest is served next. */
  claimed_at: string | null;
  resume_at: string | null;
  /** Set while only the failed items are worked again: where the job goes back to if others still wait. */
  after_retry: JobStatus | null;
  /** `done + skipped + failed`, and `failed`, when the halt rule last began to count anew. */
  judged_finished: Generated<number>;
  judged_failed: Generated<number>;
  summary_json: string | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
};

export type JobItemsTable = {
  job_id: string;
  /** Place in the order of work, from 1. */
  seq: number;
  /** What the kind needs to find the thing: a path, an upload id. */
  key: string;
  /** What a person calls it. */
  label: string;
  state: ItemState;
  /** Attempts spent: those that ended in an outcome, in a counted retry, or in the death of the worker. */
  attempt: Generated<number>;
  /** How often a worker died with this item in hand. Above 0 it is worked alone. */
  crashes: Generated<number>;
  /** 1 once the item failed and was asked for again. */
  retried: Generated<number>;
  run_after: string | null;
  /** The worker that holds the item. The lease lasts as long as that worker's `beat_at` is fresh. */
  lease_owner: string | null;
  /** Fences a late worker: a lease is settled only by the token that took it. */
  lease_token: string | null;
  skipped_because: string | null;
  error_code: string | null;
  error_message: string | null;
  finished_at: string | null;
};

export type JobEventsTable = {
  job_id: string;
  seq: number;
  at: string;
  kind: JobEventKind;
  data_json: string;
};

export type WorkersTable = {
  id: string;
  host: string;
  pid: number;
  role: string;
  started_at: string;
  /** Refreshed while the process lives; leases of a worker whose beat is older than the lease time are free. */
  beat_at: string;
};
