/** Exports the library from the command line, with the same plan and job that the page would make. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { onlyOwner, openApp, type App } from '#app.ts';
import type { Config } from '#config.ts';
import type { AssetFilter } from '#contract/asset-filter.ts';
import type { Export } from '#contract/exports.ts';
import type { Job, Progress } from '#contract/jobs.ts';
import { exportDoubts, type ExportDoubt } from '#contract/words.ts';
import { ExportRefused } from '#export/export-refused.ts';
import { exportFiles, getExport, unfinishedExportOf } from '#export/exports.ts';
import { planAsCsv } from '#export/plan/plan-csv.ts';
import { planExport } from '#export/plan/plan-export.ts';
import type { ExportWish } from '#export/plan/plan.ts';
import { startExport, undoExport } from '#export/plan/start-export.ts';
import { failedLines, type FailedLine } from './failed-lines.ts';
import { printable } from './printable.ts';
import { minutes, pauseOnInterrupt, watchJob } from './watch-job.ts';
import { startWorkerIfNone, type WorkerHere } from './worker-here.ts';

export type ExportOptions = {
  filter: AssetFilter;
  template: string | undefined;
  write_uncertain: boolean;
  set_aside_gone: boolean;
  dry_run: boolean;
  /** File that gets the plan as a table. */
  csv: string | undefined;
  json: boolean;
};

/** What `daybook export --json` prints at the end. */
export type ExportReport = {
  export_id: string;
  /** Null where nothing was to be done, and for a plan alone. */
  job_id: string | null;
  status: Job['status'] | 'planned';
  new: number;
  changed: number;
  same: number;
  gone: number;
  failed: number;
  seconds: number;
  total_bytes: number;
  doubts: Record<ExportDoubt, number>;
  errors: FailedLine[];
};

/** Resolves to the exit code: 0 when everything stands in the folder, or the plan was made. */
export async function exportLibrary(config: Config, folder: string, options: ExportOptions): Promise<number> {
  await using app = await openApp(config);
  const wish = wishOf(config, folder, options);
  if (options.dry_run) {
    const plan = await makePlan(app, wish);
    await saveCsv(app, plan, options);
    const report = reportOf(plan, undefined, 'planned', []);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : await planInWords(app, plan));
    return 0;
  }
  await using worker = await startWorkerIfNone(app);
  const plan = (await goOn(app, wish)) ?? (await makePlan(app, wish));
  await saveCsv(app, plan, options);
  if (!options.json) process.stdout.write(countsInWords(plan));
  const job = plan.job ?? (await startIfNeeded(app, plan));
  const progress = job && (await work(app, worker, job.id));
  const report = reportOf(plan, progress, 'completed', job === undefined ? [] : await failedLines(app, job.id));
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : endInWords(report, progress, plan));
  process.stderr.write(faultsInWords(report.errors, progress, options));
  return report.status === 'completed' ? 0 : 1;
}

function wishOf(config: Config, folder: string, options: ExportOptions): ExportWish {
  const { filter, template = config.export_template, write_uncertain, set_aside_gone } = options;
  return { folder: path.resolve(folder), template, write_uncertain, set_aside_gone, which: { filter } };
}

async function makePlan(app: App, wish: ExportWish): Promise<Export> {
  const isWatched = process.stderr.isTTY;
  if (isWatched) process.stderr.write('Planning …');
  try {
    return await getExport(app, onlyOwner, await planExport(app, onlyOwner, wish));
  } finally {
    if (isWatched) process.stderr.write('\r\x1b[K');
  }
}

/** The unfinished export of the same wish, if there is one, goes on where it stopped. */
async function goOn(app: App, wish: ExportWish): Promise<Export | undefined> {
  const id = await unfinishedExportOf(app, onlyOwner, wish);
  if (id === undefined) return undefined;
  const plan = await getExport(app, onlyOwner, id);
  const { job } = plan;
  if (job === null) return undefined;
  if (job.status === 'paused' || job.status === 'halted') {
    await app.ledger.resume({ id: job.id, owner: onlyOwner });
  }
  const finished = job.done + job.skipped + job.failed;
  process.stderr.write(
    `Going on with the export begun before: ${finished} of ${job.total} files are finished.\n`,
  );
  return plan;
}

