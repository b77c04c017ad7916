/**
 * Kills the running product again and again at random moments and then asks what is true.
 *
 * One job of many items that do nothing but write one row each, one import of photos where they stand and one of
 * uploads, all at once; SIGKILL for the worker, the server, or everything. By hand:
 *
 *     npm run crash -- --kills 500 [--items 20000] [--photos 300] [--uploads 30] [--seed 1] [--postgres URL]
 *
 * On PostgreSQL three `daybook work` run beside the server. Ends with exit code 1 if anything does not hold.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { onlyOwner, openApp, type App } from '#app.ts';
import { readConfig } from '#config.ts';
import { isUnfinished } from '#contract/words.ts';
import { emptyPostgres } from '../empty-databases.ts';
import { drawPhoto } from '../fixtures/draw.ts';
import { manyPhotos } from '../fixtures/stamp.ts';
import { freePort } from '../running-app.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { KilledHouse, victims, type Victim } from './killed-house.ts';
import { stateOf, untilHealthy } from '../processes.ts';
import { randomFrom } from '../random.ts';
import { importPaths, importUploads, upload } from '../requests.ts';
import { changedFiles, fingerprints, unfinishedFiles, unsound } from './soundness.ts';
import { createEffects, readEffects, testKindName, type TestInput } from './test-kind.ts';

export type CrashPlan = {
  kills: number;
  items: number;
  photos: number;
  uploads: number;
  seed: number;
  /** A server on which a database may be created; null: SQLite. */
  postgres: string | null;
  say: (sentence: string) => void;
};

/** `server`: or a `daybook work`; its worker is left without a parent. */
export type CrashReport = {
  kills: Record<Victim, number>;
  /** Jobs of items that do nothing: more than one if the first was over before the last kill. */
  test_jobs: number;
  /** From the kill to the next claim, where nothing was left that could claim. */
  next_claim_ms: number[];
  /** From the registration of the new worker to its claim. */
  registered_to_claim_ms: number[];
  /** Times when, with nobody killing any more, nothing finished for long. */
  stalls: string[];
  unfinished_files: number;
  seconds: number;
  /** What does not hold. Empty is good. */
  problems: string[];
};

export async function crash(plan: CrashPlan): Promise<CrashReport> {
  const began = performance.now();
  await using root = await temporaryFolder();
  const source = path.join(root.path, 'photos');
  await mkdir(source);
  await manyPhotos(source, plan.photos);
  const before = await fingerprints(source);
  await using database = plan.postgres === null ? null : await emptyPostgres(plan.postgres);
  const port = String(await freePort());
  const environment: Record<string, string> = {
    DAYBOOK_DATA: path.join(root.path, 'data'),
    DAYBOOK_PORT: port,
    DAYBOOK_WORKERS: '2',
    DAYBOOK_LOG_LEVEL: 'error',
    DATABASE_URL: database !== null && 'postgres' in database.address ? database.address.postgres : '',
  };
  await using app = await openApp(readConfig({ ...process.env, ...environment }));
  await createEffects(app.db);

  const house = new KilledHouse(environment, plan.postgres === null ? 0 : 3);
  const problems: string[] = [];
  const report: CrashReport = {
    kills: { worker: 0, server: 0, everything: 0 },
    test_jobs: 1,
    next_claim_ms: [],
    registered_to_claim_ms: [],
    stalls: [],
    unfinished_files: 0,
    seconds: 0,
    problems,
  };
  try {
    const url = `http://127.0.0.1:${port}`;
    house.start();
    await untilHealthy(house.server, url, 60_000);
    await startTestJob(app, plan);
    await importPaths(url, [source]);
    if (plan.uploads > 0) await importUploads(url, await uploadSome(url, plan.uploads));
    await killOften(app, house, plan, report);
    const left = await untilAllFinished(app, 120_000 + plan.items * 50, report);
    if (left.length > 0) problems.push(`Not finished in time: ${left.join('; ')}.`);
    await untilHealthy(house.server, url, 60_000).catch((error: unknown) => problems.push(String(error)));
  } finally {
    problems.push(...(await house.stop()));
  }
  problems.push(...(await unsound(app)), ...(await incomplete(app, plan)));
  problems.push(...(await changedFiles(source, before)));
  report.unfinished_files = (await unfinishedFiles(app.storage)).length;
  report.seconds = (performance.now() - began) / 1000;
  return report;
}

