import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { enrichDesk } from '#saved-videos/enrich-fixture.ts';
import { newField, owner } from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { suggestFields } from './suggest-fields.ts';

onEachEngine('fields that a model proposes', (engine) => {
  test('fit as they are, and nothing is written', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(0, { fields: [newField('Topics')] });
    const { fields, model } = await suggestFields(
      desk.db,
      desk.enrichment.model,
      owner,
      list.id,
      'How hard is it, and what should I know?',
    );
    expect(model).toBe('stand-in-1');
    // “Topics” stands there already.
    expect(fields.map(({ label, type }) => [label, type])).toEqual([
      ['Difficulty', 'select'],
      ['Prerequisites', 'text'],
      ['Practice time', 'duration'],
    ]);
    expect(desk.model.questions[0]?.text).toContain('How hard is it');
    expect((await getList(desk.db, owner, list.id)).fields).toHaveLength(1);
  });

  test('are mended or left out where they would not fit', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(0, { fields: [] });
    const usual = { options: [], instruction: '', required: false };
    desk.model.script.answer = () => ({
      value: {
        fields: [
          { ...usual, label: ' Level ', type: 'select', options: ['Easy', 'easy', 'Hard'] },
          { ...usual, label: 'LEVEL', type: 'text' },
          { ...usual, label: 'No options', type: 'select' },
          { ...usual, label: 'Rating', type: 'number', options: ['1', '2'] },
          { ...usual, label: 'Title', type: 'text' },
          { ...usual, label: 'x'.repeat(200), type: 'text' },
          { ...usual, label: 'Colour', type: 'colour' },
          'a word',
          null,
        ],
      },
    });
    const { fields } = await suggestFields(desk.db, desk.enrichment.model, owner, list.id, 'Anything');
    expect(fields.map(({ label, type, options }) => ({ label, type, options }))).toEqual([
      { label: 'Level', type: 'select', options: ['Easy', 'Hard'] },
      { label: 'No options', type: 'text', options: [] },
      { label: 'Rating', type: 'number', options: [] },
    ]);
  });

  test('are not to be had without a model, or from one that does not answer, and the sentence says what to do', async () => {
    await using without = await enrichDesk(engine, { model: null });
    const list = await without.list(0);
    await expect(
      suggestFields(without.db, without.enrichment.model, owner, list.id, 'x'),
    ).rejects.toMatchObject({
      code: 'model_off',
      message: expect.stringContaining('DAYBOOK_AI'),
    });
    await using desk = await enrichDesk(engine);
    const { id } = await desk.list(0);
    desk.model.faults.order('ask', { answer: 503, body: 'busy' }, 1);
    await expect(suggestFields(desk.db, desk.enrichment.model, owner, id, 'x')).rejects.toMatchObject({
      code: 'model_unavailable',
      sort: 'unavailable',
      message: expect.stringContaining('add the fields yourself'),
    });
    desk.model.script.answer = () => ({ text: 'Let me think about it.' });
    await expect(suggestFields(desk.db, desk.enrichment.model, owner, id, 'x')).rejects.toMatchObject({
      code: 'model_unavailable',
    });
  });
});
