import * as fc from 'fast-check';
import type { Kysely } from 'kysely';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ClockCorrection } from '#contract/review.ts';
import type { Engine } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { keepReadings } from '#library/keep-asset.ts';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { twoPhotographers } from '../../test/fixtures/two-photographers.ts';
import { addAssets, owner, reading, rules, stateOf, type Drawn } from '../../test/small-library.ts';
import { clockCorrections, clockDecision } from './clocks.ts';
import { decisionsOfAsset, listDecisions } from './decisions.ts';
import { makeDecision, type Place } from './make-decision.ts';
import { redoNewest, undoNewest } from './undo-decision.ts';

const camera = { make: 'Canon', model: 'Canon PowerShot G2', serial: '7' };
const phone = { make: 'Apple', model: 'iPhone 12' };
const munich = { latitude: 48.1, longitude: 11.5 };

/** Its summer time was never set: 10:00 on the satellites (UTC) is noon in Munich, and it says eleven. */
const withFix = [1, 2, 3, 4].map((day): Drawn => ({
  name: `CRW_000${day}.jpg`,
  tags: {
    'EXIF:DateTimeOriginal': `2014:07:0${day} 11:00:00`,
    'EXIF:CreateDate': `2014:07:0${day} 11:00:00`,
    'GPS:GPSDateStamp': `2014:07:0${day}`,
    'GPS:GPSTimeStamp': '10:00:20',
  },
  gps: munich,
  camera,
}));
const withoutFix: Drawn = {
  name: 'CRW_0099.jpg',
  tags: { 'EXIF:DateTimeOriginal': '2014:07:09 11:00:00' },
  camera,
};
const another: Drawn = { ...withoutFix, name: 'CRW_0100.jpg', camera: { ...camera, serial: '8' } };
/** Of the same camera, with a zone of its own: what a film says in UTC, and what somebody else wrote. */
const film: Drawn = {
  name: 'MVI_0101.mp4',
  kind: 'video',
  tags: { 'QuickTime:CreateDate': '2014:07:10 09:00:00' },
  camera,
};
const early: Drawn = {
  ...withoutFix,
  name: 'CRW_0200.jpg',
  tags: { 'EXIF:DateTimeOriginal': '2013:01:01 11:00:00' },
};

/** Taken at noon in Munich, with UTC+1 written beside the time. */
const tagged = (local: string, gps: string) =>
  [1, 2, 3].map((day): Drawn => ({
    name: `${local}-${day}.jpg`,
    tags: {
      'EXIF:DateTimeOriginal': `2014:07:0${day} ${local}`,
      'EXIF:OffsetTimeOriginal': '+01:00',
      'GPS:GPSDateStamp': `2014:07:0${day}`,
      'GPS:GPSTimeStamp': gps,
    },
    gps: munich,
    camera,
  }));

async function library(engine: Engine, drawn: readonly Drawn[]) {
  const { db, ...rest } = await testDatabase(engine);
  const ids = await addAssets(db, drawn);
  const locals = async () => Promise.all(ids.map(async (id) => (await stateOf(db, id)).time?.local?.slice(8)));
  const states = async () => Promise.all(ids.map((id) => stateOf(db, id)));
  return { ...rest, db, ids, locals, states, place: { db, rules: rules() } };
}

