import { setTimeout as sleep } from 'node:timers/promises';
import type { JobKinds } from './kinds.ts';
import type { Claimed, Ledger, Settled } from './ledger.ts';
import { ItemEnded, messageOf, type Outcome } from './outcome.ts';

export type SettlerOptions = {
  ledger: Ledger;
  kinds: JobKinds;
  settle_group: number;
  onFault: (doing: string, error: unknown) => void;
};

/** A result waits this long for company. */
const longestWaitMs = 250;
/** A group that cannot be written is tried again after these pauses, then item by item. */
const pausesMs = [0, 100, 500];
/** The rate is measured over windows of this length. */
const windowMs = 250;

/**
 * What is worked and not yet in the ledger. Groups of one job each are settled one after the other; what cannot be
 * settled is given back, and what cannot even be given back is kept until it can: the worker's beat keeps its
 * lease, so nobody else would ever get it.
 */
export class Settler {
  readonly #options: SettlerOptions;
  /** Groups that are not full yet, by job. */
  readonly #groups = new Map<string, Settled[]>();
  /** Groups that wait for the one before them to be written, by job; what fills up meanwhile joins them. */
  readonly #waiting = new Map<string, Settled[]>();
  #back: Claimed[] = [];
  #timer: NodeJS.Timeout | undefined;
  #settling: Promise<void> = Promise.resolve();
  #unsettled = 0;
  #window = { since: performance.now(), items: 0, perSecond: 0 };

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#unsettled === 0;
  }

  /** Items that came in per second lately. */
  get perSecond(): number {
    const took = performance.now() - this.#window.since;
    if (took < windowMs) return this.#window.perSecond;
    const perSecond = (this.#window.items / took) * 1000;
    this.#window = { since: performance.now(), items: 0, perSecond };
    return perSecond;
  }

  /** Waits only while the ledger is far behind. */
  async add(settled: Settled): Promise<void> {
    const { id } = settled.claimed.job;
    const group = this.#groups.getOrInsert(id, []);
    group.push(settled);
    this.#unsettled += 1;
    this.#window.items += 1;
    const { settle_group } = this.#options;
    if (group.length >= settle_group) this.#take(id);
    else this.#timer ??= setTimeout(() => void this.flush(), longestWaitMs);
    if (this.#unsettled > settle_group * 4) await this.#settling;
  }

  /** Settles everything that came in until now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const id of this.#groups.keys()) this.#take(id);
    await this.#settling;
  }

  /** Untouched items, back into the ledger; tried again later if it does not take them now. */
  async giveBack(claims: readonly Claimed[]): Promise<void> {
    this.#back.push(...claims);
    if (this.#back.length === 0) return;
    const back = this.#back;
    this.#back = [];
    try {
      await this.#options.ledger.giveBack(back);
    } catch (error) {
      this.#back.push(...back);
      this.#options.onFault('give items back', error);
    }
  }

  #take(id: string): void {
    const group = this.#groups.get(id);
    this.#groups.delete(id);
    if (group === undefined) return;
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) {
      waiting.push(...group);
      return;
    }
    this.#waiting.set(id, group);
    this.#settling = this.#after(this.#settling, id, group);
  }

  /** Never rejects: whatever happens, the group has left the hand. */
  async #after(before: Promise<void>, id: string, group: readonly Settled[]): Promise<void> {
    await before;
    this.#waiting.delete(id);
    await this.#settle(group);
    this.#unsettled -= group.length;
  }

  async #settle(group: readonly Settled[]): Promise<void> {
    for (const pause of pausesMs) {
      if (pause > 0) await sleep(pause);
      if (await this.#try(group, 'now')) return;
    }
    for (const settled of group) await this.#settleAlone(settled);
  }

  /** The summary is left for later, so that what fails here is this item's own effect, or the database. */
  async #settleAlone(settled: Settled): Promise<void> {
    const { ledger, onFault } = this.#options;
    try {
      await ledger.settle([settled], this.#hooks(settled), 'later');
      return;
    } catch (error) {
      onFault(`settle "${settled.claimed.label}"`, error);
      const instead = { claimed: settled.claimed, outcome: outcomeOfCommitError(error) };
      if (await this.#try([instead], 'later')) return;
    }
    await this.giveBack([settled.claimed]);
  }

  async #try(group: readonly Settled[], ending: 'now' | 'later'): Promise<boolean> {
    try {
      await this.#options.ledger.settle(group, this.#hooks(group[0] as Settled), ending);
      return true;
    } catch (error) {
      this.#options.onFault('settle items', error);
      return false;
    }
  }

  #hooks({ claimed }: Settled) {
    return this.#options.kinds.get(claimed.job.kind) ?? {};
  }
}

/** The kind may say what a failed effect means (the disk is full); else it counts as passing, a few times. */
function outcomeOfCommitError(error: unknown): Outcome<never> {
  if (error instanceof ItemEnded) return error.outcome;
  return { outcome: 'try_again', code: 'unexpected', message: messageOf(error) };
}
