/** Rows in bulk: the same rows stand in the table, however many they are and whatever they have in common. */
import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { insertRows } from './json-rows.ts';

onEachEngine('rows in bulk', (engine) => {
  test.each([1, 99, 100, 101, 2500])('%i are written as they were given', async (count) => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const columns = { day: 'text', units: 'integer', exhausted_at: 'text' } as const;
    const nth = Array.from({ length: count }, (_, at) => at);
    const written = {
      in_common: nth.map((at) => ({ day: `a ${at}`, units: 7, exhausted_at: null })),
      of_their_own: nth.map((at) => ({ day: `b ${at}`, units: at, exhausted_at: at === 50 ? 'now' : null })),
      but_the_last: nth.map((at) => ({ day: `c ${at}`, units: at === count - 1 ? 8 : 7, exhausted_at: 'now' })),
    };
    for (const rows of Object.values(written)) await insertRows(db, 'quota_use', columns, rows);
    const standing = await db.selectFrom('quota_use').selectAll().execute();
    const byDay = new Map(standing.map((row) => [row.day, row]));
    const given = Object.values(written).flat();
    expect(given.map(({ day }) => byDay.get(day))).toEqual(given);
    expect(standing).toHaveLength(given.length);
  });
});
