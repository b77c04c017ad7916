import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WorkerUnknown } from './claim.ts';
import { isUnfinished } from '#contract/words.ts';
import { JobRefused } from './job.ts';
import { onEachEngine } from '../../test/databases.ts';
import { randomFrom } from '../../test/random.ts';
import { openDatabase } from '#db/database.ts';
import { expectSound, testLedger, usual, writesEffects } from './fixture.ts';
import { openLedger, type Claimed, type Settled } from './ledger.ts';
import type { Outcome } from './outcome.ts';

/** Whole numbers from 0 to below the one that is given, the same for the same seed. */
function randomBelow(seed: number) {
  const random = randomFrom(seed);
  return (below: number): number => Math.floor(random() * below);
}

const seeds = [1, 2, 3, 4];

onEachEngine('whatever happens', (engine) => {
  test.each(seeds)(
    'every item gets one outcome, every effect happens once, counters and events agree (seed %i)',
    async (seed) => {
      // Halts and deaths would end the test early; each has tests of its own.
      await using test = await testLedger(engine, { halt_minimum: 1_000_000, retry_delay_seconds: 0 });
      await using second = await openDatabase(test.address);
      const other = openLedger(second.db, engine, {
        ...usual,
        halt_minimum: 1_000_000,
        retry_delay_seconds: 0,
      });
      const jobs = [await test.job(150, 'a'), await test.job(40, 'b'), await test.job(90, 'c')];
      const ledgers = [test.ledger, other];
      const over = new AbortController();

      const meddler = async (random: (below: number) => number) => {
        for (let n = 0; n < 60; n++) {
          const job = jobs[random(jobs.length)]!;
          const acts = ['pause', 'resume', 'resume', 'retry', 'cancel'] as const;
          const act = acts[random(random(4) === 0 ? 5 : 4)]!;
          const ledger = ledgers[random(2)]!;
          try {
            if (act === 'retry') await ledger.retry(job, 'all');
            else await ledger[act](job);
          } catch (error) {
            if (!(error instanceof JobRefused)) throw error;
          }
          await sleep(random(12));
        }
        over.abort();
      };

      const worker = async (number: number, random: (below: number) => number) => {
        const ledger = ledgers[number % 2]!;
        let id = '';
        let lives = 0;
        const kept: Settled[] = [];
        const begin = async () => {
          id = `worker ${number}, life ${(lives += 1)}`;
          await ledger.register({ id, host: 'test', pid: 1, role: 'test' });
        };
        await begin();
        while (!over.signal.aborted) {
          let claims: Claimed[];
          try {
            claims = await ledger.claim(id, {
              limit: 1 + random(15),
              kinds: [{ name: 'test' }],
              holdsNothing: random(2) === 0,
            });
          } catch (error) {
            if (!(error instanceof WorkerUnknown)) throw error;
            await begin();
            continue;
          }
          if (random(6) === 0) await sleep(random(10));
          const fate = random(10);
          if (fate === 0) await ledger.giveBack(claims);
          // Somebody takes this worker for dead; it settles all the same, too late.
          if (fate === 1) await ledgers[random(2)]!.releaseDead([id], 'killed');
          const byJob = Map.groupBy(claims, ({ job }) => job.id);
          for (const group of byJob.values()) {
            const settled = group.map((claimed) => ({ claimed, outcome: anyOutcome(random) }));
            await ledger.settle(settled, writesEffects, random(5) === 0 ? 'later' : 'now');
            if (random(3) === 0) kept.push(...settled.slice(0, 1));
          }
          // The same settlement a second time.
          const again = kept[random(kept.length || 1)];
          if (again !== undefined) await ledger.settle([again], writesEffects, 'now');
        }
      };

      await Promise.all([
        meddler(randomBelow(seed)),
        ...[1, 2, 3, 4].map((number) => worker(number, randomBelow(seed * 100 + number))),
      ]);
      await expectSound(test);

      // Now everything may finish: what still can, goes on; what is finished but not ended, ends.
      for (const job of jobs) {
        const { status } = await test.ledger.get(job);
        if (isUnfinished(status)) await test.ledger.resume(job);
      }
      await test.ledger.register({ id: 'last', host: 'test', pid: 1, role: 'test' });
      const owners = await test.db.selectFrom('workers').select('id').where('id', '!=', 'last').execute();
      await test.ledger.releaseDead(
        owners.map(({ id }) => id),
        'killed',
      );
      for (;;) {
        // Past every delay and every wait.
        test.pass(1);
        const claims = await test.claim(50, 'last');
        for (const group of Map.groupBy(claims, ({ job }) => job.id).values()) {
          const settled = group.map((claimed) => ({
            claimed,
            outcome: { outcome: 'done', result: null } as const,
          }));
          await test.ledger.settle(settled, writesEffects, 'now');
        }
        for (const { id } of await test.ledger.unended(['test'])) {
          await test.ledger.finish(id, { kind: {} });
        }
        // A retry ends where the job stood before it; the rest goes on from there.
        const stopped = (await test.ledger.list({ owner: 'home', limit: 10 })).items.filter(
          ({ status }) => status === 'paused' || status === 'halted',
        );
        for (const { id } of stopped) await test.ledger.resume({ id, owner: 'home' });
        if (claims.length === 0 && stopped.length === 0) break;
      }

      await expectSound(test);
      const done = await test.db.selectFrom('job_items').select('key').where('state', '=', 'done').execute();
      expect(await test.effects()).toEqual(done.map(({ key }) => key).sort());
      const inHand = await test.db
        .selectFrom('job_items')
        .select('seq')
        .where('lease_owner', 'is not', null)
        .execute();
      expect(inHand).toEqual([]);
      for (const { id } of jobs) {
        const job = await test.ledger.get({ id, owner: 'home' });
        const finished = job.done + job.skipped + job.failed;
        expect(['cancelled', 'completed', 'completed_with_errors', 'failed']).toContain(job.status);
        expect(job.status === 'cancelled' || finished === job.total).toBe(true);
      }
    },
  );
});

function anyOutcome(random: (below: number) => number): Outcome<null> {
  switch (random(12)) {
    case 0:
      return { outcome: 'failed', code: 'bad', message: 'Bad.' };
    case 1:
      return { outcome: 'try_again', code: 'busy', message: 'Busy.' };
    case 2:
      return { outcome: 'wait', until: new Date(Date.now() + 5), message: 'Wait.' };
    case 3:
      return { outcome: 'skipped', because: 'nothing new' };
    default:
      return { outcome: 'done', result: null };
  }
}
