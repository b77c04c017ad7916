import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import type { ProcessWish } from '#contract/processing.ts';
import { editVideo } from '#saved-videos/edits/edit-values.ts';
import { enrichDesk, type EnrichDesk } from '#saved-videos/enrich-fixture.ts';
import { fieldNamed, newField, owner } from '#saved-videos/fixture.ts';
import { quotaExhausted, takeUnits } from '#saved-videos/youtube/quota.ts';
import { estimateProcessing } from './cost.ts';

const estimate = (desk: EnrichDesk, listId: string, wish: ProcessWish = { what: 'pending' }) =>
  estimateProcessing({ db: desk.db, enrichment: desk.enrichment }, owner, listId, wish);

onEachEngine('what a job would cost', (engine) => {
  test('is told in calls, units, tokens and time, and against the quota that is left', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(120);
    await takeUnits(desk.db, { key_set: true, limit_units: 10_000 }, 40, {
      now: new Date(),
      since: new Date(),
    });
    const cost = await estimate(desk, list.id);
    expect(cost).toMatchObject({
      videos: 120,
      cells: 360,
      metadata_calls: 3,
      units: 3,
      model_calls: 120,
      measured: false,
      fits_quota: true,
      quota: { key_set: true, used_units: 40, left_units: 9960 },
    });
    expect(cost.input_tokens).toBeGreaterThan(120 * 500);
    expect(cost.sentences[0]).toBe('YouTube is asked in 3 calls, which takes 3 of the 9,960 units left today.');
    expect(cost.sentences[1]).toMatch(
      /^stand-in-1 is asked 120 times for 360 values: about [\d,]+ tokens to it and [\d,]+ from it, a rough guess/,
    );
    // Nothing was started, and nobody was asked.
    expect([desk.youtube.calls.videos, desk.model.questions]).toEqual([[], []]);
  });

  test('is what was measured, once something was', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(30);
    await desk.process(list.id);
    const guessed = (await estimate(desk, list.id, { what: 'videos', seqs: [1] })).input_tokens;
    const cost = await estimate(desk, list.id, {
      what: 'videos',
      seqs: Array.from({ length: 30 }, (_, n) => n + 1),
    });
    expect(cost.measured).toBe(true);
    const { summary } = await desk.ledger.progress({
      id: (await desk.ledger.list({ owner, limit: 1 })).items[0]?.id ?? '',
      owner,
    });
    expect(summary).toMatchObject({ input_tokens: cost.input_tokens, output_tokens: cost.output_tokens });
    expect(guessed).toBe(Math.ceil(cost.input_tokens / 30));
    expect(cost.sentences.join(' ')).toContain('as measured in this list');
  });

  test('says when the quota will not do', async () => {
    await using desk = await enrichDesk(engine, { model: null, youtube: { limit_units: 2 } });
    const list = await desk.list(150);
    const cost = await estimate(desk, list.id);
    expect(cost).toMatchObject({ units: 3, fits_quota: false, model_calls: 0 });
    const comes = 'goes on by itself when the quota is given anew at midnight in California.';
    expect(cost.sentences.slice(0, 2)).toEqual([
      'YouTube is asked in 3 calls, which takes 3 units of its quota; 2 are left today.',
      `The job pauses when they are spent, and ${comes}`,
    ]);
    expect(cost.sentences.at(-1)).toBe('It takes about 2 seconds, besides that wait.');
    // Nothing is left of it, whatever Daybook itself took.
    await quotaExhausted(desk.db, new Date());
    const { sentences } = await estimate(desk, list.id);
    expect(sentences.slice(0, 2)).toEqual([
      'YouTube is asked in 3 calls, which takes 3 units of its quota; none is left today.',
      `The job waits, and ${comes}`,
    ]);
  });

  test('says what a key would save', async () => {
    await using desk = await enrichDesk(engine, { model: null, youtube: { key: '' } });
    const list = await desk.list(60);
    const cost = await estimate(desk, list.id);
    expect(cost).toMatchObject({ metadata_calls: 60, units: 0, fits_quota: true, quota: { key_set: false } });
    expect(cost.sentences[0]).toContain('With a key in DAYBOOK_YOUTUBE_KEY it would be 2 calls');
    expect(cost.sentences[1]).toBe('No model is set, so the fields stay as they are.');
  });

  test('leaves out what a person gave, and counts failed cells alone', async () => {
    await using desk = await enrichDesk(engine);
    const fields = [newField('Level', 'select', ['Beginner']), newField('Score', 'number')];
    const list = await desk.list(10, { fields });
    const level = fieldNamed(list, 'Level');
    for (const seq of [1, 2, 3]) await editVideo(desk.db, owner, list.id, seq, { [level.id]: { do: 'empty' } });
    expect(await estimate(desk, list.id)).toMatchObject({ videos: 10, cells: 17, model_calls: 10 });
    expect(await estimate(desk, list.id, { what: 'videos', seqs: [1, 9] })).toMatchObject({
      videos: 2,
      cells: 3,
      units: 1,
    });
    expect(await estimate(desk, list.id, { what: 'failed' })).toMatchObject({
      videos: 0,
      sentences: ['There is nothing to do.'],
    });

    desk.model.script.answer = ({ schema, video }) => ({
      value: schema.properties?.['f2']
        ? { f1: 'Beginner', f2: video.title?.includes('part 1') ? 'x' : 3 }
        : { f1: 'x' },
    });
    await desk.process(list.id);
    const videos = await desk.videos(list.id);
    const score = fieldNamed(list, 'Score');
    const failed = videos.filter(({ cells }) => cells[score.id]?.state === 'failed').length;
    expect(await estimate(desk, list.id, { what: 'failed' })).toMatchObject({
      videos: failed,
      cells: failed,
      model_calls: failed,
      metadata_calls: 0,
      units: 0,
    });
    expect(await estimate(desk, list.id, { what: 'field', field_id: level.id, again: true })).toMatchObject({
      videos: 7,
      cells: 7,
      metadata_calls: 0,
    });
  });

  test('counts calls as they are made: none for a video without an open cell, fewer where fewer fit into one', async () => {
    await using desk = await enrichDesk(engine);
    const fields = Array.from({ length: 45 }, (_, nth) => newField(`Field ${nth + 1}`, 'number'));
    const list = await desk.list(5, { fields });
    const fill = async (seq: number, from: number, to: number) => {
      const changes = list.fields.slice(from, to).map(({ id }) => [id, { do: 'empty' }] as const);
      await editVideo(desk.db, owner, list.id, seq, Object.fromEntries(changes));
    };
    await fill(1, 0, 45);
    await fill(2, 5, 30);
    await fill(3, 5, 30);
    await fill(4, 44, 45);
    const counted = await estimate(desk, list.id);
    expect(counted).toMatchObject({ videos: 5, model_calls: 0 + 1 + 1 + 3 + 3, cells: 20 + 20 + 44 + 45 });
    // The first and the last of the fields get no value that fits, and are asked for once more.
    desk.model.script.answer = ({ schema, instructions }) => ({
      value: Object.fromEntries(
        Object.keys(schema.properties ?? {}).map((name) => {
          const isHard = new RegExp(`- ${name}: “Field (1|2[0-9]|45)”`).test(instructions);
          return [name, isHard ? 'none' : 1];
        }),
      ),
    });
    const firsts = () =>
      desk.model.questions.filter(({ text }) => !text.includes('Your earlier answer')).length;
    await desk.process(list.id);
    expect(firsts()).toBe(counted.model_calls);

    const again = await estimate(desk, list.id, { what: 'failed' });
    expect(again).toMatchObject({ videos: 4, cells: 2 + 2 + 11 + 12, model_calls: 4 });
    await desk.process(list.id, { what: 'failed' });
    expect(firsts()).toBe(counted.model_calls + again.model_calls);
  });

  test('of watching is far more, and said so', async () => {
    await using desk = await enrichDesk(engine);
    const read = await estimate(desk, (await desk.list(5)).id);
    const watched = await estimate(desk, (await desk.list(5, { watch_videos: true })).id);
    expect(watched.input_tokens).toBeGreaterThan(read.input_tokens * 20);
    expect(watched.sentences.join(' ')).toContain('It watches videos of up to 60 minutes');
  });

  test('is refused as the job would be', async () => {
    await using desk = await enrichDesk(engine, { model: null });
    const list = await desk.list(1);
    const level = fieldNamed(list, 'Level');
    await expect(estimate(desk, 'none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      estimate(desk, list.id, { what: 'field', field_id: 'none', again: false }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      estimate(desk, list.id, { what: 'field', field_id: level.id, again: false }),
    ).rejects.toMatchObject({ code: 'model_off' });
  });
});

onEachEngine('a job is refused', (engine) => {
  test('where there is nothing to do, and while another of the list is not over', async () => {
    await using desk = await enrichDesk(engine);
    const empty = await desk.list(0);
    await expect(desk.start(empty.id)).rejects.toMatchObject({ code: 'nothing_to_process', sort: 'conflict' });
    const list = await desk.list(2);
    const job = await desk.start(list.id);
    await expect(desk.start(list.id)).rejects.toMatchObject({ code: 'job_running', sort: 'conflict' });
    await desk.ledger.pause({ id: job.id, owner });
    await expect(desk.start(list.id)).rejects.toThrow('(the job is paused)');
    await desk.ledger.cancel({ id: job.id, owner });
    expect((await desk.process(list.id)).status).toBe('completed');
    await expect(desk.start(list.id)).rejects.toThrow('No video of this list is pending');
    await expect(desk.start(list.id, { what: 'videos', seqs: [77] })).rejects.toThrow('None of these videos');
    await expect(desk.start('none')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('also where two ask at the same moment: one of them gets it', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(5);
    const asked = await Promise.allSettled(Array.from({ length: 4 }, () => desk.start(list.id)));
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect((await desk.ledger.list({ owner, limit: 10 })).items).toHaveLength(1);
  });
});
