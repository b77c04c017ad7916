/** The module that a worker process runs: as a child of `serve` and `import`, or as `daybook work` itself. */
import { databaseAddress, enrichmentOf, mediaToolsOptions, openApp, rulesOf } from '#app.ts';
import { readConfig, type Config } from '#config.ts';
import { jobKinds, type AnyJobKind } from '#jobs/kinds.ts';
import { runWorkerProcess, type WorkerHouse } from '#jobs/worker-process.ts';
import { startWorker } from '#jobs/worker.ts';
import { isDiskFull } from '#library/import-causes.ts';
import { importJobKind } from '#library/import-kind.ts';
import { openLog } from '#log.ts';
import { openMediaTools } from '#media/media-tools.ts';
import { redateJobKind } from '#review/redate-kind.ts';
import { Threads } from '#review/threads.ts';
import { enrichJobKind } from '#saved-videos/enrich-kind.ts';
import { stopLimitSeconds } from './worker-child.ts';

/**
 * Works until it is told to stop; ends the process. `moreKinds` beside those of the product: the fault tests bring
 * one whose items crash, hang or do nothing.
 */
export function workUntilStopped(
  config: Config,
  role: 'embedded' | 'standalone',
  moreKinds: readonly AnyJobKind[],
): Promise<never> {
  return runWorkerProcess({
    open: (restart) => openHouse(config, role, moreKinds, restart),
    stop_limit_seconds: stopLimitSeconds,
  });
}

/** Opens in order, closes in reverse; what was opened before a fault is closed again. */
async function openHouse(
  config: Config,
  role: string,
  moreKinds: readonly AnyJobKind[],
  restart: () => void,
): Promise<WorkerHouse> {
  await using opened = new AsyncDisposableStack();
  const log = openLog(config.log_level);
  const app = opened.use(await openApp(config));
  const tools = opened.use(await openMediaTools(mediaToolsOptions(config)));
  // Taken before there is need; where there is no room the first item says so.
  await app.storage.reserve.hold().catch(() => {});
  const imports = importJobKind({ db: app.db, storage: app.storage, tools, rules: rulesOf(config) });
  const threads = opened.use(new Threads({ database: databaseAddress(config), most: config.workers }));
  const redates = redateJobKind((wanted) => threads.ask('judge', wanted));
  const enrichments = enrichJobKind(app.db, app.ledger, enrichmentOf(app));
  const worker = await startWorker({
    ledger: app.ledger,
    kinds: jobKinds(imports, redates, enrichments, ...moreKinds),
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

if (import.meta.main) await workUntilStopped(readConfig(process.env), 'embedded', []);
