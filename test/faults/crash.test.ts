/** A short run of the crash harness; `npm run crash -- --kills 500` is the long one. */
import { describe, expect, test } from 'vitest';
import { crash, crashInWords, type CrashPlan } from './crash.ts';

const postgres = process.env['DAYBOOK_TEST_POSTGRES_URL'] ?? null;
const short: CrashPlan = {
  kills: 6,
  items: 1200,
  photos: 40,
  uploads: 5,
  seed: 2,
  postgres: null,
  say: () => {},
};

describe('kill -9 at any moment loses nothing and does nothing twice', () => {
  test('on SQLite', async () => {
    const report = await crash(short);
    expect(report.problems, crashInWords(report)).toEqual([]);
  });

  test.skipIf(postgres === null)(
    'on PostgreSQL, with three workers more (DAYBOOK_TEST_POSTGRES_URL)',
    async () => {
      const report = await crash({ ...short, postgres });
      expect(report.problems, crashInWords(report)).toEqual([]);
    },
  );
});
