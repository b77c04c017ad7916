/**
 * The ledger: the only writer of `jobs`, `job_items`, `job_events` and `workers`. It is the truth about work; a queue
 * or a message only ever says that there may be some.
 *
 * A **job** is created `pending` with all its items in one transaction, and is `running` from its first claim on.
 *
 *     pending ─ first claim → running ─ last item finished → completed | completed_with_errors | failed
 *        │                    │  │ ↑
 *        │   pause, stop_job  │  │ └ resume, or by itself at `resume_at`
 *        └───────────────→ paused halted ← the halt rule, stop_job
 *     cancel: from all four → cancelled. retry: from every stop with failed items → running, those items alone.
 *
 * `pause`, `resume` and `cancel` change that one row and add one event. Nothing tells the items: a claim takes
 * items of workable jobs only, and a worker asks for the status before it starts each item.
 *
 * An **item** is `waiting` until a worker leases it (`working`, with the worker's id and a fresh token). It gets its
 * one outcome (`done`, `skipped`, `failed`) when the group it is in is settled: in one transaction with the effects
 * of the job kind, the counters, the events and, if it comes to that, the halt or the end of the job. The token is
 * the fence: whoever lost the lease meanwhile writes nothing. An item in hand may still be settled after its job was
 * paused, halted or cancelled, because its work is done and its effects are whole.
 *
 * Every event of a job is written under the lock of its row and numbered there, so the numbers have no gap and their
 * order is that of the commits. Locks are taken in one order: worker row, items in hand, what the kind locks, job row.
 */
import type { Kysely } from 'kysely';
import type { Engine } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { claim, comingKeys, giveBack, type Claimed, type ClaimWish } from './claim.ts';
import { cancel, pause, resume, resumeDue, retry, type JobRef } from './commands.ts';
import { createJob, type NewJob } from './create-job.ts';
import { finishJob, unendedJobs } from './ending.ts';
import { forgetHistory } from './forget-history.ts';
import { firstEventSince, headsOf, progressCurve, type HeadsWanted } from './heads.ts';
import {
  countEvents,
  currentJob,
  listEvents,
  listItems,
  listJobs,
  type EventsFilter,
  type EventsWanted,
  type ItemsWanted,
  type JobsWanted,
} from './history.ts';
import type { KindHooks, MayRunAgain } from './hooks.ts';
import {
  heartbeat,
  registerWorker,
  releaseDead,
  releaseDeadHere,
  releaseExpired,
  signOff,
  takeBack,
  type Death,
  type WorkerFacts,
} from './leases.ts';
import type { Changes, LedgerContext, LedgerOptions } from './ledger-context.ts';
import { getJob, getProgress } from './progress.ts';
import { settle, type Settled } from './settle.ts';
import { statusesOf } from './status.ts';

export type { LedgerOptions } from './ledger-context.ts';
export type { Claimed, ClaimWish, JobFacts } from './claim.ts';
export type { JobRef } from './commands.ts';
export type { NewItem, NewJob } from './create-job.ts';
export type { Death, WorkerFacts } from './leases.ts';
export type { Settled, SettleReport } from './settle.ts';

export type Ledger = ReturnType<typeof openLedger>;

export function openLedger(db: Kysely<Database>, engine: Engine, options: LedgerOptions) {
  const context: LedgerContext = { db, engine, options, now: options.now ?? (() => new Date()) };
  return {
    options,

    /** Returns the id of the new job. `inside` joins a transaction of the caller. */
    create: (job: NewJob, inside?: Changes) => createJob(context, job, inside),

    // For people. `JobNotFound`, and where the status does not allow it `JobRefused`.
    pause: (ref: JobRef) => pause(context, ref),
    /** `mayRun`: what kinds have to say before a job of theirs runs again. */
    resume: (ref: JobRef, mayRun: MayRunAgain = {}) => resume(context, ref, mayRun),
    cancel: (ref: JobRef) => cancel(context, ref),
    retry: (ref: JobRef, seqs: readonly number[] | 'all', mayRun: MayRunAgain = {}) =>
      retry(context, ref, seqs, mayRun),
    get: (ref: JobRef) => getJob(context, ref),
    progress: (ref: JobRef) => getProgress(context, ref),
    list: (wanted: JobsWanted) => listJobs(context, wanted),
    items: (wanted: ItemsWanted) => listItems(context, wanted),
    events: (wanted: EventsWanted) => listEvents(context, wanted),
    countEvents: (wanted: EventsFilter) => countEvents(context, wanted),
    curve: (ref: JobRef, points: number) => progressCurve(context, ref, points),
    current: (owner: string) => currentJob(context, owner),

    // For who streams what happens.
    heads: (wanted: HeadsWanted) => headsOf(context, wanted),
    firstEventSince: (jobId: string, since: Date) => firstEventSince(context, jobId, since),

    // For workers.
    register: (worker: WorkerFacts) => registerWorker(context, worker),
    heartbeat: (workerId: string) => heartbeat(context, workerId),
    signOff: (workerId: string) => signOff(context, workerId),
    takeBack: (workerId: string) => takeBack(context, workerId),
    claim: (workerId: string, wish: ClaimWish) => claim(context, workerId, wish),
    giveBack: (claims: readonly Claimed[]) => giveBack(context, claims),
    comingKeys: (jobId: string, limit: number) => comingKeys(context, jobId, limit),
    settle: (group: readonly Settled[], hooks: KindHooks, ending: 'now' | 'later') =>
      settle(context, group, hooks, ending),
    statuses: (jobIds: readonly string[]) => statusesOf(context, jobIds),
    unended: (kinds: readonly string[]) => unendedJobs(context, kinds),
    finish: (jobId: string, ending: Parameters<typeof finishJob>[2]) => finishJob(context, jobId, ending),

    // For whoever looks after the workers.
    releaseDead: (workerIds: readonly string[], death: Death) => releaseDead(context, workerIds, death),
    releaseDeadHere: (host: string) => releaseDeadHere(context, host),
    releaseExpired: () => releaseExpired(context),
    resumeDue: () => resumeDue(context),
    forgetHistory: () => forgetHistory(context),
  };
}
