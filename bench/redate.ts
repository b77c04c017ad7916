/**
 * Deciding again for a library, as the job the product runs, beside the floor of the same run: the same rows read and
 * written in one thread, nothing decided. `--dry-run` of the product is told too. Seconds of a processor are those of
 * all threads.
 *
 *   npm run bench:redate [-- --assets 100000] [--threads 2]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '#db/database.ts';
import type { RedateWish } from '#review/redate.ts';
import { openRedating } from '../test/redating.ts';
import { machineLine } from './photos.ts';
import { decideLibrary, drawLibrary } from './redate-library.ts';
import { copyJudged } from './redate-floor.ts';

const { values } = parseArgs({
  options: {
    assets: { type: 'string', default: '100000' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const assets = Number(values.assets);
const threads = Number(values.threads);
const owner = 'home';
/** Assets of one transaction of the floor. */
const atOnce = 1000;

const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
try {
  const address = { sqlite: path.join(folder, 'daybook.db') };
  await using opened = await openDatabase(address);
  const { db } = opened;
  const now = Temporal.Now.instant();
  const rules = () => ({ rule: 'earliest' as const, min_year: 2000, home_zone: 'Europe/Berlin', now });
  await drawLibrary(db, owner, assets);
  await decideLibrary(db, owner, rules());
  await using redating = await openRedating({ ...opened, address }, owner, rules, { threads });
  const redate = (wish: RedateWish) => measured(() => redating.run(wish));
  const floor = await measured(() => copyJudged(db, owner, atOnce));
  const zone = await redate({ zone: 'America/New_York', dry_run: false });
  const same = await redate({ dry_run: false });
  const dry = await redate({ rule: 'trusted', dry_run: true });
  const line = (name: string, { wall, processor }: Measured<unknown>, what: string) =>
    `${name.padEnd(8)} ${wall.toFixed(1).padStart(6)} s, ${processor.toFixed(1).padStart(6)} s of a processor   ${what}`;
  process.stdout.write(
    [
      machineLine(),
      `library  ${assets.toLocaleString('en')} assets, ${threads} threads, SQLite; load ${loadavg()[0]?.toFixed(1)}`,
      line('floor', floor, 'the same rows read and written, nothing decided'),
      line('zone', zone, `another home: ${zone.value.changed.toLocaleString('en')} changed`),
      line('same', same, `the same rules: ${same.value.changed.toLocaleString('en')} changed`),
      line('dry run', dry, `the other rule: ${dry.value.changed.toLocaleString('en')} would change`),
      `ratio    ${(zone.processor / floor.processor).toFixed(1)} (zone to floor, seconds of a processor); ${(zone.wall / floor.wall).toFixed(1)} on the wall`,
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
