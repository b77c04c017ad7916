/** Deciding again as the product does it: a job, worked by a worker with threads of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rules } from '#capture-time/clues.ts';
import type { RedateReport } from '#contract/job-summary.ts';
import { isUnfinished } from '#contract/words.ts';
import type { DatabaseAddress, OpenDatabase } from '#db/database.ts';
import { usual } from '#jobs/fixture-effects.ts';
import { jobKinds } from '#jobs/kinds.ts';
import { openLedger } from '#jobs/ledger.ts';
import { startWorker } from '#jobs/worker.ts';
import { redateJobKind } from '#review/redate-kind.ts';
import { startRedate, type RedateWish } from '#review/redate.ts';
import { Threads } from '#review/threads.ts';

export async function openRedating(
  { db, engine, address }: OpenDatabase & { address: DatabaseAddress },
  owner: string,
  rules: () => Rules,
  { threads: most }: { threads: number },
) {
  await using opened = new AsyncDisposableStack();
  const ledger = openLedger(db, engine, usual);
  const threads = opened.use(new Threads({ database: address, most }));
  const faults: string[] = [];
  const inThreads = redateJobKind((wanted) => threads.ask('judge', wanted));
  const work = (kind = inThreads, lanes = most + 1) =>
    startWorker({
      ledger,
      kinds: jobKinds(kind),
      role: 'test',
      concurrency: lanes,
      settle_group: 10,
      item_limit_seconds: 120,
      onFault: (doing, error) => faults.push(`${doing}: ${String(error)}`),
      onUnresponsive: () => {},
    });
  const start = (wish: RedateWish) => startRedate({ db, ledger, rules }, owner, wish);
  /** Works a job to its end with a worker of its own, and returns its report. */
  const finish = async (id: string, kind = inThreads): Promise<RedateReport> => {
    await using worker = await work(kind);
    worker.wake();
    for (;;) {
      const { status, summary } = await ledger.progress({ id, owner });
      if (summary?.kind === 'redate') {
        const { kind: _, ...report } = summary;
        return report;
      }
      if (!isUnfinished(status)) throw new Error(`The job is ${status}: ${faults.join('; ')}`);
      await sleep(5);
    }
  };
  const rest = opened.move();
  return {
    ledger,
    faults,
    work,
    start,
    finish,
    run: async (wish: RedateWish, kind = inThreads) => finish((await start(wish)).id, kind),
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  };
}
