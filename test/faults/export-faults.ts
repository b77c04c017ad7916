/**
 * An export of four files, another one after they got a tag, and the undo of that, in which one call of a job fails: the
 * first, the second, … until a run passes untouched. Whoever asked resumes and retries as a person would; then the
 * trees must be those of a run that nothing disturbed, and the journal equal to them. By hand, every position:
 *
 *     node test/faults/export-faults.ts [--every 1] [--fault EIO] [--at 17]
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  exportHouse,
  journalFaults,
  openTestTools,
  owner,
  printOf,
  type ExportHouse,
} from '../export-house.ts';
import { drawAvi } from '../fixtures/draw.ts';
import { setFileTime, stampedFile, stampedPhoto } from '../fixtures/stamp.ts';
import type { Job } from '#contract/jobs.ts';
import { startExport, undoExport } from '#export/plan/start-export.ts';
import type { MediaTools } from '#media/media-tools.ts';
import { breaker, fileFaults, sqliteFaults, type Fault } from './breaker.ts';
import { filesBelow, hashOf } from './soundness.ts';

export type ExportFaultPlan = {
  faults: readonly Fault[];
  /** Every how many positions one is tried: 1 for all of them. */
  every: number;
  /** The first position tried. */
  first: number;
  say: (sentence: string) => void;
};

export type ExportFaultReport = {
  tried: Partial<Record<Fault, { positions: number; of: number }>>;
  /** How often a job stopped on the way, by where it stood. */
  stops: Record<string, number>;
  seconds: number;
  problems: string[];
};

/** A sidecar that may not be read is left out and told: that is an answer, not a fault. */
function mayCostSidecar(fault: Fault, broken: string): boolean {
  return fault === 'EACCES' && /\/photos\/.*\.xmp$/.test(broken);
}

/** A library that is imported once, and copied for each run. */
type Model = { root: string; sources: string; database: string; tools: MediaTools };

