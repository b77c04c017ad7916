import { describe, expect, test } from 'vitest';
import { jobStatuses, type JobCommand, type JobStatus } from '#contract/words.ts';
import { onEachEngine } from '../../test/databases.ts';
import { all, bad, done, expectSound, owner, testLedger, type TestLedger } from './fixture.ts';
import { commands, judge, JobRefused, transitions } from './job.ts';

const names = Object.keys(commands) as JobCommand[];

/** What must come of every command in every status: a status, `same` (nothing changes), or a refusal. */
const expected: Record<JobCommand, Record<JobStatus, JobStatus | 'same' | 'refused'>> = {
  pause: {
    pending: 'paused',
    running: 'paused',
    paused: 'same',
    halted: 'refused',
    cancelled: 'refused',
    completed: 'refused',
    completed_with_errors: 'refused',
    failed: 'refused',
  },
  resume: {
    pending: 'same',
    running: 'same',
    paused: 'running',
    halted: 'running',
    cancelled: 'refused',
    completed: 'refused',
    completed_with_errors: 'refused',
    failed: 'refused',
  },
  cancel: {
    pending: 'cancelled',
    running: 'cancelled',
    paused: 'cancelled',
    halted: 'cancelled',
    cancelled: 'same',
    completed: 'refused',
    completed_with_errors: 'refused',
    failed: 'refused',
  },
  retry: {
    pending: 'refused',
    running: 'refused',
    paused: 'running',
    halted: 'running',
    cancelled: 'running',
    completed: 'refused',
    completed_with_errors: 'running',
    failed: 'running',
  },
};

describe('the table of transitions', () => {
  test('a completed job says in a sentence why it cannot be paused', () => {
    expect(() => judge('pause', 'completed')).toThrow(
      new JobRefused('job_not_pausable', 'This job is completed; only a running or pending job can be paused.'),
    );
  });

  test('no command has a status both to start from and to have been fulfilled in', () => {
    for (const { from, already } of Object.values(commands)) {
      expect(from.filter((status) => (already as readonly JobStatus[]).includes(status))).toEqual([]);
    }
  });

  test('every status can be reached, and every one but `completed` and the ends without errors can be left', () => {
    const reached = new Set(Object.values(transitions).map(({ to }) => to));
    expect(jobStatuses.filter((status) => status !== 'pending' && !reached.has(status))).toEqual([]);
    const left = new Set(Object.values(transitions).flatMap(({ from }) => from));
    expect(jobStatuses.filter((status) => !left.has(status))).toEqual(['completed']);
  });
});

onEachEngine('every command in every status', (engine) => {
  test.each(names.flatMap((name) => jobStatuses.map((status) => ({ name, status }))))(
    '$name when $status',
    async ({ name, status }) => {
      await using test = await testLedger(engine);
      const job = await jobThatIs(test, status);
      const before = await test.ledger.events({ job, limit: 100 });
      const act = () => (name === 'retry' ? test.ledger.retry(job, 'all') : test.ledger[name](job));
      const wanted = expected[name][status];
      const refusal = await act().then(
        () => null,
        (error: unknown) => error,
      );
      expect(refusal).toEqual(
        wanted === 'refused' ? expect.objectContaining({ code: commands[name].refusal.code }) : null,
      );
      const after = await test.ledger.get(job);
      const changed = wanted !== 'refused' && wanted !== 'same';
      expect(after.status).toBe(changed ? wanted : status);
      const events = await test.ledger.events({ job, after: before.length, limit: 100 });
      expect(events.map(({ kind }) => kind)).toEqual(changed ? [commands[name].event] : []);
      expect(after.completed_at !== null).toBe(
        ['cancelled', 'completed', 'completed_with_errors', 'failed'].includes(after.status),
      );
      await expectSound(test);
    },
  );

  test('somebody else’s job is not found', async () => {
    await using test = await testLedger(engine);
    const { id } = await test.job(1);
    const stranger = { id, owner: 'stranger' };
    for (const act of [
      () => test.ledger.pause(stranger),
      () => test.ledger.retry(stranger, 'all'),
      () => test.ledger.get(stranger),
      () => test.ledger.progress(stranger),
      () => test.ledger.items({ job: stranger, limit: 1 }),
      () => test.ledger.events({ job: stranger, limit: 1 }),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'job_not_found' });
    }
    expect(await test.ledger.current('stranger')).toEqual({ job_id: null });
    expect((await test.ledger.get({ id, owner })).status).toBe('pending');
  });
});

/** By the way a real job gets there. Where it may be retried, one of its items failed. */
async function jobThatIs(test: TestLedger, status: JobStatus) {
  const { ledger } = test;
  const job = await test.job(3);
  if (status === 'pending') return job;
  const claims = await test.claim(3);
  const [first, ...others] = claims;
  if (first === undefined) throw new Error('Nothing was claimed.');
  if (status === 'completed') {
    await ledger.settle(all(claims, done), {}, 'now');
    return job;
  }
  if (status === 'failed') {
    await ledger.settle(all(claims, bad), {}, 'now');
    return job;
  }
  await ledger.settle([{ claimed: first, outcome: bad }], {}, 'now');
  if (status === 'completed_with_errors') await ledger.settle(all(others, done), {}, 'now');
  if (status === 'halted') {
    await ledger.settle(
      all(others, { outcome: 'stop_job', how: 'halt', reason: 'The folder is gone.' }),
      {},
      'now',
    );
  }
  if (status === 'paused') await ledger.pause(job);
  if (status === 'cancelled') await ledger.cancel(job);
  if (status === 'paused' || status === 'cancelled') await ledger.giveBack(others);
  return job;
}
