/** What `bench/jobs.ts` measures of the job engine itself, on a database it is given. */
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import { openDatabase, type DatabaseAddress } from '#db/database.ts';
import { usual } from '#jobs/fixture-effects.ts';
import { defineJobKind, jobKinds, type AnyJobKind } from '#jobs/kinds.ts';
import { openLedger, type Ledger } from '#jobs/ledger.ts';
import { startWorker } from '#jobs/worker.ts';

const owner = 'bench';
const done = { outcome: 'done', result: null } as const;
const nothing = defineJobKind({ name: 'bench', process: () => done });
/** Lanes of the worker: as many as a machine of two cores gets. */
export const lanes = 2;

export type JobsHouse = Awaited<ReturnType<typeof openHouse>>;

/** An open ledger, and a table of effects for kinds that have some. */
export async function openHouse(address: DatabaseAddress) {
  const database = await openDatabase(address);
  const { db, engine } = database;
  await db.schema.createTable('bench_effects').addColumn('key', 'text').execute();
  const ledger = openLedger(db, engine, usual);
  return { ...database, ledger };
}

/** Names as cameras give them, in no order. */
export function itemsOf(count: number): { key: string; label: string }[] {
  return Array.from({ length: count }, (_, n) => {
    const number = (n * 7919) % count;
    return { key: `/photos/2021/DCIM/IMG_${number}.jpg`, label: `IMG_${number}.jpg` };
  });
}

async function newJob(ledger: Ledger, count: number) {
  const items = itemsOf(count);
  return { id: await ledger.create({ owner, kind: 'bench', label: 'A bench', input: null, items }), owner };
}

export type CommandTimes = Record<'create' | 'pause' | 'resume' | 'cancel', number[]>;

/** Milliseconds of each command on one job of so many items, some of them worked. */
export async function timeCommands({ ledger }: JobsHouse, count: number, times: CommandTimes): Promise<void> {
  let began = performance.now();
  const lap = (name: keyof CommandTimes) => times[name].push(performance.now() - began);
  const job = await newJob(ledger, count);
  lap('create');
  const worker = { id: `commands ${job.id}`, host: 'bench', pid: process.pid, role: 'bench' };
  await ledger.register(worker);
  const claims = await ledger.claim(worker.id, { limit: 5, kinds: [nothing], holdsNothing: true });
  await ledger.settle(
    claims.map((claimed) => ({ claimed, outcome: done })),
    {},
    'now',
  );
  for (let n = 0; n < 5; n++) {
    began = performance.now();
    await ledger.pause(job);
    lap('pause');
    began = performance.now();
    await ledger.resume(job);
    lap('resume');
  }
  began = performance.now();
  await ledger.cancel(job);
  lap('cancel');
  await ledger.signOff(worker.id);
}

type DrainOptions = { count: number; group: number; effects: boolean };

/** Items per second of the ledger alone: claims of a hundred, settled one group after the other. */
export async function drainLedger({ ledger }: JobsHouse, { count, group }: DrainOptions): Promise<number> {
  const job = await newJob(ledger, count);
  const worker = { id: `ledger ${job.id}`, host: 'bench', pid: process.pid, role: 'bench' };
  await ledger.register(worker);
  const began = performance.now();
  for (;;) {
    const claims = await ledger.claim(worker.id, { limit: 100, kinds: [nothing], holdsNothing: true });
    if (claims.length === 0) break;
    for (let from = 0; from < claims.length; from += group) {
      const settled = claims.slice(from, from + group).map((claimed) => ({ claimed, outcome: done }));
      await ledger.settle(settled, {}, 'now');
    }
  }
  const took = performance.now() - began;
  await ledger.signOff(worker.id);
  return (count / took) * 1000;
}

/**
 * Items per second of a job that a worker begins and ends: claim, permission, process, settle. Also how many items
 * went into a transaction: what fills up while one is written goes along with the next.
 */
export async function drain({ ledger }: JobsHouse, { count, group, effects }: DrainOptions) {
  await newJob(ledger, count);
  let transactions = 0;
  const counted: Ledger = {
    ...ledger,
    settle(...settling) {
      transactions += 1;
      return ledger.settle(...settling);
    },
  };
  const over = Promise.withResolvers<void>();
  const kind: AnyJobKind = {
    ...nothing,
    ...(effects ? { commit: writeEffects } : {}),
    async summarise() {
      over.resolve();
      return {};
    },
  };
  const began = performance.now();
  await using _ = await startBenchWorker(counted, kind, group);
  await over.promise;
  const perSecond = (count / (performance.now() - began)) * 1000;
  return { perSecond, perTransaction: count / transactions };
}

const writeEffects: AnyJobKind['commit'] = async (changes, results) => {
  const rows = results.map(({ item }) => sql`(${item.key})`);
  await sql`insert into bench_effects (key) values ${sql.join(rows)}`.execute(changes);
};

/**
 * Milliseconds of each claim of ten items by a busy worker, while two jobs of `count` items run and `worked` of
 * these are worked.
 */
export async function timeClaims({ ledger }: JobsHouse, count: number, worked: number): Promise<number[]> {
  const jobs = [await newJob(ledger, count), await newJob(ledger, count)];
  const milliseconds: number[] = [];
  const timed: Ledger = {
    ...ledger,
    async claim(workerId, wish) {
      const began = performance.now();
      const claims = await ledger.claim(workerId, wish);
      if (claims.length > 0) milliseconds.push(performance.now() - began);
      return claims;
    },
  };
  let begun = 0;
  const enough = Promise.withResolvers<void>();
  const kind: AnyJobKind = {
    ...nothing,
    claimSize: 10,
    process() {
      if ((begun += 1) === worked) enough.resolve();
      return done;
    },
  };
  {
    await using _ = await startBenchWorker(timed, kind, 10);
    await enough.promise;
  }
  for (const job of jobs) await ledger.cancel(job);
  return milliseconds;
}

function startBenchWorker(ledger: Ledger, kind: AnyJobKind, group: number) {
  return startWorker({
    ledger,
    kinds: jobKinds(kind),
    role: 'bench',
    concurrency: lanes,
    settle_group: group,
    item_limit_seconds: 60,
    onFault(doing, error) {
      throw new Error(`The worker could not ${doing}.`, { cause: error });
    },
    onUnresponsive() {},
  });
}
