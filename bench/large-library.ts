/**
 * How quickly the web process answers `/api/progress/:id` while something large is done to a library: other rules
 * tried, every asset accepted, a piece of evidence chosen for all, each taken back. Beside it the same question to the
 * idle server in the same run. Aim: p99 ≤ 25 ms.
 *
 *   node bench/large-library.ts [--assets 100000]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Job } from '#contract/jobs.ts';
import { openDatabase } from '#db/database.ts';
import { post, progressOf, untilOver } from '../test/requests.ts';
import { machineLine, quantile } from './photos.ts';
import { decideLibrary, drawLibrary } from './redate-library.ts';

const { values } = parseArgs({ options: { assets: { type: 'string', default: '100000' } } });
const assets = Number(values.assets);
const port = 20_000 + Math.floor(Math.random() * 20_000);
const url = `http://127.0.0.1:${port}`;
let job: string | undefined;
const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
{
  await using opened = await openDatabase({ sqlite: path.join(folder, 'daybook.db') });
  await drawLibrary(opened.db, 'home', assets);
  const now = Temporal.Now.instant();
  const rules = { rule: 'earliest', min_year: 2000, home_zone: 'Europe/Berlin', now } as const;
  await decideLibrary(opened.db, 'home', rules);
}
const server = spawn(process.execPath, [path.join(import.meta.dirname, '../bin/daybook.js'), 'serve'], {
  env: {
    ...process.env,
    DAYBOOK_DATA: folder,
    DAYBOOK_PORT: String(port),
    DAYBOOK_TIMEZONE: 'Europe/Berlin',
  },
  stdio: 'ignore',
});
try {
  while (!(await fetch(`${url}/api/health`).catch(() => undefined))?.ok) await sleep(100);
  tell(machineLine());
  tell(`library  ${assets.toLocaleString('en')} assets on SQLite`);
  await during('other rules tried', async () => {
    const wish = { zone: 'America/New_York', dry_run: true };
    const { id } = await post<Job>(`${url}/api/redate`, wish);
    await untilOver(url, id, 3_600_000);
  });
  await during('idle', () => sleep(3000));
  await during('all accepted', () => decide({ kind: 'accept' }));
  await during('… taken back', () => post(`${url}/api/decisions/undo`, {}));
  await during('a piece chosen', () => decide({ kind: 'choose', source: 'EXIF:DateTimeOriginal' }));
  await during('… taken back', () => post(`${url}/api/decisions/undo`, {}));
  await during('a tag for all', () => decide({ kind: 'tag', add: ['all of it'] }));
  await during('… taken back', () => post(`${url}/api/decisions/undo`, {}));
  tell(`command  node bench/large-library.ts --assets ${assets}`);
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  await rm(folder, { recursive: true, force: true });
}

async function decide(decision: object): Promise<unknown> {
  return post(`${url}/api/decisions`, { filter: {}, decision });
}

async function during(what: string, run: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  let over = false;
  const running = run().finally(() => (over = true));
  const milliseconds: number[] = [];
  do {
    // Any job will do, also one that is over.
    job ??= await newestJob();
    if (job !== undefined) {
      const asked = performance.now();
      await progressOf(url, job);
      milliseconds.push(performance.now() - asked);
    }
    await sleep(5);
  } while (!over);
  await running;
  const seconds = (performance.now() - start) / 1000;
  const [p50, p99] = [quantile(milliseconds, 0.5), quantile(milliseconds, 0.99)];
  tell(
    `${what.padEnd(18)}${seconds.toFixed(1).padStart(6)} s; progress p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${Math.max(...milliseconds).toFixed(0)} ms of ${milliseconds.length} answers`,
  );
}

async function newestJob(): Promise<string | undefined> {
  const answer = await fetch(`${url}/api/jobs?limit=1`);
  const { items } = (await answer.json()) as { items: { id: string }[] };
  return items[0]?.id;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
