import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import type { Engine } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import type { JobRef } from '#jobs/ledger.ts';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { addAssets, owner, rules, stateOf, type Drawn } from '../../test/small-library.ts';
import { decideLibrary, drawLibrary } from '../../bench/redate-library.ts';
import { openRedating } from '../../test/redating.ts';
import { makeDecision } from './make-decision.ts';
import { fromPlain } from './plain-rules.ts';
import { redateJobKind } from './redate-kind.ts';
import { judgeRange } from './redate-slice.ts';
import { RedateRefused } from './redate.ts';
import { undoDecision } from './undo-decision.ts';

const drawn: Drawn[] = [
  { name: 'a.jpg', tags: { 'EXIF:DateTimeOriginal': '2014:07:02 10:00:00' } },
  { name: 'scan.jpg', tags: { 'EXIF:DateTimeOriginal': '1998:05:05 10:20:30' } },
  { name: 'IMG-20171218-WA0028.jpg' },
  {
    name: 'IMG_20100101_000000.jpg',
    tags: { 'EXIF:DateTimeOriginal': '2014:07:03 10:00:00', 'EXIF:CreateDate': '2014:07:03 10:00:00' },
  },
];
onEachEngine('redate', (engine) => {
  async function library() {
    await using opened = new AsyncDisposableStack();
    const database = opened.use(await testDatabase(engine));
    const redating = opened.use(await openRedating(database, owner, rules(), { threads: 2 }));
    const { db } = database;
    const ids = await addAssets(db, drawn);
    const states = () => Promise.all(ids.map((id) => stateOf(db, id)));
    const rest = opened.move();
    return {
      db,
      place: { db, rules: rules() },
      ids,
      states,
      redating,
      redate: redating.run,
      [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
    };
  }

  test('a dry run tells what the real one then does; the same again changes nothing', async () => {
    await using it = await library();
    const before = await it.states();
    const wish = { rule: 'trusted' as const, min_year: 1990 };
    const dry = await it.redate({ ...wish, dry_run: true });
    expect(await it.states()).toEqual(before);
    expect(dry).toMatchObject({
      assets: 4,
      changed: 2,
      changed_times: 2,
      rules: { rule: 'trusted', min_year: 1990 },
    });
    // In the order of their ids, which within a millisecond is that of chance.
    expect(
      dry.examples.toSorted((one, other) => (one.after ?? '').localeCompare(other.after ?? '')),
    ).toMatchObject([
      { name: 'scan.jpg', before: null, after: '1998-05-05T10:20:30', from: 'none', to: 'medium' },
      { before: '2010-01-01T00:00:00', after: '2014-07-03T10:00:00' },
    ]);
    const real = await it.redate({ ...wish, dry_run: false });
    expect({ ...real, dry_run: true, seconds: 0 }).toEqual({ ...dry, seconds: 0 });
    expect(await it.redate({ dry_run: false })).toMatchObject({ changed: 0 });
  });

  test('rules that were given stay in force for what is imported and decided later', async () => {
    await using it = await library();
    await it.redate({ zone: 'Asia/Tokyo', dry_run: false });
    const [later = ''] = await addAssets(it.db, [
      { name: 'later.jpg', tags: { 'EXIF:DateTimeOriginal': '2014:07:02 10:00:00' } },
    ]);
    expect((await stateOf(it.db, later)).time?.zone).toBe('Asia/Tokyo');
    await it.redate({ zone: 'Europe/Berlin', dry_run: false });
    expect((await stateOf(it.db, later)).time?.zone).toBe('Europe/Berlin');
  });

  test('what a person chose, entered or accepted stays, whatever the rules and wherever the bytes are met again', async () => {
    await using it = await library();
    const [first = '', second = '', third = '', fourth = ''] = it.ids;
    const decide = (id: string, decision: Parameters<typeof makeDecision>[3]) =>
      makeDecision(it.place, owner, { asset_ids: [id] }, decision);
    await decide(first, { kind: 'shift', data: { seconds: 3600 } });
    await decide(second, { kind: 'choose', data: { source: 'EXIF:DateTimeOriginal' } });
    await decide(third, { kind: 'accept' });
    const entered = { local: '2011', precision: 'year', zone: null, entered: '2011' } as const;
    await decide(fourth, { kind: 'set_time', data: entered });
    const told = async () =>
      (await it.states()).map(({ time }) => [time?.local, time?.precision, time?.review]);
    const before = await told();
    for (const wish of [{ rule: 'trusted' as const }, { zone: 'Asia/Tokyo' }, { min_year: 2020 }]) {
      const report = await it.redate({ ...wish, dry_run: false });
      expect(report.kept_by_person).toBe(4);
      expect(await told()).toEqual(before);
    }
    const again = drawn.map(({ name }) => ({
      name: `IMG_20180101_12000${name.length % 10}.jpg`,
      bytes: `/photos/${name}`,
    }));
    expect(await addAssets(it.db, again)).toEqual(it.ids);
    expect(await told()).toEqual(before);
  });

  test('stopped in the middle and gone on with, by other workers, it comes to the same', async () => {
    const [whole, pieces] = [await redatedTimes(engine, 'at once'), await redatedTimes(engine, 'in pieces')];
    expect(whole.report).toMatchObject({ assets: 600 });
    expect(whole.report.changed).toBeGreaterThan(300);
    expect(pieces).toEqual(whole);
  });

  test('while one has not ended another is refused; a dry run is in nobody’s way', async () => {
    await using it = await library();
    const { id } = await it.redating.start({ zone: 'Asia/Tokyo', dry_run: false });
    await it.redating.ledger.pause({ id, owner });
    await expect(it.redating.start({ zone: 'Europe/Berlin', dry_run: false })).rejects.toBeInstanceOf(
      RedateRefused,
    );
    // What was refused put no rules in force.
    expect(await it.redate({ dry_run: true })).toMatchObject({ rules: { zone: 'Asia/Tokyo' } });
    await it.redating.ledger.cancel({ id, owner });
    expect(await it.redate({ zone: 'Europe/Berlin', dry_run: false })).toMatchObject({ assets: 4 });
  });

  test('what was accepted before other rules came is dated by them once it is accepted no more', async () => {
    await using it = await library();
    const [first = ''] = it.ids;
    const zone = async () => (await stateOf(it.db, first)).time?.zone;
    const { decision } = await makeDecision(it.place, owner, { asset_ids: [first] }, { kind: 'accept' });
    await it.redate({ zone: 'Asia/Tokyo', dry_run: false });
    expect(await zone()).toBe('Europe/Berlin');
    await undoDecision(it.place, owner, decision?.id ?? '');
    expect(await zone()).toBe('Asia/Tokyo');
  });

  test('an empty library is decided too', async () => {
    await using database = await testDatabase(engine);
    await using redating = await openRedating(database, owner, rules(), { threads: 1 });
    expect(await redating.run({ dry_run: false })).toMatchObject({ assets: 0, changed: 0, examples: [] });
  });

  test('what a person decides while a slice is judged stands, and so does what an import finds', async () => {
    await using it = await library();
    const [first = '', second = '', third = ''] = it.ids;
    const kind = redateJobKind(async (wanted) => {
      const slice = await judgeRange(it.db, owner, wanted, fromPlain(wanted.rules));
      // It is judged, and not settled.
      await makeDecision(it.place, owner, { asset_ids: [first] }, { kind: 'accept' });
      const entered = { local: '2011', precision: 'year', zone: null, entered: '2011' } as const;
      await makeDecision(it.place, owner, { asset_ids: [second] }, { kind: 'set_time', data: entered });
      await addAssets(it.db, [{ name: 'IMG_20190101_120000.jpg', bytes: '/photos/IMG-20171218-WA0028.jpg' }]);
      return slice;
    });
    const report = await it.redating.run({ zone: 'Asia/Tokyo', min_year: 1990, dry_run: false }, kind);
    expect(report.assets).toBe(4);
    const accepted = (await stateOf(it.db, first)).time;
    expect(accepted).toMatchObject({ review: 'accepted', local: '2014-07-02T10:00:00', zone: 'Europe/Berlin' });
    expect((await stateOf(it.db, second)).time).toMatchObject({ source: 'person', local: '2011' });
    expect((await stateOf(it.db, third)).evidence.map(({ raw }) => raw)).toContain('IMG_20190101_120000.jpg');
    expect(await it.redate({ dry_run: true })).toMatchObject({ changed: 0 });
  });

  test('who learns from others is decided after them, so that a second run changes nothing', async () => {
    await using it = await library();
    const camera = { make: 'Canon', model: 'EOS' };
    // Undated between two whose year is not believed until it is; a film beside its photo; a zone of the day.
    const ids = await addAssets(it.db, [
      { name: 'DSC_0011.jpg', folder: '/a', camera },
      { name: 'DSC_0012.jpg', folder: '/a', camera, tags: { 'EXIF:DateTimeOriginal': '1995:05:05 10:00:00' } },
      { name: 'DSC_0010.jpg', folder: '/a', camera, tags: { 'EXIF:DateTimeOriginal': '1995:05:05 09:00:00' } },
    ]);
    const told = async () => Promise.all(ids.map(async (id) => (await stateOf(it.db, id)).time?.source));
    expect((await told())[0]).toBe(null);
    const report = await it.redate({ min_year: 1990, dry_run: false });
    expect((await told())[0]).toBe('neighbours');
    expect(report.changed).toBe(4);
    expect(await it.redate({ dry_run: false })).toMatchObject({ changed: 0 });
    await it.redate({ min_year: 2000, dry_run: false });
    expect((await told())[0]).toBe(null);
  });
});

/** All that a library of 600 says once it was redated, the numbers that count attempts left out. */
async function redatedTimes(engine: Engine, how: 'at once' | 'in pieces') {
  await using database = await testDatabase(engine);
  const { db } = database;
  const threads = how === 'at once' ? 1 : 2;
  await using redating = await openRedating(database, owner, rules(), { threads });
  await drawLibrary(db, owner, 600);
  await decideLibrary(db, owner, rules()());
  const wish = { zone: 'Asia/Tokyo', dry_run: false };
  const { id } = await redating.start(wish);
  const ref = { id, owner };
  if (how === 'in pieces') await stopInTheMiddle(redating, db, ref);
  const report = await redating.finish(id);
  const times = await db.selectFrom('capture_times').selectAll().orderBy('asset_id').execute();
  const evidence = await db.selectFrom('evidence').selectAll().orderBy('asset_id').orderBy('seq').execute();
  return {
    report: { ...report, seconds: 0 },
    evidence,
    times: times.map((time) => ({ ...time, revision: 0 })),
  };
}

/** The first slice is settled and the second in hand when it is paused; the third waits for whoever goes on with it. */
async function stopInTheMiddle(
  { ledger, work }: Awaited<ReturnType<typeof openRedating>>,
  db: Kysely<Database>,
  job: JobRef,
): Promise<void> {
  const second = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let begun = 0;
  const kind = redateJobKind(async (wanted) => {
    begun += 1;
    if (begun === 2) {
      second.resolve();
      await gate.promise;
    }
    return judgeRange(db, owner, wanted, fromPlain(wanted.rules));
  });
  {
    await using _ = await work(kind, 1);
    await second.promise;
    await ledger.pause(job);
    gate.resolve();
    while ((await ledger.get(job)).done < 2) await sleep(5);
  }
  expect(await ledger.get(job)).toMatchObject({ status: 'paused', done: 2, total: 3 });
  await ledger.resume(job);
  const { length } = (await ledger.events({ job, limit: 100 })).filter(({ kind }) => kind === 'paused');
  expect(length).toBe(1);
}
