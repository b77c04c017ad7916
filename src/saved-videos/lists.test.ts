import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { FieldChange, type Field } from '#contract/fields.ts';
import { editMany } from '#saved-videos/edits/edit-values.ts';
import { addField, changeField, removeField, restoreField } from '#saved-videos/fields/fields.ts';
import { addVideos } from '#saved-videos/videos/add-videos.ts';
import { fieldNamed, idOf, listWith, modelSays, newField, owner } from './fixture.ts';
import {
  changeList,
  createList,
  forgetDeletedLists,
  getList,
  listLists,
  removeList,
  restoreList,
} from './lists.ts';

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const refused = (code: string) => expect.objectContaining({ code });
const change = (given: Partial<FieldChange>) => FieldChange.parse(given);

onEachEngine('lists', (engine) => {
  test('are made with their fields, read with their counts, renamed, put away and brought back', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const list = await listWith(db, { videos: 3 });
    expect(list).toMatchObject({
      name: 'Woodwork',
      videos: 3,
      job: null,
      deleted_at: null,
      watch_videos: false,
    });
    expect(list.states).toMatchObject({ pending: 3, ready: 0, gone: 0 });
    expect(list.fields.map(({ label, position }) => `${position} ${label}`)).toEqual([
      '0 level',
      '1 topics',
      '2 score',
      '3 watch time',
      '4 seen',
      '5 summary',
    ]);
    const renamed = await changeList(db, owner, list.id, { name: 'Wood', watch_videos: true });
    expect(renamed).toMatchObject({
      name: 'Wood',
      description: '',
      watch_videos: true,
      version: list.version + 1,
    });

    await removeList(db, owner, list.id);
    await expect(getList(db, owner, list.id)).rejects.toEqual(refused('not_found'));
    expect(await listLists(db, owner, { deleted: false })).toEqual([]);
    expect(await listLists(db, owner, { deleted: true })).toMatchObject([{ id: list.id, videos: 3 }]);
    expect(await restoreList(db, owner, list.id)).toMatchObject({ name: 'Wood', videos: 3 });
  });

  test('nobody sees or changes what another owner has', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const other = 'somebody';
    const field = fieldNamed(list, 'level');
    expect(await listLists(db, other, { deleted: false })).toEqual([]);
    const attempts = [
      () => getList(db, other, list.id),
      () => changeList(db, other, list.id, { name: 'mine' }),
      () => removeList(db, other, list.id),
      () => restoreList(db, other, list.id),
      () => addVideos(db, other, list.id, [idOf(9)], null),
      () => addField(db, other, list.id, newField('x')),
      () => changeField(db, other, list.id, field.id, change({ label: 'x' })),
      () => removeField(db, other, list.id, field.id),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toEqual(refused('not_found'));
    expect(await getList(db, owner, list.id)).toEqual(list);
  });

  test('a list put away a month ago is gone for good, with everything in it', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const list = await listWith(db, { videos: 2 });
    const kept = await listWith(db, { videos: 1 });
    await removeList(db, owner, list.id);
    expect(await forgetDeletedLists(db, new Date())).toBe(0);
    expect(await forgetDeletedLists(db, new Date(Date.now() + 31 * 86_400_000))).toBe(1);
    const left = await db.selectFrom('saved_videos').select('list_id').execute();
    expect(left).toEqual([{ list_id: kept.id }]);
  });

  test('it goes a thousand rows at a time, and others have their turn between', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const list = await listWith(db, { videos: 3500, fields: [newField('level')] });
    const level = fieldNamed(list, 'level');
    const every = { seqs: Array.from({ length: 3500 }, (_, nth) => nth + 1), except: [] };
    await editMany(db, owner, list.id, every, level.id, { do: 'set', value: 'x' });
    await removeList(db, owner, list.id);
    const tables = ['list_edit_values', 'field_values', 'saved_videos'] as const;
    // What others see and how often they had their turn, after every statement that removed something.
    const seen: number[][] = [];
    const turns = new Set<number>();
    let turn = 0;
    let next = setImmediate(function count() {
      turn += 1;
      next = setImmediate(count);
    });
    const watched = db.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if ((result.numAffectedRows ?? 0n) < 1n) return result;
        turns.add(turn);
        const counts = tables.map((table) =>
          db
            .selectFrom(table)
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow(),
        );
        seen.push((await Promise.all(counts)).map(({ count }) => count));
        return result;
      },
    });
    expect(await forgetDeletedLists(watched, new Date(Date.now() + 31 * 86_400_000))).toBe(1);
    clearImmediate(next);
    for (const nth of tables.keys()) {
      const counts = new Set([3500, ...seen.map((each) => each[nth])]);
      expect([...counts], tables[nth]).toEqual([3500, 2500, 1500, 500, 0]);
    }
    expect(turns.size).toBeGreaterThanOrEqual(12);
  });

  test('once its month is over it is neither told nor brought back, whatever is left of it', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    await removeList(db, owner, list.id);
    await db
      .updateTable('lists')
      .set({ deleted_at: daysAgo(30.01) })
      .execute();
    expect(await listLists(db, owner, { deleted: true })).toEqual([]);
    await expect(restoreList(db, owner, list.id)).rejects.toEqual(refused('not_found'));
    await db
      .updateTable('lists')
      .set({ deleted_at: daysAgo(29.99) })
      .execute();
    expect(await listLists(db, owner, { deleted: true })).toMatchObject([{ id: list.id }]);
    expect(await restoreList(db, owner, list.id)).toMatchObject({ videos: 1 });
  });

  test('there are at most a thousand, also where one is brought back', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    await removeList(db, owner, list.id);
    const row = await db.selectFrom('lists').selectAll().executeTakeFirstOrThrow();
    const rows = Array.from({ length: 999 }, (_, nth) => ({ ...row, id: `list ${nth}`, deleted_at: null }));
    await db.insertInto('lists').values(rows).execute();
    const another = await listWith(db, { fields: [] });
    await expect(listWith(db, { fields: [] })).rejects.toEqual(refused('too_many_lists'));
    await expect(restoreList(db, owner, list.id)).rejects.toEqual(refused('too_many_lists'));
    expect(await listLists(db, owner, { deleted: true })).toMatchObject([
      { id: list.id, version: list.version + 1 },
    ]);
    // One that is there already is no more than there is.
    expect(await restoreList(db, owner, another.id)).toEqual(another);
    await removeList(db, owner, another.id);
    expect(await restoreList(db, owner, list.id)).toMatchObject({ deleted_at: null });
  });

  test('a list that fails to be made leaves nothing behind', async () => {
    await using opened = await testDatabase(engine);
    const fields = [newField('level'), newField('Level')];
    const given = { name: 'x', description: '', watch_videos: false, fields };
    await expect(createList(opened.db, owner, given)).rejects.toEqual(refused('label_taken'));
    expect(await listLists(opened.db, owner, { deleted: false })).toEqual([]);
  });
});

