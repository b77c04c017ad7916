/**
 * Kills the running product at random moments of exports and then asks what is true: no half file under a final name,
 * no file twice, a tree equal to that of a run which nothing disturbed, a journal that is equal to the tree, originals
 * untouched. First an export of everything, then another one after every photo got a tag, which replaces every copy.
 * By hand:
 *
 *     npm run crash:export -- --kills 50 [--files 300] [--seed 1] [--postgres URL]
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openApp, type App } from '#app.ts';
import { readConfig } from '#config.ts';
import type { Export } from '#contract/exports.ts';
import type { Job } from '#contract/jobs.ts';
import { journalFaults, printOf } from '../export-house.ts';
import { emptyPostgres } from '../empty-databases.ts';
import { drawAvi, drawVideo } from '../fixtures/draw.ts';
import { manyPhotos, stampedFile } from '../fixtures/stamp.ts';
import { freePort } from '../running-app.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { KilledHouse, victims, type Victim } from './killed-house.ts';
import { untilHealthy } from '../processes.ts';
import { randomFrom } from '../random.ts';
import { importPaths, post, progressOf, untilStatus } from '../requests.ts';
import { changedFiles, filesBelow, fingerprints, hashOf, unsound } from './soundness.ts';

export type ExportCrashPlan = {
  kills: number;
  files: number;
  seed: number;
  /** A server on which a database may be created; null: SQLite. */
  postgres: string | null;
  say: (sentence: string) => void;
};

export type ExportCrashReport = {
  kills: Record<Victim, number>;
  /** Exports that were disturbed: into how many folders, each twice. */
  rounds: number;
  files: number;
  seconds: number;
  /** What does not hold. Empty is good. */
  problems: string[];
};

export async function exportCrash(plan: ExportCrashPlan): Promise<ExportCrashReport> {
  const began = performance.now();
  await using root = await temporaryFolder();
  const source = path.join(root.path, 'photos');
  await draw(source, plan.files);
  const before = await fingerprints(source);
  await using database = plan.postgres === null ? null : await emptyPostgres(plan.postgres);
  const port = String(await freePort());
  const environment: Record<string, string> = {
    DAYBOOK_DATA: path.join(root.path, 'data'),
    DAYBOOK_PORT: port,
    DAYBOOK_WORKERS: '2',
    DAYBOOK_LOG_LEVEL: 'error',
    DAYBOOK_TIMEZONE: 'Europe/Berlin',
    DATABASE_URL: database !== null && 'postgres' in database.address ? database.address.postgres : '',
  };
  await using app = await openApp(readConfig({ ...process.env, ...environment }));
  const house = new KilledHouse(environment, plan.postgres === null ? 0 : 2);
  const url = `http://127.0.0.1:${port}`;
  const report: ExportCrashReport = {
    kills: { worker: 0, server: 0, everything: 0 },
    rounds: 0,
    files: plan.files,
    seconds: 0,
    problems: [],
  };
  const killer = new Killer(house, url, plan, report);
  try {
    house.start();
    await untilHealthy(house.server, url, 60_000);
    await untilStatus(url, (await importPaths(url, [source])).id, ['completed'], 60_000 + plan.files * 1000);

    const calm = path.join(root.path, 'calm');
    const expected: string[][] = [];
    while (report.rounds === 0 || killer.left > 0) {
      const target = path.join(root.path, `archive ${report.rounds}`);
      report.rounds += 1;
      for (const pass of ['first', 'again'] as const) {
        const turn = pass === 'first' ? 0 : 1;
        if (turn === 1) await tag(url, `round ${report.rounds}`);
        // Tags differ from round to round, so each has its own undisturbed run to be equal to.
        await exportTo(url, path.join(calm, String(report.rounds)));
        expected[turn] = await treeOf(path.join(calm, String(report.rounds)));
        await exportTo(url, target, killer);
        report.problems.push(...(await compare(app, target, expected[turn])));
        plan.say(`${pass} export of round ${report.rounds}: ${killer.left} kills left`);
      }
    }
  } finally {
    report.problems.push(...(await house.stop()));
  }
  report.problems.push(...(await unsound(app)), ...(await changedFiles(source, before)));
  report.seconds = (performance.now() - began) / 1000;
  return report;
}

/** Mostly photos; some films, and some files that get an XMP beside them. */
async function draw(source: string, files: number): Promise<void> {
  await mkdir(source);
  const others = Math.floor(files / 10);
  await manyPhotos(source, files - others);
  for (let n = 0; n < others; n += 1) {
    const name = `VID_2020021${n % 10}_1000${String(10 + (n % 50))}`;
    const film = { brand: 'isom', created: null, seconds: 1 + n, width: 64, height: 48, rotation: 0 } as const;
    const bytes =
      n % 2 === 0
        ? drawVideo({ ...film, frame: Buffer.from(`frame ${n}`) })
        : drawAvi({ width: 64 + n, height: 48 });
    await stampedFile(source, `${name} ${n}.${n % 2 === 0 ? 'mp4' : 'avi'}`, bytes, {
      modified: '2021-01-02T03:04:05Z',
    });
  }
}

