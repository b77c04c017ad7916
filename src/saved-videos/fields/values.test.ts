/** Values of fields: who may write over whom, what a changed field does to them, edits and their undo. */
import { expect, test, vi } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { FieldChange, type Value } from '#contract/fields.ts';
import { deleteVideos, editMany, editVideo } from '#saved-videos/edits/edit-values.ts';
import { undoEdit } from '#saved-videos/edits/edits.ts';
import {
  cellsOf,
  fieldNamed,
  idOf,
  listWith,
  modelSays,
  newField,
  orderOf,
  owner,
  sharedDatabase,
  tell,
} from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { addVideos } from '#saved-videos/videos/add-videos.ts';
import { changeField, removeField, restoreField } from './fields.ts';
import { deletedFieldsOfList } from './stored-fields.ts';

const set = (value: Value) => ({ do: 'set', value }) as const;
const change = (given: Partial<FieldChange>) => FieldChange.parse(given);
const refused = (code: string) => expect.objectContaining({ code });
const these = (...seqs: number[]) => ({ seqs, except: [] });

onEachEngine('values', (engine) => {
  const opened = sharedDatabase(engine);

  test('a model fills what nobody filled, and writes over itself only', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 4 });
    const level = fieldNamed(list, 'level');
    await editVideo(db, owner, list.id, 1, { [level.id]: set('Advanced') });
    await editVideo(db, owner, list.id, 2, { [level.id]: { do: 'empty' } });
    await modelSays(db, list.id, level, {
      1: 'Beginner',
      2: 'Beginner',
      3: 'Beginner',
      4: new Error('no answer'),
    });
    await modelSays(db, list.id, level, { 3: 'intermediate', 4: 'Advanced' });
    expect(await cellsOf(db, list, level)).toMatchObject({
      1: { value: 'Advanced', source: 'person', model: null },
      2: { value: null, source: 'person', state: 'ok' },
      3: { value: 'Intermediate', source: 'model', model: 'model-1', prompt_version: 3, state: 'ok' },
      4: { value: 'Advanced', source: 'model', state: 'ok', error: null },
    });
  });

  test('a try in vain leaves a good value alone, and marks an empty or unfit one', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 3 });
    const level = fieldNamed(list, 'level');
    await modelSays(db, list.id, level, { 1: 'Beginner', 2: 'Expert' });
    await modelSays(db, list.id, level, { 1: new Error('no'), 2: new Error('no'), 3: new Error('no') });
    expect(await cellsOf(db, list, level)).toMatchObject({
      1: { value: 'Beginner', state: 'ok', error: null },
      2: { value: 'Expert', state: 'failed', error: 'no' },
      3: { value: null, state: 'failed', error: 'no' },
    });
    expect(await getList(db, owner, list.id)).toMatchObject({ failed_cells: 2, misfit_cells: 0 });
  });

  test('why a cell failed is cut to a length that is kept, and between two letters', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const level = fieldNamed(list, 'level');
    await modelSays(db, list.id, level, { 1: new Error(`${'x'.repeat(499)}😀`) });
    expect((await cellsOf(db, list, level))[1]?.error).toBe(`${'x'.repeat(499)}\uFFFD`);
  });

  test('an answer that comes after an option was renamed or removed takes no good value away', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 4 });
    const [level, topics] = [fieldNamed(list, 'level'), fieldNamed(list, 'topics')];
    await modelSays(db, list.id, level, { 1: 'Beginner', 2: 'Intermediate' });
    const renamed = [{ from: 'Beginner', to: 'Novice' }];
    await changeField(db, owner, list.id, level.id, change({ options: ['Novice', 'Intermediate'], renamed }));
    await changeField(db, owner, list.id, topics.id, change({ renamed: [{ from: 'wood', to: 'timber' }] }));
    // Asked before.
    await modelSays(db, list.id, level, { 1: 'Advanced', 2: 'Beginner', 3: 'Beginner', 4: 'Advanced' });
    await modelSays(db, list.id, topics, { 1: ['wood', 'steel'] });
    expect(await cellsOf(db, list, level)).toMatchObject({
      1: { value: 'Novice', state: 'ok' },
      2: { value: 'Novice', state: 'ok' },
      3: { value: 'Novice', state: 'ok' },
      4: { value: 'Advanced', state: 'misfit' },
    });
    expect((await cellsOf(db, list, topics))[1]).toMatchObject({ value: ['timber', 'steel'], state: 'ok' });
  });

  test('options and labels that differ in marks of their script stand beside each other', async () => {
    const { db } = opened;
    const fields = [
      newField('गिन', 'select', ['バス', 'パス']),
      newField('गान', 'multi_select', ['पिता', 'पता']),
    ];
    const list = await listWith(db, { videos: 2, fields: [...fields, newField('゙')] });
    const ride = fieldNamed(list, 'गिन');
    await modelSays(db, list.id, ride, { 1: 'バス', 2: 'ﾊﾟｽ' });
    expect(await cellsOf(db, list, ride)).toMatchObject({ 1: { value: 'バス' }, 2: { value: 'パス' } });
    const twice = newField('twice', 'select', ['𝗕𝗼𝗹𝗱', 'bold']);
    await expect(listWith(db, { fields: [twice] })).rejects.toEqual(refused('option_twice'));
  });

  test('options that swap their names, and one that is cut in two at a line end, change their values', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 2, fields: [newField('letter', 'select', ['A', 'B'])] });
    const letter = fieldNamed(list, 'letter');
    await modelSays(db, list.id, letter, { 1: 'A', 2: 'B' });
    const swapped = [
      { from: 'A', to: 'B' },
      { from: 'B', to: 'A' },
    ];
    const swap = change({ options: ['A', 'B'], renamed: swapped });
    expect(await changeField(db, owner, list.id, letter.id, swap)).toMatchObject({ converted: 2, misfits: 0 });
    expect(await cellsOf(db, list, letter)).toMatchObject({ 1: { value: 'B' }, 2: { value: 'A' } });
    // As a field was made before options stood on one line.
    const joined = { ...change({}), options: ['A\nB'] };
    expect(await changeField(db, owner, list.id, letter.id, joined)).toMatchObject({ misfits: 2 });
  });

  test('an empty answer for a field that must have a value fails the cell, and takes no value away', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 3 });
    const summary = fieldNamed(list, 'summary');
    await modelSays(db, list.id, summary, { 1: 'words' });
    // Since the model was asked.
    await changeField(db, owner, list.id, summary.id, change({ required: true }));
    await modelSays(db, list.id, summary, { 1: null, 2: null, 3: '  ' });
    const failed = { value: null, state: 'failed', error: 'It must have a value.', source: 'model' };
    expect(await cellsOf(db, list, summary)).toMatchObject({
      1: { value: 'words', state: 'ok' },
      2: failed,
      3: failed,
    });
    await changeField(db, owner, list.id, summary.id, change({ required: false }));
    await modelSays(db, list.id, summary, { 2: null });
    expect((await cellsOf(db, list, summary))[2]).toMatchObject({ value: null, state: 'ok', error: null });
  });

  test('with changed options, renamed values follow, others are kept and marked, and fit again later', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 3 });
    const [level, topics] = [fieldNamed(list, 'level'), fieldNamed(list, 'topics')];
    await editMany(db, owner, list.id, these(1), level.id, set('Beginner'));
    await editMany(db, owner, list.id, these(2), level.id, set('Advanced'));
    await modelSays(db, list.id, level, { 3: 'Intermediate' });
    await modelSays(db, list.id, topics, { 1: ['wood', 'steel'], 2: ['steel'] });

    const options = ['Hard', 'Start', 'Intermediate'];
    const renamed = [{ from: 'Beginner', to: 'Start' }];
    expect(await changeField(db, owner, list.id, level.id, change({ options, renamed }))).toMatchObject({
      field: { options },
      converted: 1,
      misfits: 1,
    });
    expect(await cellsOf(db, list, level)).toMatchObject({
      1: { value: 'Start', state: 'ok', source: 'person' },
      2: { value: 'Advanced', state: 'misfit', source: 'person', error: expect.stringContaining('Hard') },
      3: { value: 'Intermediate', state: 'ok', source: 'model' },
    });
    // The new order of the options is the order of the table; what fits no longer stands behind.
    expect(await orderOf(db, list.id, { sort: [{ column: level.id, direction: 'asc' }] })).toEqual([1, 3, 2]);
    expect(await getList(db, owner, list.id)).toMatchObject({ misfit_cells: 1 });

    await changeField(db, owner, list.id, level.id, change({ options: [...options, 'Advanced'] }));
    expect(await cellsOf(db, list, level)).toMatchObject({
      2: { value: 'Advanced', state: 'ok', error: null },
    });

    await changeField(db, owner, list.id, topics.id, change({ options: ['steel', 'tin'] }));
    expect(await cellsOf(db, list, topics)).toMatchObject({
      1: { value: ['wood', 'steel'], state: 'misfit' },
      2: { value: ['steel'], state: 'ok' },
    });
  });

  test('with another type, values are read as that type where they can be', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 4 });
    const summary = fieldNamed(list, 'summary');
    const say = (seq: number, text: string) => editVideo(db, owner, list.id, seq, { [summary.id]: set(text) });
    await say(1, '12.5');
    await say(2, '1:30:00');
    await say(3, 'long');
    const values = async () =>
      Object.values(await cellsOf(db, list, summary)).map((cell) => cell && [cell.value, cell.state]);
    expect(await changeField(db, owner, list.id, summary.id, change({ type: 'duration' }))).toMatchObject({
      converted: 2,
      misfits: 1,
    });
    expect(await values()).toEqual([[12.5, 'ok'], [90, 'ok'], ['long', 'misfit'], undefined]);
    await changeField(db, owner, list.id, summary.id, change({ type: 'text' }));
    expect(await values()).toEqual([['12.5', 'ok'], ['90', 'ok'], ['long', 'ok'], undefined]);
    await changeField(
      db,
      owner,
      list.id,
      summary.id,
      change({ type: 'multi_select', options: ['long', '90'] }),
    );
    expect(await values()).toEqual([['12.5', 'misfit'], [['90'], 'ok'], [['long'], 'ok'], undefined]);
  });

  test('a person edits several fields of one video at once, or none if one does not fit', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const [level, score, topics] = ['level', 'score', 'topics'].map((label) => fieldNamed(list, label).id) as [
      string,
      string,
      string,
    ];
    const edited = await editVideo(db, owner, list.id, 1, {
      [level]: set('advanced'),
      [score]: set(7.5),
      [topics]: set(['steel', 'wood', 'steel']),
    });
    expect(edited).toMatchObject({ matched: 1, changed: 3, version: list.version + 1 });
    expect(edited.video.cells).toMatchObject({
      [level]: { value: 'Advanced', source: 'person' },
      [score]: { value: 7.5 },
      [topics]: { value: ['wood', 'steel'] },
    });
    await expect(
      editVideo(db, owner, list.id, 1, { [level]: { do: 'release' }, [score]: set('seven') }),
    ).rejects.toEqual(refused('value_unfit'));
    expect(await cellsOf(db, list, fieldNamed(list, 'level'))).toMatchObject({ 1: { value: 'Advanced' } });
    // What is said already is no edit.
    expect(await editVideo(db, owner, list.id, 1, { [score]: set(7.5) })).toMatchObject({
      edit_id: null,
      changed: 0,
    });
    await expect(editVideo(db, owner, list.id, 2, { [score]: set(1) })).rejects.toEqual(refused('not_found'));
    await expect(editVideo(db, owner, list.id, 1, { other: set(1) })).rejects.toEqual(refused('not_found'));
  });

  test('single options are added and taken away, in many videos at once', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 3 });
    const [topics, level] = [fieldNamed(list, 'topics'), fieldNamed(list, 'level')];
    await editVideo(db, owner, list.id, 1, { [topics.id]: set(['wood']) });
    await editVideo(db, owner, list.id, 2, { [topics.id]: set(['steel', 'wood']) });
    const wish = { do: 'options', add: ['steel'], remove: ['wood'] } as const;
    const report = await editMany(db, owner, list.id, these(1, 2, 3, 99), topics.id, {
      ...wish,
      add: [...wish.add],
      remove: [...wish.remove],
    });
    expect(report).toMatchObject({ matched: 3, changed: 3 });
    const values = Object.values(await cellsOf(db, list, topics)).map((cell) => cell?.value);
    expect(values).toEqual([['steel'], ['steel'], ['steel']]);
    await expect(
      editMany(db, owner, list.id, these(1), level.id, { do: 'options', add: [], remove: [] }),
    ).rejects.toEqual(refused('change_not_for_field'));
  });

  test('an edit of all that a condition holds for, but some, is taken back as one; sources come back too', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 5 });
    const level = fieldNamed(list, 'level');
    await modelSays(db, list.id, level, { 1: 'Beginner', 2: 'Beginner', 3: 'Beginner', 4: 'Advanced' });
    const before = await cellsOf(db, list, level);
    const beginners = {
      text: undefined,
      filters: [{ column: level.id, test: 'any_of' as const, values: ['Beginner'] }],
    };
    const edit = await editMany(
      db,
      owner,
      list.id,
      { condition: beginners, except: [2] },
      level.id,
      set('Advanced'),
    );
    expect(edit).toMatchObject({ matched: 2, changed: 2 });
    const undone = await undoEdit(db, owner, list.id, edit.edit_id ?? '');
    expect(undone).toMatchObject({ matched: 2, changed: 2 });
    expect(await cellsOf(db, list, level)).toEqual(before);
    await expect(undoEdit(db, owner, list.id, edit.edit_id ?? '')).rejects.toEqual(refused('already_undone'));
  });

  test('what was changed again since is left alone by an undo', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 4 });
    const level = fieldNamed(list, 'level');
    const edit = await editMany(db, owner, list.id, these(1, 2, 3, 4), level.id, set('Beginner'));
    await editVideo(db, owner, list.id, 1, { [level.id]: set('Advanced') });
    await editVideo(db, owner, list.id, 2, { [level.id]: { do: 'release' } });
    const released = await editVideo(db, owner, list.id, 3, { [level.id]: { do: 'release' } });
    await modelSays(db, list.id, level, { 3: 'Intermediate' });
    expect(await undoEdit(db, owner, list.id, edit.edit_id ?? '')).toMatchObject({ matched: 4, changed: 1 });
    const standing = await cellsOf(db, list, level);
    expect(standing).toMatchObject({ 1: { value: 'Advanced' }, 3: { value: 'Intermediate', source: 'model' } });
    expect([standing[2], standing[4]]).toEqual([undefined, undefined]);
    // The release of the third is not what stands there now.
    await expect(undoEdit(db, owner, list.id, released.edit_id ?? '')).rejects.toEqual(
      refused('nothing_to_undo'),
    );
  });

  test('an undo that changed nothing can be made once there is something to take back', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const level = fieldNamed(list, 'level');
    const first = await editVideo(db, owner, list.id, 1, { [level.id]: set('Beginner') });
    const second = await editVideo(db, owner, list.id, 1, { [level.id]: set('Advanced') });
    const undo = (edit: { edit_id: string | null }) => undoEdit(db, owner, list.id, edit.edit_id ?? '');
    await expect(undo(first)).rejects.toEqual(refused('nothing_to_undo'));
    await removeField(db, owner, list.id, level.id);
    await expect(undo(second)).rejects.toEqual(refused('nothing_to_undo'));
    await restoreField(db, owner, list.id, level.id);
    expect(await undo(second)).toMatchObject({ changed: 1 });
    expect(await undo(first)).toMatchObject({ changed: 1 });
    expect(await cellsOf(db, list, level)).toEqual({ 1: undefined });
  });

  test('what an undo brings back has followed its field: renamed options, another type', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const [level, score] = [fieldNamed(list, 'level'), fieldNamed(list, 'score')];
    await editVideo(db, owner, list.id, 1, { [level.id]: set('Beginner'), [score.id]: set(5) });
    const edit = await editVideo(db, owner, list.id, 1, {
      [level.id]: set('Advanced'),
      [score.id]: { do: 'release' },
    });
    const renamed = [{ from: 'Beginner', to: 'Novice' }];
    await changeField(db, owner, list.id, level.id, change({ options: ['Novice', 'Advanced'], renamed }));
    await changeField(db, owner, list.id, score.id, change({ type: 'text' }));
    await undoEdit(db, owner, list.id, edit.edit_id ?? '');
    expect(await cellsOf(db, list, level)).toMatchObject({ 1: { value: 'Novice', state: 'ok' } });
    expect(await cellsOf(db, { ...list }, { ...score, type: 'text' })).toMatchObject({
      1: { value: '5', state: 'ok', source: 'person' },
    });
  });

  test('an undo follows one name through all that the option was called since, and no other', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 4 });
    const level = fieldNamed(list, 'level');
    const edits: string[] = [];
    const say = async (seq: number, value: string) => {
      await editVideo(db, owner, list.id, seq, { [level.id]: set(value) });
      const { edit_id } = await editVideo(db, owner, list.id, seq, { [level.id]: { do: 'release' } });
      edits.push(edit_id ?? '');
    };
    const rename = (options: string[], ...renamed: [string, string][]) =>
      changeField(
        db,
        owner,
        list.id,
        level.id,
        change({ options, renamed: renamed.map(([from, to]) => ({ from, to })) }),
      );
    await say(1, 'Beginner');
    await say(2, 'Advanced');
    // Two that swap their names, one of which gets a third, and then somebody takes up the first again.
    await rename(['Advanced', 'Beginner'], ['Beginner', 'Advanced'], ['Advanced', 'Beginner']);
    await rename(['Advanced', 'Easy'], ['Beginner', 'Easy']);
    await rename(['Advanced', 'Easy', 'Beginner']);
    await say(3, 'Beginner');
    await rename(['Advanced', 'Easy', 'New'], ['Beginner', 'New']);
    await say(4, 'Easy');
    const kept = () => db.selectFrom('list_edit_values').select('before_json').orderBy('edit_id').execute();
    const before = await kept();
    await rename(['Advanced', 'Easiest', 'New'], ['Easy', 'Easiest']);
    // What edits keep is not written again for a changed field: 20 edits of 100,000 cells held the database for 59 s.
    expect(await kept()).toEqual(before);
    for (const id of edits) await undoEdit(db, owner, list.id, id);
    expect(await cellsOf(db, list, level)).toMatchObject({
      1: { value: 'Advanced', state: 'ok', source: 'person' },
      2: { value: 'Easiest', state: 'ok' },
      3: { value: 'New', state: 'ok' },
      4: { value: 'Easiest', state: 'ok' },
    });
  });

  test('fields that are put away within one millisecond come back with the last first', async () => {
    const { db } = opened;
    const labels = Array.from({ length: 12 }, (_, nth) => `field ${nth}`);
    const list = await listWith(db, { fields: labels.map((label) => newField(label)) });
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-05-01T10:00:00.000Z') });
    try {
      for (const { id } of list.fields) await removeField(db, owner, list.id, id);
    } finally {
      vi.useRealTimers();
    }
    expect((await deletedFieldsOfList(db, list.id)).map(({ label }) => label)).toEqual(labels.toReversed());
  });

  test('of a field, the last hundred changes of names and types are kept', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const summary = fieldNamed(list, 'summary');
    for (let nth = 0; nth < 51; nth += 1) {
      await changeField(db, owner, list.id, summary.id, change({ type: 'number' }));
      await changeField(db, owner, list.id, summary.id, change({ type: 'text' }));
    }
    const rows = await db
      .selectFrom('list_field_changes')
      .select('version')
      .where('field_id', '=', summary.id)
      .execute();
    expect(rows).toHaveLength(100);
  });

  test('a released cell comes back by undo, read as its field is now', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const level = fieldNamed(list, 'level');
    await editVideo(db, owner, list.id, 1, { [level.id]: set('Beginner') });
    const { edit_id } = await editVideo(db, owner, list.id, 1, { [level.id]: { do: 'release' } });
    await changeField(db, owner, list.id, level.id, change({ options: ['Advanced'] }));
    await undoEdit(db, owner, list.id, edit_id ?? '');
    expect(await cellsOf(db, list, level)).toMatchObject({
      1: { value: 'Beginner', state: 'misfit', source: 'person' },
    });
  });

  test('deleted videos come back by undo or by adding them again, with all their values', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 4 });
    const level = fieldNamed(list, 'level');
    await tell(db, list.id, 2, { title: 'Dovetails' });
    await editMany(db, owner, list.id, these(1, 2), level.id, set('Beginner'));
    const deleted = await deleteVideos(db, owner, list.id, these(1, 2, 3));
    expect(deleted).toMatchObject({ matched: 3, changed: 3 });
    expect(await orderOf(db, list.id, {})).toEqual([4]);
    expect(await addVideos(db, owner, list.id, [idOf(2), idOf(4), idOf(5)], null)).toMatchObject({
      added: 2,
      already_here: 1,
      first_seq: 2,
    });
    expect(await undoEdit(db, owner, list.id, deleted.edit_id ?? '')).toMatchObject({ matched: 3, changed: 2 });
    expect(await orderOf(db, list.id, {})).toEqual([1, 2, 3, 4, 5]);
    expect(await cellsOf(db, list, level)).toMatchObject({
      1: { value: 'Beginner' },
      2: { value: 'Beginner' },
    });
    expect(await deleteVideos(db, owner, list.id, these(77))).toMatchObject({ edit_id: null, changed: 0 });
  });

  test('the last hundred edits can be taken back', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const score = fieldNamed(list, 'score');
    const edits: string[] = [];
    for (let nth = 0; nth < 102; nth += 1) {
      const { edit_id } = await editVideo(db, owner, list.id, 1, { [score.id]: set(nth) });
      edits.push(edit_id ?? '');
    }
    await expect(undoEdit(db, owner, list.id, edits[0] ?? '')).rejects.toEqual(refused('not_found'));
    expect(await undoEdit(db, owner, list.id, edits.at(-1) ?? '')).toMatchObject({ changed: 1 });
    expect(await cellsOf(db, list, score)).toMatchObject({ 1: { value: 100 } });
  });
});