onEachEngine('fields', (engine) => {
  test('are added at a place, moved, put away with their values and brought back', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const list = await listWith(db, { fields: [newField('a'), newField('b'), newField('c')] });
    const labels = async () => (await getList(db, owner, list.id)).fields.map(({ label }) => label).join('');
    const added = await addField(db, owner, list.id, { ...newField('d'), position: 1 });
    expect(added.position).toBe(1);
    expect(await labels()).toBe('adbc');
    await changeField(db, owner, list.id, added.id, change({ position: 50 }));
    expect(await labels()).toBe('abcd');
    await changeField(db, owner, list.id, added.id, change({ position: 0, label: 'D' }));
    expect(await labels()).toBe('Dabc');
    await removeField(db, owner, list.id, fieldNamed(list, 'b').id);
    expect(await labels()).toBe('Dac');
    await restoreField(db, owner, list.id, fieldNamed(list, 'b').id);
    expect(await labels()).toBe('Dabc');
  });

  test.each([
    ['title', newField('Title'), 'label_taken'],
    ['a name with other letters', newField('ＬＥＶＥＬ'), 'label_taken'],
    ['no options', newField('x', 'select'), 'options_needed'],
    ['options of a text', newField('x', 'text', ['a']), 'options_not_here'],
    ['an option twice', newField('x', 'select', ['a', 'b', 'A']), 'option_twice'],
  ])('%s is refused', async (_, field, code) => {
    await using opened = await testDatabase(engine);
    const list = await listWith(opened.db);
    await expect(addField(opened.db, owner, list.id, field)).rejects.toEqual(refused(code));
    expect(await getList(opened.db, owner, list.id)).toEqual(list);
  });

  test('there are at most fifty, and the last twenty deleted ones can come back', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const fields = Array.from({ length: 50 }, (_, nth) => newField(`f${nth}`));
    const list = await listWith(db, { fields });
    await expect(addField(db, owner, list.id, newField('more'))).rejects.toEqual(refused('too_many_fields'));
    const [first, second] = list.fields;
    await modelSays(db, list.id, first as Field, { 1: 'x' });
    await removeField(db, owner, list.id, first?.id ?? '');
    // What is deleted in one millisecond has no order.
    await sleep(2);
    for (const { id } of list.fields.slice(1, 21)) await removeField(db, owner, list.id, id);
    await expect(restoreField(db, owner, list.id, first?.id ?? '')).rejects.toEqual(refused('not_found'));
    expect(await db.selectFrom('field_values').selectAll().execute()).toEqual([]);
    expect(await restoreField(db, owner, list.id, second?.id ?? '')).toMatchObject({ label: 'f1' });
  });

  test('a deleted field does not come back beside another of its name', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const list = await listWith(db);
    const { id } = fieldNamed(list, 'seen');
    await removeField(db, owner, list.id, id);
    await addField(db, owner, list.id, newField('Seen'));
    await expect(restoreField(db, owner, list.id, id)).rejects.toEqual(refused('label_taken'));
  });
});
