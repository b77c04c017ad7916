/**
 * The process that a worker runs in, as a child of `serve` or alone. What the two processes say to each other is the
 * closed list below; nothing of it carries work, the ledger does.
 */
import module from 'node:module';
import { endWithParent } from './end-with-parent.ts';
import type { Worker } from './worker.ts';

export type ToWorker = { say: 'wake' } | { say: 'ping'; number: number } | { say: 'stop' };
export type FromWorker =
  | { say: 'ready'; worker: string }
  | { say: 'pong'; number: number }
  /** The ping reached the process, its database did not answer. */
  | { say: 'ill'; number: number; message: string };

/** A worker and everything it was opened with; closed in reverse by whoever opened it. */
export type WorkerHouse = { worker: Worker; [Symbol.asyncDispose](): Promise<void> };

export type WorkerProcess = {
  /** Opens database, programs and worker. `restart` is to be passed on as the worker's `onUnresponsive`. */
  open: (restart: () => void) => Promise<WorkerHouse>;
  stop_limit_seconds: number;
};

/**
 * Runs a worker until it is told to stop: by its parent, by SIGTERM (alone also SIGINT), or because the parent is
 * gone. Exits 0 then. Under a parent SIGINT is ignored: Ctrl-C reaches both, and the parent stops the child.
 */
export async function runWorkerProcess({ open, stop_limit_seconds }: WorkerProcess): Promise<never> {
  const ending = Promise.withResolvers<void>();
  const end = () => ending.resolve();
  const child = process.send !== undefined;
  process.on('SIGTERM', end);
  process.on('SIGINT', child ? () => {} : end);
  process.on('disconnect', end);
  if (child) endWithParent((stop_limit_seconds + 4) * 1000);

  const house = await open(end);
  process.on('message', (message: ToWorker) => void answer(house.worker, message, end));
  tell({ say: 'ready', worker: house.worker.id });
  // A process that is killed keeps nothing of what it compiled: so at once. With nothing new it takes 0.4 ms.
  module.flushCompileCache();
  // The parent may have gone while the house was opened.
  if (child && !process.connected) end();

  await ending.promise;
  // What hangs must not keep the process: its leases end with it.
  const limit = setTimeout(() => process.exit(0), (stop_limit_seconds + 2) * 1000);
  await house.worker.stop(stop_limit_seconds);
  await house[Symbol.asyncDispose]();
  clearTimeout(limit);
  process.exit(0);
}

async function answer(worker: Worker, message: ToWorker, end: () => void): Promise<void> {
  switch (message.say) {
    case 'wake':
      return worker.wake();
    case 'stop':
      return end();
    case 'ping':
      try {
        await worker.alive();
        tell({ say: 'pong', number: message.number });
      } catch (error) {
        tell({ say: 'ill', number: message.number, message: String(error) });
      }
  }
}

function tell(message: FromWorker): void {
  // A parent that is gone has nothing to hear; `disconnect` ends this process.
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}
