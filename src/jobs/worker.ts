/**
 * The loop of one worker: claim → process → settle.
 *
 * `concurrency` lanes each take the next claimed item, ask whether its job may still run, process it and leave the
 * outcome with the settler. Items are claimed ahead, as many as the last seconds say will be worked in a quarter of
 * a second, so that quick items are claimed by the hundred and slow ones by the hand. An item that must be worked
 * alone is claimed with an empty hand, and nothing else is claimed until it is settled.
 *
 * Items of a kind that says `atOnce` mostly wait for another computer. They take no lane: each is begun when it is
 * claimed, and no more are claimed than may be in hand. So an import goes on at full speed beside a thousand answers
 * that are waited for.
 *
 * Measured by `npm run bench:jobs` with items that do nothing, 2 lanes, groups of ten, 2 busy cores: 12,000–16,000 a
 * second on SQLite with synchronous=FULL, of which a third is the disk's answer to each commit; 2,200–5,300 a second
 * on PostgreSQL, where asking before each item is the largest part (0.2 ms for the way there and back).
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { beatMs } from './beat.ts';
import { WorkerUnknown } from './claim.ts';
import { JobCancelled, LeaseLost, WorkerStopped, workItem } from './item.ts';
import type { AnyJobKind, JobKinds } from './kinds.ts';
import type { Claimed, ClaimWish, Ledger } from './ledger.ts';
import { Permission } from './permission.ts';
import { messageOf } from './outcome.ts';
import { Settler } from './settler.ts';

export type WorkerOptions = {
  ledger: Ledger;
  kinds: JobKinds;
  /** What the `workers` table says of it: `embedded`, `standalone`, … */
  role: string;
  /** Items in work at the same time. */
  concurrency: number;
  /** Items that are settled together. */
  settle_group: number;
  item_limit_seconds: number;
  /** A fault of the database or of a kind that the worker survives: for the log. */
  onFault: (doing: string, error: unknown) => void;
  /**
   * An item ignores its abort, and only the end of the process ends its work. The loop goes on with one lane more
   * than it should have; whoever runs the worker should stop it and start a new process.
   */
  onUnresponsive: (item: Claimed) => void;
};

/** Work is asked for this often when nothing is known of any; `wake` asks at once. */
const idleMs = 500;
/** How often the status of the jobs in hand is looked at, so that a cancel aborts within a second. */
const watchMs = 400;
/** Items are claimed for this much work ahead … */
const aheadSeconds = 0.25;
/** … but never more than these, whatever the rate. */
const mostAhead = 100;
/** Time for an aborted item to end by itself. */
const graceMs = 2000;
/** A fault of the database is met with pauses that double up to this. */
const longestRestMs = 5000;
/** Kinds that are claimed together, and the moment before which nobody asks for them, unless a wake-up comes. */
type Side = { readonly kinds: readonly AnyJobKind[]; restUntil: number };

/** A summary that cannot be made is tried this often before its job is given up as `failed`. */
const summaryTries = 3;

