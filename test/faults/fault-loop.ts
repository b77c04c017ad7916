/**
 * An import of five files in which one call fails: the first, the second, … until a run passes untouched. Whoever
 * asked does what a person or the page would do (ask again, send again, resume, retry, start Daybook again); then the
 * library must be the same as after a run that nothing disturbed. By hand, every position:
 *
 *     npm run faults -- [--every 1] [--from paths|uploads] [--fault EIO] [--at 17] [--postgres URL]
 */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { emptyPostgres } from '../empty-databases.ts';
import { stampedPhoto } from '../fixtures/stamp.ts';
import { freePort } from '../running-app.ts';
import { databaseAddress, enrichmentOf, onlyOwner, openApp, rulesOf, type App } from '#app.ts';
import { readConfig, type Config } from '#config.ts';
import type { Job } from '#contract/jobs.ts';
import { openDatabase } from '#db/database.ts';
import { buildServer } from '#http/server.ts';
import { jobKinds } from '#jobs/kinds.ts';
import { startWorker } from '#jobs/worker.ts';
import { importJobKind } from '#library/import-kind.ts';
import { openStorage } from '#library/storage.ts';
import { openLog } from '#log.ts';
import { openMediaTools, type MediaTools } from '#media/media-tools.ts';
import { Threads } from '#review/threads.ts';
import { openViews } from '#saved-videos/table/views.ts';
import { breaker, fileFaults, postgresFaults, sqliteFaults, type Fault } from './breaker.ts';
import { client, type Client } from './fault-client.ts';
import { filesBelow, hashOf, unfinishedFiles, unsound } from './soundness.ts';

export type LoopPlan = {
  from: 'paths' | 'uploads';
  faults: readonly Fault[];
  /** Every how many positions one is tried: 1 for all of them. */
  every: number;
  /** The first position tried. */
  first: number;
  postgres: string | null;
  say: (sentence: string) => void;
};

export type LoopReport = {
  /** Positions tried, and how many there are, by fault. */
  tried: Partial<Record<Fault, { positions: number; of: number }>>;
  /** How often the job stopped with a reason, by the way it stopped. */
  stops: Record<string, number>;
  seconds: number;
  problems: string[];
};

type House = LoopPlan & { root: string; source: string; tools: MediaTools; expected: string };
type Life = { app: App; client: Client };

export async function faultLoop(plan: LoopPlan): Promise<LoopReport> {
  const began = performance.now();
  // Thousands of fresh databases: in memory, each commit costs microseconds.
  const root = await mkdtemp(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'daybook-faults-'));
  const tools = await openMediaTools({ processes: 2, max_megapixels: 268, limit_seconds: 60 });
  const report: LoopReport = { tried: {}, stops: {}, seconds: 0, problems: [] };
  try {
    const source = await drawSource(path.join(root, 'source'));
    const house: House = { ...plan, root, source, tools, expected: '' };
    // Undisturbed: a position that no run reaches.
    const undisturbed = await runBroken(house, plan.faults[0] as Fault, Number.MAX_SAFE_INTEGER, report);
    house.expected = undisturbed.library;
    for (const fault of plan.faults) {
      const tried = { positions: 0, of: 0 };
      report.tried[fault] = tried;
      for (let at = plan.first; ; at += plan.every) {
        const run = await runBroken(house, fault, at, report);
        tried.of = Math.max(tried.of, run.calls);
        if (run.broken === undefined) break;
        tried.positions += 1;
        for (const problem of run.problems) {
          const sentence = `${fault} at ${at} (${run.broken}): ${problem}`;
          report.problems.push(sentence);
          plan.say(sentence);
        }
      }
      plan.say(`${plan.from}, ${fault}: ${tried.positions} of ${tried.of} positions`);
    }
  } finally {
    await tools[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  }
  report.seconds = (performance.now() - began) / 1000;
  return report;
}

