/** Imports files and folders from the command line, with the same job that the page would start. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { onlyOwner, openApp, type App } from '#app.ts';
import type { Config } from '#config.ts';
import type { ConfidenceCounts } from '#contract/job-summary.ts';
import type { Job, JobItem, Progress } from '#contract/jobs.ts';
import { isUnfinished } from '#contract/words.ts';
import { summariseImport } from '#library/import-summary.ts';
import { findImportOf, startImport } from '#library/start-import.ts';
import { confidenceSigns } from './inspection-in-words.ts';
import { printable } from './printable.ts';
import { startWorkerIfNone, type WorkerHere } from './worker-here.ts';

/** What `daybook import --json` prints at the end. */
export type ImportReport = {
  job_id: string;
  status: Job['status'];
  total: number;
  done: number;
  skipped: number;
  failed: number;
  seconds: number;
  confidence: ConfidenceCounts;
  duplicate_groups: number;
  errors: { path: string; code: string; message: string }[];
};

/** Resolves to the exit code: 0 when the job is `completed`. */
export async function importPaths(
  config: Config,
  paths: string[],
  options: { json: boolean },
): Promise<number> {
  await using app = await openApp(config);
  // Before the folders are walked: it opens its programs meanwhile.
  await using worker = await startWorkerIfNone(app);
  const job = await beginOrGoOn(
    app,
    paths.map((each) => path.resolve(each)),
  );
  worker.notify();

  const interrupted = onInterrupt(() => app.ledger.pause({ id: job.id, owner: onlyOwner }));
  const progress = await watch(app, worker, job.id);
  interrupted.forget();

  const report = await reportOf(app, progress);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : inWords(report));
  process.stderr.write(faultsInWords(report, progress, options));
  return report.status === 'completed' ? 0 : 1;
}

/** The unfinished import of the same paths, if there is one, goes on where it stopped; else a new one begins. */
async function beginOrGoOn(app: App, paths: string[]): Promise<Job> {
  const earlier = await findImportOf(app.db, onlyOwner, paths);
  if (earlier === undefined) return startImport(app, onlyOwner, { paths });
  const ref = { id: earlier.id, owner: onlyOwner };
  if (earlier.status === 'paused' || earlier.status === 'halted') await app.ledger.resume(ref);
  const job = await app.ledger.get(ref);
  const finished = job.done + job.skipped + job.failed;
  process.stderr.write(
    `Going on with the import begun before: ${finished} of ${job.total} files are finished.\n`,
  );
  return job;
}

const lookEveryMs = 200;

/** Shows progress on a terminal until the job stops and nothing of it is in hand any more. */
async function watch(app: App, worker: WorkerHere, id: string): Promise<Progress> {
  const bar = openBar();
  try {
    for (;;) {
      const progress = await app.ledger.progress({ id, owner: onlyOwner });
      bar?.update(progress);
      if (!isUnfinished(progress.status) && progress.summary !== null) return progress;
      const stopped = progress.status !== 'running' && progress.status !== 'pending';
      if (stopped && !(await hasItemInHand(app, id))) return app.ledger.progress({ id, owner: onlyOwner });
      await worker.ensure();
      await sleep(lookEveryMs);
    }
  } finally {
    bar?.stop();
  }
}

async function hasItemInHand(app: App, id: string): Promise<boolean> {
  const { items } = await app.ledger.items({ job: { id, owner: onlyOwner }, state: 'working', limit: 1 });
  return items.length > 0;
}

function openBar() {
  if (!process.stderr.isTTY) return undefined;
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {value} of {total}  {rate}{left}{failed}  {name}',
    barCompleteChar: '▓',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(1, 0, { rate: '', left: '', failed: '', name: '' });
  return {
    update(progress: Progress) {
      bar.setTotal(progress.progress_total);
      bar.update(progress.progress_current, {
        rate:
          progress.elapsed_seconds > 0
            ? `${(progress.progress_current / progress.elapsed_seconds).toFixed(0)}/s`
            : '',
        left: progress.eta_seconds === null ? '' : `  ${minutes(progress.eta_seconds)} left`,
        failed: progress.error_count === 0 ? '' : `  ${progress.error_count} failed`,
        name: printable(progress.current_filename ?? '').slice(0, 40),
      });
    },
    stop: () => bar.stop(),
  };
}

