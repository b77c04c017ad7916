import { expect, test } from 'vitest';
import { onEachEngine } from '../../test/databases.ts';
import { JobNotFound } from './job.ts';
import type { Changes } from './ledger-context.ts';
import type { JobFacts } from './ledger.ts';
import { all, bad, done, expectSound, owner, testLedger, writeEffect, writesEffects } from './fixture.ts';

onEachEngine('creating a job', (engine) => {
  test('items are worked in natural order of the label: digits by value, case ignored, equals as they came', async () => {
    await using test = await testLedger(engine);
    const labels = [
      'img_10.jpg',
      'IMG_2.jpg',
      'a.jpg',
      'Img_1.jpg',
      'A.JPG',
      'B 007.png',
      'b 7.png',
      'b 8.png',
    ];
    const items = labels.map((label, index) => ({ key: String(index), label }));
    const id = await test.ledger.create({ owner, kind: 'test', label: 'x', input: null, items });
    const page = await test.ledger.items({ job: { id, owner }, limit: 100 });
    expect(page.items.map(({ label }) => label)).toEqual([
      'a.jpg',
      'A.JPG',
      'B 007.png',
      'b 7.png',
      'b 8.png',
      'Img_1.jpg',
      'IMG_2.jpg',
      'img_10.jpg',
    ]);
  });

  test('is all or nothing: a fault after it, in the same transaction, leaves no trace', async () => {
    await using test = await testLedger(engine);
    const items = [{ key: 'a', label: 'a' }];
    const act = test.db.transaction().execute(async (changes) => {
      await test.ledger.create({ owner, kind: 'test', label: 'x', input: null, items }, changes);
      throw new Error('The disk is full.');
    });
    await expect(act).rejects.toThrow('The disk is full.');
    for (const table of ['jobs', 'job_items', 'job_events'] as const) {
      expect(await test.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  test('a job without items is refused', async () => {
    await using test = await testLedger(engine);
    await expect(test.job(0)).rejects.toMatchObject({ code: 'job_without_items' });
  });

  test('names that a database cannot hold do not stop it', async () => {
    await using test = await testLedger(engine);
    const items = [{ key: 'k', label: 'half \ud83d nul \0 “quotes” \\ \n 日本' }];
    const id = await test.ledger.create({ owner, kind: 'test', label: 'x', input: { a: ['ü'] }, items });
    const [claimed] = await test.claim(1);
    expect(claimed).toMatchObject({
      label: 'half \ufffd nul \ufffd “quotes” \\ \n 日本',
      job: { id, input: { a: ['ü'] } },
    });
  });
});

onEachEngine('claiming', (engine) => {
  test('the first claim starts the job, later ones do not start it again', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(3);
    expect(await test.ledger.get(job)).toMatchObject({ status: 'pending', started_at: null });
    await test.claim(1);
    const { status, started_at } = await test.ledger.get(job);
    expect(status).toBe('running');
    await test.claim(1);
    expect(await test.ledger.get(job)).toMatchObject({ started_at });
    const events = await test.ledger.events({ job, limit: 10 });
    expect(events.map(({ kind }) => kind)).toEqual(['created', 'started']);
  });

  test('takes in the order of work, each item once', async () => {
    await using test = await testLedger(engine);
    await test.job(12);
    const seqs = [...(await test.claim(5)), ...(await test.claim(5)), ...(await test.claim(5))].map(
      ({ seq }) => seq,
    );
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await test.claim(5)).toEqual([]);
  });

  test('claims at the same time never take the same item', async () => {
    await using test = await testLedger(engine);
    await test.job(60);
    const claims = await Promise.all(Array.from({ length: 12 }, () => test.claim(5)));
    const seqs = claims.flat().map(({ seq }) => seq);
    expect(new Set(seqs).size).toBe(seqs.length);
    for (let more = await test.claim(5); more.length > 0; more = await test.claim(5)) {
      seqs.push(...more.map(({ seq }) => seq));
    }
    expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  });

  test('a small job takes turns with a large one that was there before', async () => {
    await using test = await testLedger(engine);
    await test.job(1000, 'large');
    await test.claim(10);
    test.pass(1);
    await test.job(20, 'small');
    const turns: string[] = [];
    for (let n = 0; n < 4; n++) {
      const [first] = await test.claim(10);
      turns.push((first!.job.input as { label: string }).label);
      test.pass(1);
    }
    expect(turns).toEqual(['small', 'large', 'small', 'large']);
  });

  test('nothing of a job that is paused, halted or cancelled, nothing of an unknown kind', async () => {
    await using test = await testLedger(engine);
    await test.ledger.pause(await test.job(2));
    await test.ledger.cancel(await test.job(2));
    expect(await test.claim(5)).toEqual([]);
    await test.job(2);
    expect(await test.ledger.claim('w1', { limit: 5, kinds: [{ name: 'other' }], holdsNothing: true })).toEqual(
      [],
    );
    expect(await test.ledger.claim('w1', { limit: 5, kinds: [], holdsNothing: true })).toEqual([]);
  });

  test('a kind may say how many it takes at once', async () => {
    await using test = await testLedger(engine);
    await test.job(9);
    const kinds = [{ name: 'test', claimSize: 7 }];
    expect(await test.ledger.claim('w1', { limit: 2, kinds, holdsNothing: true })).toHaveLength(7);
  });

  test('a worker that is not registered gets nothing', async () => {
    await using test = await testLedger(engine);
    await test.job(1);
    await expect(test.claim(1, 'stranger')).rejects.toMatchObject({ name: 'WorkerUnknown' });
  });

  test('given back, an item is next again and no attempt is spent', async () => {
    await using test = await testLedger(engine);
    await test.job(3);
    const claims = await test.claim(2);
    await test.ledger.giveBack(claims);
    await test.ledger.giveBack(claims);
    expect((await test.claim(2)).map(({ seq, attempt }) => ({ seq, attempt }))).toEqual([
      { seq: 1, attempt: 1 },
      { seq: 2, attempt: 1 },
    ]);
    await test.ledger.giveBack(claims);
    expect((await test.claim(2)).map(({ seq }) => seq)).toEqual([3]);
  });
});

onEachEngine('settling', (engine) => {
  test('effects, outcomes, counters and one progress event come together', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(4);
    const [a, b, c] = await test.claim(3);
    const group = [
      { claimed: a!, outcome: done },
      { claimed: b!, outcome: { outcome: 'skipped', because: 'already here' } as const },
      { claimed: c!, outcome: bad },
    ];
    expect(await test.ledger.settle(group, writesEffects, 'now')).toEqual({ settled: 3, late: [] });
    expect(await test.effects()).toEqual(['item 1']);
    expect(await test.ledger.get(job)).toMatchObject({
      status: 'running',
      done: 1,
      skipped: 1,
      failed: 1,
      total: 4,
      current_item: 'item 3',
      error_message: 'It is broken.',
    });
    const { items } = await test.ledger.items({ job, limit: 10 });
    expect(items).toMatchObject([
      { state: 'done', attempt: 1, finished_at: expect.any(String) },
      { state: 'skipped', skipped_because: 'already here' },
      { state: 'failed', error_code: 'bad_file', error_message: 'It is broken.' },
      { state: 'waiting', attempt: 0, finished_at: null },
    ]);
    expect(await test.ledger.events({ job, after: 2, limit: 10 })).toMatchObject([
      { seq: 3, kind: 'item_failed', data: { item: 3, label: 'item 3', code: 'bad_file' } },
      { seq: 4, kind: 'progress', data: { done: 1, skipped: 1, failed: 1, total: 4, current_item: 'item 3' } },
    ]);
    await expectSound(test);
  });

  test('a late worker changes nothing and its effects are not committed', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(2);
    const late = await test.claim(2);
    await test.ledger.giveBack(late);
    const [fresh] = await test.claim(1);
    expect(await test.ledger.settle(all(late, done), writesEffects, 'now')).toEqual({
      settled: 0,
      late: [1, 2],
    });
    expect(await test.effects()).toEqual([]);
    await test.ledger.settle(all([fresh!], done), writesEffects, 'now');
    expect(await test.ledger.settle(all([fresh!], bad), writesEffects, 'now')).toEqual({
      settled: 0,
      late: [1],
    });
    expect(await test.ledger.get(job)).toMatchObject({ done: 1, failed: 0 });
    await expectSound(test);
  });

  test('of a group with a late item, the others are settled', async () => {
    await using test = await testLedger(engine);
    await test.job(3);
    const claims = await test.claim(3);
    await test.ledger.giveBack(claims.slice(1, 2));
    expect(await test.ledger.settle(all(claims, done), writesEffects, 'now')).toEqual({
      settled: 2,
      late: [2],
    });
    expect(await test.effects()).toEqual(['item 1', 'item 3']);
  });

  test('a result may turn out to be nothing new: done becomes skipped', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(2);
    await test.ledger.settle(all(await test.claim(2), done), { commit: alreadyHere }, 'now');
    expect(await test.ledger.get(job)).toMatchObject({ status: 'completed', done: 1, skipped: 1 });
  });

  test('effects that cannot be written undo the whole group', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(2);
    const claims = await test.claim(2);
    const settling = test.ledger.settle(
      all(claims, done),
      {
        async commit(changes) {
          await writeEffect(changes, 'half');
          throw new Error('The other half failed.');
        },
      },
      'now',
    );
    await expect(settling).rejects.toThrow('The other half failed.');
    expect(await test.effects()).toEqual([]);
    expect(await test.ledger.get(job)).toMatchObject({ done: 0, status: 'running' });
    expect(await test.ledger.settle(all(claims, done), writesEffects, 'now')).toMatchObject({ settled: 2 });
    await expectSound(test);
  });

  test('messages are cut at 500 characters', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    const message = `${'x'.repeat(498)}😀\0 and more`;
    await test.ledger.settle(all(await test.claim(1), { ...bad, message }), {}, 'now');
    const { error_message } = await test.ledger.get(job);
    expect(error_message).toHaveLength(500);
    expect(error_message).toBe(`${'x'.repeat(498)}\ufffd…`);
  });

  test('the last item ends the job, in words of what became of the items', async () => {
    await using test = await testLedger(engine);
    const ends: string[] = [];
    for (const outcomes of [
      [done, done],
      [done, bad],
      [bad, bad],
    ] as const) {
      const job = await test.job(2);
      const claims = await test.claim(2);
      const group = claims.map((claimed, n) => ({ claimed, outcome: outcomes[n]! }));
      await test.ledger.settle(group, { summarise: async (_, at) => ({ seen: at.done }) }, 'now');
      const { status, completed_at } = await test.ledger.get(job);
      expect(completed_at).not.toBeNull();
      const { summary } = await test.ledger.progress(job);
      expect(summary).toEqual({ kind: 'test', seen: outcomes.filter((outcome) => outcome === done).length });
      const events = await test.ledger.events({ job, limit: 100 });
      expect(events.at(-1)?.kind).toBe(status);
      ends.push(status);
    }
    expect(ends).toEqual(['completed', 'completed_with_errors', 'failed']);
  });

  test('a paused job whose last items in hand finish has ended; a cancelled one stays cancelled', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    const claims = await test.claim(1);
    await test.ledger.pause(job);
    await test.ledger.settle(all(claims, done), {}, 'now');
    expect(await test.ledger.get(job)).toMatchObject({ status: 'completed', done: 1 });
    const cancelled = await test.job(1);
    const inHand = await test.claim(1);
    await test.ledger.cancel(cancelled);
    await test.ledger.settle(all(inHand, done), writesEffects, 'now');
    expect(await test.ledger.get(cancelled)).toMatchObject({ status: 'cancelled', done: 1 });
    expect(await test.effects()).toEqual(['item 1']);
  });

  test('a job whose summary is left for later is ended by whoever knows its kind', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    await test.ledger.settle(all(await test.claim(1), done), {}, 'later');
    expect(await test.ledger.get(job)).toMatchObject({ status: 'running', done: 1 });
    expect(await test.ledger.unended(['other'])).toEqual([]);
    expect((await test.ledger.unended(['test'])).map(({ id }) => id)).toEqual([job.id]);
    await test.ledger.finish(job.id, { kind: { summarise: async (_, at) => ({ of: at.input }) } });
    expect(await test.ledger.progress(job)).toMatchObject({
      status: 'completed',
      summary: { of: { label: 'item' } },
    });
    await test.ledger.finish(job.id, { broke: 'twice' });
    expect((await test.ledger.get(job)).status).toBe('completed');
  });

  test('a kind that cannot even summarise fails its job', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    await test.ledger.settle(all(await test.claim(1), done), {}, 'later');
    await test.ledger.finish(job.id, { broke: 'No summary.' });
    expect(await test.ledger.get(job)).toMatchObject({
      status: 'failed',
      error_message: 'No summary.',
      done: 1,
    });
  });
});

