/** Keeps one worker process running: starts it, asks after it, restarts it when it dies or hangs, stops it. */
import { fork, type ChildProcess } from 'node:child_process';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Death, Ledger } from './ledger.ts';
import { memoryKills } from './memory-kills.ts';
import type { FromWorker, ToWorker } from './worker-process.ts';

export type SupervisorOptions = {
  ledger: Ledger;
  /** The module that calls `runWorkerProcess`. */
  entry: URL;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** A process that answers no ping for so long is killed. Above the time limit of one item it can only hang. */
  hang_limit_seconds: number;
  stop_limit_seconds: number;
  onEvent: (event: SupervisorEvent) => void;
};

export type SupervisorEvent =
  | { event: 'started'; pid: number }
  /** `released`: items that it had in hand. It starts again after `again_in_ms`. */
  | { event: 'died'; pid: number; death: Death | 'ended'; released: number; again_in_ms: number }
  | { event: 'fault'; doing: string; error: unknown };

export type WorkerHealth = { alive: boolean; pid: number | null; restarts: number; since: string | null };

/** Signals by which a process ends through its own fault. */
const crashSignals: ReadonlySet<string | null> = new Set([
  'SIGSEGV',
  'SIGABRT',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGTRAP',
  'SIGSYS',
]);
const pingMs = 5000;
/** After the death of a process that was at work. Many items may crash theirs, so this does not grow. */
const againMs = 100;
/** A process that does not even get to work is started again after pauses that double up to this. */
const longestBackoffMs = 10_000;

/** There is no worker process at this moment, or it did not answer in time. */
export class WorkerSilent extends Error {}

/** Frees what a former boot left in hand, then starts the child. Dispose of it before the database is closed. */
export async function superviseWorker(options: SupervisorOptions): Promise<WorkerSupervisor> {
  await options.ledger.releaseDeadHere(hostname());
  const supervisor = new WorkerSupervisor(options);
  supervisor.start();
  return supervisor;
}

