/** A short run of the crash harness for exports; `npm run crash:export -- --kills 50` is the long one. */
import { describe, expect, test } from 'vitest';
import { exportCrash, exportCrashInWords, type ExportCrashPlan } from './export-crash.ts';

const postgres = process.env['DAYBOOK_TEST_POSTGRES_URL'] ?? null;
const short: ExportCrashPlan = { kills: 4, files: 20, seed: 3, postgres: null, say: () => {} };

describe('kill -9 at any moment of an export leaves the tree of a run that nothing disturbed', () => {
  test('on SQLite', async () => {
    const report = await exportCrash(short);
    expect(report.problems, exportCrashInWords(report)).toEqual([]);
  });

  test.skipIf(postgres === null)(
    'on PostgreSQL, with two workers more (DAYBOOK_TEST_POSTGRES_URL)',
    async () => {
      const report = await exportCrash({ ...short, postgres });
      expect(report.problems, exportCrashInWords(report)).toEqual([]);
    },
  );
});
