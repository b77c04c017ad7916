/** Edits of more videos than are changed at a time: whole, exact, and with turns for others. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { limits } from '#contract/fields.ts';
import type { ValueChange } from '#contract/saved-videos.ts';
import { cellsOf, fieldNamed, listWith, orderOf, owner, sharedDatabase } from '#saved-videos/fixture.ts';
import { deleteVideos, editMany, editVideo } from './edit-values.ts';
import { editsOfList, undoEdit } from './edits.ts';

const videos = 2500;
const all = { condition: { filters: [] }, except: [] };
const upTo = (last: number) => Array.from({ length: last }, (_, nth) => nth + 1);

/** How often others had their turn meanwhile. */
async function turnsDuring<Value>(run: () => Promise<Value>): Promise<{ value: Value; turns: number }> {
  let [turns, isDone] = [0, false];
  const others = (async () => {
    for (; !isDone; turns += 1) await nextTurn();
  })();
  try {
    return { value: await run(), turns };
  } finally {
    isDone = true;
    await others;
  }
}

onEachEngine('an edit of many videos', (engine) => {
  const opened = sharedDatabase(engine);

  test('that deletes them, and its undo, give others a turn and touch no other deletion', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos });
    await deleteVideos(db, owner, list.id, { seqs: [1, 2, 1500], except: [] });
    const deleted = await turnsDuring(() => deleteVideos(db, owner, list.id, { ...all, except: [3, 2400] }));
    expect(deleted.value).toMatchObject({ matched: videos - 5, changed: videos - 5 });
    expect(deleted.turns).toBeGreaterThanOrEqual(3);
    expect(await orderOf(db, list.id, {})).toEqual([3, 2400]);

    const undone = await turnsDuring(() => undoEdit(db, owner, list.id, deleted.value.edit_id ?? ''));
    expect(undone.value).toMatchObject({ matched: videos - 5, changed: videos - 5 });
    expect(undone.turns).toBeGreaterThanOrEqual(3);
    expect(await orderOf(db, list.id, {})).toEqual(upTo(videos).filter((seq) => ![1, 2, 1500].includes(seq)));
  });

  test('that sets their values is taken back whole', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos });
    const level = fieldNamed(list, 'level');
    await editVideo(db, owner, list.id, 2001, { [level.id]: { do: 'set', value: 'Advanced' } });
    const before = await cellsOf(db, list, level);
    const edit = await editMany(db, owner, list.id, all, level.id, { do: 'set', value: 'Beginner' });
    expect(edit).toMatchObject({ matched: videos, changed: videos });
    expect(await undoEdit(db, owner, list.id, edit.edit_id ?? '')).toMatchObject({ changed: videos });
    expect(await cellsOf(db, list, level)).toEqual(before);
  });

  test('stands among those that can be undone, the last first, until it is', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 3 });
    const level = fieldNamed(list, 'level');
    const edit = await editVideo(db, owner, list.id, 2, { [level.id]: { do: 'set', value: 'Advanced' } });
    const deletion = await deleteVideos(db, owner, list.id, { seqs: [1, 3], except: [] });
    const standing = [
      { id: deletion.edit_id, kind: 'deletion', changed: 2 },
      { id: edit.edit_id, kind: 'values', changed: 1 },
    ];
    expect(await editsOfList(db, list.id, 100)).toMatchObject(standing);
    expect(await editsOfList(db, list.id, 1)).toMatchObject(standing.slice(0, 1));
    await undoEdit(db, owner, list.id, deletion.edit_id ?? '');
    expect(await editsOfList(db, list.id, 100)).toMatchObject(standing.slice(1));
  });

  test('is later than every edit before, also one that a clock running ahead has dated', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const level = fieldNamed(list, 'level');
    const ahead = 'ffffffff-ffff-7fff-bfff-fffffffffff0';
    await db
      .insertInto('list_edits')
      .values({ id: ahead, list_id: list.id, at: '', kind: 'values', changed: 1, undone_at: null, version: 0 })
      .execute();
    const edit = async (change: ValueChange) =>
      (await editVideo(db, owner, list.id, 1, { [level.id]: change })).edit_id ?? '';
    const ids = [await edit({ do: 'set', value: 'Beginner' }), await edit({ do: 'release' })];
    expect(ids).toEqual(['ffffffff-ffff-7fff-bfff-fffffffffff1', 'ffffffff-ffff-7fff-bfff-fffffffffff2']);
    // The later one comes back first, so that the earlier one finds its value there.
    expect(await undoEdit(db, owner, list.id, ids[1] ?? '')).toMatchObject({ changed: 1 });
    expect(await cellsOf(db, list, level)).toMatchObject({ 1: { value: 'Beginner' } });
  });

  test('is forgotten with all its cells once a hundred later ones are kept', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos });
    const [level, score] = [fieldNamed(list, 'level'), fieldNamed(list, 'score')];
    const many = await editMany(db, owner, list.id, all, level.id, { do: 'set', value: 'Beginner' });
    const editOne = (value: number) => editVideo(db, owner, list.id, 1, { [score.id]: { do: 'set', value } });
    for (const nth of upTo(99)) await editOne(nth);
    const cellsKept = async () => {
      const rows = db.selectFrom('list_edit_values').where('edit_id', '=', many.edit_id);
      const { count } = await rows
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return count;
    };
    expect(await cellsKept()).toBe(videos);
    const { turns } = await turnsDuring(() => editOne(100));
    expect(turns).toBeGreaterThanOrEqual(3);
    expect(await cellsKept()).toBe(0);
    await expect(undoEdit(db, owner, list.id, many.edit_id ?? '')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('that deleted them is not taken back where the list has no room for all of them', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 3, fields: [] });
    const { edit_id } = await deleteVideos(db, owner, list.id, { seqs: [1, 2], except: [] });
    const others = limits.videos_per_list - 2;
    await sql`
      insert into saved_videos (list_id, seq, youtube_id, state, added_at, search_text)
      with recursive counted(n) as (select 4 union all select n + 1 from counted where n < ${sql.lit(others + 3)})
      select ${list.id}, n, 'v' || n, 'pending', '', '' from counted`.execute(db);
    await db
      .updateTable('lists')
      .set({ last_seq: others + 3 })
      .where('id', '=', list.id)
      .execute();
    const undo = () => undoEdit(db, owner, list.id, edit_id ?? '');
    await expect(undo()).rejects.toMatchObject({
      code: 'too_many_videos',
      message: expect.stringContaining('A list holds at most 250,000 videos.'),
    });
    expect(await orderOf(db, list.id, {})).toHaveLength(others + 1);
    await deleteVideos(db, owner, list.id, { seqs: [4], except: [] });
    expect(await undo()).toMatchObject({ changed: 2 });
    expect(await orderOf(db, list.id, {})).toHaveLength(limits.videos_per_list);
  });
});