const xmp = (date: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="${date}"/></rdf:RDF></x:xmpmeta>`;

/** One of the names would be read as an order by the programs that read it; two files hold the same bytes. */
async function drawSource(folder: string): Promise<string> {
  await mkdir(path.join(folder, 'trip'), { recursive: true });
  const tags = { 'EXIF:DateTimeOriginal': '2020:05:05 10:20:30' };
  await stampedPhoto(folder, 'IMG_20200505_102030.jpg', { seed: 1, tags, modified: '2021-01-02T03:04:05Z' });
  await stampedPhoto(folder, 'trip/line\nbreak[1].png', { seed: 2, modified: '2021-01-02T03:04:05Z' });
  await stampedPhoto(folder, 'trip/b.webp', { seed: 3, modified: '2021-01-02T03:04:05Z' });
  await stampedPhoto(folder, 'c.jpg', { seed: 4, modified: '2021-01-02T03:04:05Z' });
  await stampedPhoto(folder, 'c again.jpg', { seed: 4, modified: '2021-01-02T03:04:05Z' });
  // What speaks for two of them; each is an item of its own, that ends as skipped.
  const taken = { photoTakenTime: { timestamp: '1577880000' }, title: 'c.jpg' };
  await writeFile(path.join(folder, 'c.jpg.json'), JSON.stringify(taken));
  await writeFile(path.join(folder, 'trip/b.xmp'), xmp('2019-07-08T09:10:11'));
  return folder;
}

type Run = { broken: string | undefined; calls: number; library: string; problems: string[] };

/** A sidecar that may not be read says nothing, and its photo is kept without it: that is an answer, not a fault. */
function mayCostWords(fault: Fault, broken: string | undefined): boolean {
  return fault === 'EACCES' && broken !== undefined && /\.(?:json|xmp)$|^readdir |\/incoming\//.test(broken);
}

/** How often the same thing is asked for again before the fault is taken for lasting. */
const lives = 4;
const limitMs = 10_000;
/** One fault may stop a job, and what was in hand beside it once more. */
const mostStops = 3;

async function runBroken(house: House, fault: Fault, at: number, report: LoopReport): Promise<Run> {
  const data = await mkdtemp(path.join(house.root, 'data-'));
  const database = house.postgres === null ? null : await emptyPostgres(house.postgres);
  const config = readConfig({
    DAYBOOK_DATA: data,
    DAYBOOK_PORT: String(await freePort()),
    DAYBOOK_WORKERS: '2',
    DAYBOOK_RETRY_DELAY_SECONDS: '0',
    DAYBOOK_TIMEZONE: 'Europe/Berlin',
    DAYBOOK_LOG_LEVEL: 'silent',
    DATABASE_URL: database !== null && 'postgres' in database.address ? database.address.postgres : '',
  });
  const problems: string[] = [];
  breaker.arm(data.replace(/data-.*$/, ''), at, fault);
  try {
    let last: unknown;
    for (let life = 1; life <= lives; life++) {
      try {
        await live(house, config, problems, report);
        last = undefined;
        break;
      } catch (error) {
        last = error;
      }
    }
    if (last !== undefined) problems.push(`Even the next ${lives - 1} starts failed: ${say(last)}`);
    const { broken, calls } = breaker;
    breaker.disarm();
    const library = await libraryIn(config, problems);
    if (house.expected !== '' && library !== house.expected && !mayCostWords(fault, broken)) {
      problems.push(`The library is another: ${firstDifference(house.expected, library)}`);
    }
    return { broken, calls, library, problems };
  } finally {
    breaker.disarm();
    await rm(data, { recursive: true, force: true });
    await database?.[Symbol.asyncDispose]();
  }
}

/** One life of the product: opened, asked for the import, worked until all is done, closed. */
async function live(house: House, config: Config, problems: string[], report: LoopReport): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const app = opened.use(await openApp(config));
  const worker = opened.use(
    await startWorker({
      ledger: app.ledger,
      kinds: jobKinds(
        importJobKind({ db: app.db, storage: app.storage, tools: house.tools, rules: rulesOf(config) }),
      ),
      role: 'test',
      concurrency: 2,
      settle_group: 3,
      item_limit_seconds: 60,
      onFault: () => {},
      onUnresponsive: ({ label }) => problems.push(`${label} cannot be stopped.`),
    }),
  );
  const server = await buildServer(
    {
      owner: onlyOwner,
      db: app.db,
      ledger: app.ledger,
      storage: app.storage,
      rules: rulesOf(config),
      threads: opened.use(new Threads({ database: databaseAddress(config), most: 1 })),
      export_template: config.export_template,
      views: openViews(app.db),
      expand_playlist: null,
      enrichment: enrichmentOf(app),
      dispatcher: { notify: () => worker.wake() },
      health: () => Promise.reject(new Error('Not asked for here.')),
    },
    {
      port: config.port,
      version: 'test',
      page: path.join(house.root, 'no page'),
      max_upload_bytes: 1e9,
      logger: openLog('silent'),
    },
  );
  opened.defer(() => server.close());
  await server.listen({ host: config.host, port: config.port });
  await breaker.outside(() => ask(house, { app, client: client(config.port) }, problems, report));
}

/** What a person does: asks until there is a job, and mends and resumes until it is done. */
async function ask(house: House, { app, client }: Life, problems: string[], report: LoopReport): Promise<void> {
  const files = (await filesBelow(house.source)).sort();
  if ((await client.jobs()).length === 0) {
    if (house.from === 'paths') await client.importPaths([house.source]);
    else await client.importUploads(await uploadAll(client, files));
  }
  const limit = performance.now() + limitMs;
  let stops = 0;
  const toldFor = new Set<string>();
  for (;;) {
    const jobs = await client.jobs();
    if (jobs.length > 0 && jobs.every(({ id, status }) => status === 'completed' || toldFor.has(id))) return;
    if (performance.now() > limit) {
      problems.push(`Not over after ${limitMs} ms: ${jobs.map(inWords).join('; ')}`);
      throw new Error('Not over in time.');
    }
    for (const job of jobs) {
      if (['pending', 'running', 'completed'].includes(job.status) || toldFor.has(job.id)) continue;
      // A folder that may not be listed was told as an item of its own; what is in it is imported by asking anew.
      if (stops > 0 && (await onlyFoldersFailed(app, job.id))) {
        toldFor.add(job.id);
        await client.importPaths([house.source]);
        continue;
      }
      if ((stops += 1) > mostStops) {
        problems.push(`One fault stopped the job again and again: ${inWords(job)}`);
        throw new Error('Stopped again and again.');
      }
      report.stops[job.status] = (report.stops[job.status] ?? 0) + 1;
      if (job.status_reason === null && (job.status === 'paused' || job.status === 'halted')) {
        problems.push(`The job is ${job.status} without a reason.`);
      }
      // What was in hand when the job stopped is settled a moment later.
      problems.push(...(await settledSoundness(app)));
      await (job.status === 'paused' || job.status === 'halted' ? client.resume(job.id) : client.retry(job.id));
    }
    await sleep(3);
  }
}

async function onlyFoldersFailed(app: App, id: string): Promise<boolean> {
  const { items } = await app.ledger.items({ job: { id, owner: onlyOwner }, state: 'failed', limit: 10 });
  const stats = await Promise.all(items.map(({ key }) => stat(key).catch(() => undefined)));
  return stats.length > 0 && stats.every((each) => each?.isDirectory());
}

async function settledSoundness(app: App): Promise<string[]> {
  await using again = await openDatabase(databaseAddress(app.config));
  return await unsound({ ...again, storage: app.storage });
}

async function uploadAll(client: Client, files: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const file of files) {
    const name = path.basename(file).replaceAll(/[\n]/g, ' ');
    ids.push(await client.upload(name, await readFile(file), '2021-01-02T03:04:05.000Z'));
  }
  return ids;
}

function inWords({ status, status_reason, done, skipped, failed, total }: Job): string {
  return `${status} (${status_reason}), ${done} + ${skipped} + ${failed} of ${total}`;
}

/** Everything that the library knows and holds, without ids and instants of this run. Also asks whether it is sound. */
async function libraryIn(config: Config, problems: string[]): Promise<string> {
  await using app = await openApp(config);
  const storage = await openStorage(config.data);
  problems.push(...(await unsound({ ...app, storage })));
  for (const file of await unfinishedFiles(storage)) problems.push(`An unfinished file is left: ${file}`);
  const assets = await app.db
    .selectFrom('assets')
    .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
    .selectAll('capture_times')
    .select(['sha256', 'size_bytes', 'mime_type', 'extension', 'width', 'height', 'dhash', 'has_thumbnail'])
    .select(['camera_make', 'time_tags_json', 'warnings_json'])
    .orderBy('sha256')
    .execute();
  const locations = await app.db
    .selectFrom('locations')
    .innerJoin('assets', 'assets.id', 'locations.asset_id')
    .select(['sha256', 'locations.path', 'locations.name', 'locations.folder', 'locations.modified_at'])
    .orderBy('sha256')
    .orderBy('locations.name')
    .execute();
  const evidence = await app.db
    .selectFrom('evidence')
    .innerJoin('assets', 'assets.id', 'evidence.asset_id')
    .select(['sha256', 'source', 'raw', 'at', 'weight', 'rejected'])
    .orderBy('sha256')
    .orderBy('raw')
    .orderBy('source')
    .execute();
  const files: string[] = [];
  for (const name of ['thumbnails', 'originals']) {
    for (const file of (await filesBelow(path.join(config.data, name))).sort()) {
      files.push(`${path.relative(config.data, file)} ${await hashOf(file)}`);
    }
  }
  // Sidecars among the uploads stay where they arrived.
  const uploads = await app.db.selectFrom('uploads').select('name').orderBy('name').execute();
  const incoming = (await Promise.all((await filesBelow(storage.incoming)).map(hashOf))).sort();
  // How often an asset was decided depends on how many times the import was begun, and says nothing of it.
  const known = assets.map(({ asset_id: _, revision: _revision, ...asset }) => asset);
  return JSON.stringify({ assets: known, locations, evidence, files, uploads, incoming }, null, 1);
}

function firstDifference(expected: string, came: string): string {
  const [wanted, got] = [expected.split('\n'), came.split('\n')];
  const line = wanted.findIndex((text, index) => text !== got[index]);
  return `expected ${wanted[line]?.trim()}, came ${got[line]?.trim()} (line ${line})`;
}

function say(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${say(error.cause)})`;
}

