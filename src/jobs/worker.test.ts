import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { JobStatus } from '#contract/words.ts';
import { onEachEngine } from '../../test/databases.ts';
import { expectSound, owner, testLedger, writeEffect, writesEffects, type TestLedger } from './fixture.ts';
import { defineJobKind, jobKinds, type AnyJobKind, type Claimed, type ItemContext } from './kinds.ts';
import type { JobRef, Ledger } from './ledger.ts';
import { ItemEnded, type Outcome } from './outcome.ts';
import { startWorker, type WorkerOptions } from './worker.ts';

const done = { outcome: 'done', result: null } as const;

function kindOf(
  process: (item: Claimed, context: ItemContext<unknown>) => Promise<Outcome<null>> | Outcome<null>,
): AnyJobKind {
  return { ...defineJobKind({ name: 'test', process }), ...writesEffects };
}

async function work(test: TestLedger, kind: AnyJobKind, options: Partial<WorkerOptions> = {}) {
  const faults: string[] = [];
  const worker = await startWorker({
    ledger: test.ledger,
    kinds: jobKinds(kind),
    role: 'test',
    concurrency: 2,
    settle_group: 10,
    item_limit_seconds: 60,
    onFault: (doing, error) => faults.push(`${doing}: ${String(error)}`),
    onUnresponsive: () => {},
    ...options,
  });
  return Object.assign(worker, { faults });
}

async function until(test: TestLedger, job: JobRef, ...statuses: readonly JobStatus[]) {
  for (;;) {
    const now = await test.ledger.get(job);
    if (statuses.includes(now.status)) return now;
    await sleep(5);
  }
}

/** Lets items through one by one. */
function gate() {
  const begun: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    begun,
    pass: async (item: Claimed): Promise<typeof done> => {
      begun.push(item.label);
      await new Promise<void>((open) => waiting.push(open));
      return done;
    },
    open: async (count: number) => {
      for (let n = 0; n < count; n++) {
        while (waiting.length === 0) await sleep(1);
        waiting.shift()?.();
      }
    },
  };
}

