/** The module that a worker process runs: as a child of `serve`, `work` and the commands that start a job. */
import { openApp } from '#app.ts';
import { readConfig, type Config } from '#config.ts';
import { jobKinds, type AnyJobKind } from '#jobs/kinds.ts';
import { runWorkerProcess, type WorkerHouse } from '#jobs/worker-process.ts';
import { startWorker } from '#jobs/worker.ts';
import { isDiskFull } from '#library/import-causes.ts';
import { openLog } from '#log.ts';
import { stopLimitSeconds, type WorkerRole } from './worker-child.ts';
import { productKinds } from './worker-kinds.ts';

/**
 * Works until it is told to stop; ends the process. `moreKinds` beside those of the product: the fault tests bring
 * one whose items crash, hang or do nothing.
 */
export function workUntilStopped(config: Config, moreKinds: readonly AnyJobKind[]): Promise<never> {
  const role: WorkerRole = process.argv[2] === 'standalone' ? 'standalone' : 'embedded';
  return runWorkerProcess({
    open: (restart) => openHouse(config, role, moreKinds, restart),
    stop_limit_seconds: stopLimitSeconds,
  });
}

/** Opens in order, closes in reverse; what was opened before a fault is closed again. */
async function openHouse(
  config: Config,
  role: WorkerRole,
  moreKinds: readonly AnyJobKind[],
  restart: () => void,
): Promise<WorkerHouse> {
  await using opened = new AsyncDisposableStack();
  const log = openLog(config.log_level);
  const app = opened.use(await openApp(config));
  // Taken before there is need; where there is no room the first item says so.
  app.storage.reserve.hold().catch(() => {});
  app.storage
    .sweepUnfinished()
    .catch((error: unknown) => log.warn({ err: error }, 'what was left unfinished could not be removed'));
  const { kinds } = opened.use(productKinds(app));
  const worker = await startWorker({
    ledger: app.ledger,
    kinds: jobKinds(...kinds, ...moreKinds),
    role,
    // One more than is decoded at once: while it waits for the disk or for ExifTool, the others have the cores.
    concurrency: config.workers + 1,
    settle_group: config.settle_group,
    item_limit_seconds: config.item_limit_seconds,
    onFault: (doing, error) => {
      log.error({ err: error }, `worker: ${doing}`);
      // What is in hand, and why the job stops, can still be written then.
      if (isDiskFull(error)) app.storage.reserve.giveUp().catch(() => {});
    },
    onUnresponsive: (item) => {
      log.error({ item: item.label }, 'worker: an item cannot be stopped; the process is replaced');
      restart();
    },
  });
  const rest = opened.move();
  return { worker, [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose]() };
}

if (import.meta.main) await workUntilStopped(readConfig(process.env), []);
