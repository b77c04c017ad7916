import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { onEachEngine } from '../../test/databases.ts';
import { all, done, expectSound, testLedger, writesEffects } from './fixture.ts';

onEachEngine('the death of a worker', (engine) => {
  test('frees its items: an attempt is spent, each is next, alone, and only for an empty hand', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(5);
    const lost = await test.claim(2);
    expect(await test.ledger.releaseDead(['w1'], 'crashed')).toBe(2);
    await test.ledger.register({ id: 'w2', host: 'test', pid: 2, role: 'test' });
    const wish = { limit: 5, kinds: [{ name: 'test' }] };
    expect(await test.ledger.claim('w2', { ...wish, holdsNothing: false })).toEqual([]);
    for (const seq of [1, 2]) {
      const claims = await test.ledger.claim('w2', { ...wish, holdsNothing: true });
      expect(claims).toMatchObject([{ seq, attempt: 2, alone: true }]);
      await test.ledger.settle(all(claims, done), writesEffects, 'now');
    }
    expect(await test.ledger.claim('w2', { ...wish, holdsNothing: false })).toHaveLength(3);
    expect(await test.ledger.settle(all(lost, done), writesEffects, 'now')).toMatchObject({ settled: 0 });
    expect(await test.effects()).toEqual(['item 1', 'item 2']);
    expect((await test.ledger.get(job)).done).toBe(2);
    await expectSound(test);
  });

  test.each([
    ['crashed', 'worker_crashed'],
    ['hung', 'timed_out'],
  ] as const)(
    'the second time a worker %s, the item fails with %s and the job goes on',
    async (death, code) => {
      await using test = await testLedger(engine);
      const job = await test.job(2);
      for (const id of ['w2', 'w3']) {
        await test.ledger.register({ id, host: 'test', pid: 2, role: 'test' });
        await test.claim(1, id);
        await test.ledger.releaseDead([id], death);
      }
      const { items } = await test.ledger.items({ job, limit: 5 });
      expect(items).toMatchObject([{ state: 'failed', attempt: 2, error_code: code }, { state: 'waiting' }]);
      const events = await test.ledger.events({ job, limit: 10 });
      expect(events.map(({ kind }) => kind)).toEqual(['created', 'started', 'item_failed', 'progress']);
      await expectSound(test);
    },
  );

  test('deaths that may come from outside are forgiven fifteen times', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    const states: string[] = [];
    for (let n = 0; n < 16; n++) {
      await test.ledger.register({ id: `v${n}`, host: 'test', pid: 2, role: 'test' });
      await test.claim(1, `v${n}`);
      await test.ledger.releaseDead([`v${n}`], 'killed');
      states.push((await test.ledger.items({ job, limit: 1 })).items[0]!.state);
    }
    expect(states).toEqual([...Array.from({ length: 15 }, () => 'waiting'), 'failed']);
    expect((await test.ledger.unended(['test'])).map(({ id }) => id)).toEqual([job.id]);
  });

  test('an item that crashed its worker and is retried by a person is given up at the first crash', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    for (const id of ['w2', 'w3', 'w4']) {
      if (id === 'w4') await test.ledger.finish(job.id, { kind: {} });
      if (id === 'w4') await test.ledger.retry(job, 'all');
      await test.ledger.register({ id, host: 'test', pid: 2, role: 'test' });
      expect(await test.claim(1, id)).toMatchObject([{ alone: id !== 'w2' }]);
      await test.ledger.releaseDead([id], 'crashed');
    }
    expect((await test.ledger.items({ job, limit: 1 })).items).toMatchObject([{ state: 'failed' }]);
  });

  test('without a beat the leases end after their time; with it they last', async () => {
    await using test = await testLedger(engine);
    await test.job(2);
    await test.claim(2);
    test.pass(25);
    expect(await test.ledger.heartbeat('w1')).toBe(true);
    test.pass(25);
    expect(await test.ledger.releaseExpired()).toBe(0);
    test.pass(6);
    expect(await test.ledger.releaseExpired()).toBe(2);
    expect(await test.ledger.heartbeat('w1')).toBe(false);
    await expect(test.claim(1)).rejects.toMatchObject({ name: 'WorkerUnknown' });
  });

  test('leases of a worker that nobody knows are free', async () => {
    await using test = await testLedger(engine);
    await test.job(2);
    await test.claim(2);
    await test.db.deleteFrom('workers').execute();
    expect(await test.ledger.releaseExpired()).toBe(2);
  });

  test('a worker that ends in good order leaves its items unspent', async () => {
    await using test = await testLedger(engine);
    await test.job(2);
    await test.claim(2);
    await test.ledger.signOff('w1');
    await test.ledger.register({ id: 'w2', host: 'test', pid: 2, role: 'test' });
    expect(await test.claim(2, 'w2')).toMatchObject([
      { seq: 1, attempt: 1, alone: false },
      { seq: 2, attempt: 1, alone: false },
    ]);
  });

  test('at start, processes of this host that are gone hold nothing; living ones and other hosts keep theirs', async () => {
    await using test = await testLedger(engine);
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    const gone = child.pid as number;
    await once(child, 'exit');
    const rows = [
      { id: 'gone', host: 'here', pid: gone },
      { id: 'alive', host: 'here', pid: process.pid },
      { id: 'elsewhere', host: 'there', pid: gone },
    ];
    await test.job(3);
    for (const row of rows) {
      await test.ledger.register({ ...row, role: 'test' });
      await test.claim(1, row.id);
    }
    expect(await test.ledger.releaseDeadHere('here')).toBe(1);
    const left = await test.db.selectFrom('workers').select('id').orderBy('id').execute();
    expect(left.map(({ id }) => id)).toEqual(['alive', 'elsewhere', 'w1']);
  });

  test.runIf(process.platform === 'linux')(
    'a process number that was given again is another process',
    async () => {
      await using test = await testLedger(engine);
      await test.ledger.register({ id: 'former', host: 'here', pid: process.pid, role: 'test' });
      await test.db
        .updateTable('workers')
        .set({ started_at: '2020-01-01T00:00:00.000Z' })
        .where('id', '=', 'former')
        .execute();
      await test.job(1);
      await test.claim(1, 'former');
      expect(await test.ledger.releaseDeadHere('here')).toBe(1);
    },
  );
});
