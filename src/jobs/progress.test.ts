import { describe, expect, test } from 'vitest';
import { onEachEngine } from '../../test/databases.ts';
import { all, done, owner, testLedger } from './fixture.ts';
import { percentOf, timeLeft } from './progress.ts';

const note = (finished: number, ran_ms: number) => ({
  done: finished,
  skipped: 0,
  failed: 0,
  total: 1000,
  current_item: null,
  ran_ms,
});

describe('time left', () => {
  test('is unknown before anything finished, and in the first moments', () => {
    expect(timeLeft({ finished: 0, total: 10, ran_ms: 60_000 }, [])).toBeNull();
    expect(timeLeft({ finished: 1, total: 10, ran_ms: 100 }, [note(1, 100)])).toBeNull();
  });

  test('goes by the recent rate, not by the average since the start', () => {
    // 100 items in the first minute, then 10 in half a minute.
    const recent = [note(110, 90_000), note(105, 75_000), note(100, 60_000), note(50, 30_000)];
    expect(timeLeft({ finished: 110, total: 210, ran_ms: 90_000 }, recent)).toBe(300);
  });

  test('goes by the average when the job is so fast that its last events cover no time', () => {
    const recent = Array.from({ length: 60 }, (_, n) => note(100_000 - n * 10, 10_000 - n));
    expect(timeLeft({ finished: 100_000, total: 1_000_000, ran_ms: 10_000 }, recent)).toBe(90);
  });

  test('does not count a pause: the rate is taken over running time', () => {
    // An hour lay between these two, of which the job ran for five seconds.
    const recent = [note(60, 35_000), note(50, 30_000)];
    expect(timeLeft({ finished: 60, total: 100, ran_ms: 35_000 }, recent)).toBe(20);
  });

  test('grows while nothing finishes', () => {
    const recent = [note(20, 20_000), note(10, 10_000)];
    expect(timeLeft({ finished: 20, total: 30, ran_ms: 20_000 }, recent)).toBe(10);
    expect(timeLeft({ finished: 20, total: 30, ran_ms: 110_000 }, recent)).toBe(100);
  });
});

test('percent says 100 only when every item is finished', () => {
  expect([percentOf(0, 3), percentOf(1, 3), percentOf(99_999, 100_000), percentOf(7, 7)]).toEqual([
    0, 33.3, 99.9, 100,
  ]);
});

onEachEngine('progress', (engine) => {
  test('elapsed counts only the time the job was running', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(30);
    test.pass(1000);
    const elapsed = async () => Math.floor((await test.ledger.get(job)).elapsed_seconds / 10);
    expect(await elapsed()).toBe(0);
    await test.ledger.settle(all(await test.claim(10), done), {}, 'now');
    test.pass(100);
    await test.ledger.settle(all(await test.claim(10), done), {}, 'now');
    await test.ledger.pause(job);
    test.pass(5000);
    expect(await elapsed()).toBe(10);
    expect((await test.ledger.get(job)).eta_seconds).toBeNull();
    await test.ledger.resume(job);
    test.pass(50);
    expect(await elapsed()).toBe(15);
    const { eta_seconds, ...progress } = await test.ledger.progress(job);
    expect(eta_seconds).toBeGreaterThan(100);
    expect(eta_seconds).toBeLessThan(200);
    expect(progress).toMatchObject({
      job_id: job.id,
      status: 'running',
      progress_current: 20,
      progress_total: 30,
      progress_percent: 66.6,
      current_filename: 'item 20',
      error_count: 0,
      summary: null,
    });
    await test.ledger.settle(all(await test.claim(10), done), {}, 'now');
    test.pass(1000);
    expect(await elapsed()).toBe(15);
    expect(await test.ledger.get(job)).toMatchObject({ status: 'completed', current_item: null });
  });

  test('jobs come newest first, page by page, each once', async () => {
    await using test = await testLedger(engine);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.unshift((await test.job(1)).id);
      test.pass(1);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await test.ledger.list({ owner, limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids);
    expect((await test.ledger.list({ owner, limit: 9, status: 'running' })).items).toEqual([]);
    expect((await test.ledger.list({ owner, limit: 9, kind: 'test' })).items).toHaveLength(5);
  });

  test('the current job is the newest that runs, or else the newest that is not at its end', async () => {
    await using test = await testLedger(engine);
    expect(await test.ledger.current(owner)).toEqual({ job_id: null });
    const older = await test.job(1);
    test.pass(1);
    const newer = await test.job(1);
    expect(await test.ledger.current(owner)).toEqual({ job_id: newer.id, status: 'pending' });
    await test.ledger.pause(newer);
    expect(await test.ledger.current(owner)).toEqual({ job_id: older.id, status: 'pending' });
    await test.ledger.cancel(older);
    expect(await test.ledger.current(owner)).toEqual({ job_id: newer.id, status: 'paused' });
  });

  test('items by state and page; events after a number, since an instant, and by offset', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(12);
    await test.ledger.settle(all(await test.claim(5), done), {}, 'now');
    const first = await test.ledger.items({ job, state: 'waiting', limit: 3 });
    expect(first.items.map(({ seq }) => seq)).toEqual([6, 7, 8]);
    const rest = await test.ledger.items({ job, state: 'waiting', limit: 10, cursor: first.next_cursor! });
    expect(rest.items.map(({ seq }) => seq)).toEqual([9, 10, 11, 12]);
    expect(rest.next_cursor).toBeNull();
    const events = await test.ledger.events({ job, limit: 100 });
    expect(events.map(({ kind }) => kind)).toEqual(['created', 'started', 'progress']);
    expect(await test.ledger.events({ job, after: 1, limit: 1 })).toEqual([events[1]]);
    expect(await test.ledger.events({ job, limit: 100, offset: 2 })).toEqual([events[2]]);
    expect(await test.ledger.events({ job, since: new Date(events[2]!.at), limit: 1, after: 2 })).toEqual([
      events[2],
    ]);
  });
});
