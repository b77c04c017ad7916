import * as fc from 'fast-check';
import type { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from '#db/schema.ts';
import { decideAssets } from '#library/decide-asset.ts';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { addAssets, owner, rules, stateOf, type Drawn } from '../../test/small-library.ts';
import { decisionsOfAsset, listDecisions } from './decisions.ts';
import { makeDecision, type Target } from './make-decision.ts';
import type { PreparedDecision } from './prepare.ts';
import { redoDecision, redoNewest, undoDecision, undoNewest } from './undo-decision.ts';

const camera = { make: 'Canon', model: 'PowerShot G2', serial: '1' };
const drawn: Drawn[] = [
  {
    name: 'IMG_20140702_100000.jpg',
    folder: '/photos/Italy',
    tags: { 'EXIF:DateTimeOriginal': '2014:07:02 11:00:00', 'EXIF:CreateDate': '2014:07:02 11:00:00' },
    camera,
  },
  { name: 'IMG-20171218-WA0028.jpg' },
  { name: 'DSC_0001.JPG' },
  { name: 'scan.jpg', tags: { 'EXIF:DateTimeOriginal': '1998:05:05 10:20:30' } },
];

onEachEngine('decisions', (engine) => {
  async function library() {
    const { db, ...rest } = await testDatabase(engine);
    const place = { db, rules: rules() };
    const [canon = '', whatsapp = '', undated = '', scan = ''] = await addAssets(db, drawn);
    const decide = (asset_ids: string[], decision: PreparedDecision) =>
      makeDecision(place, owner, { asset_ids }, decision);
    return { ...rest, db, place, decide, canon, whatsapp, undated, scan };
  }

  test('an entered time is shown with its precision, is sure, and settles the review', async () => {
    await using it = await library();
    const entered = { local: '2004-06', precision: 'month', zone: null, entered: 'june 2004' } as const;
    const report = await it.decide([it.undated, it.whatsapp, it.undated, 'nobody'], {
      kind: 'set_time',
      data: entered,
    });
    expect(report).toMatchObject({ matched: 2, changed: 2, left_alone: [] });
    const { time, evidence } = await stateOf(it.db, it.undated);
    expect(time).toMatchObject({ local: '2004-06', precision: 'month', source: 'person', confidence: 'high' });
    expect(time).toMatchObject({ review: 'accepted', doubt: null, sort_key: '2004-06' });
    expect(evidence).toMatchObject([{ source: 'person', raw: 'june 2004', weight: 100, rejected: null }]);
    expect(report.decision).toMatchObject({ kind: 'set_time', sentence: 'Set to June 2004', assets: 2 });
  });

  test('a chosen piece may be one that the rules refuse', async () => {
    await using it = await library();
    expect((await stateOf(it.db, it.scan)).time).toMatchObject({ confidence: 'none' });
    const report = await it.decide([it.scan, it.undated], {
      kind: 'choose',
      data: { source: 'EXIF:DateTimeOriginal' },
    });
    expect(report).toMatchObject({ changed: 1, left_alone: [{ because: 'no_such_evidence', count: 1 }] });
    expect((await stateOf(it.db, it.scan)).time).toMatchObject({
      local: '1998-05-05T10:20:30',
      source: 'person',
    });
  });

  test('a shift moves the clock, days move by days, and what has no clock is left alone', async () => {
    await using it = await library();
    const hour = await it.decide([it.canon, it.whatsapp, it.undated], {
      kind: 'shift',
      data: { seconds: -3600 },
    });
    expect(hour).toMatchObject({ matched: 3, changed: 1 });
    expect(hour.left_alone).toEqual(
      expect.arrayContaining([
        { because: 'no_clock', count: 1 },
        { because: 'no_time', count: 1 },
      ]),
    );
    const before = (await stateOf(it.db, it.canon)).time?.local;
    await it.decide([it.whatsapp, it.canon], { kind: 'shift', data: { seconds: 86_400 } });
    expect((await stateOf(it.db, it.whatsapp)).time).toMatchObject({ local: '2017-12-19', precision: 'day' });
    expect(before).toBe('2014-07-02T09:00:00');
    expect((await stateOf(it.db, it.canon)).time?.local).toBe('2014-07-03T09:00:00');
  });

  test('a zone keeps the clock, or the instant', async () => {
    await using it = await library();
    await it.decide([it.canon], { kind: 'set_zone', data: { zone: 'Asia/Tokyo', keep: 'clock' } });
    expect((await stateOf(it.db, it.canon)).time).toMatchObject({
      local: '2014-07-02T10:00:00',
      at: '2014-07-02T01:00:00.000Z',
      zone: 'Asia/Tokyo',
    });
    await it.decide([it.canon], { kind: 'set_zone', data: { zone: 'UTC', keep: 'instant' } });
    expect((await stateOf(it.db, it.canon)).time).toMatchObject({
      local: '2014-07-02T01:00:00',
      at: '2014-07-02T01:00:00.000Z',
    });
  });

  test('an accepted time stays when a better name is met and when the rules change', async () => {
    await using it = await library();
    await it.decide([it.whatsapp], { kind: 'accept' });
    await addAssets(it.db, [{ name: 'IMG_20171218_081500.jpg', bytes: '/photos/IMG-20171218-WA0028.jpg' }]);
    const { time } = await stateOf(it.db, it.whatsapp);
    expect(time).toMatchObject({
      local: '2017-12-18',
      precision: 'day',
      source: 'filename_date',
      review: 'accepted',
    });
    await it.db
      .transaction()
      .execute((transaction) =>
        decideAssets(transaction, owner, [it.whatsapp], rules({ min_year: 2020, rule: 'trusted' })()),
      );
    expect((await stateOf(it.db, it.whatsapp)).time).toEqual(time);
  });

  test('all that match a filter, however many; what is discarded is out of every view but its own', async () => {
    await using it = await library();
    const filter: Target = { filter: { in_doubt: true } };
    const discarded = await makeDecision(it.place, owner, filter, { kind: 'discard' });
    expect(discarded.changed).toBe(discarded.matched);
    expect(discarded.changed).toBeGreaterThan(1);
    const again = await makeDecision(it.place, owner, { filter: {} }, { kind: 'discard' });
    expect(again.matched).toBe(drawn.length - discarded.changed);
    const restored = await makeDecision(
      it.place,
      owner,
      { filter: { review: 'discarded' } },
      { kind: 'restore' },
    );
    expect(restored.changed).toBe(drawn.length);
    expect((await makeDecision(it.place, owner, { filter: {} }, { kind: 'restore' })).decision).toBeNull();
  });

  test('tags come from folders, by hand, and stay away once taken away', async () => {
    await using it = await library();
    const tagsOf = async () =>
      (await stateOf(it.db, it.canon)).tags.map(({ tag, source }) => `${tag} ${source}`);
    await it.db
      .updateTable('locations')
      .set({ folder: '/photos/Italy/Rome' })
      .where('asset_id', '=', it.canon)
      .execute();
    await it.decide([it.canon], { kind: 'tag', data: { add: ['family'], remove: ['italy'] } });
    expect(await tagsOf()).toEqual(['family person']);
    await addAssets(it.db, [
      { name: 'x {Sea}.jpg', folder: '/other/Italy', bytes: '/photos/Italy/IMG_20140702_100000.jpg' },
    ]);
    expect(await tagsOf()).toEqual(['family person', 'rome folder', 'sea name']);
    await undoNewest(it.place, owner);
    expect(await tagsOf()).toEqual(['italy folder', 'rome folder', 'sea name']);
  });

  test('undo and redo of the newest go back and forth; a new decision ends what could be redone', async () => {
    await using it = await library();
    const first = await it.decide([it.canon], { kind: 'shift', data: { seconds: 60 } });
    const second = await it.decide([it.canon], { kind: 'shift', data: { seconds: 600 } });
    const local = async () => (await stateOf(it.db, it.canon)).time?.local;
    expect(await local()).toBe('2014-07-02T10:11:00');
    await undoNewest(it.place, owner);
    await undoNewest(it.place, owner);
    expect(await local()).toBe('2014-07-02T10:00:00');
    await expect(undoNewest(it.place, owner)).rejects.toMatchObject({ code: 'nothing_to_undo' });
    expect((await redoNewest(it.place, owner)).id).toBe(first.decision?.id);
    expect(await local()).toBe('2014-07-02T10:01:00');
    await it.decide([it.whatsapp], { kind: 'accept' });
    await expect(redoNewest(it.place, owner)).rejects.toMatchObject({ code: 'nothing_to_redo' });
    // By its name it can be let stand again all the same.
    await redoDecision(it.place, owner, second.decision?.id ?? '');
    expect(await local()).toBe('2014-07-02T10:11:00');
    // The first undone, the second stands on what the rules say.
    await undoDecision(it.place, owner, first.decision?.id ?? '');
    expect(await local()).toBe('2014-07-02T10:10:00');
    await expect(undoDecision(it.place, 'someone else', first.decision?.id ?? '')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('decisions are listed newest first, all of them and those of one asset, a page at a time', async () => {
    await using it = await library();
    await it.decide([it.canon, it.whatsapp], { kind: 'accept' });
    await it.decide([it.canon], { kind: 'discard' });
    await it.decide([it.whatsapp], { kind: 'discard' });
    const first = await listDecisions(it.db, owner, { limit: 2 });
    expect(first.items.map(({ kind }) => kind)).toEqual(['discard', 'discard']);
    const rest = await listDecisions(it.db, owner, { limit: 2, cursor: first.next_cursor ?? '' });
    expect(rest).toMatchObject({ items: [{ kind: 'accept', assets: 2 }], next_cursor: null });
    const ofOne = await decisionsOfAsset(it.db, owner, it.canon, { limit: 10 });
    expect(ofOne.items.map(({ kind }) => kind)).toEqual(['discard', 'accept']);
    expect((await listDecisions(it.db, 'someone else', { limit: 10 })).items).toEqual([]);
  });

  test('whatever was decided: deciding again changes nothing, and undo then redo is as if nothing had been', async () => {
    await using it = await library();
    const ids = [it.canon, it.whatsapp, it.undated, it.scan];
    const states = async (db: Kysely<Database>) => Promise.all(ids.map((id) => stateOf(db, id)));
    await fc.assert(
      fc.asyncProperty(sequence(ids), fc.nat(), fc.boolean(), async (steps, which, again) => {
        const made: string[] = [];
        const before: unknown[] = [];
        for (const { assets, decision } of steps) {
          before.push(await states(it.db));
          const report = await it.decide(assets, decision);
          if (report.decision === null) before.pop();
          else made.push(report.decision.id);
        }
        const after = await states(it.db);
        if (again) {
          await it.db.transaction().execute((transaction) => decideAssets(transaction, owner, ids, rules()()));
          expect(await states(it.db)).toEqual(after);
        }
        if (made.length > 0 && again) {
          const id = made[which % made.length] ?? '';
          await undoDecision(it.place, owner, id);
          await redoDecision(it.place, owner, id);
          expect(await states(it.db)).toEqual(after);
        }
        for (const id of made.toReversed()) {
          await undoDecision(it.place, owner, id);
          expect(await states(it.db)).toEqual(before.pop());
        }
      }),
      { numRuns: engine === 'sqlite' ? 40 : 15 },
    );
  });
});

function sequence(ids: string[]) {
  return fc.array(step(ids), { minLength: 1, maxLength: 6 });
}

function step(ids: string[]) {
  const decision = fc.oneof(
    fc.constantFrom<PreparedDecision>(
      { kind: 'accept' },
      { kind: 'discard' },
      { kind: 'restore' },
      { kind: 'choose', data: { source: 'EXIF:DateTimeOriginal' } },
      { kind: 'choose', data: { source: 'filename_datetime' } },
      { kind: 'set_time', data: { local: '2004-06', precision: 'month', zone: null, entered: 'june 2004' } },
      {
        kind: 'set_time',
        data: { local: '2019-05-05T15:00', precision: 'minute', zone: 'Asia/Tokyo', entered: '5/5/2019 3pm' },
      },
      { kind: 'set_zone', data: { zone: 'America/New_York', keep: 'clock' } },
      { kind: 'set_zone', data: { zone: '+05:30', keep: 'instant' } },
      { kind: 'tag', data: { add: ['a'], remove: ['b'] } },
      { kind: 'tag', data: { add: ['b'], remove: ['a', 'italy'] } },
      {
        kind: 'correct_clock',
        data: { camera, from: '2014-01-01', to: '2015-01-01', shift_seconds: -3600 },
      },
    ),
    fc
      .integer({ min: -200_000, max: 200_000 })
      .map((seconds): PreparedDecision => ({ kind: 'shift', data: { seconds } })),
  );
  return fc.record({ assets: fc.subarray(ids, { minLength: 1 }), decision });
}