/** Starts at once. Dispose of the worker, or `stop` it, before its database is closed. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const worker = new Worker(options);
  await worker.start();
  return worker;
}

export class Worker {
  readonly id = randomUUID();
  readonly #options: WorkerOptions;
  readonly #permission: Permission;
  readonly #settler: Settler;
  /** Claimed, not begun. */
  #queue: Claimed[] = [];
  /** Begun, and the way to abort each. */
  readonly #inHand = new Map<Claimed, AbortController>();
  #lanes: Promise<unknown> = Promise.resolve();
  /** What is worked in the lanes, and what beside them. */
  readonly #sides: readonly [lanes: Side, beside: Side];
  /** Items in work beside the lanes. */
  readonly #beside = new Set<Promise<void>>();
  #refilling: Promise<void> | undefined;
  #happened = Promise.withResolvers<void>();
  /** An item is in hand beside which there must be no other. */
  #alone = false;
  /** The last claim failed, and perhaps only its answer: items may be leased to this worker that it does not know. */
  #claimLost = false;
  #stopping: Promise<void> | undefined;
  /** Faults in a row. */
  #faults = 0;
  readonly #summaryFaults = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#permission = new Permission(options.ledger);
    this.#settler = new Settler(options);
    const kinds = [...options.kinds.values()];
    this.#sides = [
      { kinds: kinds.filter(({ atOnce }) => atOnce === undefined), restUntil: 0 },
      { kinds: kinds.filter(({ atOnce }) => atOnce !== undefined), restUntil: 0 },
    ];
  }

  async start(): Promise<void> {
    await this.#register();
    this.#timers.push(
      setInterval(
        () => void this.#guard('beat', () => this.#beat()),
        beatMs(this.#options.ledger.options.lease_seconds),
      ),
      setInterval(() => {
        void this.#guard('watch jobs', () => this.#watch());
        // While every lane is busy nobody else asks for what is worked beside them.
        this.#refill();
      }, watchMs),
    );
    this.#lanes = Promise.all(Array.from({ length: this.#options.concurrency }, () => this.#lane()));
  }

  /** There may be work, or a job in hand may have changed: look at once. */
  wake(): void {
    this.#restNoMore();
    this.#refill();
    this.#signal();
    void this.#guard('watch jobs', () => this.#watch());
  }

  /** Resolves when the event loop of this process and its database have both answered. */
  async alive(): Promise<void> {
    if (!(await this.#options.ledger.heartbeat(this.id))) await this.#beat();
  }

  /**
   * Claims nothing more, gives back what was not begun, and lets what is in hand finish within the limit; then
   * aborts it and gives it back. Nothing of that costs an attempt.
   */
  stop(limitSeconds: number): Promise<void> {
    return (this.#stopping ??= this.#stop(limitSeconds * 1000));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(10);
  }

  async #stop(limitMs: number): Promise<void> {
    this.#signal();
    await this.#refilling;
    await this.#giveBackQueue(() => true);
    const abort = setTimeout(
      () => this.#abort(() => true, new WorkerStopped('The worker stops.')),
      Math.max(0, limitMs - graceMs),
    );
    const inHand = Promise.all([this.#lanes, ...this.#beside]);
    await Promise.race([inHand, sleep(limitMs, undefined, { ref: false })]);
    clearTimeout(abort);
    for (const timer of this.#timers) clearInterval(timer);
    await this.#settler.flush();
    await this.#settler.giveBack([]);
    await this.#guard('sign off', () => this.#options.ledger.signOff(this.id));
  }

  async #lane(): Promise<void> {
    for (;;) {
      const claimed = await this.#next();
      if (claimed === undefined) return;
      await this.#take(claimed);
    }
  }

  /** Another takes its place as soon as there is room. */
  #beginBeside(claimed: Claimed): void {
    const work = this.#take(claimed).finally(() => {
      this.#beside.delete(work);
      this.#refill();
    });
    this.#beside.add(work);
  }

  async #take(claimed: Claimed): Promise<void> {
    const controller = new AbortController();
    this.#inHand.set(claimed, controller);
    await this.#work(claimed, controller);
    this.#inHand.delete(claimed);
    if (this.#inHand.size === 0 && this.#queue.length === 0) await this.#handIsEmpty();
  }

  async #work(claimed: Claimed, controller: AbortController): Promise<void> {
    const kind = this.#options.kinds.get(claimed.job.kind);
    const mayRun = await this.#guard('ask for permission', () => this.#permission.ask(claimed.job.id));
    if (mayRun === false) await this.#giveBackQueue(({ job }) => job.id === claimed.job.id);
    if (!mayRun || kind === undefined || this.#stopping || controller.signal.aborted) {
      return this.#settler.giveBack([claimed]);
    }
    const limitMs = this.#options.item_limit_seconds * 1000;
    const { outcome, unresponsive } = await workItem(kind, claimed, controller, { limitMs, graceMs });
    if (outcome === 'aborted') await this.#settler.giveBack([claimed]);
    else await this.#settler.add({ claimed, outcome });
    if (unresponsive) this.#options.onUnresponsive(claimed);
  }

  /** There is nothing to wait for: the group is settled as it is. */
  async #handIsEmpty(): Promise<void> {
    await this.#settler.flush();
    // What could not be given back a moment ago (a connection that broke) does not wait for the next beat.
    await this.#settler.giveBack([]);
    // Another lane may have begun an item meanwhile, but none that must be alone: that one is claimed last of all.
    if (this.#inHand.size > 0 || this.#queue.length > 0) return;
    this.#alone = false;
    this.#restNoMore();
    this.#signal();
  }

  /** The next item to begin, or undefined when the worker stops. */
  async #next(): Promise<Claimed | undefined> {
    while (this.#stopping === undefined) {
      this.#refill();
      const claimed = this.#queue.shift();
      if (claimed !== undefined) return claimed;
      await this.#somethingHappens();
    }
    return undefined;
  }

  /** A claim came back, somebody called `wake`, the hand got empty, or it is time to ask again. */
  async #somethingHappens(): Promise<void> {
    const now = performance.now();
    const rests = this.#sides.map(({ restUntil }) => restUntil - now + 1).filter((rest) => rest > 0);
    const timer = setTimeout(() => this.#signal(), Math.min(...rests, idleMs));
    await this.#happened.promise;
    clearTimeout(timer);
  }

  #signal(): void {
    const happened = this.#happened;
    this.#happened = Promise.withResolvers();
    happened.resolve();
  }

  /** One claim at a time, none while an item is worked alone. */
  #refill(): void {
    if (this.#refilling !== undefined || this.#alone || this.#stopping) return;
    if (this.#claimLost && !this.#holdsNothing()) return;
    const wanted = this.#sides
      .map((side) => ({ side, kinds: this.#roomFor(side) }))
      .filter(({ kinds }) => kinds.length > 0);
    const now = performance.now();
    if (wanted.every(({ side }) => now < side.restUntil)) return;
    // Always for all that there is room for: who is refused an item that must be worked alone gets nothing else
    // either, so that the hand gets empty.
    const asked = wanted.map(({ side }) => side);
    const kinds = wanted.flatMap(({ kinds }) => kinds);
    this.#refilling = this.#claim(asked, kinds).finally(() => {
      this.#refilling = undefined;
      this.#signal();
    });
  }

  /** Kinds of one side that can be begun soon, and how many of each. */
  #roomFor(side: Side): ClaimWish['kinds'] {
    if (side === this.#sides[0]) return this.#queue.length <= this.#options.concurrency ? side.kinds : [];
    const held = Map.groupBy(this.#inHand.keys(), ({ job }) => job.kind);
    return side.kinds.flatMap(({ name, atOnce = 0, claimSize = atOnce }) => {
      const room = Math.min(claimSize, atOnce - (held.get(name)?.length ?? 0));
      return room > 0 ? [{ name, claimSize: room }] : [];
    });
  }

  #restNoMore(): void {
    for (const side of this.#sides) side.restUntil = 0;
  }

  async #claim(asked: readonly Side[], wanted: ClaimWish['kinds']): Promise<void> {
    const { ledger, kinds, concurrency } = this.#options;
    const ahead = Math.min(mostAhead, Math.ceil(this.#settler.perSecond * aheadSeconds));
    const holdsNothing = this.#holdsNothing();
    // Somebody who calls `wake` from here on ends this rest before it begins.
    for (const side of asked) side.restUntil = Infinity;
    const claims = await this.#guard('claim', async () => {
      if (this.#claimLost) await ledger.takeBack(this.id);
      return ledger.claim(this.id, {
        limit: Math.max(concurrency, ahead),
        kinds: wanted,
        holdsNothing,
      });
    });
    this.#claimLost = claims === undefined;
    if (claims !== undefined && claims.length > 0) {
      this.#alone = claims[0]?.alone === true;
      for (const side of asked) side.restUntil = 0;
      // All of one job, and so of one kind.
      const isBeside = kinds.get(claims[0]?.job.kind ?? '')?.atOnce !== undefined;
      if (!isBeside) this.#queue.push(...claims);
      else for (const claimed of claims) this.#beginBeside(claimed);
      return;
    }
    if (claims !== undefined) await this.#guard('end jobs', () => this.#endJobs());
    const wasDenied = !holdsNothing && this.#holdsNothing();
    const restUntil = wasDenied ? 0 : performance.now() + this.#restMs();
    for (const side of asked) if (side.restUntil !== 0) side.restUntil = restUntil;
  }

  #holdsNothing(): boolean {
    return this.#queue.length === 0 && this.#inHand.size === 0 && this.#settler.isEmpty;
  }

  #restMs(): number {
    return this.#faults === 0 ? idleMs : Math.min(longestRestMs, 50 * 2 ** this.#faults);
  }

  async #giveBackQueue(which: (claimed: Claimed) => boolean): Promise<void> {
    const back = this.#queue.filter(which);
    this.#queue = this.#queue.filter((claimed) => !back.includes(claimed));
    await this.#settler.giveBack(back);
  }

  #abort(which: (claimed: Claimed) => boolean, reason: Error): void {
    for (const [claimed, controller] of this.#inHand) if (which(claimed)) controller.abort(reason);
  }

  /** Aborts the work in hand for jobs that were cancelled. */
  async #watch(): Promise<void> {
    const ids = new Set([...this.#inHand.keys()].map(({ job }) => job.id));
    if (ids.size === 0) return;
    const statuses = await this.#options.ledger.statuses([...ids]);
    const gone = ({ job }: Claimed) => (statuses.get(job.id) ?? 'cancelled') === 'cancelled';
    this.#abort(gone, new JobCancelled('The job was cancelled.'));
  }

  async #register(): Promise<void> {
    const { ledger, role } = this.#options;
    await ledger.register({ id: this.id, host: hostname(), pid: process.pid, role });
  }

  /** Shows that this worker lives, and does what any worker may do for all. */
  async #beat(): Promise<void> {
    const { ledger } = this.#options;
    if (!(await ledger.heartbeat(this.id))) {
      // Somebody took this worker for dead (a computer that slept, a database out of reach): others may have its
      // items by now. Whatever it still settles is fenced off, so it stops working on it.
      this.#queue = [];
      this.#abort(() => true, new LeaseLost('Another worker took over.'));
      await this.#register();
    }
    await this.#settler.giveBack([]);
    await ledger.releaseExpired();
    await this.#endJobs();
  }

  /** Jobs whose last item came to its outcome elsewhere, and pauses whose time is over. */
  async #endJobs(): Promise<void> {
    const { ledger, kinds } = this.#options;
    if ((await ledger.resumeDue()).length > 0) this.#restNoMore();
    for (const { id, kind } of await ledger.unended([...kinds.keys()])) {
      try {
        await ledger.finish(id, { kind: kinds.get(kind) ?? {} });
      } catch (error) {
        this.#options.onFault('end a job', error);
        const times = (this.#summaryFaults.get(id) ?? 0) + 1;
        this.#summaryFaults.set(id, times);
        if (times < summaryTries) continue;
        await ledger.finish(id, { broke: `The summary could not be made: ${messageOf(error)}` });
      }
      this.#summaryFaults.delete(id);
    }
  }

  /** The worker outlives every fault of its database; undefined tells that there was one. */
  async #guard<Value>(doing: string, act: () => Promise<Value>): Promise<Value | undefined> {
    try {
      const value = await act();
      this.#faults = 0;
      return value;
    } catch (error) {
      this.#faults += 1;
      this.#options.onFault(doing, error);
      if (error instanceof WorkerUnknown) await this.#guard('register', () => this.#beat());
      return undefined;
    }
  }
}
