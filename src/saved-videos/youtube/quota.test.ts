import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../../test/databases.ts';
import { nextPacificMidnight, pacificDay } from '#saved-videos/asking/pacific-day.ts';
import { quotaExhausted, quotaOf, takeUnits } from './quota.ts';

test.each([
  ['2026-05-01T06:59:59.999Z', '2026-04-30', '2026-05-01T07:00:00.000Z'],
  ['2026-05-01T07:00:00.000Z', '2026-05-01', '2026-05-02T07:00:00.000Z'],
  ['2026-01-15T12:00:00.000Z', '2026-01-15', '2026-01-16T08:00:00.000Z'],
  // The night on which the clocks go forward has 23 hours, that on which they go back 25.
  ['2026-03-08T09:00:00.000Z', '2026-03-08', '2026-03-09T07:00:00.000Z'],
  ['2026-11-01T08:00:00.000Z', '2026-11-01', '2026-11-02T08:00:00.000Z'],
])('at %s the day of the quota is %s, until %s', (at, day, next) => {
  expect(pacificDay(new Date(at))).toBe(day);
  expect(nextPacificMidnight(new Date(at)).toISOString()).toBe(next);
});

const at = (hour: number) => new Date(Date.UTC(2026, 4, 1, hour));

/** Somebody whom nobody resumed since. */
const by = (hour: number) => ({ now: at(hour), since: at(0) });

onEachEngine('the quota', (engine) => {
  const settings = { key_set: true, limit_units: 100 };

  test('adds up what is used in a day, and begins anew at midnight in California', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    await Promise.all([1, 2, 50].map((units) => takeUnits(db, settings, units, by(20))));
    expect(await quotaOf(db, settings, at(21))).toEqual({
      ...settings,
      day: '2026-05-01',
      used_units: 53,
      left_units: 47,
      exhausted: false,
      resets_at: '2026-05-02T07:00:00.000Z',
    });
    expect(await takeUnits(db, settings, 47, by(22))).toBe(true);
    expect(await quotaOf(db, settings, at(22))).toMatchObject({ used_units: 100, left_units: 0 });
    expect(await quotaOf(db, settings, at(24 + 7))).toMatchObject({
      day: '2026-05-02',
      used_units: 0,
      left_units: 100,
    });
  });

  test('of many who ask at once no more get a unit than there are, and the limit is never passed', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const few = { ...settings, limit_units: 5 };
    const taken = await Promise.all(Array.from({ length: 40 }, () => takeUnits(db, few, 1, by(20))));
    expect(taken.filter(Boolean)).toHaveLength(5);
    expect(await quotaOf(db, few, at(20))).toMatchObject({ used_units: 5, left_units: 0 });
    expect(await takeUnits(db, { ...settings, limit_units: 0 }, 1, by(24 + 7))).toBe(false);
    // A limit that was raised meanwhile holds at once.
    expect(await takeUnits(db, settings, 1, by(20))).toBe(true);
  });

  test('nothing is left once YouTube says that it is spent, whatever was counted here', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    await takeUnits(db, settings, 3, by(19));
    await quotaExhausted(db, at(20));
    expect(await quotaOf(db, settings, at(20))).toMatchObject({
      used_units: 3,
      left_units: 0,
      exhausted: true,
    });
    expect(await takeUnits(db, settings, 3, by(20))).toBe(false);
    await quotaExhausted(db, at(21));
    expect(await quotaOf(db, settings, at(21))).toMatchObject({
      used_units: 3,
      left_units: 0,
      exhausted: true,
    });
    expect(await quotaOf(db, settings, at(24 + 7))).toMatchObject({ left_units: 100, exhausted: false });
  });

  test('whoever was resumed after YouTube said so asks again: the key may be another one', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    await quotaExhausted(db, at(20));
    expect(await takeUnits(db, settings, 1, { now: at(22), since: at(20) })).toBe(false);
    expect(await takeUnits(db, settings, 1, { now: at(22), since: at(21) })).toBe(true);
    expect(await quotaOf(db, settings, at(22))).toMatchObject({ exhausted: false, left_units: 99 });
  });
});
