/** For a command that waits for its job: progress on a terminal, and Ctrl-C. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { onlyOwner, type App } from '#app.ts';
import type { Progress } from '#contract/jobs.ts';
import { isUnfinished } from '#contract/words.ts';
import { printable } from './printable.ts';
import type { WorkerHere } from './worker-here.ts';

const lookEveryMs = 200;
/** In the last second, so that the end is met when it comes. */
const lookNearEndMs = 25;

/** Shows progress on a terminal until the job stops and nothing of it is in hand any more. */
export async function watchJob(app: App, worker: WorkerHere, id: string): Promise<Progress> {
  const bar = openBar();
  try {
    for (;;) {
      const progress = await app.ledger.progress({ id, owner: onlyOwner });
      bar?.update(progress);
      if (!isUnfinished(progress.status) && progress.summary !== null) return progress;
      const stopped = progress.status !== 'running' && progress.status !== 'pending';
      if (stopped && !(await hasItemInHand(app, id))) return app.ledger.progress({ id, owner: onlyOwner });
      await worker.ensure();
      await sleep((progress.eta_seconds ?? Infinity) <= 1 ? lookNearEndMs : lookEveryMs);
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

/** The first Ctrl-C pauses; a second one ends at once, which loses nothing either. `what`: "files". */
export function pauseOnInterrupt(app: App, id: string, what: string) {
  const first = () => {
    process.stderr.write(`\nPausing after the ${what} in hand … (Ctrl-C again to stop at once)\n`);
    process.once('SIGINT', () => process.exit(1));
    app.ledger
      .pause({ id, owner: onlyOwner })
      .catch((error: unknown) => process.stderr.write(`It could not be paused: ${String(error)}\n`));
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

export function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