/** About as long as it takes to kill that often, whatever the number of items. */
async function startTestJob(app: App, { kills, items }: CrashPlan): Promise<void> {
  const input: TestInput = { each_ms: Math.min(100, Math.ceil((kills * 2000) / items)) };
  const id = crypto.randomUUID().slice(0, 8);
  await app.ledger.create({
    owner: onlyOwner,
    kind: testKindName,
    label: `${items} items of nothing`,
    input,
    items: Array.from({ length: items }, (_, n) => ({ key: `${id} ${n + 1}`, label: `item ${n + 1}` })),
  });
}

async function uploadSome(url: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const photo = await drawPhoto({ seed: 10_000 + n, width: 64, height: 48, format: 'jpeg' });
    ids.push(await upload(url, `upload ${n}.jpg`, photo));
  }
  return ids;
}

const claimsAgainWithinMs = 60_000;

async function killOften(app: App, house: KilledHouse, plan: CrashPlan, report: CrashReport): Promise<void> {
  const random = randomFrom(plan.seed);
  for (let number = 1; number <= plan.kills; number++) {
    if ((await unfinishedJobs(app, testKindName)).length === 0) {
      report.test_jobs += 1;
      await startTestJob(app, plan);
    }
    // Three of four at any moment of work, one of four at any moment of the start after the last kill.
    await sleep(random() * 1500);
    const victim = victims[Math.floor(random() * victims.length)] as Victim;
    const at = new Date();
    await house.kill(victim, random);
    report.kills[victim] += 1;
    const nobodyLeft = victim === 'everything' || (victim === 'worker' && plan.postgres === null);
    if (random() < 0.25 && number < plan.kills) {
      await sleep(random() * 1500);
    } else {
      const claimed = await nextClaim(app, house, at, report);
      if (claimed === undefined) report.problems.push(`Nothing was claimed after kill ${number} (${victim}).`);
      else if (nobodyLeft) {
        report.next_claim_ms.push(claimed.after_ms);
        if (claimed.registered_ms !== undefined) report.registered_to_claim_ms.push(claimed.registered_ms);
      }
    }
    if (number % 25 === 0) plan.say(`${number} kills; ${await standing(app)}`);
  }
}

/** Waits for the first claim after this moment. */
async function nextClaim(app: App, house: KilledHouse, after: Date, report: CrashReport) {
  const began = performance.now();
  let told = false;
  while (performance.now() - began < claimsAgainWithinMs) {
    const row = await app.db
      .selectFrom('jobs')
      .select('claimed_at')
      .where('claimed_at', '>', after.toISOString())
      .orderBy('claimed_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row?.claimed_at) {
      const claimed = Date.parse(row.claimed_at);
      const worker = await app.db
        .selectFrom('workers')
        .select('started_at')
        .where('started_at', '>', after.toISOString())
        .orderBy('started_at')
        .limit(1)
        .executeTakeFirst();
      const registered_ms = worker && claimed - Date.parse(worker.started_at);
      return { after_ms: claimed - after.getTime(), registered_ms };
    }
    if ((await unfinishedJobs(app)).length === 0) return { after_ms: 0, registered_ms: undefined };
    house.startMissing();
    if (performance.now() - began > stalledAfterMs && !told) {
      told = true;
      report.stalls.push(`${await standing(app)}; ${await holders(app)}`);
    }
    await sleep(10);
  }
  return undefined;
}

async function unfinishedJobs(app: App, kind?: string) {
  const { items } = await app.ledger.list({ owner: onlyOwner, limit: 100, kind });
  return items.filter(({ status }) => isUnfinished(status));
}

async function standing(app: App): Promise<string> {
  const { items } = await app.ledger.list({ owner: onlyOwner, limit: 100 });
  return items
    .map((job) => `${job.label}: ${job.done + job.skipped + job.failed}/${job.total} ${job.status}`)
    .join(', ');
}

/** With nobody killing any more, something finishes all the time. */
const stalledAfterMs = 5000;

/** Who has items in hand, and whether that process is there. */
async function holders(app: App): Promise<string> {
  const rows = await app.db
    .selectFrom('job_items')
    .leftJoin('workers', 'workers.id', 'job_items.lease_owner')
    .select(({ fn }) => ['lease_owner', 'pid', 'started_at', 'beat_at', fn.countAll<number>().as('items')])
    .where('state', '=', 'working')
    .groupBy(['lease_owner', 'pid', 'started_at', 'beat_at'])
    .execute();
  const held = rows.map(
    (row) =>
      `${row.items} items with process ${row.pid} (${stateOf(row.pid)}), registered ${row.started_at}, beat ${row.beat_at}`,
  );
  return held.join(', ') || 'nothing in hand';
}

