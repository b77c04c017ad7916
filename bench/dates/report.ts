/**
 * The dates of the collection of real files beside the repository (../shared/media), against what its manifest says
 * of each. One line per file, then a summary. Ends with 1 when a difference has no explanation.
 *
 *   npm run report:dates
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '#db/database.ts';
import { explanations, heading, printed, readLines, summary, type Expected } from './lines.ts';

const root = path.join(import.meta.dirname, '../..');
const samples = path.join(root, '../shared/media');
const manifest = path.join(samples, 'MANIFEST.json');
if (!existsSync(manifest)) {
  process.stdout.write(`There is no collection of real files in ${samples}: nothing to report.\n`);
  process.exit(0);
}

type Said = {
  path: string;
  expected: {
    exifDateTimeOriginal: string | null;
    createDate: string | null;
    quicktimeCreateDate: string | null;
  };
  also?: { quicktimeCreationDate?: string; xmpDates?: Record<string, string> };
};
const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as { files: Said[] };

const data = await mkdtemp(path.join(tmpdir(), 'daybook-dates-'));
try {
  const env = {
    ...process.env,
    DAYBOOK_DATA: data,
    DAYBOOK_TIMEZONE: 'America/New_York',
    DAYBOOK_LOG: 'error',
  };
  const run = spawnSync(process.execPath, [path.join(root, 'src/main.ts'), 'import', samples, '--json'], {
    env,
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (!existsSync(path.join(data, 'daybook.db'))) throw new Error(`The import did not run: ${run.stderr}`);
  await using opened = await openDatabase({ sqlite: path.join(data, 'daybook.db') });
  const lines = await readLines(
    opened.db,
    samples,
    files.map((file) => ({ path: file.path, expected: expectedOf(file) })),
  );
  process.stdout.write(`${heading}\n${lines.map(printed).join('\n')}\n\n${summary(lines)}\n\n`);
  for (const [key, words] of Object.entries(explanations)) process.stdout.write(`${key}: ${words}\n`);
  process.exitCode = lines.some(({ verdict }) => verdict === 'unexplained') ? 1 : 0;
} finally {
  await rm(data, { recursive: true, force: true });
}

/** The first of: the camera's date, the phone's, the digitised one, those of XMP, the header of the video. */
function expectedOf({ expected, also }: Said): Expected {
  for (const [source, value] of [
    ['exifDateTimeOriginal', expected.exifDateTimeOriginal],
    ['quicktimeCreationDate', also?.quicktimeCreationDate],
    ['createDate', expected.createDate === expected.quicktimeCreateDate ? null : expected.createDate],
    ...(['XMP-exif:DateTimeOriginal', 'XMP-photoshop:DateCreated', 'XMP-xmp:CreateDate'] as const).map(
      (tag) => [tag, also?.xmpDates?.[tag]] as const,
    ),
  ] as const) {
    if (isSaid(value)) return { source, local: asText(value) };
  }
  const header = expected.quicktimeCreateDate;
  return isSaid(header) ? { source: 'quicktimeCreateDate', at: `${asText(header)}Z` } : null;
}

/** Blanks, and zeros for "not set", are no expectation. */
function isSaid(value: string | null | undefined): value is string {
  return typeof value === 'string' && /[1-9]/.test(value) && value.trim() !== '';
}

function asText(value: string): string {
  return value
    .trim()
    .replace(/^(\d{4})[:/-](\d\d)[:/-](\d\d)(?:[ T]|$)/, '$1-$2-$3T')
    .replace(/T$/, '');
}
