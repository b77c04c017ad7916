/** A sample of the positions; `node test/faults/export-faults.ts` tries every one. */
import { describe, expect, test } from 'vitest';
import { fileFaults, sqliteFaults } from './breaker.ts';
import { exportFaults, exportFaultsInWords, type ExportFaultPlan } from './export-faults.ts';

const sample: Pick<ExportFaultPlan, 'say'> = { say: () => {} };

describe('an export, another one and its undo in which one call fails', () => {
  test('of the file system', async () => {
    const report = await exportFaults({ ...sample, faults: fileFaults, every: 97, first: 11 });
    expect(report.problems, exportFaultsInWords(report)).toEqual([]);
  });

  test('of SQLite', async () => {
    const report = await exportFaults({ ...sample, faults: sqliteFaults, every: 397, first: 31 });
    expect(report.problems, exportFaultsInWords(report)).toEqual([]);
  });
});