/** Returns where the jobs stand that are not finished in time. */
async function untilAllFinished(app: App, limitMs: number, report: CrashReport): Promise<string[]> {
  const limit = performance.now() + limitMs;
  let stood = '';
  let since = performance.now();
  while (performance.now() < limit) {
    const jobs = await unfinishedJobs(app);
    if (jobs.length === 0) return [];
    if (jobs.every(({ status }) => status === 'paused' || status === 'halted')) break;
    const stands = await standing(app);
    if (stands !== stood) {
      stood = stands;
      since = performance.now();
    } else if (performance.now() - since > stalledAfterMs) {
      report.stalls.push(`${stands}; ${await holders(app)}`);
      since = Infinity;
    }
    await sleep(100);
  }
  return (await unfinishedJobs(app)).map(
    ({ label, status, status_reason, done, total }) => `${label} ${status} ${status_reason} ${done}/${total}`,
  );
}

/** Kills come from outside: no item is at fault, so each must be done, and be there. */
async function incomplete(app: App, plan: CrashPlan): Promise<string[]> {
  const problems: string[] = [];
  const { items: jobs } = await app.ledger.list({ owner: onlyOwner, limit: 100 });
  for (const job of jobs) {
    if (job.done !== job.total) {
      problems.push(
        `${job.label}: ${job.done} done, ${job.skipped} skipped, ${job.failed} failed of ${job.total}.`,
      );
    }
  }
  const effects = (await readEffects(app.db)).length;
  const testItems = jobs.filter(({ kind }) => kind === testKindName).reduce((sum, { total }) => sum + total, 0);
  if (effects !== testItems) problems.push(`${effects} effects of ${testItems} items.`);
  const assets = await app.db.selectFrom('assets').select(['id', 'has_thumbnail']).execute();
  const expected = plan.photos + plan.uploads;
  if (assets.length !== expected) problems.push(`${assets.length} assets of ${expected} photos.`);
  const bare = assets.filter(({ has_thumbnail }) => has_thumbnail === 0).length;
  if (bare > 0) problems.push(`${bare} assets have no thumbnail.`);
  const uploads = await app.db.selectFrom('uploads').select('id').execute();
  if (uploads.length > 0) problems.push(`${uploads.length} uploads are still waiting.`);
  return problems;
}

export function crashInWords(report: CrashReport): string {
  const { kills, problems } = report;
  const total = kills.worker + kills.server + kills.everything;
  return [
    `${total} kills (worker ${kills.worker}, server ${kills.server}, everything ${kills.everything}) in ${report.seconds.toFixed(0)} s, ${report.test_jobs} job(s) of items.`,
    `Next claim after a kill that left no worker: ${quantiles(report.next_claim_ms)}.`,
    `From the registration of the new worker to its claim: ${quantiles(report.registered_to_claim_ms)}.`,
    ...report.stalls.map((stall) => `Nothing finished for ${stalledAfterMs / 1000} s: ${stall}.`),
    `Unfinished files, to be swept after an hour: ${report.unfinished_files}.`,
    problems.length === 0 ? 'Everything holds.' : `DOES NOT HOLD:\n  ${problems.slice(0, 40).join('\n  ')}`,
  ].join('\n');
}

function quantiles(values: readonly number[]): string {
  if (values.length === 0) return 'not seen';
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${sorted.at(-1)} ms (${sorted.length} times)`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '50' },
      items: { type: 'string', default: '20000' },
      photos: { type: 'string', default: '300' },
      uploads: { type: 'string', default: '30' },
      seed: { type: 'string', default: '1' },
      postgres: { type: 'string' },
    },
  });
  const report = await crash({
    kills: Number(values.kills),
    items: Number(values.items),
    photos: Number(values.photos),
    uploads: Number(values.uploads),
    seed: Number(values.seed),
    postgres: values.postgres ?? null,
    say: (sentence) => console.log(sentence),
  });
  console.log(crashInWords(report));
  process.exitCode = report.problems.length === 0 ? 0 : 1;
}
