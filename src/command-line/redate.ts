/** Decides again when everything was taken, with the same job that the page would start. */
import { onlyOwner, openApp, rulesOf, type App } from '#app.ts';
import type { Config } from '#config.ts';
import type { RedateReport } from '#contract/job-summary.ts';
import type { Job, Progress } from '#contract/jobs.ts';
import { findRedateOf, startRedate, type RedateWish } from '#review/redate.ts';
import { pauseOnInterrupt, watchJob } from './watch-job.ts';
import { startWorkerIfNone } from './worker-here.ts';

/** Resolves to the exit code: 0 once the library is decided. */
export async function redateLibrary(
  config: Config,
  wish: RedateWish,
  options: { json: boolean },
): Promise<number> {
  await using app = await openApp(config);
  await using worker = await startWorkerIfNone(app);
  const job = await beginOrGoOn(app, wish);
  worker.notify();
  const interrupted = pauseOnInterrupt(app, job.id, 'assets');
  const progress = await watchJob(app, worker, job.id);
  interrupted.forget();

  if (progress.summary?.kind !== 'redate') {
    process.stderr.write(`${whyNot(progress)}\n`);
    return 1;
  }
  const { kind: _, ...report } = progress.summary;
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : inWords(report));
  if (progress.status === 'completed') return 0;
  process.stderr.write(`${progress.error_count} groups of assets could not be decided; the page says why.\n`);
  return 1;
}

/** The unfinished job of the same wish, if there is one, goes on where it stopped; else a new one begins. */
async function beginOrGoOn(app: App, wish: RedateWish): Promise<Job> {
  const place = { db: app.db, ledger: app.ledger, rules: rulesOf(app.config) };
  const earlier = await findRedateOf(place, onlyOwner, wish);
  if (earlier === undefined) return startRedate(place, onlyOwner, wish);
  const ref = { id: earlier.id, owner: onlyOwner };
  if (earlier.status === 'paused' || earlier.status === 'halted') await app.ledger.resume(ref);
  process.stderr.write('Going on with the run begun before.\n');
  return app.ledger.get(ref);
}

function whyNot({ status, status_reason }: Progress): string {
  if (status === 'paused') {
    return 'Paused: a part of the library is decided. The same command, or the page, goes on.';
  }
  if (status === 'cancelled') {
    return 'Cancelled: a part of the library is decided. The same command begins anew.';
  }
  return status_reason ?? `The job is ${status}.`;
}

function inWords(report: RedateReport): string {
  const { rules, dry_run } = report;
  const would = dry_run ? 'would be' : 'were';
  const lines = [
    `${many(report.assets, 'asset')} decided in ${report.seconds.toFixed(1)} s by the rule ${rules.rule}, at home in ${rules.zone}, from ${rules.min_year} on.`,
    `${report.changed.toLocaleString('en')} ${would} changed, ${report.changed_times.toLocaleString('en')} of them to another time; ${report.kept_by_person.toLocaleString('en')} stay as a person chose.`,
    ...report.confidence.map(({ from, to, count }) =>
      from === to
        ? `  ${from}: ${count.toLocaleString('en')}`
        : `  ${from} → ${to}: ${count.toLocaleString('en')}`,
    ),
    ...report.examples.map(
      (one) => `${JSON.stringify(one.name).slice(1, -1)}: ${beforeAndAfter(one)}\n  ${one.because}`,
    ),
  ];
  if (dry_run) lines.push('Nothing was written. Without --dry-run it is.');
  return `${lines.join('\n')}\n`;
}

/** The zones are told where they alone are another. */
function beforeAndAfter(one: RedateReport['examples'][number]): string {
  const { before, after, before_zone, after_zone } = one;
  if (before === after) return `${before}, ${before_zone ?? 'no zone'} → ${after_zone ?? 'no zone'}`;
  return `${before ?? 'no date'} → ${after ?? 'no date'}`;
}

function many(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