export async function exportFaults(plan: ExportFaultPlan): Promise<ExportFaultReport> {
  const began = performance.now();
  const root = await mkdtemp(path.join(tmpdir(), 'daybook-faults-'));
  const report: ExportFaultReport = { tried: {}, stops: {}, seconds: 0, problems: [] };
  try {
    await using tools = await openTestTools();
    const model = await makeModel(root, tools);
    const undisturbed = await runBroken(model, plan.faults[0]!, Number.MAX_SAFE_INTEGER, report);
    report.problems.push(...undisturbed.problems);
    for (const fault of plan.faults) {
      const tried = { positions: 0, of: 0 };
      report.tried[fault] = tried;
      for (let at = plan.first; ; at += plan.every) {
        const run = await runBroken(model, fault, at, report);
        tried.of = Math.max(tried.of, run.calls);
        if (run.broken === undefined) break;
        tried.positions += 1;
        const problems = [...run.problems];
        for (const [index, tree] of run.trees.entries()) {
          const expected = undisturbed.trees[index] ?? '';
          if (tree !== expected && !mayCostSidecar(fault, run.broken))
            problems.push(`tree ${index + 1} is another:\n${tree}\ninstead of\n${expected}`);
        }
        for (const problem of problems) {
          const sentence = `${fault} at ${at} (${run.broken}): ${problem}`;
          report.problems.push(sentence);
          plan.say(sentence);
        }
      }
      plan.say(`${fault}: ${tried.positions} of ${tried.of} positions`);
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  report.seconds = (performance.now() - began) / 1000;
  return report;
}

const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5"/></rdf:RDF></x:xmpmeta>`;
const longAgo = '2021-01-02T03:04:05Z';

/** One with a sidecar of its own, one that gets one, one whose name would be read as an order. */
async function makeModel(root: string, tools: MediaTools): Promise<Model> {
  const folder = path.join(root, 'model');
  const sources = path.join(folder, 'photos');
  const tags = { 'EXIF:DateTimeOriginal': '2020:05:05 10:20:30' };
  await stampedPhoto(sources, 'a.jpg', { seed: 1, tags, modified: longAgo });
  await writeFile(path.join(sources, 'a.jpg.xmp'), xmp);
  await setFileTime(path.join(sources, 'a.jpg.xmp'), longAgo);
  await stampedPhoto(sources, 'line\nbreak[1].png', { seed: 2, tags, modified: longAgo });
  await stampedFile(sources, 'film.avi', drawAvi({ width: 64, height: 48 }), { modified: longAgo });
  const database = path.join(root, 'model.db');
  {
    await using house = await exportHouse({ database: databaseAt(database), tools, folder });
    await house.import(sources);
  }
  return { root, sources, database, tools };
}

const databaseAt = (sqlite: string) => ({ address: { sqlite }, [Symbol.asyncDispose]: async () => {} });

type Run = { broken: string | undefined; calls: number; trees: string[]; problems: string[] };

async function runBroken(model: Model, fault: Fault, at: number, report: ExportFaultReport): Promise<Run> {
  const folder = await mkdtemp(path.join(model.root, 'run-'));
  try {
    const database = path.join(folder, 'daybook.db');
    await copyFile(model.database, database);
    await mkdir(path.join(folder, 'archive'));
    const run: Run = { broken: undefined, calls: 0, trees: [], problems: [] };
    await using house = await exportHouse({ database: databaseAt(database), tools: model.tools, folder });
    breaker.arm(model.root, at, fault);
    await breaker.outside(() => exportTwiceAndBack(house, run, report));
    run.broken = breaker.broken;
    run.calls = breaker.calls;
    return run;
  } finally {
    breaker.disarm();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Planning and asking are not broken: what is tried are the jobs. */
async function exportTwiceAndBack(house: ExportHouse, run: Run, report: ExportFaultReport): Promise<void> {
  const look = async () => {
    run.problems.push(...(await journalFaults(house, house.target)));
    const unfinished = await filesBelow(path.join(house.target, '.daybook/incoming'));
    for (const file of unfinished) run.problems.push(`An unfinished file is left: ${path.basename(file)}`);
    run.trees.push((await treeOf(house.target)).join('\n'));
  };
  const wish = { write_uncertain: true };
  await untilDone(house, run, report, await startExport(house, owner, await house.plan(wish)));
  await look();
  await house.decide({ filter: {} }, { kind: 'tag', data: { add: ['beach'], remove: [] } });
  const second = await house.plan(wish);
  await untilDone(house, run, report, await startExport(house, owner, second));
  await look();
  await untilDone(house, run, report, await undoExport(house, owner, second));
  await look();
}

/** One fault may stop a job, and what was in hand beside it once more. */
const mostStops = 3;

async function untilDone(house: ExportHouse, run: Run, report: ExportFaultReport, job: Job): Promise<void> {
  for (let stops = 0; ; stops += 1) {
    const { status, status_reason, failed } = await house.ended(job, 'export');
    if (status === 'completed') return;
    report.stops[status] = (report.stops[status] ?? 0) + 1;
    if (stops > mostStops) {
      run.problems.push(
        `One fault stopped the job again and again: ${status} (${status_reason}), ${failed} failed.`,
      );
      return;
    }
    const ref = { id: job.id, owner };
    await (status === 'paused' || status === 'halted'
      ? house.ledger.resume(ref)
      : house.ledger.retry(ref, 'all'));
  }
}

/** What a person sees, and what was set aside, without the ids of exports. */
async function treeOf(target: string): Promise<string[]> {
  const replaced = path.join(target, '.daybook/replaced');
  const kept = await filesBelow(replaced).catch(() => []);
  const aside = kept.map(async (file) => `${path.basename(file)} aside ${await hashOf(file)}`);
  return [...(await printOf(target)), ...(await Promise.all(aside)).sort()];
}

export function exportFaultsInWords({ tried, stops, seconds, problems }: ExportFaultReport): string {
  return [
    `${Object.entries(tried)
      .map(([fault, { positions, of }]) => `${fault} ${positions} of ${of}`)
      .join(', ')} in ${seconds.toFixed(0)} s.`,
    `Jobs that stopped on the way: ${JSON.stringify(stops)}.`,
    problems.length === 0 ? 'Everything holds.' : `DOES NOT HOLD:\n  ${problems.slice(0, 20).join('\n  ')}`,
  ].join('\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      every: { type: 'string', default: '1' },
      at: { type: 'string' },
      fault: { type: 'string' },
    },
  });
  const report = await exportFaults({
    faults: values.fault === undefined ? [...fileFaults, ...sqliteFaults] : [values.fault as Fault],
    every: values.at === undefined ? Number(values.every) : Number.MAX_SAFE_INTEGER / 2,
    first: Number(values.at ?? 1),
    say: (sentence) => console.log(sentence),
  });
  console.log(exportFaultsInWords(report));
  process.exitCode = report.problems.length === 0 ? 0 : 1;
}
