import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { editVideo } from '#saved-videos/edits/edit-values.ts';
import { enrichDesk, someFields } from '#saved-videos/enrich-fixture.ts';
import { addField } from '#saved-videos/fields/fields.ts';
import { fieldNamed, newField, owner } from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';

onEachEngine('a job of one field, or of what failed', (engine) => {
  test('one field is filled from what is known, without asking YouTube, where nobody gave a value', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(3, { fields: [someFields[0] as (typeof someFields)[0]] });
    await desk.process(list.id);
    const calls = desk.youtube.calls.videos.length;
    const level = fieldNamed(list, 'Level');
    await editVideo(desk.db, owner, list.id, 2, { [level.id]: { do: 'release' } });
    desk.model.script.answer = () => ({ value: { f1: 'Advanced' } });
    const job = await desk.process(list.id, { what: 'field', field_id: level.id, again: false });
    expect(job).toMatchObject({ status: 'completed', total: 1 });
    expect((await desk.items(job)).map(({ key }) => key)).toEqual(['2']);
    const all = await desk.process(list.id, { what: 'field', field_id: level.id, again: true });
    expect(all.total).toBe(3);
    expect((await desk.videos(list.id)).map(({ cells }) => cells[level.id]?.value)).toEqual([
      'Advanced',
      'Advanced',
      'Advanced',
    ]);
    expect(desk.youtube.calls.videos).toHaveLength(calls);
    expect(desk.model.questions.at(-1)?.video.title).toEqual(expect.any(String));
  });

  test('failed cells alone are tried again, and a good value survives a bad day of the model', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(2);
    const level = fieldNamed(list, 'Level');
    desk.model.script.answer = ({ schema }) => ({
      value:
        Object.keys(schema.properties ?? {}).length === 3 ? { f1: 'Expert', f2: [], f3: 4 } : { f1: 'Expert' },
    });
    await desk.process(list.id);
    expect((await getList(desk.db, owner, list.id)).failed_cells).toBe(2);
    desk.model.script.answer = () => ({ value: { f1: 'Beginner' } });
    const before = desk.model.questions.length;
    const job = await desk.process(list.id, { what: 'failed' });
    expect(job).toMatchObject({ status: 'completed', total: 2 });
    const asked = desk.model.questions.slice(before);
    expect(asked.map(({ schema }) => Object.keys(schema.properties ?? {}))).toEqual([['f1'], ['f1']]);
    expect(desk.youtube.calls.videos).toHaveLength(1);
    expect((await desk.videos(list.id)).map(({ cells }) => cells[level.id]?.value)).toEqual([
      'Beginner',
      'Beginner',
    ]);

    desk.model.script.answer = () => ({ value: { f1: 'Nonsense' } });
    await desk.process(list.id, { what: 'field', field_id: level.id, again: true });
    expect((await desk.videos(list.id)).map(({ cells }) => cells[level.id])).toMatchObject([
      { value: 'Beginner', state: 'ok' },
      { value: 'Beginner', state: 'ok' },
    ]);
  });

  test('videos that failed are asked about again, with all their fields', async () => {
    await using desk = await enrichDesk(engine, { ledger: { retries: 1, halt_minimum: 100 } });
    const list = await desk.list(2);
    desk.youtube.faults.order('videos', { answer: 500, body: 'trouble' });
    const job = await desk.process(list.id);
    expect(job).toMatchObject({ status: 'failed', failed: 2 });
    expect(await desk.videos(list.id)).toMatchObject([
      { state: 'failed', state_reason: 'YouTube has trouble of its own (500).' },
      { state: 'failed', state_reason: 'YouTube has trouble of its own (500).' },
    ]);
    expect((await desk.items(job)).map(({ error_code, attempt }) => [error_code, attempt])).toEqual([
      ['youtube_unavailable', 2],
      ['youtube_unavailable', 2],
    ]);
    desk.youtube.faults.mend();
    expect(await desk.process(list.id, { what: 'failed' })).toMatchObject({ status: 'completed', done: 2 });
    const videos = await desk.videos(list.id);
    expect(videos.map(({ state, cells }) => [state, Object.keys(cells).length])).toEqual([
      ['ready', 3],
      ['ready', 3],
    ]);
  });

  test('retrying the items of a job does the same', async () => {
    await using desk = await enrichDesk(engine, { ledger: { retries: 0, halt_minimum: 100 } });
    const list = await desk.list(2);
    desk.model.faults.order('ask', { answer: 503, body: 'busy' });
    const job = await desk.process(list.id);
    expect(job).toMatchObject({ status: 'failed', failed: 2 });
    expect((await getList(desk.db, owner, list.id)).failed_cells).toBe(6);
    desk.model.faults.mend();
    await desk.ledger.retry({ id: job.id, owner }, 'all');
    await using _ = await desk.work();
    expect(await desk.until(job)).toMatchObject({ status: 'completed', done: 2, failed: 0 });
    expect((await desk.videos(list.id)).map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect((await getList(desk.db, owner, list.id)).failed_cells).toBe(0);
  });

  test('a field that the model cannot be asked about marks its cells, and leaves the videos as they are', async () => {
    await using desk = await enrichDesk(engine, { ledger: { retries: 0, halt_minimum: 100 } });
    const list = await desk.list(1, { fields: [] });
    await desk.process(list.id);
    const level = await addField(desk.db, owner, list.id, newField('Level', 'number'));
    desk.model.faults.order('ask', {
      answer: 400,
      body: { error: { code: 400, message: 'No.', status: 'INVALID_ARGUMENT' } },
    });
    const job = await desk.process(list.id, { what: 'field', field_id: level.id, again: false });
    expect(job).toMatchObject({ status: 'failed', failed: 1 });
    expect((await desk.videos(list.id))[0]).toMatchObject({
      state: 'ready',
      cells: { [level.id]: { state: 'failed', source: 'model', error: 'Gemini refuses to answer (400). No.' } },
    });
  });
});