/** The first Ctrl-C pauses; a second one ends at once, which loses nothing either. */
function onInterrupt(pause: () => Promise<unknown>) {
  const first = () => {
    process.stderr.write('\nPausing after the files in hand … (Ctrl-C again to stop at once)\n');
    process.once('SIGINT', () => process.exit(1));
    pause().catch((error: unknown) => process.stderr.write(`It could not be paused: ${String(error)}\n`));
  };
  process.once('SIGINT', first);
  process.once('SIGTERM', first);
  return {
    forget() {
      process.removeListener('SIGINT', first);
      process.removeListener('SIGTERM', first);
    },
  };
}

async function reportOf(app: App, progress: Progress): Promise<ImportReport> {
  const ref = { id: progress.job_id, owner: onlyOwner };
  const { id, status, total, done, skipped, failed } = await app.ledger.get(ref);
  // Asked anew and not taken from the summary: a job that was paused has none yet.
  const { confidence_counts, duplicate_groups } = await summariseImport(app.db, { id });
  const errors: ImportReport['errors'] = [];
  for await (const item of failedItems(app, ref)) {
    errors.push({ path: item.key, code: item.error_code ?? 'unknown', message: item.error_message ?? '' });
  }
  return {
    job_id: id,
    status,
    total,
    done,
    skipped,
    failed,
    seconds: progress.elapsed_seconds,
    confidence: confidence_counts,
    duplicate_groups,
    errors,
  };
}

async function* failedItems(app: App, job: { id: string; owner: string }): AsyncGenerator<JobItem> {
  let cursor: string | undefined;
  do {
    const page = await app.ledger.items({
      job,
      state: 'failed',
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

const errorsShown = 20;

function inWords(report: ImportReport): string {
  const { high, medium, low, none } = report.confidence;
  const lines = [
    `${statusSentence(report)} ${report.done} in the library now, ${report.skipped} skipped, ${report.failed} failed, of ${report.total} files in ${minutes(report.seconds)}.`,
  ];
  if (high + medium + low + none > 0) {
    const counts = Object.entries(report.confidence).map(
      ([confidence, count]) =>
        `${confidenceSigns[confidence as keyof ConfidenceCounts]} ${count} ${confidence}`,
    );
    lines.push(`How sure their dates are: ${counts.join('  ')}`);
  }
  if (report.duplicate_groups > 0) lines.push(`${report.duplicate_groups} were met in more than one place.`);
  return `${lines.join('\n')}\n`;
}

/** Why the job stopped, in both forms; and in words what is wrong with each file, which the JSON tells itself. */
function faultsInWords(report: ImportReport, progress: Progress, options: { json: boolean }): string {
  const lines = progress.status_reason === null ? [] : [progress.status_reason];
  if (!options.json) {
    const shown = report.errors.slice(0, errorsShown);
    lines.push(...shown.map((error) => `✗ ${printable(error.path)}\n  ${printable(error.message)}`));
    const more = report.errors.length - shown.length;
    if (more > 0) lines.push(`… and ${more} more; the page and --json list all of them.`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function statusSentence(report: ImportReport): string {
  switch (report.status) {
    case 'completed':
      return 'Done:';
    case 'completed_with_errors':
      return 'Done, but some files need a look:';
    case 'failed':
      return 'Nothing could be imported:';
    case 'paused':
      return 'Paused; the same command, or the page, goes on:';
    case 'halted':
      return 'Halted; mend the cause, then the same command goes on:';
    case 'cancelled':
      return 'Cancelled:';
    case 'pending':
    case 'running':
      return 'Still running:';
  }
}

function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