onEachEngine('endings other than success', (engine) => {
  test('try again: after the delay, as often as retries allow, then failed with that code', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    const busy = { outcome: 'try_again', code: 'busy', message: 'Later.' } as const;
    for (const attempt of [1, 2, 3]) {
      const claims = await test.claim(1);
      expect(claims).toMatchObject([{ attempt }]);
      await test.ledger.settle(all(claims, busy), {}, 'now');
      expect(await test.claim(1)).toEqual([]);
      test.pass(31);
    }
    const { items } = await test.ledger.items({ job, limit: 1 });
    expect(items).toMatchObject([{ state: 'failed', attempt: 3, error_code: 'busy', error_message: 'Later.' }]);
    expect((await test.ledger.get(job)).status).toBe('failed');
  });

  test('wait: until its time, and however often, at no cost', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    for (let n = 0; n < 5; n++) {
      const claims = await test.claim(1);
      expect(claims).toMatchObject([{ attempt: 1 }]);
      const until = new Date(Date.now() + 3600_000 * (n + 1));
      await test.ledger.settle(all(claims, { outcome: 'wait', until, message: 'Quota.' }), {}, 'now');
      expect(await test.claim(1)).toEqual([]);
      test.pass(3601);
    }
    const { items } = await test.ledger.items({ job, limit: 1 });
    expect(items).toMatchObject([{ state: 'waiting', attempt: 0, error_message: 'Quota.' }]);
  });

  test('a cause that pauses the job leaves its items waiting, and it goes on by itself when the time has come', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(3);
    const [first, second] = await test.claim(2);
    const resume_at = new Date(Date.now() + 60_000);
    const stop = { outcome: 'stop_job', how: 'pause', reason: 'The quota is spent.', resume_at } as const;
    const group = [
      { claimed: first!, outcome: stop },
      { claimed: second!, outcome: done },
    ];
    await test.ledger.settle(group, {}, 'now');
    expect(await test.ledger.get(job)).toMatchObject({
      status: 'paused',
      status_reason: 'The quota is spent.',
      resume_at: resume_at.toISOString(),
      done: 1,
      failed: 0,
    });
    expect(await test.ledger.resumeDue()).toEqual([]);
    test.pass(61);
    expect(await test.ledger.resumeDue()).toEqual([job.id]);
    expect(await test.ledger.resumeDue()).toEqual([]);
    expect(await test.ledger.get(job)).toMatchObject({
      status: 'running',
      status_reason: null,
      resume_at: null,
    });
    expect(await test.claim(5)).toMatchObject([
      { seq: 1, attempt: 1 },
      { seq: 3, attempt: 1 },
    ]);
  });

  test('a cause that halts the job keeps the reason until it is resumed', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(2);
    const reason = 'The folder is gone.';
    await test.ledger.settle(all(await test.claim(2), { outcome: 'stop_job', how: 'halt', reason }), {}, 'now');
    expect(await test.ledger.get(job)).toMatchObject({ status: 'halted', status_reason: reason, failed: 0 });
    await test.ledger.resume(job);
    await test.ledger.settle(all(await test.claim(2), done), {}, 'now');
    expect((await test.ledger.get(job)).status).toBe('completed');
  });

  test.each([
    ['pause', 'paused', 'resume'],
    ['pause', 'paused', 'by itself'],
    ['pause', 'paused', 'retry'],
    ['halt', 'halted', 'resume'],
    ['halt', 'halted', 'retry'],
  ] as const)(
    'a cause to %s that comes late, from an item leased before the job went on (%s, then %s), puts that item back and does no more',
    async (how, status, goesOn) => {
      await using test = await testLedger(engine);
      const job = await test.job(5);
      const resume_at = new Date(Date.now() + 60_000);
      const stop = { outcome: 'stop_job', how, reason: 'The quota is spent.', resume_at } as const;
      const [broken, first, ...late] = await test.claim(4);
      await test.ledger.settle(
        [
          { claimed: broken!, outcome: bad },
          { claimed: first!, outcome: stop },
        ],
        {},
        'now',
      );
      expect((await test.ledger.get(job)).status).toBe(status);
      // Runs are told apart by the millisecond in which they began.
      test.pass(1);
      if (goesOn === 'resume') await test.ledger.resume(job);
      if (goesOn === 'retry') await test.ledger.retry(job, 'all');
      if (goesOn === 'by itself') {
        test.pass(60);
        await test.ledger.resumeDue();
      }
      const before = (await test.ledger.events({ job, limit: 100 })).length;
      await test.ledger.settle(all(late, stop), {}, 'now');
      expect((await test.ledger.get(job)).status).toBe('running');
      expect(await test.ledger.events({ job, limit: 100 })).toHaveLength(before);
      const { items } = await test.ledger.items({ job, limit: 5 });
      expect(items.filter(({ seq }) => late.some((each) => each.seq === seq))).toMatchObject([
        { seq: 3, state: 'waiting', attempt: 0, error_message: null },
        { seq: 4, state: 'waiting', attempt: 0, error_message: null },
      ]);

      // What an item meets that was leased since is news.
      await test.ledger.settle(all(await test.claim(1), stop), {}, 'now');
      expect((await test.ledger.get(job)).status).toBe(status);
      await expectSound(test);
    },
  );

  test('in one group a cause that is late does not hide one that is not', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(4);
    const stop = { outcome: 'stop_job', how: 'halt' } as const;
    const late = await test.claim(1);
    await test.ledger.pause(job);
    test.pass(1);
    await test.ledger.resume(job);
    const anew = await test.claim(1);
    const group = [
      ...all(late, { ...stop, reason: 'It was spent.' }),
      ...all(anew, { ...stop, reason: 'It is spent again.' }),
    ];
    await test.ledger.settle(group, {}, 'now');
    expect(await test.ledger.get(job)).toMatchObject({
      status: 'halted',
      status_reason: 'It is spent again.',
    });
    await expectSound(test);
  });
});

