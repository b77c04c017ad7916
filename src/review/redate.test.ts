import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { addAssets, owner, rules, stateOf, type Drawn } from '../../test/small-library.ts';
import { makeDecision } from './make-decision.ts';
import { redate } from './redate.ts';

const drawn: Drawn[] = [
  { name: 'a.jpg', tags: { 'EXIF:DateTimeOriginal': '2014:07:02 10:00:00' } },
  { name: 'scan.jpg', tags: { 'EXIF:DateTimeOriginal': '1998:05:05 10:20:30' } },
  { name: 'IMG-20171218-WA0028.jpg' },
  {
    name: 'IMG_20100101_000000.jpg',
    tags: { 'EXIF:DateTimeOriginal': '2014:07:03 10:00:00', 'EXIF:CreateDate': '2014:07:03 10:00:00' },
  },
];
const options = { at_once: 2 };

onEachEngine('redate', (engine) => {
  async function library() {
    const { db, ...rest } = await testDatabase(engine);
    const ids = await addAssets(db, drawn);
    const states = () => Promise.all(ids.map((id) => stateOf(db, id)));
    return { ...rest, db, place: { db, rules: rules() }, ids, states };
  }

  test('a dry run tells what the real one then does; the same again changes nothing', async () => {
    await using it = await library();
    const before = await it.states();
    const wish = { rule: 'trusted' as const, min_year: 1990 };
    const dry = await redate(it.place, owner, { ...wish, dry_run: true }, options);
    expect(await it.states()).toEqual(before);
    expect(dry).toMatchObject({
      assets: 4,
      changed: 2,
      changed_times: 2,
      rules: { rule: 'trusted', min_year: 1990 },
    });
    expect(dry.examples).toMatchObject([
      { name: 'scan.jpg', before: null, after: '1998-05-05T10:20:30', from: 'none', to: 'medium' },
      { before: '2010-01-01T00:00:00', after: '2014-07-03T10:00:00' },
    ]);
    const real = await redate(it.place, owner, { ...wish, dry_run: false }, options);
    expect({ ...real, dry_run: true, seconds: 0 }).toEqual({ ...dry, seconds: 0 });
    expect(await redate(it.place, owner, { dry_run: false }, options)).toMatchObject({ changed: 0 });
  });

  test('rules that were given stay in force for what is imported and decided later', async () => {
    await using it = await library();
    await redate(it.place, owner, { zone: 'Asia/Tokyo', dry_run: false }, options);
    const [later = ''] = await addAssets(it.db, [
      { name: 'later.jpg', tags: { 'EXIF:DateTimeOriginal': '2014:07:02 10:00:00' } },
    ]);
    expect((await stateOf(it.db, later)).time?.zone).toBe('Asia/Tokyo');
    await redate(it.place, owner, { zone: 'Europe/Berlin', dry_run: false }, options);
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
      const report = await redate(it.place, owner, { ...wish, dry_run: false }, options);
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
});
