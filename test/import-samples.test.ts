/** The whole product on a collection of real files, where it lies beside the repository; says so where it does not. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/database.ts';
import type { ImportReport } from '#command-line/import.ts';
import { daybook } from './running-app.ts';
import { temporaryFolder } from './temporary-folder.ts';

const samples = path.join(import.meta.dirname, '../../shared/media');
const manifestFile = path.join(samples, 'MANIFEST.json');

type Sample = { path: string; sha256: string; size: number; expected: { exifDateTimeOriginal: string | null } };

test.skipIf(!existsSync(manifestFile))(
  'real samples (in ../shared/media): one outcome each, right hashes, right dates',
  async () => {
    const { files } = JSON.parse(readFileSync(manifestFile, 'utf8')) as { files: Sample[] };
    await using data = await temporaryFolder();
    const { stdout } = await daybook(['import', samples, '--json'], { DAYBOOK_DATA: data.path });
    const report = JSON.parse(stdout) as ImportReport;
    expect(report.status).toBe('completed_with_errors');
    expect(report.done + report.skipped + report.failed).toBe(report.total);
    expect(report.total).toBe(files.length + 1); // and the manifest itself

    await using opened = await openDatabase({ sqlite: path.join(data.path, 'daybook.db') });
    const rows = await opened.db
      .selectFrom('locations')
      .innerJoin('assets', 'assets.id', 'locations.asset_id')
      .select(['locations.path', 'assets.sha256', 'assets.id'])
      .execute();
    const assets = new Map(rows.map((row) => [row.path, row]));
    const evidence = await opened.db
      .selectFrom('evidence')
      .select(['asset_id', 'raw'])
      .where('source', '=', 'EXIF:DateTimeOriginal')
      .execute();
    const original = new Map(evidence.map((piece) => [piece.asset_id, piece.raw]));
    for (const sample of files) {
      const asset = assets.get(path.join(samples, sample.path));
      const bytes = readFileSync(path.join(samples, sample.path));
      expect(createHash('sha256').update(bytes).digest('hex'), sample.path).toBe(sample.sha256);
      if (asset === undefined) continue;
      expect(asset.sha256, sample.path).toBe(sample.sha256);
      const taken = sample.expected.exifDateTimeOriginal ?? '';
      if (/^20\d\d:[01]\d:[0-3]\d /.test(taken)) expect(original.get(asset.id), sample.path).toBe(taken);
    }
  },
);
