/**
 * Threads for what keeps a processor busy: judging 100,000 assets takes half a minute of one, which the event loop of
 * a web process or of a worker has not. Each has a database connection of its own, is started when it is needed, and
 * ends after a while without work.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { DatabaseAddress } from '#db/database.ts';
import type { Answer, Asked, Question, ThreadData } from './thread.ts';

export type ThreadsOptions = {
  database: DatabaseAddress;
  /** Threads at the same time. */
  most: number;
};

/** Starting one takes a quarter of a second; one that rests holds some 50 MB. */
const restMs = 15_000;

type Waiting = { asked: Asked; resolve: (value: never) => void; reject: (error: Error) => void };

export class Threads {
  readonly #options: ThreadsOptions;
  readonly #threads = new Set<OneThread>();
  /** Questions for which no thread was free, the oldest first. */
  #queue: Waiting[] = [];
  #closed = false;

  constructor(options: ThreadsOptions) {
    this.#options = options;
  }

  /** Rejects with what the thread threw, or when it ended in the middle. */
  ask<What extends Question>(what: What, wanted: Asked<What>['wanted']): Promise<Answer<What>> {
    if (this.#closed) return Promise.reject(new Error('The threads are closed.'));
    return new Promise((resolve, reject) => {
      // What is wanted belongs to what is asked: the compiler cannot see it of any one.
      this.#queue.push({ asked: { what, wanted } as unknown as Asked, resolve, reject });
      this.#handOut();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(new Error('The threads are closed.'));
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }

  #handOut(): void {
    while (this.#queue.length > 0) {
      const thread = [...this.#threads].find(({ isFree }) => isFree) ?? this.#start();
      const waiting = thread && this.#queue.shift();
      if (waiting === undefined) return;
      thread?.take(waiting);
    }
  }

  #start(): OneThread | undefined {
    if (this.#threads.size >= this.#options.most) return undefined;
    const thread = new OneThread(this.#options.database, {
      onFree: () => this.#handOut(),
      onGone: () => {
        this.#threads.delete(thread);
        if (!this.#closed) this.#handOut();
      },
    });
    this.#threads.add(thread);
    return thread;
  }
}

class OneThread {
  readonly #worker: Worker;
  #work: Waiting | undefined;
  #rest: NodeJS.Timeout | undefined;
  #ending = false;

  constructor(database: DatabaseAddress, told: { onFree: () => void; onGone: () => void }) {
    this.#worker = new Worker(new URL('thread.ts', import.meta.url), {
      workerData: { database } satisfies ThreadData,
    });
    // A process may end while its threads rest.
    this.#worker.unref();
    this.#worker.on('message', (answer: { value: unknown } | { error: Error }) => {
      const work = this.#work;
      this.#work = undefined;
      this.#worker.unref();
      this.#rest = setTimeout(() => void this.end(), restMs).unref();
      if ('error' in answer) work?.reject(answer.error);
      else work?.resolve(answer.value as never);
      told.onFree();
    });
    let cause: unknown;
    this.#worker.on('error', (error) => (cause = error));
    this.#worker.on('exit', () => {
      clearTimeout(this.#rest);
      this.#work?.reject(new Error('The thread that worked on it ended.', { cause }));
      told.onGone();
    });
  }

  get isFree(): boolean {
    return this.#work === undefined && !this.#ending;
  }

  take(work: Waiting): void {
    clearTimeout(this.#rest);
    this.#work = work;
    this.#worker.ref();
    this.#say(work.asked);
  }

  /** What it works on is still answered. */
  async end(): Promise<void> {
    this.#ending = true;
    this.#worker.ref();
    const gone = once(this.#worker, 'exit');
    this.#say('end');
    await gone;
  }

  #say(message: Asked | 'end'): void {
    // The rule means windows of a browser, which must name whom they speak to.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#worker.postMessage(message);
  }
}
