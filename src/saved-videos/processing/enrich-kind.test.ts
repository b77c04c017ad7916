import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { modelName } from '../../../test/stand-ins/model.ts';
import { someIds } from '../../../test/stand-ins/youtube.ts';
import type { SummaryOf } from '#contract/job-summary.ts';
import { deleteVideos, editVideo } from '#saved-videos/edits/edit-values.ts';
import { enrichDesk, someFields } from '#saved-videos/enrich-fixture.ts';
import { changeField, removeField } from '#saved-videos/fields/fields.ts';
import { importFile } from '#saved-videos/files/import-file.ts';
import { fieldNamed, fileOf, newField, owner } from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { promptVersion } from '#saved-videos/model/prompt.ts';

onEachEngine('a job that finds out about videos', (engine) => {
  test('asks about fifty at a time, fills the fields, and says who did', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(120);
    const job = await desk.process(list.id);
    expect(job).toMatchObject({ status: 'completed', kind: 'enrich', label: 'Knots: 120 videos', done: 120 });
    expect(desk.youtube.calls.videos.map((ids) => ids.length)).toEqual([50, 50, 20]);
    expect(new Set(desk.youtube.calls.videos.flat())).toEqual(new Set(someIds(120)));
    expect(await desk.enrichment.youtube.quota()).toMatchObject({ used_units: 3 });
    expect(desk.model.questions).toHaveLength(120);
    expect(desk.model.inHand.most).toBeLessThanOrEqual(4);
    const videos = await desk.videos(list.id);
    expect(videos).toHaveLength(120);
    for (const video of videos) {
      expect(video).toMatchObject({
        state: 'ready',
        title: expect.any(String),
        channel: expect.any(String),
        duration_seconds: expect.any(Number),
        metadata_source: 'youtube_api',
        processed_at: expect.any(String),
      });
      expect(Object.values(video.cells)).toHaveLength(3);
      for (const cell of Object.values(video.cells)) {
        expect(cell).toMatchObject({
          source: 'model',
          model: modelName,
          prompt_version: promptVersion,
          state: 'ok',
          error: null,
        });
      }
    }
    expect(desk.pictures.size).toBe(120);
    const { summary } = await desk.ledger.progress({ id: job.id, owner });
    const told = summary as SummaryOf<'enrich'>;
    expect(told).toMatchObject({
      kind: 'enrich',
      cells: 360,
      failed_cells: 0,
      model_calls: 120,
      success_count: 120,
    });
    expect(told.states).toMatchObject({ ready: 120, pending: 0, failed: 0 });
    expect(told.input_tokens).toBeGreaterThan(120 * 100);
    expect(desk.faults).toEqual([]);
  });

  test('videos are worked in the order of the list, and known by their title once they have one', async () => {
    await using desk = await enrichDesk(engine, { model: null });
    const list = await desk.list(12);
    const first = await desk.process(list.id);
    expect((await desk.items(first)).map(({ key }) => key)).toEqual(list.videos === 12 ? numbers(12) : []);
    const second = await desk.process(list.id, { what: 'videos', seqs: [11, 2] });
    const labels = (await desk.items(second)).map(({ label }) => label);
    const videos = await desk.videos(list.id);
    expect(labels).toEqual([`2. ${videos[1]?.title}`, `11. ${videos[10]?.title}`]);
  });

  test('without a model only YouTube is asked, and that is no failure', async () => {
    await using desk = await enrichDesk(engine, { model: null });
    const list = await desk.list(3);
    expect(await desk.process(list.id)).toMatchObject({ status: 'completed', done: 3 });
    expect((await desk.videos(list.id)).map(({ state, cells }) => [state, Object.keys(cells).length])).toEqual([
      ['ready', 0],
      ['ready', 0],
      ['ready', 0],
    ]);
    expect(desk.model.questions).toEqual([]);
  });

  test('without a key each video is asked about alone, and nothing is counted', async () => {
    await using desk = await enrichDesk(engine, { youtube: { key: '' } });
    const ids = someIds(4);
    desk.youtube.tell(ids[1] ?? '', { is: 'private' });
    const list = await desk.list(ids);
    expect(await desk.process(list.id)).toMatchObject({ status: 'completed', done: 4 });
    const videos = await desk.videos(list.id);
    expect(videos.map(({ state }) => state)).toEqual(['ready', 'private', 'ready', 'ready']);
    expect(videos[0]).toMatchObject({
      metadata_source: 'oembed',
      title: expect.any(String),
      duration_seconds: null,
    });
    expect(desk.youtube.calls.videos).toEqual([]);
    expect(desk.model.questions).toHaveLength(3);
  });

  test('what a file told and oEmbed cannot stays, and the model is told it too', async () => {
    await using desk = await enrichDesk(engine, { youtube: { key: '' } });
    const list = await desk.list(0);
    const [id] = someIds(1);
    const content = `url,title,channel,duration_seconds,published_at,language\n${id},Mine,Somebody,754,2020-01-02,de\n`;
    const options = { create_fields: false, overwrite: false };
    await importFile({ db: desk.db, owner, expand_playlist: null }, list.id, fileOf(content), 'csv', options);
    expect(await desk.process(list.id)).toMatchObject({ status: 'completed', done: 1 });
    const [video] = await desk.videos(list.id);
    expect(video).toMatchObject({
      metadata_source: 'oembed',
      duration_seconds: 754,
      published_at: '2020-01-02T00:00:00.000Z',
      language: 'de',
    });
    expect(video?.title).not.toBe('Mine');
    expect(desk.model.questions[0]?.video).toMatchObject({
      title: video?.title,
      length_minutes: 12.6,
      published: '2020-01-02',
      language: 'de',
    });
  });

  test('a source that cannot tell whether a video is on air or locked does not say that it is not', async () => {
    await using desk = await enrichDesk(engine, { model: null, youtube: { country: 'AT' } });
    const ids = someIds(4) as [string, string, string, string];
    const [locked, live, gone, back] = ids;
    desk.youtube.tell(locked, { blocked: ['AT'] });
    desk.youtube.tell(live, { is: 'live' });
    desk.youtube.tell(back, { is: 'gone' });
    const list = await desk.list(ids);
    await desk.process(list.id);
    const stands = async () =>
      (await desk.videos(list.id)).map(({ state, state_reason }) => [state, state_reason]);
    const before = await stands();
    expect(before).toEqual([
      ['region_locked', 'It may not be watched in Austria.'],
      ['live', 'It is on air.'],
      ['ready', null],
      ['gone', expect.any(String)],
    ]);
    desk.youtube.tell(gone, { is: 'gone' });
    desk.youtube.tell(back, {});
    const job = await desk.start(list.id, { what: 'videos', seqs: [1, 2, 3, 4] });
    await using _ = await desk.work({ youtube: { key: '' } });
    expect(await desk.until(job)).toMatchObject({ status: 'completed', done: 4 });
    // What it does know, it says.
    expect(await stands()).toEqual([before[0], before[1], ['gone', expect.any(String)], ['ready', null]]);
  });

  test('gone, private, locked and live are states and no failures, and what was known of them stays', async () => {
    await using desk = await enrichDesk(engine, { youtube: { country: 'AT' } });
    const ids = someIds(5) as [string, string, string, string, string];
    const [gone, vanished, secret, locked, live] = ids;
    desk.youtube.tell(gone, { is: 'gone' });
    desk.youtube.tell(locked, { blocked: ['AT'] });
    desk.youtube.tell(live, { is: 'live' });
    const list = await desk.list(ids);
    expect(await desk.process(list.id)).toMatchObject({ status: 'completed', done: 5, failed: 0 });
    const before = await desk.videos(list.id);
    expect(before.map(({ state }) => state)).toEqual(['gone', 'ready', 'ready', 'region_locked', 'live']);
    expect(before[0]).toMatchObject({
      title: null,
      cells: {},
      state_reason: 'It was deleted, or was never there.',
    });

    desk.youtube.tell(vanished, { is: 'gone' });
    desk.youtube.tell(secret, { is: 'private' });
    const job = await desk.process(list.id, { what: 'videos', seqs: [2, 3] });
    expect(job).toMatchObject({ status: 'completed', done: 2 });
    const after = await desk.videos(list.id);
    expect(after.map(({ state }) => state)).toEqual(['gone', 'gone', 'private', 'region_locked', 'live']);
    for (const at of [1, 2]) {
      const { title, channel, duration_seconds, metadata_at } = before[at] as (typeof before)[number];
      expect(after[at]).toMatchObject({ title, channel, duration_seconds, metadata_at });
      expect(Object.keys(after[at]?.cells ?? {})).toHaveLength(3);
    }
    // The picture of one that was there is still here.
    expect(desk.pictures.has(vanished)).toBe(true);
  });

  test('a video that YouTube does not list is gone, also where nobody says why', async () => {
    await using desk = await enrichDesk(engine, { model: null });
    const [gone] = someIds(1) as [string];
    desk.youtube.tell(gone, { is: 'gone' });
    desk.youtube.faults.order('oembed', { cut: 'at once' });
    const list = await desk.list([gone]);
    expect(await desk.process(list.id)).toMatchObject({ status: 'completed', done: 1 });
    expect((await desk.videos(list.id))[0]).toMatchObject({
      state: 'gone',
      state_reason: 'It was deleted, is private, or was never there.',
    });
  });

  test('a person’s value stays, also one that is given while the model thinks', async () => {
    await using desk = await enrichDesk(engine, { settings: { calls_at_once: 1 } });
    const list = await desk.list(2);
    const level = fieldNamed(list, 'Level');
    const topics = fieldNamed(list, 'Topics');
    const set = (seq: number, changes: Parameters<typeof editVideo>[4]) =>
      editVideo(desk.db, owner, list.id, seq, changes);
    await set(1, { [level.id]: { do: 'set', value: 'Advanced' }, [topics.id]: { do: 'empty' } });
    desk.model.script.answer = async ({ schema }) => {
      const names = Object.keys(schema.properties ?? {});
      if (names.length === 3) await set(2, { [level.id]: { do: 'set', value: 'Advanced' } });
      return { value: names.length === 3 ? { f1: 'Beginner', f2: ['Theory'], f3: 5 } : { f1: 5 } };
    };
    await desk.process(list.id);
    const [first, second] = await desk.videos(list.id);
    expect(first?.cells[level.id]).toMatchObject({ value: 'Advanced', source: 'person' });
    expect(first?.cells[topics.id]).toMatchObject({ value: null, source: 'person' });
    expect(second?.cells[level.id]).toMatchObject({ value: 'Advanced', source: 'person' });
    expect(second?.cells[topics.id]).toMatchObject({ value: ['Theory'], source: 'model' });
    // What a person gave is not even asked for.
    expect(desk.model.questions.map(({ schema }) => Object.keys(schema.properties ?? {}).length)).toEqual([
      1, 3,
    ]);

    // Nor is it touched by a job for the videos, or for the field.
    const again = await desk.process(list.id, { what: 'videos', seqs: [1, 2] });
    expect(again.done).toBe(2);
    await expect(desk.start(list.id, { what: 'field', field_id: level.id, again: true })).rejects.toThrow(
      'has a value in every video',
    );
    for (const video of await desk.videos(list.id)) {
      expect(video.cells[level.id]).toMatchObject({ value: 'Advanced', source: 'person' });
    }
  });

  test('a value that does not fit is asked for once more with the reason, and then its cell failed, the video not', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(1, { fields: [...someFields, newField('Score', 'number')] });
    desk.model.script.answer = ({ schema }) => {
      const isFirst = Object.keys(schema.properties ?? {}).length === 4;
      return {
        value: isFirst
          ? { f1: 'Expert', f2: ['Theory'], f3: -4, f4: 'seven' }
          : { f1: 'advanced ', f2: 'many', f3: 7 },
      };
    };
    const job = await desk.process(list.id);
    expect(job).toMatchObject({ status: 'completed', done: 1, failed: 0 });
    const [video] = await desk.videos(list.id);
    expect(video?.state).toBe('ready');
    const cell = (label: string) => video?.cells[fieldNamed(list, label).id];
    expect(cell('Level')).toMatchObject({ value: 'Advanced', state: 'ok' });
    expect(cell('Topics')).toMatchObject({ value: ['Theory'], state: 'ok' });
    expect(cell('Minutes of practice')).toMatchObject({
      value: null,
      state: 'failed',
      source: 'model',
      model: modelName,
    });
    expect(cell('Minutes of practice')?.error).toContain('Expected minutes such as 12.5');
    expect(cell('Score')).toMatchObject({ value: 7, state: 'ok' });
    expect(desk.model.questions).toHaveLength(2);
    const again = desk.model.questions[1];
    expect(again?.instructions).not.toContain('“Topics”');
    expect(again?.text).toContain('Expected one of Beginner, Advanced, but “Expert” came.');
    const { summary } = await desk.ledger.progress({ id: job.id, owner });
    expect(summary).toMatchObject({ cells: 3, failed_cells: 1, model_calls: 2 });
    expect((await getList(desk.db, owner, list.id)).failed_cells).toBe(1);
  });

  test('a list with many fields is asked about in several questions', async () => {
    await using desk = await enrichDesk(engine);
    const fields = Array.from({ length: 45 }, (_, nth) => newField(`Field ${nth + 1}`, 'number'));
    const list = await desk.list(1, { fields });
    await desk.process(list.id);
    expect(desk.model.questions.map(({ schema }) => Object.keys(schema.properties ?? {}).length)).toEqual([
      20, 20, 5,
    ]);
    expect(Object.keys((await desk.videos(list.id))[0]?.cells ?? {})).toHaveLength(45);
  });

  test('where a later question is refused, the answers to the earlier ones are kept, and every cell is counted', async () => {
    await using desk = await enrichDesk(engine, { ledger: { retries: 0, halt_minimum: 100 } });
    const fields = Array.from({ length: 45 }, (_, nth) => newField(`Field ${nth + 1}`, 'number'));
    const list = await desk.list(1, { fields });
    desk.model.script.answer = () => {
      if (desk.model.questions.length === 1) desk.model.faults.order('ask', { answer: 500, body: 'trouble' });
      return undefined;
    };
    const job = await desk.process(list.id);
    expect(job).toMatchObject({ status: 'failed', failed: 1 });
    const { summary } = await desk.ledger.progress({ id: job.id, owner });
    expect(summary).toMatchObject({ cells: 20, failed_cells: 25 });
    const [video] = await desk.videos(list.id);
    expect(video?.state).toBe('ready');
    expect(list.fields.map(({ id }) => video?.cells[id]?.state)).toEqual([
      ...Array.from({ length: 20 }, () => 'ok'),
      ...Array.from({ length: 25 }, () => 'failed'),
    ]);
    desk.model.faults.mend();
    desk.model.script.answer = () => undefined;
    const before = desk.model.questions.length;
    await desk.ledger.retry({ id: job.id, owner }, 'all');
    await using _ = await desk.work();
    expect(await desk.until(job)).toMatchObject({ status: 'completed' });
    const retried = await desk.ledger.progress({ id: job.id, owner });
    expect(retried.summary).toMatchObject({ cells: 45, failed_cells: 0 });
    expect(
      desk.model.questions.slice(before).map(({ schema }) => Object.keys(schema.properties ?? {}).length),
    ).toEqual([20, 20, 5]);
  });

  test('a field that is removed or changed while the model thinks is left out, or judged as it is now', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(1);
    const level = fieldNamed(list, 'Level');
    const topics = fieldNamed(list, 'Topics');
    desk.model.script.answer = async () => {
      await removeField(desk.db, owner, list.id, topics.id);
      await changeField(desk.db, owner, list.id, level.id, { options: ['Novice', 'Advanced'], renamed: [] });
      return { value: { f1: 'Beginner', f2: ['Theory'], f3: 5 } };
    };
    expect(await desk.process(list.id)).toMatchObject({ status: 'completed', done: 1 });
    const [video] = await desk.videos(list.id);
    expect(video?.cells[level.id]).toMatchObject({ state: 'misfit', value: 'Beginner' });
    expect(video?.cells[topics.id]).toBeUndefined();
  });

  test('a video that is taken out of the list before its turn is skipped', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(3);
    const job = await desk.start(list.id);
    await deleteVideos(desk.db, owner, list.id, { seqs: [2], except: [] });
    await using _ = await desk.work();
    expect(await desk.until(job)).toMatchObject({ status: 'completed', done: 2, skipped: 1 });
    expect((await desk.items(job))[1]).toMatchObject({ skipped_because: 'was taken out of the list' });
  });
});

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, nth) => String(nth + 1));
}