async function alreadyHere() {
  return [{ seq: 2, because: 'already here' }];
}

onEachEngine('the items that come next', (engine) => {
  test('are those that may begin now: not what waits for its next try, and in a retry not what it leaves alone', async () => {
    await using test = await testLedger(engine, { halt_minimum: 100, retry_delay_seconds: 60 });
    const job = await test.job(5);
    const claims = await test.claim(2);
    const passing = { outcome: 'try_again', code: 'away', message: 'It does not answer.' } as const;
    const group = [...all(claims.slice(0, 1), passing), ...all(claims.slice(1), bad)];
    await test.ledger.settle(group, writesEffects, 'now');
    expect(await test.ledger.comingKeys(job.id, 9)).toEqual(['item 3', 'item 4', 'item 5']);
    test.pass(61);
    expect(await test.ledger.comingKeys(job.id, 9)).toEqual(['item 1', 'item 3', 'item 4', 'item 5']);
    await test.ledger.pause(job);
    await test.ledger.retry(job, 'all');
    expect(await test.ledger.comingKeys(job.id, 9)).toEqual(['item 2']);
    await test.claim(1);
    expect(await test.ledger.comingKeys(job.id, 9)).toEqual(['item 2']);
  });
});

onEachEngine('what a kind has to say before a job of its runs again', (engine) => {
  test('is asked with the input, before resume and retry alone, and only where these would be carried out', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(2);
    const asked: unknown[] = [];
    const mayRun = { test: async (_: unknown, { id, input }: JobFacts) => void asked.push({ id, input }) };
    const wish = { id: job.id, input: { label: 'item' } };
    await test.ledger.resume(job, mayRun);
    await expect(test.ledger.retry(job, 'all', mayRun)).rejects.toMatchObject({ code: 'job_not_retryable' });
    await expect(test.ledger.resume({ ...job, owner: 'x' }, mayRun)).rejects.toBeInstanceOf(JobNotFound);
    expect(asked).toEqual([]);
    await test.ledger.pause(job);
    await test.ledger.resume(job, mayRun);
    expect(asked).toEqual([wish]);
    await test.ledger.settle(all(await test.claim(2), bad), writesEffects, 'now');
    await test.ledger.retry(job, 'all', { other: mayRun.test });
    await test.ledger.settle(all(await test.claim(2), bad), writesEffects, 'now');
    await test.ledger.retry(job, 'all', mayRun);
    expect(asked).toEqual([wish, wish]);
  });

  test('where it refuses, nothing of the job and nothing that it wrote itself is changed', async () => {
    await using test = await testLedger(engine);
    const job = await test.job(1);
    await test.ledger.settle(all(await test.claim(1), bad), writesEffects, 'now');
    const before = await test.ledger.get(job);
    const mayRun = {
      test: async (changes: Changes) => {
        await writeEffect(changes, 'asked');
        throw new Error('Not beside the other one.');
      },
    };
    await expect(test.ledger.retry(job, 'all', mayRun)).rejects.toThrow('Not beside the other one.');
    expect(await test.ledger.get(job)).toEqual(before);
    expect(await test.effects()).toEqual([]);
  });
});
