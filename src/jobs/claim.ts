/** Taking items from the ledger, and putting them back untouched. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { isWorkable, workableStatuses } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { jsonRows, seqAmong } from './json-rows.ts';
import {
  appendEvents,
  columnsOf,
  lockJob,
  type Changes,
  type JobRow,
  type LedgerContext,
} from './ledger-context.ts';

/** What a kind may know of the job it works for. */
export type JobFacts<Input = unknown> = {
  id: string;
  owner: string;
  kind: string;
  label: string;
  input: Input;
};

/** One item in the hand of a worker. */
export type Claimed = {
  job: JobFacts;
  seq: number;
  key: string;
  label: string;
  /** Which attempt this is, from 1. */
  attempt: number;
  token: string;
  /** In which run of its job it was leased, by the instant that began; every resume and every retry begins another. */
  run: string;
  /** A worker died with this item in hand before: nothing else may be in hand while it is worked. */
  alone: boolean;
};

export type ClaimWish = {
  /** Most items to take. A kind that says `claimSize` gets that many instead. */
  limit: number;
  kinds: readonly { name: string; claimSize?: number }[];
  /**
   * The worker holds nothing, so that an item which must be worked alone may be given. If such an item is next and
   * the worker holds others, it gets nothing: it should empty its hand and ask again, else the item would starve.
   */
  holdsNothing: boolean;
};

/** The worker is not registered, or was given up for dead: it must register again before it claims. */
export class WorkerUnknown extends Error {
  constructor(workerId: string) {
    super(`Worker ${workerId} is not registered, or was given up for dead.`);
    this.name = 'WorkerUnknown';
  }
}

/** How often a claim looks again when another worker emptied the job it had chosen. */
const looks = 3;

/**
 * Leases the next items of the job that waited longest since its last claim: two jobs take turns, and a small one
 * never waits behind a large one. Empty when there is nothing to do now.
 */
export async function claim(context: LedgerContext, workerId: string, wish: ClaimWish): Promise<Claimed[]> {
  for (let look = 1; look <= looks; look++) {
    const claimed = await context.db.transaction().execute(async (changes) => {
      await mustBeRegistered(context, changes, workerId);
      const id = await nextJob(context, changes, wish);
      if (id === undefined) return [];
      const job = await lockJob(context, changes, id);
      if (job === undefined || !isWorkable(job.status)) return undefined;
      return claimFrom(context, changes, workerId, job, wish);
    });
    if (claimed !== undefined) return claimed;
  }
  return [];
}

/**
 * Keys of the next items that may begin now, in the order of work, those in hand included: for a kind that asks about
 * many things in one call. State by state, because that is how their index stands.
 */
export async function comingKeys(context: LedgerContext, jobId: string, limit: number): Promise<string[]> {
  if (context.engine === 'sqlite') return comingFrom(context.db, jobId, limit, context.now());
  return context.db.transaction().execute(async (changes) => {
    await sql`select ${walkIndexes}`.execute(changes);
    return comingFrom(changes, jobId, limit, context.now());
  });
}

async function comingFrom(db: Queryable, jobId: string, limit: number, now: Date): Promise<string[]> {
  const job = await db
    .selectFrom('jobs')
    .select(['id', 'after_retry'])
    .where('id', '=', jobId)
    .executeTakeFirst();
  if (job === undefined) return [];
  const ready = await readyItems(db, job, now).select(['seq', 'key']).limit(limit).execute();
  // The later look: what is claimed between the two is found twice, not never.
  const inHand = await db
    .selectFrom('job_items')
    .select(['seq', 'key'])
    .where('job_id', '=', jobId)
    .where('state', '=', 'working')
    .orderBy('seq')
    .limit(limit)
    .execute();
  return [...new Map([...ready, ...inHand].map(({ seq, key }) => [seq, key]))]
    .toSorted(([a], [b]) => a - b)
    .slice(0, limit)
    .map(([, key]) => key);
}

/** The lease ends, no attempt is spent. A lease that was lost meanwhile is left alone. */
export async function giveBack(context: LedgerContext, claims: readonly Claimed[]): Promise<void> {
  for (const [jobId, ofJob] of Map.groupBy(claims, (claimed) => claimed.job.id)) {
    const columns = { seq: 'integer', token: 'text' } as const;
    const rows = ofJob.map(({ seq, token }) => ({ seq, token })).toSorted((a, b) => a.seq - b.seq);
    const among = seqAmong(
      context.engine,
      rows.map(({ seq }) => seq),
    );
    await sql`
      update job_items set state = 'waiting', lease_owner = null, lease_token = null
      from ${jsonRows(context.engine, 'back', columns, rows)}
      where job_id = ${jobId} and ${among} and job_items.seq = back.seq and state = 'working'
        and lease_token = back.token`.execute(context.db);
  }
}

