/** The server: HTTP and page in this process, a supervised worker in another. */
import { stat, statfs } from 'node:fs/promises';
import module from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { databaseAddress, enrichmentOf, littleDiskBytes, onlyOwner, openApp, rulesOf, type App } from '#app.ts';
import type { Config } from '#config.ts';
import { limits } from '#contract/fields.ts';
import type { Health } from '#contract/health.ts';
import { historyDays } from '#contract/jobs.ts';
import { dispatchEmbedded } from '#jobs/dispatch.ts';
import type { WorkerSupervisor } from '#jobs/supervisor.ts';
import { openStorage } from '#library/storage.ts';
import { openLog } from '#log.ts';
import { addressOf } from './address.ts';
import { buildPageIfStale, builtPage } from './build-page.ts';
import { holdDataFolder } from './hold-data-folder.ts';
import { untilToldToStop } from './until-told-to-stop.ts';
import { superviseWorkerChild } from './worker-child.ts';

/** Runs until SIGTERM or Ctrl-C, with a worker that runs `entry`; resolves to the exit code once everything is closed. */
export async function serve(config: Config, version: string, entry: URL): Promise<number> {
  const toldToStop = untilToldToStop();
  await using _hold = await holdIfAlone(config);
  await buildPageIfStale((sentence) => process.stdout.write(`${sentence}\n`));
  const log = openLog(config.log_level);
  await using app = await openApp(config);
  await using worker = await superviseWorkerChild(app, log, entry, 'embedded');
  // Loaded now: it is a thousand modules, and the worker can start and claim meanwhile.
  const { buildServer } = await import('#http/server.ts');
  const { decideLeftOver } = await import('#review/large-decisions.ts');
  const { Threads } = await import('#review/threads.ts');
  const { openViews } = await import('#saved-videos/table/views.ts');
  const { forgetStaleUploads } = await import('#library/upload-store.ts');
  await forgetStaleUploads(app.db, app.storage);
  await using threads = new Threads({ database: databaseAddress(config), most: decidingThreads });
  // What a process that died had begun to decide.
  decideLeftOver({ db: app.db, rules: rulesOf(config), threads }, onlyOwner).catch((error: unknown) =>
    log.error({ err: error }, 'assets could not be decided again'),
  );
  const enrichment = enrichmentOf(app);
  const server = await buildServer(
    {
      owner: onlyOwner,
      db: app.db,
      ledger: app.ledger,
      storage: app.storage,
      rules: rulesOf(config),
      threads,
      export_template: config.export_template,
      views: openViews(app.db),
      expand_playlist: enrichment.youtube.expandPlaylist,
      enrichment,
      dispatcher: dispatchEmbedded(worker),
      health: () => healthOf(app, worker, version),
    },
    {
      port: config.port,
      version,
      page: builtPage,
      max_upload_bytes: config.max_upload_gb * 1e9,
      logger: log,
    },
  );
  try {
    await untilItAnswers(worker);
    await listen(server, config);
    process.stdout.write(
      `Daybook is at ${addressOf(config)}\nIts data are in ${config.data}. Ctrl-C stops it.\n`,
    );
    // Kept also for a server that is killed.
    module.flushCompileCache();
    using _sweeping = forgetOldDaily(app, log);
    return await Promise.race([toldToStop.then(() => 0), untilDataIsGone(config.data)]);
  } finally {
    await server.close();
  }
}

/** One decides while another is asked to take that back. */
const decidingThreads = 2;

/** PostgreSQL is made for several servers; on SQLite there is one. */
async function holdIfAlone(config: Config): Promise<AsyncDisposable> {
  if (config.database_url !== '') return { [Symbol.asyncDispose]: async () => {} };
  const { folder } = await openStorage(config.data);
  return holdDataFolder(folder, addressOf(config));
}

const dayMs = 86_400_000;

/** Now, and once a day as long as the server runs. */
function forgetOldDaily(app: App, log: Logger): Disposable {
  const forget = async () => {
    try {
      const events = await app.ledger.forgetHistory();
      if (events > 0) log.info({ events }, `history of jobs that ended ${historyDays} days ago was removed`);
      const { forgetDeletedLists } = await import('#saved-videos/lists.ts');
      const lists = await forgetDeletedLists(app.db, new Date());
      if (lists > 0) log.info({ lists }, `lists put away ${limits.deleted_list_days} days ago were removed`);
    } catch (error) {
      log.error({ err: error }, 'could not remove what is old');
    }
  };
  void forget();
  const daily = setInterval(() => void forget(), dayMs);
  return { [Symbol.dispose]: () => clearInterval(daily) };
}

const lookAtDataEveryMs = 2000;

/** A disk that was pulled or a folder that was deleted: what would be written now would be written into nowhere. */
async function untilDataIsGone(folder: string): Promise<number> {
  const began = await stat(folder);
  for (;;) {
    await sleep(lookAtDataEveryMs, undefined, { ref: false });
    const now = await stat(folder).catch(() => undefined);
    if (now?.ino === began.ino && now.dev === began.dev) continue;
    process.stderr.write(
      `The data folder ${folder} is gone; Daybook stops. Connect its disk and start again.\n`,
    );
    return 1;
  }
}

async function listen(
  server: { listen(to: { host: string; port: number }): Promise<unknown> },
  config: Config,
) {
  try {
    await server.listen({ host: config.host, port: config.port });
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EADDRINUSE') throw cause;
    throw new Error(
      `Port ${config.port} is taken, perhaps by another Daybook. Stop it, or choose another port with DAYBOOK_PORT.`,
      { cause },
    );
  }
}

const workerStartsWithinMs = 15_000;

/** So that the first answer of the server is not that its worker is still starting. A worker that cannot start is told by `health`. */
async function untilItAnswers(worker: WorkerSupervisor): Promise<void> {
  const limit = performance.now() + workerStartsWithinMs;
  while (!worker.health.alive && performance.now() < limit) await sleep(20);
}

const workerAnswersWithinMs = 3000;

/** Each check does something with what it checks. */
async function healthOf(app: App, worker: WorkerSupervisor, version: string): Promise<Health> {
  const [database, working, disk] = await Promise.all([
    checkDatabase(app),
    checkWorker(worker),
    checkDisk(app),
  ]);
  const ok = database.ok && working.ok && disk.ok;
  return { status: ok ? 'ok' : 'degraded', version, database, worker: working, disk };
}

async function checkDatabase(app: App): Promise<Health['database']> {
  try {
    await sql`select 1`.execute(app.db);
    return { ok: true, detail: app.engine };
  } catch (error) {
    return { ok: false, detail: `The database does not answer: ${String(error)}` };
  }
}

async function checkWorker(worker: WorkerSupervisor): Promise<Health['worker']> {
  try {
    const round_trip_ms = await worker.roundTrip(workerAnswersWithinMs);
    const { restarts, since } = worker.health;
    return { ok: true, detail: `${restarts} restarts`, round_trip_ms, restarts, since };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const { restarts, since } = worker.health;
    return { ok: false, detail, round_trip_ms: null, restarts, since };
  }
}

async function checkDisk(app: App): Promise<Health['disk']> {
  try {
    const { bavail, bsize } = await statfs(app.storage.folder);
    const free_bytes = bavail * bsize;
    const free = `${(free_bytes / 1e9).toFixed(1)} GB free`;
    return { ok: free_bytes >= littleDiskBytes, detail: free, free_bytes };
  } catch (error) {
    return { ok: false, detail: `The data folder cannot be read: ${String(error)}`, free_bytes: null };
  }
}