onEachEngine('clock corrections', (engine) => {
  test('one correction is proposed for the camera, with before and after; applied it moves all its shots; undone it does not', async () => {
    await using it = await library(engine, [...withFix, withoutFix, another]);
    const before = await it.locals();
    const [correction, ...more] = await clockCorrections(it.place, owner);
    expect(more).toEqual([]);
    expect(correction).toMatchObject({
      camera,
      shift_seconds: 3600,
      zone: { clock: '+01:00', taken: 'Europe/Berlin' },
      by: 'GPS:GPSDateTime',
      witnesses: 4,
      assets: 5,
      sentence:
        '5 from Canon PowerShot G2: its clock was on winter time (UTC+1) while the photos were taken in summer time (UTC+2), by the GPS, 1 July 2014 – 4 July 2014',
    });
    expect(correction?.samples[0]).toMatchObject({
      before: '2014-07-01T11:00:00',
      after: '2014-07-01T12:00:00',
      before_zone: 'Europe/Berlin',
      after_zone: 'Europe/Berlin',
    });
    if (correction === undefined) return;
    const report = await correctClock(it.place, owner, wishOf(correction));
    expect(report).toMatchObject({ matched: 5, changed: 5 });
    expect(report.decision?.sentence).toBe(
      'Corrected the clock of Canon PowerShot G2 from the time of +01:00 to that of Europe/Berlin',
    );
    expect(await it.locals()).toEqual([
      '01T12:00:00',
      '02T12:00:00',
      '03T12:00:00',
      '04T12:00:00',
      '09T12:00:00',
      '09T11:00:00',
    ]);
    // Of the shot without a position the moment is known now, too.
    expect((await stateOf(it.db, it.ids[4] ?? '')).time).toMatchObject({
      at: '2014-07-09T10:00:00.000Z',
      zone: 'Europe/Berlin',
      source: 'person',
    });
    expect(await clockCorrections(it.place, owner)).toEqual([]);
    await undoNewest(it.place, owner);
    expect(await it.locals()).toEqual(before);
    expect(await clockCorrections(it.place, owner)).toEqual([correction]);
  });

  test('what a person said of one shot itself goes before what is said of its camera', async () => {
    await using it = await library(engine, [...withFix, withoutFix]);
    const [first = ''] = it.ids;
    const entered = { local: '2013', precision: 'year', zone: null, entered: '2013' } as const;
    await makeDecision(it.place, owner, { asset_ids: [first] }, { kind: 'set_time', data: entered });
    const wish = { camera, from: '2014-01-01', to: '2014-12-31', shift_seconds: 3600 };
    expect(await correctClock(it.place, owner, wish)).toMatchObject({
      changed: 4,
      left_alone: [{ because: 'person_said', count: 1 }],
    });
    expect((await stateOf(it.db, first)).time?.local).toBe('2013');
  });

  test('a zone that the camera wrote is corrected beside a clock that was right, and with one that went by it', async () => {
    await using right = await library(engine, tagged('12:00:00', '10:00:00'));
    const [zone] = await clockCorrections(right.place, owner);
    expect(zone).toMatchObject({ shift_seconds: 0, zone: { clock: 'Europe/Berlin', taken: 'Europe/Berlin' } });
    expect(zone?.sentence).toContain(
      'its zone was set to UTC+1 while the photos were taken in UTC+2, and its clock was right',
    );
    await correctClock(right.place, owner, wishOf(zone));
    const told = { local: '2014-07-01T12:00:00', at: '2014-07-01T10:00:00.000Z', zone: 'Europe/Berlin' };
    expect((await stateOf(right.db, right.ids[0] ?? '')).time).toMatchObject(told);

    await using consistent = await library(engine, tagged('11:00:00', '10:00:00'));
    const [both] = await clockCorrections(consistent.place, owner);
    expect(both).toMatchObject({ shift_seconds: 3600, zone: { clock: '+01:00', taken: 'Europe/Berlin' } });
    await correctClock(consistent.place, owner, wishOf(both));
    expect((await stateOf(consistent.db, consistent.ids[0] ?? '')).time).toMatchObject(told);
  });

  test('a film in UTC knew its moment, and is told in the zone where it was taken', async () => {
    await using it = await library(engine, [...withFix, film]);
    const [correction] = await clockCorrections(it.place, owner);
    await correctClock(it.place, owner, wishOf(correction));
    expect((await stateOf(it.db, it.ids.at(-1) ?? '')).time).toMatchObject({
      at: '2014-07-10T09:00:00.000Z',
      local: '2014-07-10T11:00:00',
      zone: 'Europe/Berlin',
    });
  });

  test('a phone that was there tells what a camera without satellites was off by, for those days alone', async () => {
    await using it = await library(engine, [...journey({ late: 3600 }), early, another]);
    const [correction, ...more] = await clockCorrections(it.place, owner);
    expect(more).toEqual([]);
    expect(correction).toMatchObject({
      camera,
      by: 'other_device',
      shift_seconds: 3600,
      zone: { clock: '+01:00', taken: 'Europe/Berlin' },
    });
    expect(correction?.sentence).toMatch(
      /: its clock was on winter time \(UTC\+1\) while the photos were taken in summer time \(UTC\+2\), by the clock of Apple iPhone 12, \d July 2014 – \d July 2014$/,
    );
    expect(correction?.from.slice(0, 7)).toBe('2014-07');
    const before = await it.states();
    await correctClock(it.place, owner, wishOf(correction));
    expect(await clockCorrections(it.place, owner)).toEqual([]);
    await undoNewest(it.place, owner);
    expect(await it.states()).toEqual(before);
  });
});

