/** Imports files and folders from the command line, with the same job that the page would start. */
import path from 'node:path';
import { onlyOwner, openApp, type App } from '#app.ts';
import type { Config } from '#config.ts';
import type { ConfidenceCounts } from '#contract/job-summary.ts';
import type { Job, JobItem, Progress } from '#contract/jobs.ts';
import { summariseImport } from '#library/import-summary.ts';
import { findImportOf, startImport } from '#library/start-import.ts';
import { confidenceSigns } from './inspection-in-words.ts';
import { printable } from './printable.ts';
import { minutes, pauseOnInterrupt, watchJob } from './watch-job.ts';
import { startWorkerIfNone } from './worker-here.ts';

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

  const interrupted = pauseOnInterrupt(app, job.id, 'files');
  const progress = await watchJob(app, worker, job.id);
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
