/**
 * How long a search of the library takes, beside the floor of the same run: the search's own pass over the words,
 * nothing joined, sorted or counted.
 *
 *   node bench/search.ts [assets, 100000]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { openDatabase } from '#db/database.ts';
import { browseAssets, countDays } from '#library/browse.ts';
import { machineLine, quantile } from './photos.ts';
import { drawLibrary } from './redate-library.ts';

const assets = Number(process.argv[2] ?? '100000');
const owner = 'home';
const rounds = 15;

const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
try {
  await using opened = await openDatabase({ sqlite: path.join(folder, 'daybook.db') });
  const { db } = opened;
  await drawLibrary(db, owner, assets);
  await sql`
    insert into capture_times (asset_id, owner, confidence, because, sort_key, rules_differ)
    select id, owner, 'low', '', date('2012-01-01', '+' || (rowid / 40) || ' days') || 'T10:00:00', 0 from assets
  `.execute(db);
  const lines = [
    machineLine(),
    `library  ${assets.toLocaleString('en')} assets on SQLite, ${rounds} rounds`,
    await line('floor', () =>
      sql`select count(*) from asset_words where words like '%trip 42%'`.execute(db).then(({ rows }) => rows),
    ),
  ];
  lines.push(await line('no text, day counts', () => countDays(db, owner, {})));
  for (const text of ['trip 42', 'canon camera', '20140702', 'übung', 'e']) {
    lines.push(
      await line(`“${text}”, first tiles`, () =>
        browseAssets(db, owner, { text }, { order: 'taken', limit: 100 }),
      ),
      await line(`“${text}”, day counts`, () => countDays(db, owner, { text })),
    );
  }
  process.stdout.write([...lines, `command  node bench/search.ts ${assets}`, ''].join('\n'));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function line(what: string, run: () => Promise<unknown>): Promise<string> {
  const milliseconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await run();
    milliseconds.push(performance.now() - start);
  }
  const [p50, p95] = [quantile(milliseconds, 0.5), quantile(milliseconds, 0.95)];
  return `${what.padEnd(28)} p50 ${p50.toFixed(0).padStart(4)} ms, p95 ${p95.toFixed(0).padStart(4)} ms`;
}
