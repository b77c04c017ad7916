import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { someIds } from '../../../test/stand-ins/youtube.ts';
import { enrichDesk } from '#saved-videos/enrich-fixture.ts';
import { owner } from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';

onEachEngine('what is kept of a video that was given up', (engine) => {
  const refuses = { error: { code: 400, message: 'No.', status: 'INVALID_ARGUMENT' } };
  const ledger = { retries: 1, halt_minimum: 100 };

  test.each([
    ['refuses', { answer: 400, body: refuses }, 'Gemini refuses to answer (400). No.', 3],
    ['has trouble to the last attempt', { answer: 503, body: 'busy' }, 'has trouble of its own (503).', 6],
  ] as const)(
    'what YouTube told is kept where the model %s: the cells failed, the video not',
    async (_, fault, sentence, questions) => {
      await using desk = await enrichDesk(engine, { ledger });
      const list = await desk.list(3);
      desk.model.faults.order('ask', fault);
      expect(await desk.process(list.id)).toMatchObject({ status: 'failed', failed: 3 });
      expect(desk.model.questions).toHaveLength(questions);
      for (const video of await desk.videos(list.id)) {
        expect(video).toMatchObject({
          state: 'ready',
          state_reason: null,
          title: expect.any(String),
          channel: expect.any(String),
          duration_seconds: expect.any(Number),
          metadata_source: 'youtube_api',
          processed_at: expect.any(String),
        });
        const cells = Object.values(video.cells);
        expect(cells.map(({ state, source }) => [state, source])).toEqual(
          Array.from({ length: 3 }, () => ['failed', 'model']),
        );
        for (const cell of cells) expect(cell.error).toContain(sentence);
      }
      // What is left to do is the model's, and YouTube is not asked again for it.
      desk.model.faults.mend();
      expect(await desk.process(list.id, { what: 'failed' })).toMatchObject({ status: 'completed', done: 3 });
      expect(desk.youtube.calls.videos).toHaveLength(1);
      expect((await getList(desk.db, owner, list.id)).failed_cells).toBe(0);
    },
  );

  test('videos that were well stay so with their values where the model refuses to look at them again', async () => {
    await using desk = await enrichDesk(engine, { ledger });
    const list = await desk.list(2);
    await desk.process(list.id);
    const before = await desk.videos(list.id);
    desk.youtube.tell(someIds(1)[0] ?? '', { title: 'Another title' });
    desk.model.faults.order('ask', { answer: 400, body: refuses });
    expect(await desk.process(list.id, { what: 'videos', seqs: [1, 2] })).toMatchObject({ failed: 2 });
    const after = await desk.videos(list.id);
    expect(after.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(after[0]?.title).toBe('Another title');
    expect(after.map(({ cells }) => cells)).toEqual(before.map(({ cells }) => cells));
  });

  test('of one that is gone, which no model is asked about, nothing failed', async () => {
    await using desk = await enrichDesk(engine, { ledger });
    desk.youtube.tell(someIds(1)[0] ?? '', { is: 'gone' });
    const list = await desk.list(2);
    desk.model.faults.order('ask', { answer: 400, body: refuses });
    expect(await desk.process(list.id)).toMatchObject({ done: 1, failed: 1 });
    expect((await desk.videos(list.id)).map(({ state, cells }) => [state, Object.keys(cells).length])).toEqual([
      ['gone', 0],
      ['ready', 3],
    ]);
  });

  test('what took its process down failed, and who looks at the list is told by its version', async () => {
    await using desk = await enrichDesk(engine, { ledger });
    const list = await desk.list(1);
    const job = await desk.start(list.id);
    for (const id of ['w1', 'w2']) {
      await desk.ledger.register({ id, host: 'test', pid: 2, role: 'test' });
      await desk.ledger.claim(id, { limit: 1, kinds: [{ name: 'enrich' }], holdsNothing: true });
      await desk.ledger.releaseDead([id], 'crashed');
    }
    const before = await getList(desk.db, owner, list.id);
    expect(before.states).toMatchObject({ pending: 1, failed: 0 });
    await using _ = await desk.work();
    expect(await desk.until(job)).toMatchObject({ status: 'failed', failed: 1 });
    const after = await getList(desk.db, owner, list.id);
    expect(after).toMatchObject({ version: before.version + 1, states: { pending: 0, failed: 1 } });
  });

  test('a video failed where YouTube itself was the trouble', async () => {
    await using desk = await enrichDesk(engine, { ledger });
    const list = await desk.list(1);
    desk.youtube.faults.order('videos', { answer: 400, body: { error: { message: 'No.', errors: [] } } });
    expect(await desk.process(list.id)).toMatchObject({ status: 'failed', failed: 1 });
    expect((await desk.videos(list.id))[0]).toMatchObject({
      state: 'failed',
      state_reason: 'YouTube refuses to answer (400). No.',
      processed_at: expect.any(String),
      cells: {},
    });
  });
});
