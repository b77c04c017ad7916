import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { addAssets, owner, rules, stateOf, type Drawn } from '../../test/small-library.ts';
import { clockCorrections, correctClock } from './clocks.ts';
import { makeDecision } from './make-decision.ts';
import { undoNewest } from './undo-decision.ts';

const camera = { make: 'Canon', model: 'Canon PowerShot G2', serial: '7' };
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

onEachEngine('clock corrections', (engine) => {
  async function library() {
    const { db, ...rest } = await testDatabase(engine);
    const ids = await addAssets(db, [...withFix, withoutFix, another]);
    const locals = async () =>
      Promise.all(ids.map(async (id) => (await stateOf(db, id)).time?.local?.slice(8)));
    return { ...rest, db, ids, locals, place: { db, rules: rules() } };
  }

  test('one correction is proposed for the camera, with before and after; applied it moves all its shots; undone it does not', async () => {
    await using it = await library();
    const before = await it.locals();
    const [correction, ...more] = await clockCorrections(it.db, owner);
    expect(more).toEqual([]);
    expect(correction).toMatchObject({
      camera,
      shift_seconds: 3600,
      witnesses: 4,
      assets: 5,
      sentence: '5 from Canon PowerShot G2: its clock was 1 h behind the GPS, 1 July 2014 – 4 July 2014',
    });
    expect(correction?.samples[0]).toMatchObject({
      before: '2014-07-01T11:00:00',
      after: '2014-07-01T12:00:00',
    });
    if (correction === undefined) return;
    const report = await correctClock(it.place, owner, correction);
    expect(report).toMatchObject({ matched: 5, changed: 5 });
    expect(report.decision?.sentence).toBe('Corrected the clock of Canon PowerShot G2 by +1 h');
    expect(await it.locals()).toEqual([
      '01T12:00:00',
      '02T12:00:00',
      '03T12:00:00',
      '04T12:00:00',
      '09T12:00:00',
      '09T11:00:00',
    ]);
    expect(await clockCorrections(it.db, owner)).toEqual([]);
    await undoNewest(it.place, owner);
    expect(await it.locals()).toEqual(before);
    expect(await clockCorrections(it.db, owner)).toEqual([correction]);
  });

  test('what a person said of one shot itself goes before what is said of its camera', async () => {
    await using it = await library();
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
});
