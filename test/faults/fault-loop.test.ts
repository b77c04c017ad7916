/** A sample of the positions; `npm run faults` tries every one. */
import { describe, expect, test } from 'vitest';
import { fileFaults, postgresFaults, sqliteFaults } from './breaker.ts';
import { faultLoop, faultsInWords, type LoopPlan } from './fault-loop.ts';

const postgres = process.env['DAYBOOK_TEST_POSTGRES_URL'] ?? null;
const sample: Omit<LoopPlan, 'from' | 'faults'> = { every: 1, first: 1, postgres: null, say: () => {} };

describe.each(['paths', 'uploads'] as const)('an import of %s in which one call fails', (from) => {
  test('of the file system', async () => {
    const report = await faultLoop({ ...sample, from, faults: fileFaults, every: 11, first: 3 });
    expect(report.problems, faultsInWords(report)).toEqual([]);
  });

  test('of SQLite', async () => {
    const report = await faultLoop({ ...sample, from, faults: sqliteFaults, every: 41, first: 7 });
    expect(report.problems, faultsInWords(report)).toEqual([]);
  });

  test.skipIf(postgres === null)('of PostgreSQL, the connection lost (DAYBOOK_TEST_POSTGRES_URL)', async () => {
    const plan = { ...sample, from, faults: postgresFaults, every: 61, first: 5, postgres };
    const report = await faultLoop(plan);
    expect(report.problems, faultsInWords(report)).toEqual([]);
  });
});