/** What was read is looked at by the same code on either engine. */
describe('another device', () => {
  test('a name in UTC beside a clock of which nobody knows the zone differs by the zone, and proves nothing', async () => {
    const named = [1, 2, 3, 4].map((day): Drawn => ({
      name: `PXL_2014070${day}_100000000.jpg`,
      tags: { 'EXIF:DateTimeOriginal': `2014:07:0${day} 12:07:00` },
      camera,
    }));
    await using it = await library('sqlite', named);
    expect(await clockCorrections(it.place, owner)).toEqual([]);
  });

  test.each<[string, Parameters<typeof journey>[0]]>([
    ['that is right', { late: 0 }],
    ['that was elsewhere', { late: 0, together: false }],
    ['whose clock nobody can vouch for', { late: 3600, phone_knows_where: false }],
  ])('a phone %s proposes nothing', async (_, how) => {
    await using it = await library('sqlite', journey(how));
    expect(await clockCorrections(it.place, owner)).toEqual([]);
  });

  test('the GPS goes before other devices: where it bears the camera out, they are not heard', async () => {
    const borneOut = [4, 5, 6].map((day): Drawn => ({
      name: `FIX_${day}.jpg`,
      tags: {
        'EXIF:DateTimeOriginal': `2014:07:0${day} 12:00:00`,
        'GPS:GPSDateStamp': `2014:07:0${day}`,
        'GPS:GPSTimeStamp': '10:00:00',
      },
      gps: munich,
      camera,
    }));
    await using it = await library('sqlite', [...journey({ late: 3600 }), ...borneOut]);
    expect(await clockCorrections(it.place, owner)).toEqual([]);
  });

  test('two devices that contradict each other are both not heard', async () => {
    const other = journey({ late: -7200, camera: { make: 'Google', model: 'Pixel 7' } }).map((shot, index) => ({
      ...shot,
      name: `pixel-${index}.jpg`,
      tags: { ...shot.tags, 'EXIF:OffsetTimeOriginal': '+02:00' },
      gps: munich,
    }));
    await using it = await library('sqlite', [...journey({ late: 3600 }), ...other]);
    expect(await clockCorrections(it.place, owner)).toEqual([]);
  });
});