/** Undefined where everything stands already as it should. */
async function startIfNeeded(app: App, plan: Export): Promise<Job | undefined> {
  try {
    return await startExport(app, onlyOwner, plan.id);
  } catch (error) {
    if (error instanceof ExportRefused && error.code === 'nothing_to_do') return undefined;
    throw error;
  }
}

async function work(app: App, worker: WorkerHere, jobId: string): Promise<Progress> {
  worker.notify();
  const interrupted = pauseOnInterrupt(app, jobId, 'files');
  const progress = await watchJob(app, worker, jobId);
  interrupted.forget();
  return progress;
}

async function saveCsv(app: App, plan: Export, { csv }: ExportOptions): Promise<void> {
  if (csv === undefined) return;
  await pipeline(await planAsCsv(app.db, onlyOwner, plan.id), createWriteStream(csv));
}

/** `stands`: what it is where no job was needed. */
function reportOf(
  plan: Export,
  progress: Progress | undefined,
  stands: 'planned' | 'completed',
  errors: FailedLine[],
): ExportReport {
  return {
    export_id: plan.id,
    job_id: progress?.job_id ?? null,
    status: progress?.status ?? stands,
    ...plan.counts.actions,
    failed: progress?.error_count ?? 0,
    seconds: progress?.elapsed_seconds ?? 0,
    total_bytes: plan.total_bytes,
    doubts: plan.counts.doubts,
    errors,
  };
}

// ── Undo ────────────────────────────────────────────────────────────────────────────────────────────────────

/** What `daybook export undo --json` prints at the end. */
export type UndoReport = {
  export_id: string;
  job_id: string;
  status: Job['status'];
  total: number;
  done: number;
  skipped: number;
  failed: number;
  seconds: number;
  left: { target: string; because: string }[];
  errors: FailedLine[];
};

/** Resolves to the exit code: 0 when all that the export wrote is taken back. */
export async function undoFromHere(config: Config, id: string, options: { json: boolean }): Promise<number> {
  await using app = await openApp(config);
  await using worker = await startWorkerIfNone(app);
  const { undo_job: earlier } = await getExport(app, onlyOwner, id);
  const stopped = earlier?.status === 'paused' || earlier?.status === 'halted';
  if (stopped) await app.ledger.resume({ id: earlier.id, owner: onlyOwner });
  const goesOn = stopped || earlier?.status === 'running' || earlier?.status === 'pending';
  const job = goesOn ? earlier : await undoExport(app, onlyOwner, id);
  const progress = await work(app, worker, job.id);

  const { status, total, done, skipped, failed } = await app.ledger.get({ id: job.id, owner: onlyOwner });
  const report: UndoReport = {
    export_id: id,
    job_id: job.id,
    status,
    total,
    done,
    skipped,
    failed,
    seconds: progress.elapsed_seconds,
    left: await leftAlone(app, job.id),
    errors: await failedLines(app, job.id),
  };
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : undoInWords(report));
  process.stderr.write(faultsInWords(report.errors, progress, options));
  return status === 'completed' && report.left.length === 0 ? 0 : 1;
}

