/**
 * Workers and what they hold. A lease lasts as long as its worker's row in `workers` is there with a fresh beat: one
 * row to refresh, however many items are in hand. Whoever takes a worker for dead removes that row first, so that it
 * can claim nothing more, and then frees its items.
 */
import { aliveSince } from './beat.ts';
import type { LedgerContext } from './ledger-context.ts';
import { processAlive } from './process-alive.ts';
import { writeItems, writeJob, type ItemChange } from './write-outcomes.ts';

export type WorkerFacts = { id: string; host: string; pid: number; role: string };

/**
 * How a worker ended. `crashed`: by its own fault (a signal such as SIGSEGV, an uncaught error). `hung`: it was killed
 * because it gave no answer. `killed`: by somebody else, or nobody knows (power cut, SIGKILL, a lost connection).
 */
export type Death = 'crashed' | 'hung' | 'killed';

/**
 * An item whose worker died is tried again alone. It is given up at the second death that is surely its own fault;
 * a death that may have come from outside is forgiven more often, but not for ever: an item that eats all memory ends
 * by SIGKILL too, and not every system says so. Measured on PostgreSQL with four workers, 100 kills of everything or of
 * one on a busy machine, each life only long enough for a few items: with 4 forgiven, 2 of 20,330 innocent items were
 * given up.
 */
const deathsForgiven = { crashed: 1, hung: 1, killed: 15 } as const satisfies Record<Death, number>;

const crashErrors = {
  crashed: { error_code: 'worker_crashed', error_message: 'The program crashed while it worked on this item.' },
  hung: { error_code: 'timed_out', error_message: 'The program hung while it worked on this item.' },
  killed: { error_code: 'worker_crashed', error_message: 'The program ended again and again on this item.' },
} as const satisfies Record<Death, { error_code: string; error_message: string }>;

export async function registerWorker(context: LedgerContext, worker: WorkerFacts): Promise<void> {
  const now = context.now().toISOString();
  await context.db
    .insertInto('workers')
    .values({ ...worker, started_at: now, beat_at: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ beat_at: now }))
    .execute();
}

/** False: the worker was given up for dead; its leases are lost and it must register again. */
export async function heartbeat(context: LedgerContext, workerId: string): Promise<boolean> {
  const { numUpdatedRows } = await context.db
    .updateTable('workers')
    .set({ beat_at: context.now().toISOString() })
    .where('id', '=', workerId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The worker ends in good order: its row goes, and what it still holds waits again, unspent. */
export async function signOff(context: LedgerContext, workerId: string): Promise<number> {
  await context.db.deleteFrom('workers').where('id', '=', workerId).execute();
  return takeBack(context, workerId);
}

/**
 * For a worker that holds nothing: what is leased to it all the same waits again, unspent. A claim can commit and its
 * answer be lost on the way; the worker's own beat would keep those leases for ever.
 */
export async function takeBack(context: LedgerContext, workerId: string): Promise<number> {
  const { numUpdatedRows } = await context.db
    .updateTable('job_items')
    .set({ state: 'waiting', lease_owner: null, lease_token: null })
    .where('lease_owner', '=', workerId)
    .where('state', '=', 'working')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Frees what dead workers held; each item costs an attempt and is tried again alone, or is given up. */
export async function releaseDead(
  context: LedgerContext,
  workerIds: readonly string[],
  death: Death,
): Promise<number> {
  let released = 0;
  for (const workerId of workerIds) {
    await context.db.deleteFrom('workers').where('id', '=', workerId).execute();
    const jobs = await context.db
      .selectFrom('job_items')
      .select('job_id')
      .distinct()
      .where('lease_owner', '=', workerId)
      .execute();
    for (const { job_id } of jobs) released += await releaseItems(context, workerId, job_id, death);
  }
  return released;
}

/** Workers whose beat is too old, and leases of workers that nobody knows. */
export async function releaseExpired(context: LedgerContext): Promise<number> {
  // Owners first: whoever holds something then was registered before, and a worker that left since holds nothing.
  const owners = await leaseOwners(context);
  const workers = await context.db.selectFrom('workers').select(['id', 'beat_at']).execute();
  const known = new Set(workers.map(({ id }) => id));
  const aliveFrom = aliveSince(context.now(), context.options.lease_seconds);
  const stale = workers.filter(({ beat_at }) => beat_at < aliveFrom).map(({ id }) => id);
  return releaseDead(context, [...stale, ...owners.filter((id) => !known.has(id))], 'killed');
}

/**
 * One after the other through the index of leases. Asked for all at once, PostgreSQL read every item there is:
 * 100,000 items of a new job, at every beat.
 */
async function leaseOwners({ db }: LedgerContext): Promise<string[]> {
  const owners: string[] = [];
  for (;;) {
    const next = await db
      .selectFrom('job_items')
      .select('lease_owner')
      .where('lease_owner', 'is not', null)
      .where('lease_owner', '>', owners.at(-1) ?? '')
      .orderBy('lease_owner')
      .limit(1)
      .executeTakeFirst();
    if (next === undefined) return owners;
    owners.push(next.lease_owner as string);
  }
}

/** At start: workers of this host whose process is gone hold nothing any more. */
export async function releaseDeadHere(context: LedgerContext, host: string): Promise<number> {
  const here = await context.db
    .selectFrom('workers')
    .select(['id', 'pid', 'started_at'])
    .where('host', '=', host)
    .execute();
  const dead = here.filter(({ pid, started_at }) => !processAlive(pid, new Date(started_at)));
  return releaseDead(
    context,
    dead.map(({ id }) => id),
    'killed',
  );
}

function releaseItems(context: LedgerContext, workerId: string, jobId: string, death: Death): Promise<number> {
  return context.db.transaction().execute(async (changes) => {
    const items = await changes
      .selectFrom('job_items')
      .select(['seq', 'label', 'attempt', 'crashes'])
      .where('job_id', '=', jobId)
      .where('lease_owner', '=', workerId)
      .where('state', '=', 'working')
      .orderBy('seq')
      .$if(context.engine === 'postgres', (query) => query.forUpdate())
      .execute();
    if (items.length === 0) return 0;
    const itemChanges = items.map(({ seq, label, attempt, crashes }): ItemChange => {
      const change = {
        seq,
        label,
        attempt: attempt + 1,
        crashes: crashes + 1,
        run_after: null,
        skipped_because: null,
        ...crashErrors[death],
      };
      return { ...change, state: crashes >= deathsForgiven[death] ? 'failed' : 'waiting' };
    });
    const now = context.now();
    await writeItems(context, changes, jobId, itemChanges, now);
    // The process that finds a worker dead may not know the kind of the job: the end is left to one that does.
    await writeJob(context, changes, jobId, itemChanges, { stops: [], now, summarise: undefined });
    return items.length;
  });
}