onEachEngine('photos that are met after the clock of their camera was corrected', (engine) => {
  const shift = { camera, from: '2014-07-01', to: '2014-07-31', shift_seconds: 3600 };
  const zone = { ...shift, zone: { clock: '+01:00', taken: 'Europe/Berlin' } };

  test.each([
    ['a shift', shift],
    ['a zone', zone],
  ])('are corrected by %s like those that were there; undo and redo are about them, too', async (_, wish) => {
    const { db, ...rest } = await testDatabase(engine);
    await using _closed = rest;
    const place = { db, rules: rules() };
    await addAssets(db, withFix);
    await correctClock(place, owner, wish);
    const [later = '', older = '', other = ''] = await addAssets(db, [withoutFix, early, another]);
    const local = async (id: string) => (await stateOf(db, id)).time?.local;
    expect(await local(later)).toBe('2014-07-09T12:00:00');
    expect((await stateOf(db, later)).time).toMatchObject({
      review: 'accepted',
      source: 'person',
      doubt: null,
    });
    // Of another year, and of another camera of that make.
    expect([await local(older), await local(other)]).toEqual(['2013-01-01T11:00:00', '2014-07-09T11:00:00']);
    expect((await decisionsOfAsset(db, owner, later, { limit: 10 })).items).toMatchObject([{ assets: 5 }]);
    expect((await listDecisions(db, owner, { limit: 10 })).items).toMatchObject([{ assets: 5 }]);
    await undoNewest(place, owner);
    expect(await local(later)).toBe('2014-07-09T11:00:00');
    // Met while it was taken back: it is let stand again for this one as well.
    const [latest = ''] = await addAssets(db, [{ ...withoutFix, name: 'CRW_0098.jpg' }]);
    expect(await local(latest)).toBe('2014-07-09T11:00:00');
    await redoNewest(place, owner);
    expect([await local(later), await local(latest)]).toEqual(['2014-07-09T12:00:00', '2014-07-09T12:00:00']);
  });

  test('a photo met again under another name is not corrected twice; what a person said of it stays', async () => {
    const { db, ...rest } = await testDatabase(engine);
    await using _closed = rest;
    const place = { db, rules: rules() };
    const [first = ''] = await addAssets(db, [withoutFix, ...withFix]);
    const entered = { local: '2012', precision: 'year', zone: null, entered: '2012' } as const;
    await makeDecision(place, owner, { asset_ids: [first] }, { kind: 'set_time', data: entered });
    await correctClock(place, owner, shift);
    const [second = ''] = await addAssets(db, [{ ...withoutFix, name: 'CRW_0050.jpg' }]);
    await addAssets(db, [
      { ...withoutFix, name: 'again.jpg', bytes: '/photos/CRW_0099.jpg' },
      { ...withoutFix, name: 'again too.jpg', bytes: '/photos/CRW_0050.jpg' },
    ]);
    expect((await stateOf(db, first)).time?.local).toBe('2012');
    expect((await stateOf(db, second)).time?.local).toBe('2014-07-09T12:00:00');
  });

  test('a photo whose clock is only told by a sidecar that came later is corrected then', async () => {
    const { db, ...rest } = await testDatabase(engine);
    await using _closed = rest;
    const place = { db, rules: rules() };
    const undated: Drawn = { name: 'scan.avi', kind: 'video', camera };
    const [id = ''] = await addAssets(db, [undated, ...withFix]);
    await correctClock(place, owner, shift);
    expect((await stateOf(db, id)).time?.local).toBeNull();
    const thumbnail = {
      name: 'scan.thm',
      modified_at: '2026-01-01T00:00:00.000Z',
      time_tags: { 'EXIF:DateTimeOriginal': '2014:07:09 11:00:00' },
      gps: null,
      keywords: [],
    };
    const again = { ...reading(undated), facts: null, sidecars: [thumbnail] };
    await db
      .transaction()
      .execute((transaction) =>
        keepReadings(transaction, { owner, job_id: 'drawn', rules: rules()() }, [again]),
      );
    expect((await stateOf(db, id)).time?.local).toBe('2014-07-09T12:00:00');
    await undoNewest(place, owner);
    expect((await stateOf(db, id)).time?.local).toBe('2014-07-09T11:00:00');
  });

  test('an import that is being written and a decision do not miss each other', async () => {
    const { db, ...rest } = await testDatabase(engine);
    await using _closed = rest;
    const place = { db, rules: rules() };
    const local = async (name: string) => {
      const shown = db.selectFrom('capture_times').innerJoin('assets', 'assets.id', 'capture_times.asset_id');
      return (await shown.select('local').where('assets.name', '=', name).executeTakeFirst())?.local;
    };
    const during = async (drawn: Drawn, decide: () => Promise<unknown>) => {
      const [kept, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const importing = db.transaction().execute(async (transaction) => {
        const to = { owner, job_id: 'drawn', rules: rules()() };
        await keepReadings(transaction, to, [reading(drawn)]);
        kept.resolve();
        await goOn.promise;
      });
      await kept.promise;
      const deciding = decide();
      await Promise.race([deciding, delay(200)]);
      goOn.resolve();
      await Promise.all([importing, deciding]);
    };
    await addAssets(db, withFix);
    await during(withoutFix, () => correctClock(place, owner, shift));
    expect(await local('CRW_0099.jpg')).toBe('2014-07-09T12:00:00');
    await during({ ...withoutFix, name: 'CRW_0098.jpg' }, () => undoNewest(place, owner));
    expect(await local('CRW_0098.jpg')).toBe('2014-07-09T11:00:00');
    await during({ ...withoutFix, name: 'CRW_0097.jpg' }, () => redoNewest(place, owner));
    expect([await local('CRW_0098.jpg'), await local('CRW_0097.jpg')]).toEqual([
      '2014-07-09T12:00:00',
      '2014-07-09T12:00:00',
    ]);
  });

  test('whether a photo is met before or after its clock was corrected makes no difference, undone and redone', async () => {
    const { db, ...rest } = await testDatabase(engine);
    await using _closed = rest;
    const place = { db, rules: rules() };
    const wishes = fc.array(
      fc.record({
        camera: fc.constant(camera),
        from: fc.constantFrom('2013-01-01', '2014-07-02', '2014-07-09T11:00:00'),
        to: fc.constantFrom('2014-07-03T10:00:00', '2014-07-09T11:00:00', '9999-12-31'),
        shift_seconds: fc.constantFrom(3600, -86_400, 17),
        zone: fc.constantFrom(
          null,
          { clock: '+01:00', taken: 'Europe/Berlin' },
          { clock: 'Asia/Tokyo', taken: '-03:30' },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    );
    const pile = [...withFix, withoutFix, another, film, early];
    await addAssets(db, pile);
    const uncorrected = await timesOf(db);
    await fc.assert(
      fc.asyncProperty(wishes, fc.nat({ max: pile.length }), fc.nat({ max: 3 }), async (all, there, undone) => {
        await empty(db);
        await addAssets(db, pile);
        for (const wish of all) await correctClock(place, owner, wish);
        const expected = await timesOf(db);

        await empty(db);
        await addAssets(db, pile.slice(0, there));
        for (const wish of all) {
          // A correction of nothing is no decision, which photos that come later could belong to.
          fc.pre((await correctClock(place, owner, wish)).decision !== null);
        }
        const some = all.slice(0, undone);
        for (const _ of some) await undoNewest(place, owner);
        await addAssets(db, pile.slice(there));
        for (const _ of some) await redoNewest(place, owner);
        expect(await timesOf(db)).toEqual(expected);
        for (const _ of all) await undoNewest(place, owner);
        expect(await timesOf(db)).toEqual(uncorrected);
        for (const _ of all) await redoNewest(place, owner);
        expect(await timesOf(db)).toEqual(expected);
      }),
      { seed: 3, numRuns: engine === 'sqlite' ? 30 : 8 },
    );
  });
});

const correctClock = (place: Place, by: string, wish: Parameters<typeof clockDecision>[0]) =>
  makeDecision(place, by, ...clockDecision(wish));

function wishOf(correction: ClockCorrection | undefined) {
  if (correction === undefined) throw new Error('Nothing was proposed.');
  const { camera, from, to, shift_seconds, zone } = correction;
  return { camera, from, to, shift_seconds, zone };
}

const shot = (name: string, seconds: number): Drawn => {
  const local = Temporal.PlainDateTime.from('2014-07-01').add({ seconds });
  const tag = local.toString({ smallestUnit: 'second' }).replace('T', ' ').replaceAll('-', ':');
  return { name, tags: { 'EXIF:DateTimeOriginal': tag } };
};

/** A week of two people in Munich, one with a camera whose clock stands so many seconds behind, one with a phone. */
function journey(how: {
  late: number;
  together?: boolean;
  phone_knows_where?: boolean;
  camera?: Drawn['camera'];
}): Drawn[] {
  const drawn = { seed: 11, days: 7, scenes_a_day: 15, interest: 0.6, together: how.together ?? true };
  const { one, other } = twoPhotographers(drawn);
  const knowsWhere = how.phone_knows_where ?? true;
  return [
    ...one.map((seconds, index) => ({
      ...shot(`camera-${index}.jpg`, seconds - how.late),
      camera: how.camera ?? camera,
    })),
    ...other.map((seconds, index) => {
      const drawn = shot(`phone-${index}.jpg`, seconds);
      if (!knowsWhere) return { ...drawn, camera: phone };
      return {
        ...drawn,
        camera: phone,
        gps: munich,
        tags: { ...drawn.tags, 'EXIF:OffsetTimeOriginal': '+02:00' },
      };
    }),
  ];
}

async function empty(db: Kysely<Database>): Promise<void> {
  for (const table of ['decisions', 'assets', 'libraries'] as const) await db.deleteFrom(table).execute();
}

/** All that is told of a time, but for when somebody said so. */
async function timesOf(db: Kysely<Database>) {
  const rows = await db
    .selectFrom('capture_times')
    .innerJoin('assets', 'assets.id', 'capture_times.asset_id')
    .select(['assets.name', 'at', 'local', 'zone', 'zone_source', 'source', 'precision', 'confidence'])
    .select(['because', 'review', 'doubt', 'rules_differ', 'sort_key'])
    .orderBy('assets.name')
    .execute();
  return rows;
}
