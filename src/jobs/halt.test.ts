import { expect, test } from 'vitest';
import { onEachEngine } from '../../test/databases.ts';
import { all, bad, done, expectSound, testLedger, type TestLedger } from './fixture.ts';

/** Claims and settles so many good and bad items, in one group. */
async function work(test: TestLedger, good: number, broken: number, code = 'bad_file') {
  const claims = await test.claim(good + broken);
  const group = [...all(claims.slice(0, good), done), ...all(claims.slice(good), { ...bad, code })];
  await test.ledger.settle(group, {}, 'now');
}

onEachEngine('the halt rule', (engine) => {
  test('not before the minimum is finished', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(100);
    await work(test, 0, 9);
    expect((await test.ledger.get(job)).status).toBe('running');
    await work(test, 0, 1);
    expect((await test.ledger.get(job)).status).toBe('halted');
  });

  test('not at the share itself, but above it', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(100);
    await work(test, 18, 2);
    expect((await test.ledger.get(job)).status).toBe('running');
    await work(test, 0, 1);
    expect((await test.ledger.get(job)).status).toBe('halted');
  });

  test('says the numbers and the three commonest errors, and leaves the others waiting', async () => {
    await using test = await testLedger(engine, { halt_minimum: 20 });
    const job = await test.job(100);
    for (const [code, times] of [
      ['a', 1],
      ['b', 4],
      ['c', 2],
      ['d', 3],
    ] as const)
      await work(test, 0, times, code);
    await work(test, 10, 0);
    expect(await test.ledger.get(job)).toMatchObject({
      status: 'halted',
      status_reason:
        '10 of the first 20 failed, more than 10 %. Most often: 4 × It is broken.; 3 × It is broken.; 2 × It is broken.',
    });
    expect(await test.claim(10)).toEqual([]);
    const events = await test.ledger.events({ job, limit: 100 });
    expect(events.at(-1)).toMatchObject({
      kind: 'halted',
      data: { reason: expect.stringContaining('10 of the first 20') },
    });
    await expectSound(test);
  });

  test('after a resume only what finishes from then on counts', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(100);
    await work(test, 0, 10);
    await test.ledger.resume(job);
    await work(test, 9, 0);
    await work(test, 0, 1);
    expect((await test.ledger.get(job)).status).toBe('running');
    await work(test, 0, 2);
    expect(await test.ledger.get(job)).toMatchObject({
      status: 'halted',
      status_reason: expect.stringContaining('3 of 12 since it went on failed'),
    });
  });

  test('a pause and resume does not forgive', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(100);
    await work(test, 0, 9);
    await test.ledger.pause(job);
    await test.ledger.resume(job);
    await work(test, 0, 1);
    expect((await test.ledger.get(job)).status).toBe('halted');
  });

  test('when nothing is left to wait the job has ended instead', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(20);
    await work(test, 0, 9);
    await work(test, 1, 10);
    expect((await test.ledger.get(job)).status).toBe('completed_with_errors');
  });
});

onEachEngine('retrying', (engine) => {
  test('a finished job works its failed items again and ends anew', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(3);
    await work(test, 1, 2);
    await test.ledger.retry(job, 'all');
    expect(await test.ledger.get(job)).toMatchObject({
      status: 'running',
      done: 1,
      failed: 0,
      completed_at: null,
      error_message: null,
    });
    expect(await test.claim(10)).toMatchObject([
      { seq: 2, attempt: 1 },
      { seq: 3, attempt: 1 },
    ]);
    await expectSound(test);
  });

  test('one item alone', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(3);
    await work(test, 1, 2);
    await test.ledger.retry(job, [3]);
    await work(test, 1, 0);
    expect(await test.ledger.get(job)).toMatchObject({ status: 'completed_with_errors', done: 2, failed: 1 });
    await expect(test.ledger.retry(job, [3])).rejects.toMatchObject({ code: 'job_not_retryable' });
  });

  test.each(['paused', 'halted', 'cancelled'] as const)(
    'a %s job works the failed items and no other, then stands where it stood',
    async (status) => {
      await using test = await testLedger(engine);
      const job = await test.job(30);
      await work(test, 1, 3);
      if (status === 'paused') await test.ledger.pause(job);
      if (status === 'cancelled') await test.ledger.cancel(job);
      if (status === 'halted') await work(test, 3, 3);
      const { failed, done: before } = await test.ledger.get(job);
      await test.ledger.retry(job, 'all');
      const claims = await test.claim(100);
      expect(claims).toHaveLength(failed);
      await test.ledger.settle(all(claims, done), {}, 'now');
      expect(await test.ledger.get(job)).toMatchObject({ status, failed: 0, done: before + failed });
      expect(await test.claim(100)).toEqual([]);
      await expectSound(test);
    },
  );

  test('paused while the last retried item is in hand, the job stands where it stood before the retry', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(5);
    await work(test, 1, 1);
    await test.ledger.cancel(job);
    await test.ledger.retry(job, 'all');
    const claims = await test.claim(5);
    await test.ledger.pause(job);
    await test.ledger.settle(all(claims, done), {}, 'now');
    expect(await test.ledger.get(job)).toMatchObject({ status: 'cancelled', done: 2, failed: 0 });
    const events = await test.ledger.events({ job, limit: 100 });
    expect(events.slice(-3).map(({ kind }) => kind)).toEqual(['paused', 'progress', 'cancelled']);
  });

  test('a retry whose items fail again halts with their numbers', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(40);
    await work(test, 0, 12);
    await test.ledger.retry(job, 'all');
    await work(test, 0, 11);
    expect(await test.ledger.get(job)).toMatchObject({
      status: 'halted',
      status_reason: expect.stringContaining('11 of the first 11 failed'),
    });
  });

  test('a job that paused until a known time goes on as a whole, and keeps no time to be forgotten', async () => {
    await using test = await testLedger(engine, { halt_minimum: 100 });
    const job = await test.job(4);
    const claims = await test.claim(2);
    const resume_at = new Date('2100-01-01');
    const spent = { outcome: 'stop_job', how: 'pause', reason: 'Spent.', resume_at } as const;
    const group = [...all(claims.slice(0, 1), bad), ...all(claims.slice(1), spent)];
    await test.ledger.settle(group, {}, 'now');
    expect(await test.ledger.get(job)).toMatchObject({ status: 'paused', failed: 1 });
    await test.ledger.retry(job, 'all');
    await work(test, 4, 0);
    expect(await test.ledger.get(job)).toMatchObject({ status: 'completed', done: 4 });
  });

  test('resume after a retry goes on with everything', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(20);
    await work(test, 0, 10);
    await test.ledger.retry(job, 'all');
    await work(test, 10, 0);
    expect((await test.ledger.get(job)).status).toBe('halted');
    await test.ledger.resume(job);
    await work(test, 10, 0);
    expect((await test.ledger.get(job)).status).toBe('completed');
  });
});
