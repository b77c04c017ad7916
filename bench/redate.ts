/**
 * Deciding again for a library, beside the floor of the same run: the same rows read and written in the same groups,
 * nothing decided. `--dry-run` of the product is told too.
 *
 *   npm run bench:redate [-- --assets 100000]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '#db/database.ts';
import { redate } from '#review/redate.ts';
import { machineLine } from './photos.ts';
import { drawLibrary } from './redate-library.ts';
import { copyJudged } from './redate-floor.ts';

const { values } = parseArgs({ options: { assets: { type: 'string', default: '100000' } } });
const assets = Number(values.assets);
const owner = 'home';
const atOnce = 1000;

const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
try {
  await using opened = await openDatabase({ sqlite: path.join(folder, 'daybook.db') });
  const { db } = opened;
  await drawLibrary(db, owner, assets);
  const now = Temporal.Now.instant();
  const rules = () => ({ rule: 'earliest' as const, min_year: 2000, home_zone: 'Europe/Berlin', now });
  const wish = { dry_run: false };
  const first = await measured(() => redate({ db, rules }, owner, wish, { at_once: atOnce }));
  const floor = await measured(() => copyJudged(db, owner, atOnce));
  const elsewhere = { ...wish, zone: 'America/New_York' };
  const zone = await measured(() => redate({ db, rules }, owner, elsewhere, { at_once: atOnce }));
  const same = await measured(() => redate({ db, rules }, owner, wish, { at_once: atOnce }));
  const trusted = { rule: 'trusted', dry_run: true } as const;
  const dry = await measured(() => redate({ db, rules }, owner, trusted, { at_once: atOnce }));
  const line = (name: string, { wall, processor }: Measured<unknown>, what: string) =>
    `${name.padEnd(8)} ${wall.toFixed(1).padStart(6)} s, ${processor.toFixed(1).padStart(6)} s of a processor   ${what}`;
  process.stdout.write(
    [
      machineLine(),
      `library  ${assets.toLocaleString('en')} assets, groups of ${atOnce}, SQLite; load ${loadavg()[0]?.toFixed(1)}`,
      line('floor', floor, 'the same rows read and written, nothing decided'),
      line('first', first, 'every asset decided and written'),
      line('zone', zone, `another home: ${zone.value.changed.toLocaleString('en')} changed`),
      line('same', same, `the same rules: ${same.value.changed.toLocaleString('en')} changed`),
      line('dry run', dry, `the other rule: ${dry.value.changed.toLocaleString('en')} would change`),
      `ratio    ${(zone.processor / floor.processor).toFixed(1)} (zone to floor, seconds of a processor)`,
      `command  npm run bench:redate -- --assets ${assets}`,
      '',
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

type Measured<Value> = { value: Value; wall: number; processor: number };

/** Seconds of a processor, because on a busy machine the wall clock measures the others. */
async function measured<Value>(run: () => Promise<Value>): Promise<Measured<Value>> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const value = await run();
  const { user, system } = process.cpuUsage(used);
  return { value, wall: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}
