/** A worker in a process of its own, kept running: a decoder that takes it down takes nothing else down. */
import type { Logger } from 'pino';
import type { App } from '#app.ts';
import { superviseWorker, type SupervisorEvent, type WorkerSupervisor } from '#jobs/supervisor.ts';

/** Within this time a worker that is told to stop finishes or gives back what it has in hand. */
export const stopLimitSeconds = 8;

/** Beside a server or for one command, or alone as `daybook work`: what the `workers` table says of it. */
export type WorkerRole = 'embedded' | 'standalone';

/** The module that the worker process of the product runs. */
export const workerEntry = new URL('worker-entry.ts', import.meta.url);

/**
 * For glibc, whose allocator keeps an arena for each of a dozen threads and most of what a large picture took. Two
 * arenas, and blocks of a megabyte and more given back at once: with 3,096 real photos and films the processes of an
 * import together grew to 640 MB without these and stay at 340 with them, at the same speed. What the user set stands.
 */
const allocation = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: String(2 ** 20) };

export function superviseWorkerChild(
  app: App,
  log: Logger,
  entry: URL,
  role: WorkerRole,
): Promise<WorkerSupervisor> {
  return superviseWorker({
    ledger: app.ledger,
    entry,
    args: [role],
    // libvips and file reads share libuv's threads; with the default four, reads would wait for decodes.
    env: { ...allocation, ...process.env, UV_THREADPOOL_SIZE: String(app.config.workers + 4) },
    hang_limit_seconds: app.config.item_limit_seconds + 10,
    stop_limit_seconds: stopLimitSeconds,
    onEvent: (event) => tell(log, event),
  });
}

function tell(log: Logger, event: SupervisorEvent): void {
  switch (event.event) {
    case 'started':
      return log.debug({ pid: event.pid }, 'worker started');
    case 'died':
      // It went in good order: it was told to stop, or an item could not be stopped but with the process.
      if (event.death === 'ended') return log.debug({ pid: event.pid }, 'worker ended');
      return log.warn(
        { pid: event.pid, items_given_back: event.released, again_in_ms: event.again_in_ms },
        `worker ${event.death}; it is started again`,
      );
    case 'fault':
      return log.error({ err: event.error }, `could not ${event.doing}`);
  }
}