export class WorkerSupervisor {
  readonly #options: SupervisorOptions;
  #child: ChildProcess | undefined;
  #workerId: string | undefined;
  #startedAt = 0;
  #restarts = 0;
  /** Processes in a row that died before they were at work. */
  #stillborn = 0;
  #hung = false;
  #stopping = false;
  #life: Promise<void> = Promise.resolve();
  readonly #stopped = new AbortController();
  #pings = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#life = this.#live();
  }

  /** There may be work: the worker looks at once. Without a process this is no loss, a new one looks anyway. */
  wake(): void {
    this.#tell({ say: 'wake' });
  }

  /** Milliseconds of a way through the child's event loop and its database. Rejects with `WorkerSilent`. */
  async roundTrip(limitMs: number): Promise<number> {
    if (this.#workerId === undefined) throw new WorkerSilent('The worker process is not running.');
    const began = performance.now();
    const number = (this.#pings += 1);
    const answered = Promise.withResolvers<void>();
    this.#waiting.set(number, answered);
    const limit = setTimeout(
      () => answered.reject(new WorkerSilent(`The worker process did not answer within ${limitMs} ms.`)),
      limitMs,
    );
    try {
      this.#tell({ say: 'ping', number });
      await answered.promise;
      return performance.now() - began;
    } finally {
      clearTimeout(limit);
      this.#waiting.delete(number);
    }
  }

  get health(): WorkerHealth {
    const alive = this.#workerId !== undefined;
    return {
      alive,
      pid: this.#child?.pid ?? null,
      restarts: this.#restarts,
      since: alive ? new Date(this.#startedAt).toISOString() : null,
    };
  }

  /** Resolves when the process is gone: of itself within its limit, else killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopped.abort();
    this.#tell({ say: 'stop' });
    const child = this.#child;
    const limit = setTimeout(() => child?.kill('SIGKILL'), (this.#options.stop_limit_seconds + 4) * 1000);
    await this.#life;
    clearTimeout(limit);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** One process after another, until `stop`. */
  async #live(): Promise<void> {
    while (!this.#stopping) {
      const death = await this.#run();
      const againInMs = this.#backoff(death.worker !== undefined);
      const released = await this.#release(death);
      const { pid } = death;
      this.#options.onEvent({ event: 'died', pid, death: death.death, released, again_in_ms: againInMs });
      if (this.#stopping) return;
      this.#restarts += 1;
      if (againInMs > 0) await sleep(againInMs, undefined, { signal: this.#stopped.signal }).catch(() => {});
    }
  }

  /** From the start of one process to its end. */
  async #run(): Promise<{ pid: number; worker: string | undefined; death: Death | 'ended' }> {
    const { entry, args, env, onEvent } = this.#options;
    this.#hung = false;
    this.#startedAt = Date.now();
    const memoryKillsBefore = memoryKills();
    const child = fork(fileURLToPath(entry), args, { env, serialization: 'json' });
    this.#child = child;
    const gone = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
    child.on('error', (error) => {
      onEvent({ event: 'fault', doing: 'start the worker process', error });
      if (child.pid === undefined) gone.resolve({ code: 1, signal: null });
    });
    child.on('exit', (code, signal) => gone.resolve({ code, signal }));
    child.on('message', (message: FromWorker) => this.#hear(message));
    if (child.pid !== undefined) onEvent({ event: 'started', pid: child.pid });
    // `stop` may have come before there was anybody to tell.
    if (this.#stopping) this.#tell({ say: 'stop' });

    const watching = new AbortController();
    const watch = this.#watch(child, watching.signal);
    const { code, signal } = await gone.promise;
    watching.abort();
    // Nobody answers these any more; the watch may be waiting for one.
    for (const { reject } of this.#waiting.values()) reject(new WorkerSilent('The worker process ended.'));
    await watch;
    const worker = this.#workerId;
    this.#workerId = undefined;
    this.#child = undefined;
    return {
      pid: child.pid ?? 0,
      worker,
      death: this.#hung ? 'hung' : deathOf(code, signal, memoryKills() > memoryKillsBefore),
    };
  }

  /** Kills the process when it has not answered for too long. */
  async #watch(child: ChildProcess, signal: AbortSignal): Promise<void> {
    const hangMs = this.#options.hang_limit_seconds * 1000;
    while (!signal.aborted) {
      await sleep(Math.min(pingMs, hangMs / 2), undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted || this.#workerId === undefined) continue;
      try {
        await this.roundTrip(hangMs);
      } catch (error) {
        // A database out of reach is no fault of the process: a new one would not reach it either.
        if (signal.aborted || !(error instanceof WorkerSilent)) continue;
        this.#hung = true;
        child.kill('SIGKILL');
      }
    }
  }

  #hear(message: FromWorker): void {
    switch (message.say) {
      case 'ready':
        this.#workerId = message.worker;
        return;
      case 'pong':
        this.#waiting.get(message.number)?.resolve();
        return;
      case 'ill':
        this.#waiting.get(message.number)?.reject(new Error(message.message));
    }
  }

  #tell(message: ToWorker): void {
    // It may be dying this moment; its exit tells.
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  async #release(death: { worker: string | undefined; death: Death | 'ended' }): Promise<number> {
    const { ledger } = this.#options;
    const { worker } = death;
    try {
      // It may have claimed before it could say who it is.
      if (worker === undefined) return await ledger.releaseDeadHere(hostname());
      if (death.death === 'ended') return await ledger.signOff(worker);
      return await ledger.releaseDead([worker], death.death);
    } catch (error) {
      // Its leases end with its beat, a little later.
      this.#options.onEvent({ event: 'fault', doing: 'release the items of a dead worker', error });
      return 0;
    }
  }

  #backoff(wasAtWork: boolean): number {
    this.#stillborn = wasAtWork ? 0 : this.#stillborn + 1;
    return Math.min(longestBackoffMs, againMs * 2 ** this.#stillborn);
  }
}

/** `ended`: it went of its own accord and left nothing in hand. */
function deathOf(code: number | null, signal: NodeJS.Signals | null, memoryWasShort: boolean): Death | 'ended' {
  if (code === 0) return 'ended';
  return code !== null || crashSignals.has(signal) || memoryWasShort ? 'crashed' : 'killed';
}
