import type { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from '#db/schema.ts';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { addAssets, owner, rules } from '../../test/small-library.ts';
import { decide, decideLeftOver, setBack, setBackNewest } from './large-decisions.ts';
import { makeDecision } from './make-decision.ts';
import type { PreparedDecision } from './prepare.ts';
import { Threads } from './threads.ts';

const many = 130;

/** Everything that decisions may change, in the order in which the assets were added. */
async function statesOf(db: Kysely<Database>, ids: readonly string[]) {
  const inOrder = <Row extends { asset_id: string }>(rows: Row[]) =>
    rows.toSorted((one, other) => ids.indexOf(one.asset_id) - ids.indexOf(other.asset_id));
  const times = await db.selectFrom('capture_times').selectAll().execute();
  return {
    times: inOrder(times.map((time) => ({ ...time, revision: 0 }))),
    evidence: inOrder(await db.selectFrom('evidence').selectAll().orderBy('seq').execute()),
    tags: inOrder(await db.selectFrom('asset_tags').selectAll().orderBy('tag').execute()),
  };
}

onEachEngine('decisions about many', (engine) => {
  async function library() {
    await using opened = new AsyncDisposableStack();
    const database = opened.use(await testDatabase(engine));
    const threads = opened.use(new Threads({ database: database.address, most: 2 }));
    const { db } = database;
    const drawn = Array.from({ length: many }, (_, index) => ({
      name: `IMG_${index}.jpg`,
      tags: { 'EXIF:DateTimeOriginal': `2014:07:02 10:${String(index % 60).padStart(2, '0')}:00` },
    }));
    const ids = await addAssets(db, drawn);
    const rest = opened.move();
    return {
      db,
      ids,
      place: { db, rules: rules(), threads },
      states: () => statesOf(db, ids),
      [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
    };
  }

  test('made in a thread they are what they would be here, and so is taking them back', async () => {
    await using it = await library();
    await using other = await library();
    const before = await it.states();
    const decisions: PreparedDecision[] = [
      { kind: 'accept' },
      { kind: 'shift', data: { seconds: 3600 } },
      { kind: 'tag', data: { add: ['garden'], remove: [] } },
      { kind: 'discard' },
    ];
    // Two libraries have other ids, and their decisions were made at other times.
    const told = async ({ states }: typeof it) => {
      const { times, evidence, tags } = await states();
      return {
        times: times.map((time) => ({ ...time, asset_id: '', reviewed_at: '' })),
        evidence: evidence.map((piece) => ({ ...piece, asset_id: '', location_id: '' })),
        tags: tags.map(({ tag }) => tag),
      };
    };
    for (const decision of decisions) {
      const filter = { text: 'img' };
      const report = await decide(it.place, owner, { filter }, decision);
      const here = await makeDecision(other.place, owner, { filter }, decision);
      expect(report).toMatchObject({ matched: many, changed: many, left_alone: [] });
      expect(report.decision).toMatchObject({ sentence: here.decision?.sentence, assets: many });
      expect(await told(it)).toEqual(await told(other));
    }
    for (const _ of decisions) await setBackNewest(it.place, owner, 'undo');
    expect(await it.states()).toEqual(before);
    await expect(setBackNewest(it.place, owner, 'undo')).rejects.toMatchObject({ code: 'nothing_to_undo' });
    const { id } = await setBackNewest(it.place, owner, 'redo');
    await expect(setBack(it.place, owner, id, 'redo')).rejects.toMatchObject({ code: 'not_undone' });
    await expect(setBack(it.place, owner, 'none', 'undo')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('all that match but some: those stay as they are', async () => {
    await using it = await library();
    const except = it.ids.slice(0, 3);
    const target = { filter: {}, except };
    const report = await decide(it.place, owner, target, { kind: 'accept' });
    expect(report).toMatchObject({ matched: many - 3, changed: many - 3 });
    const { times } = await it.states();
    expect(times.filter(({ review }) => review === 'open').map(({ asset_id }) => asset_id)).toEqual(except);
    expect(await decide(it.place, owner, { filter: {} }, { kind: 'accept' })).toMatchObject({
      changed: 3,
      left_alone: [{ because: 'already_so', count: many - 3 }],
    });
  });

  test('what a process that died left to decide is decided in a thread at the next start', async () => {
    await using it = await library();
    const before = await it.states();
    await it.db
      .insertInto('to_decide')
      .values(it.ids.map((asset_id) => ({ asset_id, owner })))
      .execute();
    await it.db.updateTable('capture_times').set({ because: 'half done' }).execute();
    await decideLeftOver(it.place, owner);
    expect(await it.states()).toEqual(before);
    expect(await it.db.selectFrom('to_decide').selectAll().execute()).toEqual([]);
  });

  test('a thread that ends in the middle is told, and the next question starts another', async () => {
    await using it = await library();
    await expect(it.place.threads.ask('judge', null as never)).rejects.toThrow();
    const report = await decide(it.place, owner, { filter: {} }, { kind: 'accept' });
    expect(report.changed).toBe(many);
  });
});
