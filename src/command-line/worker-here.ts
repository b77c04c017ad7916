/** For a command that wants its job worked: by a server's worker if one runs, else by one of its own. */
import type { App } from '#app.ts';
import { liveWorkers } from '#jobs/live-workers.ts';
import type { WorkerSupervisor } from '#jobs/supervisor.ts';
import { openLog } from '#log.ts';
import { superviseWorkerChild, workerEntry } from './worker-child.ts';

export type WorkerHere = {
  /** There may be work. A server's worker finds it by itself within half a second. */
  notify(): void;
  /** Called now and then: starts a worker of our own if the server that had one is gone. */
  ensure(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const lookEveryMs = 2000;

export async function startWorkerIfNone(app: App): Promise<WorkerHere> {
  const log = openLog(app.config.log_level === 'info' ? 'warn' : app.config.log_level);
  let own: WorkerSupervisor | undefined;
  let lookedAt = 0;
  const ensure = async () => {
    if (own !== undefined || Date.now() - lookedAt < lookEveryMs) return;
    lookedAt = Date.now();
    if ((await liveWorkers(app.db, app.ledger.options.lease_seconds)).length === 0)
      own = await superviseWorkerChild(app, log, workerEntry, 'embedded');
  };
  await ensure();
  return {
    ensure,
    notify: () => own?.wake(),
    [Symbol.asyncDispose]: async () => own?.stop(),
  };
}
