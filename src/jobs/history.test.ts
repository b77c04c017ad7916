import { expect, test } from 'vitest';
import { onEachEngine } from '../../test/databases.ts';
import { historyDays } from '#contract/jobs.ts';
import { all, bad, done, expectSound, owner, testLedger, type TestLedger } from './fixture.ts';
import type { JobRef } from './ledger.ts';

const day = 86_400;

async function workAll({ ledger, claim }: TestLedger, atOnce: number): Promise<void> {
  for (;;) {
    const claims = await claim(atOnce);
    if (claims.length === 0) return;
    await ledger.settle(all(claims, done), {}, 'now');
  }
}

async function numbers({ ledger }: TestLedger, job: JobRef): Promise<number[]> {
  return (await ledger.events({ job, limit: 100 })).map(({ seq }) => seq);
}

onEachEngine('the history of a job', (engine) => {
  test('is kept for thirty days after its end; the job and its summary stay', async () => {
    await using test = await testLedger(engine);
    const { ledger } = test;
    const old = await test.job(30);
    const halted = await test.job(5);
    await ledger.pause(halted);
    const claims = await test.claim(30);
    await ledger.settle(all(claims, done), { summarise: async () => ({ made: 30 }) }, 'now');
    const before = await ledger.get(old);
    test.pass((historyDays - 1) * day);
    const late = await test.job(3);
    await workAll(test, 3);
    expect(await ledger.forgetHistory()).toBe(0);

    test.pass(day + 60);
    expect(await ledger.forgetHistory()).toBe(4);
    expect(await numbers(test, old)).toEqual([]);
    expect(await ledger.get(old)).toEqual(before);
    expect(await ledger.progress(old)).toMatchObject({ progress_current: 30, summary: { made: 30 } });
    expect((await ledger.items({ job: old, limit: 100 })).items).toHaveLength(30);
    // One ended a day ago, one never ended, however long it has been waiting.
    expect(await numbers(test, late)).toEqual([1, 2, 3, 4]);
    test.pass(1000 * day);
    await ledger.forgetHistory();
    expect(await numbers(test, halted)).toEqual([1, 2]);
  });

  test('goes on counting where it stood when a forgotten job is tried again', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(4);
    const [first, ...others] = await test.claim(4);
    await test.ledger.settle([...all([first!], bad), ...all(others, done)], {}, 'now');
    await test.ledger.finish(job.id, { kind: {} });
    const { last_event } = await test.db.selectFrom('jobs').select('last_event').executeTakeFirstOrThrow();
    test.pass(31 * day);
    await test.ledger.forgetHistory();
    expect(await numbers(test, job)).toEqual([]);
    await test.ledger.retry(job, 'all');
    expect(await test.ledger.forgetHistory()).toBe(0);
    expect(await numbers(test, job)).toEqual([last_event + 1]);
  });

  test('of many thousand events goes in pieces, until none is left', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    await workAll(test, 1);
    const { last_event } = await test.db.selectFrom('jobs').select('last_event').executeTakeFirstOrThrow();
    const at = new Date().toISOString();
    const more = Array.from({ length: 11_000 }, (_, n) => ({
      job_id: job.id,
      seq: last_event + 1 + n,
      at,
      kind: 'progress' as const,
      data_json: '{}',
    }));
    for (let from = 0; from < more.length; from += 1000) {
      await test.db
        .insertInto('job_events')
        .values(more.slice(from, from + 1000))
        .execute();
    }
    test.pass(31 * day);
    expect(await test.ledger.forgetHistory()).toBe(11_000 + last_event);
    expect(await test.db.selectFrom('job_events').selectAll().execute()).toEqual([]);
  });

  test('tells how many events match, and can leave out the progress', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(5);
    await workAll(test, 1);
    const told = await test.ledger.events({ job, without: 'progress', limit: 100 });
    expect(told.map(({ kind }) => kind)).toEqual(['created', 'started', 'completed']);
    expect(await test.ledger.countEvents({ job })).toBe(8);
    expect(await test.ledger.countEvents({ job, without: 'progress' })).toBe(3);
    expect(await test.ledger.countEvents({ job, after: 6 })).toBe(2);
    expect(await test.ledger.countEvents({ job, since: new Date(Date.now() + 60_000) })).toBe(0);
    await expectSound(test);
  });

  test('gives a curve of few points that begins and ends where the job did', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(100);
    expect(await test.ledger.curve(job, 10)).toEqual([]);
    await workAll(test, 1);
    const points = await test.ledger.curve(job, 10);
    expect(points.length).toBeLessThanOrEqual(10);
    expect(points.length).toBeGreaterThan(5);
    const finished = points.map((point) => point.finished);
    expect(finished).toEqual(finished.toSorted((a, b) => a - b));
    expect([finished[0], finished.at(-1)]).toEqual([1, 100]);
    await expect(test.ledger.curve({ id: job.id, owner: 'somebody else' }, 10)).rejects.toThrow('no job');
  });

  test('newest numbers: of unfinished jobs, of those that ended lately, and of those asked for', async () => {
    await using test = await testLedger(engine);
    const heads = async (endedSince: Date, also: string[]) =>
      Object.fromEntries(await test.ledger.heads({ owner, ended_since: endedSince, also }));
    const ended = await test.job(1);
    await workAll(test, 1);
    test.pass(600);
    const open = await test.job(1);
    const soon = new Date(Date.now() + 300_000);
    expect(await heads(soon, [])).toEqual({ [open.id]: 1 });
    expect(await heads(new Date(0), [])).toEqual({ [open.id]: 1, [ended.id]: 4 });
    expect(await heads(soon, [ended.id, 'nobody’s'])).toEqual({ [open.id]: 1, [ended.id]: 4 });
    expect(await test.ledger.firstEventSince(ended.id, new Date(0))).toBe(1);
    expect(await test.ledger.firstEventSince(ended.id, soon)).toBeUndefined();
  });
});