export function faultsInWords({ tried, stops, seconds, problems }: LoopReport): string {
  const positions = Object.values(tried).reduce((sum, { positions }) => sum + positions, 0);
  return [
    `${positions} positions in ${seconds.toFixed(0)} s: ${Object.entries(tried)
      .map(([fault, { positions, of }]) => `${fault} ${positions} of ${of}`)
      .join(', ')}.`,
    `Jobs that stopped on the way: ${JSON.stringify(stops)}.`,
    problems.length === 0 ? 'Everything holds.' : `DOES NOT HOLD (${problems.length}).`,
  ].join('\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      every: { type: 'string', default: '1' },
      at: { type: 'string' },
      from: { type: 'string' },
      fault: { type: 'string' },
      postgres: { type: 'string' },
    },
  });
  const usual = [...fileFaults, ...(values.postgres === undefined ? sqliteFaults : postgresFaults)];
  for (const from of ['paths', 'uploads'] as const) {
    if (values.from !== undefined && values.from !== from) continue;
    const report = await faultLoop({
      from,
      faults: values.fault === undefined ? usual : [values.fault as Fault],
      every: values.at === undefined ? Number(values.every) : Number.MAX_SAFE_INTEGER / 2,
      first: Number(values.at ?? 1),
      postgres: values.postgres ?? null,
      say: (sentence) => console.log(sentence),
    });
    console.log(faultsInWords(report));
    if (report.problems.length > 0) process.exitCode = 1;
  }
}