async function tag(url: string, tag: string): Promise<void> {
  await post(`${url}/api/decisions`, { filter: {}, decision: { kind: 'tag', add: [tag], remove: [] } });
}

/** Plans, starts and waits; with a killer nobody is safe from the start of the job to its end. */
async function exportTo(url: string, folder: string, killer?: Killer): Promise<void> {
  const { id } = await post<Export>(`${url}/api/exports`, { folder, write_uncertain: true });
  const job = await post<Job>(`${url}/api/exports/${id}/start`, {});
  await killer?.work(job.id);
  await untilStatus(url, job.id, ['completed'], 600_000);
}

class Killer {
  left: number;
  readonly #house: KilledHouse;
  readonly #url: string;
  readonly #report: ExportCrashReport;
  readonly #random: () => number;
  readonly #most: number;

  constructor(house: KilledHouse, url: string, plan: ExportCrashPlan, report: ExportCrashReport) {
    this.#house = house;
    this.#url = url;
    this.#report = report;
    this.#random = randomFrom(plan.seed);
    this.#most = plan.kills;
    this.left = plan.kills;
  }

  /** Until the job is over, or half of all were killed in it: the other half is for the other export of a round. */
  async work(jobId: string): Promise<void> {
    const enough = Math.max(0, this.left - Math.ceil(this.#most / 2));
    while (this.left > enough) {
      const seen = await this.#finished(jobId);
      if (seen === 'over') return;
      // Half of them some way into the work, half as soon as something new is finished, wherever that is.
      await (this.#random() < 0.5 ? sleep(this.#random() * 2000) : this.#untilMore(jobId, seen));
      if ((await this.#finished(jobId)) === 'over') return;
      const victim = victims[Math.floor(this.#random() * victims.length)] as Victim;
      await this.#house.kill(victim, this.#random);
      this.#report.kills[victim] += 1;
      this.left -= 1;
      await untilHealthy(this.#house.server, this.#url, 60_000);
    }
  }

  async #untilMore(jobId: string, than: number): Promise<void> {
    const limit = performance.now() + 60_000;
    while (performance.now() < limit) {
      const now = await this.#finished(jobId);
      if (now === 'over' || now > than) break;
      await sleep(20);
    }
    await sleep(this.#random() * 300);
  }

  async #finished(jobId: string): Promise<number | 'over'> {
    const { status, progress_current } = await progressOf(this.#url, jobId);
    return status === 'completed' ? 'over' : progress_current;
  }
}

/** The archive with file times, and what was replaced, without the id of the export that did it. */
async function treeOf(target: string): Promise<string[]> {
  const replaced = path.join(target, '.daybook/replaced');
  const kept = await filesBelow(replaced).catch(() => []);
  const aside = kept.map(async (file) => {
    const below = path.relative(replaced, file).split(path.sep).slice(1).join('/');
    return `replaced ${below} ${await hashOf(file)}`;
  });
  return [...(await printOf(target)), ...(await Promise.all(aside)).sort()];
}

async function compare(app: App, target: string, expected: readonly string[]): Promise<string[]> {
  const problems: string[] = await journalFaults(app, target);
  const tree = await treeOf(target);
  const [missing, extra] = [
    expected.filter((line) => !tree.includes(line)),
    tree.filter((line) => !expected.includes(line)),
  ];
  for (const line of missing) problems.push(`The undisturbed run has ${line}.`);
  for (const line of extra) problems.push(`The undisturbed run does not have ${line}.`);
  for (const file of await filesBelow(path.join(target, '.daybook/incoming'))) {
    problems.push(`An unfinished file is left: ${file}`);
  }
  return problems;
}

export function exportCrashInWords({ kills, rounds, files, seconds, problems }: ExportCrashReport): string {
  const total = kills.worker + kills.server + kills.everything;
  return [
    `${total} kills (worker ${kills.worker}, server ${kills.server}, everything ${kills.everything}) in ${seconds.toFixed(0)} s, exports of ${files} files into ${rounds} folder(s), each twice.`,
    problems.length === 0 ? 'Everything holds.' : `DOES NOT HOLD:\n  ${problems.slice(0, 40).join('\n  ')}`,
  ].join('\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '50' },
      files: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      postgres: { type: 'string' },
    },
  });
  const report = await exportCrash({
    kills: Number(values.kills),
    files: Number(values.files),
    seed: Number(values.seed),
    postgres: values.postgres ?? null,
    say: (sentence) => console.log(sentence),
  });
  console.log(exportCrashInWords(report));
  process.exitCode = report.problems.length === 0 ? 0 : 1;
}
