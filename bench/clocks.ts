/**
 * Looking for cameras whose clock was wrong in a drawn library: GPS and names of every shot, and each camera against a
 * phone that took a picture in between, beside the floor of the same run: the same rows read once, nothing compared.
 * Also the longest that other requests of the process wait meanwhile.
 *
 *   node bench/clocks.ts [--assets 100000]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openDatabase } from '#db/database.ts';
import { clockCorrections } from '#review/clocks.ts';
import { machineLine } from './photos.ts';
import { decideLibrary, drawLibrary } from './redate-library.ts';

const { values } = parseArgs({ options: { assets: { type: 'string', default: '100000' } } });
const assets = Number(values.assets);
const owner = 'home';

const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
try {
  await using opened = await openDatabase({ sqlite: path.join(folder, 'daybook.db') });
  const { db } = opened;
  const now = Temporal.Now.instant();
  const rules = () => ({ rule: 'earliest' as const, min_year: 2000, home_zone: 'Europe/Berlin', now });
  await drawLibrary(db, owner, assets);
  await decideLibrary(db, owner, rules());

  const before = process.cpuUsage();
  const rows = await db
    .selectFrom('assets')
    .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
    .innerJoin('evidence', 'evidence.asset_id', 'assets.id')
    .select(['assets.id', 'gps_latitude', 'gps_longitude', 'review', 'evidence.source', 'evidence.local'])
    .select(['evidence.at', 'evidence.zone', 'evidence.zone_source', 'evidence.precision', 'rejected'])
    .where('camera_model', 'is not', null)
    .execute();
  const floor = processorSeconds(before);

  const waits = monitorEventLoopDelay({ resolution: 1 });
  waits.enable();
  const began = performance.now();
  const started = process.cpuUsage();
  const found = await clockCorrections({ db, rules }, owner);
  const processor = processorSeconds(started);
  const seconds = (performance.now() - began) / 1000;
  waits.disable();
  process.stdout.write(
    [
      machineLine(),
      `library  ${assets.toLocaleString('en')} assets, SQLite; load ${loadavg()[0]?.toFixed(1)}`,
      `floor    ${floor.toFixed(2)} s of a processor   ${rows.length.toLocaleString('en')} rows read`,
      `clocks   ${processor.toFixed(2)} s of a processor, ${seconds.toFixed(1)} s on the wall   ${found.length} found; others waited at most ${(waits.max / 1e6).toFixed(0)} ms, p99 ${(waits.percentile(99) / 1e6).toFixed(0)} ms`,
      `ratio    ${(processor / floor).toFixed(1)}`,
      `command  node bench/clocks.ts --assets ${assets}`,
      '',
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

function processorSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