onEachEngine('the worker', (engine) => {
  test('works every item once, in order, and ends the job', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(237);
    const begun: number[] = [];
    await using worker = await work(
      test,
      kindOf(({ seq }) => {
        begun.push(seq);
        return done;
      }),
      { concurrency: 1 },
    );
    const { done: finished } = await until(test, job, 'completed');
    expect(finished).toBe(237);
    expect(begun).toEqual(Array.from({ length: 237 }, (_, n) => n + 1));
    expect(await test.effects()).toHaveLength(237);
    expect(worker.faults).toEqual([]);
    await expectSound(test);
  });

  test('a new job is begun without being told, and at once when told', async () => {
    await using test = await testLedger(engine);
    await using worker = await work(
      test,
      kindOf(() => done),
    );
    await until(test, await test.job(3), 'completed');
    const job = await test.job(3);
    worker.wake();
    await until(test, job, 'completed');
  });

  test('never more items at a time than lanes', async () => {
    await using test = await testLedger(engine);
    let inHand = 0;
    let most = 0;
    const job = await test.job(40);
    await using _ = await work(
      test,
      kindOf(async () => {
        most = Math.max(most, (inHand += 1));
        await sleep(2);
        inHand -= 1;
        return done;
      }),
      { concurrency: 3 },
    );
    await until(test, job, 'completed');
    expect(most).toBe(3);
  });

  test('a pause lets what is in hand finish and begins nothing more; a resume goes on there', async () => {
    await using test = await testLedger(engine);
    const { pass, open, begun } = gate();
    const job = await test.job(9);
    await using worker = await work(test, kindOf(pass));
    await open(2);
    while (begun.length < 4) await sleep(1);
    await test.ledger.pause(job);
    await open(2);
    while ((await test.ledger.get(job)).done < 4) await sleep(5);
    await sleep(50);
    expect(begun).toHaveLength(4);
    const waiting = await test.ledger.items({ job, state: 'waiting', limit: 10 });
    expect(waiting.items.map(({ seq }) => seq)).toEqual([5, 6, 7, 8, 9]);
    await test.ledger.resume(job);
    worker.wake();
    await open(5);
    await until(test, job, 'completed');
    expect(begun.toSorted()).toEqual([...new Set(begun)].toSorted());
  });

  test('a cancel aborts what is in hand, which costs no attempt', async () => {
    await using test = await testLedger(engine);
    const reasons: string[] = [];
    const begun: number[] = [];
    const job = await test.job(5);
    await using _ = await work(
      test,
      kindOf(async ({ seq }, { signal }) => {
        begun.push(seq);
        await sleep(60_000, undefined, { signal }).catch(() => reasons.push(String(signal.reason)));
        throw new Error('aborted');
      }),
    );
    while (begun.length < 2) await sleep(1);
    await test.ledger.cancel(job);
    while ((await test.ledger.items({ job, state: 'working', limit: 1 })).items.length > 0) await sleep(5);
    expect(reasons).toEqual(['Error: The job was cancelled.', 'Error: The job was cancelled.']);
    expect(await test.ledger.get(job)).toMatchObject({ status: 'cancelled', done: 0, failed: 0 });
    const { items } = await test.ledger.items({ job, limit: 10 });
    expect(items.map(({ attempt }) => attempt)).toEqual([0, 0, 0, 0, 0]);
  });

  test('what is thrown fails the item as unexpected, unless it carries its outcome', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(3);
    await using _ = await work(
      test,
      kindOf(({ seq }) => {
        if (seq === 1) throw new TypeError('No such thing.', { cause: new Error('The bytes are wrong.') });
        if (seq === 2) throw new ItemEnded({ outcome: 'failed', code: 'not_media', message: 'Not a picture.' });
        return done;
      }),
    );
    await until(test, job, 'completed_with_errors');
    const { items } = await test.ledger.items({ job, limit: 10 });
    expect(items).toMatchObject([
      { state: 'failed', error_code: 'unexpected', error_message: 'No such thing. (The bytes are wrong.)' },
      { state: 'failed', error_code: 'not_media', error_message: 'Not a picture.' },
      { state: 'done' },
    ]);
  });

  test('an item that takes too long fails as timed out; one that ignores its abort is reported, and neither holds up the rest', async () => {
    await using test = await testLedger(engine);
    const unresponsive: number[] = [];
    const job = await test.job(6);
    await using _ = await work(
      test,
      kindOf(async ({ seq }, { signal }) => {
        if (seq === 1) await sleep(60_000, undefined, { signal });
        if (seq === 2) await new Promise(() => {});
        return done;
      }),
      { item_limit_seconds: 0.1, onUnresponsive: ({ seq }) => unresponsive.push(seq) },
    );
    await until(test, job, 'completed_with_errors');
    const { items } = await test.ledger.items({ job, state: 'failed', limit: 10 });
    expect(items).toMatchObject([
      { seq: 1, error_code: 'timed_out' },
      { seq: 2, error_code: 'timed_out' },
    ]);
    expect(unresponsive).toEqual([2]);
    await expectSound(test);
  });

  test('effects that cannot be written cost the item they belong to, not the others of its group', async () => {
    await using test = await testLedger(engine, { retries: 0 });
    const job = await test.job(4);
    const kind: AnyJobKind = {
      ...kindOf(() => done),
      async commit(changes, results) {
        for (const { item } of results) {
          await writeEffect(changes, item.key);
          if (item.seq === 2) throw new Error('It does not fit.');
          if (item.seq === 3) throw new ItemEnded({ outcome: 'failed', code: 'own_code', message: 'Mine.' });
        }
      },
    };
    await using worker = await work(test, kind);
    await until(test, job, 'completed_with_errors');
    expect(await test.effects()).toEqual(['item 1', 'item 4']);
    const { items } = await test.ledger.items({ job, state: 'failed', limit: 10 });
    expect(items).toMatchObject([
      { seq: 2, error_code: 'unexpected' },
      { seq: 3, error_code: 'own_code' },
    ]);
    expect(worker.faults.length).toBeGreaterThan(0);
    await expectSound(test);
  });

  test('what fills up while a group is being written is written together with the next', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(40);
    const sizes: number[] = [];
    const slow: Ledger = {
      ...test.ledger,
      async settle(group, hooks, ending) {
        sizes.push(group.length);
        await sleep(20);
        return test.ledger.settle(group, hooks, ending);
      },
    };
    await using _ = await work(
      test,
      kindOf(() => done),
      { ledger: slow, settle_group: 2, concurrency: 4 },
    );
    await until(test, job, 'completed');
    expect(Math.max(...sizes)).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(40);
    expect(await test.effects()).toHaveLength(40);
    await expectSound(test);
  });

  test('a job that was paused until a known time goes on by itself', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(5);
    let quotaSpent = true;
    const hour = 3600;
    await using _ = await work(
      test,
      kindOf(() => {
        if (!quotaSpent) return done;
        quotaSpent = false;
        const resume_at = new Date(Date.now() + hour * 1000);
        return { outcome: 'stop_job', how: 'pause', reason: 'The quota of today is spent.', resume_at };
      }),
      { concurrency: 1 },
    );
    expect(await until(test, job, 'paused')).toMatchObject({
      status_reason: 'The quota of today is spent.',
      failed: 0,
    });
    test.pass(hour);
    expect(await until(test, job, 'completed')).toMatchObject({ done: 5, failed: 0, status_reason: null });
    const events = await test.ledger.events({ job, limit: 100 });
    expect(events.map(({ kind }) => kind).filter((kind) => kind !== 'progress')).toEqual([
      'created',
      'started',
      'paused',
      'resumed',
      'completed',
    ]);
  });

  test('a small job does not wait behind a large one that is being worked', async () => {
    await using test = await testLedger(engine);
    const large = await test.job(3000, 'large');
    await using worker = await work(
      test,
      kindOf(async () => {
        await sleep(2);
        return done;
      }),
    );
    while ((await test.ledger.get(large)).done < 20) await sleep(5);
    const small = await test.job(3, 'small');
    worker.wake();
    await until(test, small, 'completed');
    const { status, done: worked } = await test.ledger.get(large);
    expect(status).toBe('running');
    // What was claimed ahead for a quarter of a second comes first; the rest does not.
    expect(worked).toBeLessThan(1500);
    await test.ledger.cancel(large);
  });

  test('a kind that can never summarise fails its job, and the next job is worked', async () => {
    await using test = await testLedger(engine);
    const kind: AnyJobKind = {
      ...kindOf(() => done),
      async summarise(_, { input }) {
        if ((input as { label: string }).label === 'broken') throw new Error('Nothing to say.');
        return { fine: true };
      },
    };
    const broken = await test.job(3, 'broken');
    const fine = await test.job(3, 'fine');
    await using _ = await work(test, kind);
    expect(await until(test, broken, 'failed')).toMatchObject({
      done: 3,
      error_message: 'The summary could not be made: Nothing to say.',
    });
    await until(test, fine, 'completed');
    expect((await test.ledger.progress(fine)).summary).toEqual({ kind: 'test', fine: true });
  });

  test('an item that was in hand when a worker died is worked with nothing beside it', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(30);
    await test.claim(4);
    await test.ledger.releaseDead(['w1'], 'crashed');
    let inHand = 0;
    const beside = new Map<number, number>();
    await using _ = await work(
      test,
      kindOf(async ({ seq }) => {
        inHand += 1;
        await sleep(2);
        beside.set(seq, inHand - 1);
        inHand -= 1;
        return done;
      }),
      { concurrency: 4 },
    );
    await until(test, job, 'completed');
    expect([1, 2, 3, 4].map((seq) => beside.get(seq))).toEqual([0, 0, 0, 0]);
    expect(beside.size).toBe(30);
  });

  test('stopping finishes what is in hand, gives back the rest, and leaves no lease and no row', async () => {
    await using test = await testLedger(engine);
    const { pass, open, begun } = gate();
    const job = await test.job(9);
    const worker = await work(test, kindOf(pass));
    while (begun.length < 2) await sleep(1);
    const stopped = worker.stop(10);
    await open(2);
    await stopped;
    expect(await test.ledger.get(job)).toMatchObject({ status: 'running', done: 2 });
    expect((await test.ledger.items({ job, state: 'waiting', limit: 10 })).items).toHaveLength(7);
    const rows = await test.db.selectFrom('workers').select('id').where('id', '=', worker.id).execute();
    expect(rows).toEqual([]);
    await using _ = await work(
      test,
      kindOf(() => done),
    );
    await until(test, job, 'completed');
    expect(await test.effects()).toHaveLength(9);
  });

  test('stopping aborts what does not finish within the limit', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(2);
    const begun: number[] = [];
    const worker = await work(
      test,
      kindOf(async ({ seq }, { signal }) => {
        begun.push(seq);
        await sleep(60_000, undefined, { signal });
        return done;
      }),
    );
    while (begun.length < 2) await sleep(1);
    await worker.stop(0);
    const { items } = await test.ledger.items({ job, limit: 10 });
    expect(items).toMatchObject([
      { state: 'waiting', attempt: 0 },
      { state: 'waiting', attempt: 0 },
    ]);
  });

  test('items of a claim whose answer was lost are worked all the same, unspent', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(7);
    let lost = 0;
    const claim: typeof test.ledger.claim = async (...wish) => {
      const claims = await test.ledger.claim(...wish);
      if (claims.length === 0 || lost > 0) return claims;
      lost = claims.length;
      throw new Error('The connection broke.');
    };
    await using _ = await work(
      test,
      kindOf(() => done),
      { ledger: { ...test.ledger, claim } },
    );
    await until(test, job, 'completed');
    expect(lost).toBeGreaterThan(0);
    const { items } = await test.ledger.items({ job, limit: 10 });
    expect(items.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    await expectSound(test);
  });

  test('a worker taken for dead drops what it had and goes on', async () => {
    await using test = await testLedger(engine);
    const { pass, open, begun } = gate();
    const job = await test.job(6);
    await using worker = await work(test, kindOf(pass));
    while (begun.length < 2) await sleep(1);
    await test.ledger.releaseDead([worker.id], 'killed');
    await worker.alive();
    void open(20);
    await until(test, job, 'completed');
    expect(await test.effects()).toHaveLength(6);
    await expectSound(test);
  });
});

