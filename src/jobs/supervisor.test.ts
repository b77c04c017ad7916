import { fork } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { JobStatus } from '#contract/words.ts';
import { onEachEngine } from '../../test/databases.ts';
import { expectSound, owner, testLedger, type TestLedger } from './fixture.ts';
import type { JobRef } from './ledger.ts';
import { superviseWorker, type SupervisorEvent } from './supervisor.ts';

const entry = new URL('supervisor.fixture.ts', import.meta.url);

async function supervise(test: TestLedger) {
  const events: SupervisorEvent[] = [];
  const supervisor = await superviseWorker({
    ledger: test.ledger,
    entry,
    args: [],
    env: { ...process.env, TEST_DATABASE: JSON.stringify(test.address) },
    hang_limit_seconds: 3,
    stop_limit_seconds: 5,
    onEvent: (event) => events.push(event),
  });
  return Object.assign(supervisor, { events });
}

async function jobOf(test: TestLedger, labels: readonly string[]): Promise<JobRef> {
  const items = labels.map((label) => ({ key: label, label }));
  return { id: await test.ledger.create({ owner, kind: 'test', label: 'x', input: null, items }), owner };
}

async function until(test: TestLedger, job: JobRef, ...statuses: readonly JobStatus[]) {
  for (;;) {
    const now = await test.ledger.get(job);
    if (statuses.includes(now.status)) return now;
    await sleep(10);
  }
}

function deaths(events: readonly SupervisorEvent[]) {
  return events.flatMap((event) => (event.event === 'died' ? [event.death] : []));
}

onEachEngine('the supervised worker process', (engine) => {
  test('answers through its database, works when woken, and stops', async () => {
    await using test = await testLedger(engine);
    const supervisor = await supervise(test);
    while (!supervisor.health.alive) await sleep(10);
    expect(await supervisor.roundTrip(10_000)).toBeGreaterThan(0);
    const job = await jobOf(test, ['a', 'b', 'c']);
    supervisor.wake();
    await until(test, job, 'completed');
    await supervisor.stop();
    expect(deaths(supervisor.events)).toEqual(['ended']);
    expect(supervisor.health).toMatchObject({ alive: false, pid: null, restarts: 0 });
    await expect(supervisor.roundTrip(100)).rejects.toThrow('not running');
    const rows = await test.db.selectFrom('workers').select('id').where('id', '!=', 'w1').execute();
    expect(rows).toEqual([]);
  });

  test('killed in the middle of a job again and again: the job goes on, nothing is lost, nothing happens twice', async () => {
    await using test = await testLedger(engine);
    await using supervisor = await supervise(test);
    const job = await jobOf(
      test,
      Array.from({ length: 1500 }, (_, n) => `item ${n}`),
    );
    for (const share of [100, 400, 700]) {
      while ((await test.ledger.get(job)).done < share) await sleep(5);
      const { pid } = supervisor.health;
      if (pid !== null) process.kill(pid, 'SIGKILL');
    }
    expect(await until(test, job, 'completed')).toMatchObject({ done: 1500, failed: 0 });
    expect(new Set(await test.effects()).size).toBe(1500);
    expect(await test.effects()).toHaveLength(1500);
    expect(deaths(supervisor.events)).toEqual(['killed', 'killed', 'killed']);
    await expectSound(test);
  });

  test('an item that crashes the process and one that hangs it cost themselves alone', async () => {
    await using test = await testLedger(engine);
    await using supervisor = await supervise(test);
    const good = Array.from({ length: 30 }, (_, n) => `item ${n}`);
    const job = await jobOf(test, [...good, 'crash', 'hang']);
    expect(await until(test, job, 'completed_with_errors')).toMatchObject({ done: 30, failed: 2 });
    const { items } = await test.ledger.items({ job, state: 'failed', limit: 10 });
    expect(items).toMatchObject([
      { label: 'crash', attempt: 2, error_code: 'worker_crashed' },
      { label: 'hang', error_code: 'timed_out' },
    ]);
    expect(await test.effects()).toEqual(good.toSorted());
    // The one that hangs was in hand at the first crash too, and was tried alone since.
    expect(deaths(supervisor.events)).toEqual(['crashed', 'crashed', 'hung']);
    await expectSound(test);
  });

  test('an item that ignores its abort fails, and the process is replaced in good order', async () => {
    await using test = await testLedger(engine);
    await using supervisor = await supervise(test);
    const job = await jobOf(test, ['a', 'b', 'c', 'deaf', 'e']);
    expect(await until(test, job, 'completed_with_errors')).toMatchObject({ done: 4, failed: 1 });
    while (supervisor.health.restarts === 0) await sleep(10);
    expect(deaths(supervisor.events)).toEqual(['ended']);
  });

  test('ends by itself when its parent is gone, and leaves no lease', async () => {
    await using test = await testLedger(engine);
    const parent = fork(new URL('supervisor-parent.fixture.ts', import.meta.url), {
      env: { ...process.env, TEST_DATABASE: JSON.stringify(test.address), TEST_ENTRY: entry.href },
    });
    const [pid] = (await once(parent, 'message')) as [number];
    const job = await jobOf(
      test,
      Array.from({ length: 2000 }, (_, n) => `item ${n}`),
    );
    while ((await test.ledger.get(job)).done < 50) await sleep(5);
    parent.kill('SIGKILL');
    while (isThere(pid)) await sleep(20);
    const held = await test.db
      .selectFrom('job_items')
      .select('seq')
      .where('lease_owner', 'is not', null)
      .execute();
    expect(held).toEqual([]);
    await using _ = await supervise(test);
    expect(await until(test, job, 'completed')).toMatchObject({ done: 2000 });
    expect(new Set(await test.effects()).size).toBe(2000);
    expect(await test.effects()).toHaveLength(2000);
    await expectSound(test);
  });

  test('one that hangs ends too when its parent is gone, and its item is worked again', async () => {
    await using test = await testLedger(engine);
    const parent = fork(new URL('supervisor-parent.fixture.ts', import.meta.url), {
      env: {
        ...process.env,
        TEST_DATABASE: JSON.stringify(test.address),
        TEST_ENTRY: entry.href,
        TEST_STOP_LIMIT_SECONDS: '0',
      },
    });
    const [pid] = (await once(parent, 'message')) as [number];
    const job = await jobOf(test, ['hang']);
    while ((await test.ledger.items({ job, state: 'working', limit: 1 })).items.length === 0) await sleep(5);
    // From here on its event loop answers nothing.
    await sleep(500);
    parent.kill('SIGKILL');
    while (isThere(pid)) await sleep(20);
    expect(await test.ledger.releaseDeadHere(hostname())).toBe(1);
    const { items } = await test.ledger.items({ job, limit: 1 });
    expect(items).toMatchObject([{ state: 'waiting', attempt: 1 }]);
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
