/**
 * Milliseconds per asset that deciding costs in a library of many: everything that is kept of it, its evidence, and
 * what other assets tell. Keeps readings as an import does, in groups of ten, and then decides all of them again.
 *
 *   node bench/decide.ts [assets, 20000]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Rules } from '#capture-time/clues.ts';
import { openDatabase } from '#db/database.ts';
import { decideAssets } from '#library/decide-asset.ts';
import { keepReadings, type Reading } from '#library/keep-asset.ts';

const count = Number(process.argv[2] ?? '20000');
const rules: Rules = {
  rule: 'earliest',
  min_year: 2000,
  home_zone: 'America/New_York',
  now: Temporal.Instant.from('2026-05-01T10:00:00Z'),
};
const start = Temporal.PlainDateTime.from('2015-01-01T00:00:00');

/** Ten cameras, one photo in ten without a date, one in fifty with its zone, one folder for 500. */
function reading(number: number): Reading {
  const camera = number % 10;
  const taken = start.add({ minutes: number * 3 }).toString({ smallestUnit: 'second' });
  const original = taken.replaceAll('-', ':').replace('T', ' ');
  const dated = number % 10 !== 7 || camera !== 7;
  const name = `IMG_${String(number % 10_000).padStart(4, '0')}.JPG`;
  const folder = `/photos/${Math.floor(number / 500)}`;
  return {
    sha256: number.toString(16).padStart(64, '0'),
    size_bytes: 1000,
    meeting: {
      path: `${folder}/${name}`,
      upload_id: null,
      name,
      folder,
      modified_at: '2020-01-01T00:00:00.000Z',
    },
    sidecars: [],
    facts: {
      mime_type: 'image/jpeg',
      extension: 'jpg',
      kind: 'photo',
      width: 64,
      height: 48,
      duration_seconds: null,
      dhash: null,
      camera: { make: 'Drawn', model: `Camera ${camera}`, serial: null, lens: null },
      gps: null,
      keywords: [],
      time_tags: {
        ...(dated && { 'EXIF:DateTimeOriginal': original, 'EXIF:CreateDate': original }),
        ...(number % 50 === 3 && { 'EXIF:OffsetTimeOriginal': '+01:00' }),
      },
      thumbnail: null,
      warnings: [],
    },
  };
}

const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
try {
  await using opened = await openDatabase({ sqlite: path.join(folder, 'bench.db') });
  const { db } = opened;
  const to = { owner: 'local', job_id: 'bench', rules };
  const kept = performance.now();
  const ids: string[] = [];
  for (let first = 0; first < count; first += 10) {
    await db.transaction().execute(async (changes) => {
      const length = Math.min(10, count - first);
      const readings = Array.from({ length }, (_, number) => reading(first + number));
      ids.push(...(await keepReadings(changes, to, readings)).map(({ asset_id }) => asset_id));
    });
  }
  const keptMs = performance.now() - kept;
  const again = performance.now();
  for (let first = 0; first < count; first += 1000) {
    await db.transaction().execute(async (changes) => {
      await decideAssets(changes, 'local', ids.slice(first, first + 1000), rules);
    });
  }
  const againMs = performance.now() - again;
  process.stdout.write(
    [
      `assets   ${count}`,
      `kept     ${(keptMs / count).toFixed(2)} ms each: rows, evidence, commit, others that waited for it`,
      `decided  ${(againMs / count).toFixed(2)} ms each, all again, 1,000 at a time`,
      'command  node bench/decide.ts',
      '',
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