type KindParts = Partial<AnyJobKind> & Pick<AnyJobKind, 'process'>;

function kindNamed(name: string, parts: KindParts): AnyJobKind {
  return { name, ...writesEffects, ...parts };
}

async function jobOf(test: TestLedger, kind: string, count: number): Promise<JobRef> {
  const keys = Array.from({ length: count }, (_, n) => `${kind} ${n + 1}`);
  const items = keys.map((key) => ({ key, label: key }));
  return { id: await test.ledger.create({ owner, kind, label: kind, input: null, items }), owner };
}

onEachEngine('items that wait for others', (engine) => {
  test('are worked beside the lanes, as many at once as the kind says, and neither side waits for the other', async () => {
    await using test = await testLedger(engine);
    const { pass, open, begun } = gate();
    let inLanes = 0;
    let mostInLanes = 0;
    const waits = kindNamed('waits', { atOnce: 5, process: pass });
    const works = kindNamed('works', {
      process: async () => {
        mostInLanes = Math.max(mostInLanes, (inLanes += 1));
        await sleep(1);
        inLanes -= 1;
        return done;
      },
    });
    const waiting = await jobOf(test, 'waits', 12);
    await using worker = await work(test, works, { kinds: jobKinds(waits, works), concurrency: 2 });
    while (begun.length < 5) await sleep(1);
    const working = await jobOf(test, 'works', 200);
    worker.wake();
    expect((await until(test, working, 'completed')).done).toBe(200);
    expect(mostInLanes).toBe(2);
    expect(begun).toHaveLength(5);
    await open(12);
    expect((await until(test, waiting, 'completed')).done).toBe(12);
    expect(await test.effects()).toHaveLength(212);
    expect(worker.faults).toEqual([]);
  });

  test('are begun while every lane is busy', async () => {
    await using test = await testLedger(engine);
    const { pass, open, begun } = gate();
    const works = kindNamed('works', { process: pass });
    const waits = kindNamed('waits', { atOnce: 3, process: () => done });
    const working = await jobOf(test, 'works', 2);
    await using _ = await work(test, works, { kinds: jobKinds(waits, works), concurrency: 2 });
    while (begun.length < 2) await sleep(1);
    // Nobody wakes the worker: it finds the job by itself.
    await until(test, await jobOf(test, 'waits', 4), 'completed');
    await open(2);
    await until(test, working, 'completed');
  });

  test('an item of either side that must be worked alone has nothing beside it, and does not wait for the end of the other job', async () => {
    await using test = await testLedger(engine);
    const jobs = { works: await jobOf(test, 'works', 150), waits: await jobOf(test, 'waits', 150) };
    const kinds = [{ name: 'works' }, { name: 'waits' }];
    const suspects = new Set<string>();
    for (let claims = 0; claims < 2; claims++) {
      const claimed = await test.ledger.claim('w1', { limit: 2, kinds, holdsNothing: true });
      for (const { key } of claimed) suspects.add(key);
    }
    expect(suspects).toEqual(new Set(['works 1', 'works 2', 'waits 1', 'waits 2']));
    await test.ledger.releaseDead(['w1'], 'crashed');
    let inHand = 0;
    const beside = new Map<string, number>();
    const process = async ({ key }: Claimed) => {
      beside.set(key, inHand);
      inHand += 1;
      await sleep(1);
      inHand -= 1;
      return done;
    };
    const both = jobKinds(kindNamed('works', { process }), kindNamed('waits', { atOnce: 4, process }));
    await using _ = await work(test, kindNamed('works', { process }), { kinds: both, concurrency: 2 });
    while (![...suspects].every((key) => beside.has(key))) await sleep(1);
    expect([...suspects].map((key) => beside.get(key))).toEqual([0, 0, 0, 0]);
    expect(beside.size).toBeLessThan(250);
    await until(test, jobs.works, 'completed');
    await until(test, jobs.waits, 'completed');
    expect(await test.effects()).toHaveLength(300);
    await expectSound(test);
  });

  test('stopping gives back what waits beside the lanes', async () => {
    await using test = await testLedger(engine);
    let begun = 0;
    const waits = kindNamed('waits', {
      atOnce: 3,
      process: async (_, { signal }) => {
        begun += 1;
        await sleep(60_000, undefined, { signal });
        return done;
      },
    });
    const job = await jobOf(test, 'waits', 6);
    const worker = await work(test, waits);
    while (begun < 3) await sleep(1);
    await worker.stop(0);
    const { items } = await test.ledger.items({ job, limit: 10 });
    expect(items.filter(({ state, attempt }) => state === 'waiting' && attempt === 0)).toHaveLength(6);
  });
});