/**
 * Until the end of the transaction PostgreSQL walks indexes in their order. It does not know how large a new job is,
 * takes it for a few rows, and would gather and sort all items that wait to lease ten: 15 ms of 100,000.
 */
export const walkIndexes = sql<string>`
  set_config('enable_bitmapscan', 'off', true) || set_config('enable_seqscan', 'off', true)`;

async function mustBeRegistered(context: LedgerContext, changes: Changes, workerId: string): Promise<void> {
  // Held until the end: the row cannot go while items are leased to it, so that no lease is overlooked.
  const row = await changes
    .selectFrom('workers')
    .select('id')
    .where('id', '=', workerId)
    // Said along with this, it costs no way to the server of its own.
    .$if(context.engine === 'postgres', (query) => query.select(walkIndexes.as('walk')).forShare())
    .executeTakeFirst();
  if (row === undefined) throw new WorkerUnknown(workerId);
}

/**
 * One look for the jobs in turn, one for each until there is something to do in it. As one statement with `exists`
 * PostgreSQL read all waiting items of all running jobs: 41 ms for two of 100,000, at every claim.
 */
async function nextJob(context: LedgerContext, changes: Changes, wish: ClaimWish): Promise<string | undefined> {
  if (wish.kinds.length === 0) return undefined;
  const now = context.now();
  const inTurn = await changes
    .selectFrom('jobs')
    .select(['id', 'after_retry'])
    .where('status', 'in', workableStatuses)
    .where(
      'kind',
      'in',
      wish.kinds.map(({ name }) => name),
    )
    .orderBy('claimed_at', (order) => order.asc().nullsFirst())
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  for (const job of inTurn) {
    const ready = await readyItems(changes, job, now).select('seq').limit(1).executeTakeFirst();
    if (ready !== undefined) return job.id;
  }
  return undefined;
}

/** Items that may begin now, in the order of work. */
function readyItems(db: Queryable, job: Pick<JobRow, 'id' | 'after_retry'>, now: Date) {
  return db
    .selectFrom('job_items')
    .where('job_id', '=', job.id)
    .where('state', '=', 'waiting')
    .where((item) => item.or([item('run_after', 'is', null), item('run_after', '<=', now.toISOString())]))
    .$if(job.after_retry !== null, (query) => query.where('retried', '=', sql.lit(1)))
    .orderBy('seq');
}

/** Undefined when another worker emptied the job between the choice and the lock. */
async function claimFrom(
  context: LedgerContext,
  changes: Changes,
  workerId: string,
  job: JobRow,
  wish: ClaimWish,
): Promise<Claimed[] | undefined> {
  const now = context.now();
  const limit = wish.kinds.find(({ name }) => name === job.kind)?.claimSize ?? wish.limit;
  const items = await readyItems(changes, job, now)
    .select(['seq', 'key', 'label', 'attempt', 'crashes'])
    .limit(limit)
    .$if(context.engine === 'postgres', (query) => query.forUpdate().skipLocked())
    .execute();
  const first = items[0];
  if (first === undefined) return undefined;
  const suspect = items.findIndex(({ crashes }) => crashes > 0);
  if (suspect === 0 && !wish.holdsNothing) return [];
  const alone = suspect === 0;
  const taken = alone ? [first] : suspect > 0 ? items.slice(0, suspect) : items;

  const token = randomUUID();
  await sql`
    update job_items set state = 'working', lease_owner = ${workerId}, lease_token = ${token}
    where job_id = ${job.id} and ${seqAmong(
      context.engine,
      taken.map(({ seq }) => seq),
    )}`.execute(changes);
  const { input_json, running_since } = await changes
    .updateTable('jobs')
    .set({
      claimed_at: now.toISOString(),
      ...(job.current_item === null ? { current_item: first.label } : {}),
      ...(job.status === 'pending' ? await start(context, changes, job, now) : {}),
    })
    .where('id', '=', job.id)
    .returning(['input_json', 'running_since'])
    .executeTakeFirstOrThrow();

  const { id, owner, kind, label } = job;
  const facts: JobFacts = { id, owner, kind, label, input: JSON.parse(input_json) };
  return taken.map(({ seq, key, label, attempt }) => ({
    job: facts,
    seq,
    key,
    label,
    attempt: attempt + 1,
    token,
    // Not null: the job runs, if only from this claim on.
    run: running_since as string,
    alone,
  }));
}

async function start(context: LedgerContext, changes: Changes, job: JobRow, now: Date) {
  const last_event = await appendEvents(context, changes, job, now, [{ kind: 'started', data: {} }]);
  return { ...columnsOf(job, { name: 'start', reason: null }, now), last_event };
}