async function leftAlone(app: App, jobId: string): Promise<UndoReport['left']> {
  const left: UndoReport['left'] = [];
  let cursor: string | undefined;
  do {
    const page = await app.ledger.items({
      job: { id: jobId, owner: onlyOwner },
      state: 'skipped',
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { label, skipped_because } of page.items) {
      left.push({ target: label, because: skipped_because ?? '' });
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return left;
}

// ── In words ────────────────────────────────────────────────────────────────────────────────────────────────

const linesShown = 20;

const doubtsInWords: Record<ExportDoubt, string> = {
  no_date: 'without a date, go to unknown/',
  uncertain_date:
    'with an uncertain date, which stands in the name alone (--write-uncertain writes it into the copy)',
  name_taken: 'whose name a file has that is not Daybook’s: they get the next number',
  changed_since: 'that somebody changed since they were exported: left alone',
  removed_since: 'that were exported and are not there any more',
  source_missing: 'whose original cannot be found: connect its disk, or import it again',
};

async function planInWords(app: App, plan: Export): Promise<string> {
  const { items, total } = await exportFiles(app.db, onlyOwner, plan.id, { limit: linesShown, offset: 0 });
  const lines = items.map(
    ({ action, name, target }) => `  ${action.padEnd(7)}  ${printable(name)} → ${printable(target)}`,
  );
  if (total > items.length) {
    lines.push(`  … and ${(total - items.length).toLocaleString('en')} more; --csv FILE saves all of them.`);
  }
  lines.push('Nothing was written. The page Export can start this plan; without --dry-run the command does.');
  return `${countsInWords(plan)}${lines.join('\n')}\n`;
}

function countsInWords({ counts, folder, total_bytes, free_bytes }: Export): string {
  const { actions, doubts, collisions } = counts;
  const free = free_bytes === null ? '' : `, ${inGigabytes(free_bytes)} free`;
  const lines = [
    `${printable(folder)}: ${Object.entries(actions)
      .map(([action, count]) => `${count.toLocaleString('en')} ${action}`)
      .join(', ')}; ${inGigabytes(total_bytes)} to copy${free}.`,
    ...exportDoubts
      .filter((doubt) => doubts[doubt] > 0)
      .map((doubt) => `  ${doubts[doubt].toLocaleString('en')} ${doubtsInWords[doubt]}`),
  ];
  if (collisions > 0)
    lines.push(`  ${collisions.toLocaleString('en')} have a number because others have their name`);
  return `${lines.join('\n')}\n`;
}

function endInWords(report: ExportReport, progress: Progress | undefined, { folder, id }: Export): string {
  if (progress === undefined) return `Nothing was to be done: everything stands in ${printable(folder)}.\n`;
  const finished = progress.progress_current - report.failed;
  const lines = [
    `${statusSentence(report.status)} ${finished} of ${progress.progress_total} files written, ${report.failed} failed, in ${minutes(report.seconds)}.`,
  ];
  const { summary } = progress;
  if (summary?.kind === 'export') {
    if (summary.warnings.count > 0)
      lines.push(`${summary.warnings.count} did not go quite as planned, as the report says.`);
    if (summary.report !== null) lines.push(`The report stands in ${printable(summary.report)}.`);
  }
  lines.push(`To take it back: daybook export undo ${id}`);
  return `${lines.join('\n')}\n`;
}

function undoInWords(report: UndoReport): string {
  const shown = report.left.slice(0, linesShown);
  const more = report.left.length - shown.length;
  return [
    `${statusSentence(report.status)} ${report.done} taken back, ${report.left.length} left, ${report.failed} failed, of ${report.total} files in ${minutes(report.seconds)}.`,
    ...shown.map(({ target, because }) => `  ${printable(target)}: ${printable(because)}`),
    ...(more > 0 ? [`  … and ${more} more; --json lists all of them.`] : []),
    '',
  ].join('\n');
}

/** Why the job stopped, in both forms; and in words what is wrong with each file, which the JSON tells itself. */
function faultsInWords(
  errors: readonly FailedLine[],
  progress: Progress | undefined,
  options: { json: boolean },
): string {
  const reason = progress?.status_reason ?? null;
  const lines = reason === null ? [] : [reason];
  if (!options.json) {
    const shown = errors.slice(0, linesShown);
    lines.push(
      ...shown.map(
        ({ source, target, message }) => `✗ ${printable(source ?? target)}\n  ${printable(message)}`,
      ),
    );
    const more = errors.length - shown.length;
    if (more > 0) lines.push(`… and ${more} more; the page and --json list all of them.`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function statusSentence(status: ExportReport['status']): string {
  switch (status) {
    case 'completed':
      return 'Done:';
    case 'completed_with_errors':
      return 'Done, but some files need a look:';
    case 'failed':
      return 'None of it could be done:';
    case 'paused':
      return 'Paused; the same command, or the page, goes on:';
    case 'halted':
      return 'Halted; mend the cause, then the same command goes on:';
    case 'cancelled':
      return 'Cancelled:';
    case 'planned':
    case 'pending':
    case 'running':
      return 'Still running:';
  }
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toLocaleString('en', { maximumFractionDigits: bytes < 1e10 ? 2 : 0 })} GB`;
}