onEachEngine('what comes next', (engine) => {
  test('are the keys of unfinished items in the order of work, those in hand included', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(8);
    const [first, second] = (await test.claim(3)) as [Claimed, Claimed];
    await test.ledger.settle([{ claimed: first, outcome: done }], writesEffects, 'now');
    await test.ledger.giveBack([second]);
    expect(await test.ledger.comingKeys(job.id, 4)).toEqual(['item 2', 'item 3', 'item 4', 'item 5']);
    expect(await test.ledger.comingKeys(job.id, 100)).toHaveLength(7);
  });
});

onEachEngine('a kind that marks what failed', (engine) => {
  test('hears of every item that is given up, in the transaction that says so', async () => {
    await using test = await testLedger(engine, { retries: 1, retry_delay_seconds: 0, halt_minimum: 100 });
    const job = await test.job(5);
    const told = new Map<number, unknown>();
    const kind: AnyJobKind = {
      ...kindOf(({ seq }) => {
        if (seq === 2) return { outcome: 'failed', code: 'bad_file', message: 'It is broken.' };
        if (seq === 3) return { outcome: 'try_again', code: 'busy', message: 'Not now.' };
        return done;
      }),
      async fail(changes, failures, { id }) {
        for (const { item, code, message } of failures) {
          told.set(item.seq, [id === job.id, item.attempt, code, message]);
          await writeEffect(changes, `failed ${item.key}`);
        }
      },
    };
    await using _ = await work(test, kind);
    await until(test, job, 'completed_with_errors');
    expect([...told]).toEqual([
      [2, [true, 1, 'bad_file', 'It is broken.']],
      [3, [true, 2, 'busy', 'Not now.']],
    ]);
    expect(await test.effects()).toEqual(['failed item 2', 'failed item 3', 'item 1', 'item 4', 'item 5']);
  });
});
