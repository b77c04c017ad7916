/**
 * Looks in the ledger for new events while somebody listens. Whoever wrote them (the worker of this server, another
 * process, another computer) need not know of it, and nothing is lost when nobody looks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveMessage } from '#contract/live.ts';
import type { Ledger } from '#jobs/ledger.ts';

/** A little more than from one message of a job to the next, so that what a look finds may be sent at once. */
const lookEveryMs = 260;
/** A job stays in view for this long after its end: longer than any transaction lasts and than clocks differ. */
export const endedLatelyMs = 300_000;
/** Events per message. */
export const pageSize = 500;

/** The next events of a job as they are sent, and the number of the last of them. */
export type LivePage = { text: string; last: number; full: boolean };

export type LiveListener = {
  /** The newest event of each job in view. */
  hear(heads: ReadonlyMap<string, number>): void;
  /** The ledger could not be read. */
  fail(error: unknown): void;
};

export class LiveFeed {
  readonly #ledger: Ledger;
  readonly #owner: string;
  readonly #listeners = new Set<LiveListener>();
  #isLooking = false;
  /** Pages that are being read: clients that are equally far share them. */
  readonly #reading = new Map<string, Promise<LivePage | undefined>>();

  constructor(ledger: Ledger, owner: string) {
    this.#ledger = ledger;
    this.#owner = owner;
  }

  add(listener: LiveListener): void {
    this.#listeners.add(listener);
    if (!this.#isLooking) void this.#lookWhileHeard();
  }

  remove(listener: LiveListener): void {
    this.#listeners.delete(listener);
  }

  heads(endedSince: Date, also: readonly string[]): Promise<Map<string, number>> {
    return this.#ledger.heads({ owner: this.#owner, ended_since: endedSince, also });
  }

  firstEventSince(jobId: string, since: Date): Promise<number | undefined> {
    return this.#ledger.firstEventSince(jobId, since);
  }

  /** Undefined when there are no such events: none yet, or their time to be kept is over. */
  page(jobId: string, after: number): Promise<LivePage | undefined> {
    const key = `${jobId} ${after}`;
    const reading = this.#reading.get(key) ?? this.#read(jobId, after);
    this.#reading.set(key, reading);
    void reading.catch(() => {}).finally(() => this.#reading.delete(key));
    return reading;
  }

  async #read(jobId: string, after: number): Promise<LivePage | undefined> {
    const ref = { id: jobId, owner: this.#owner };
    const events = await this.#ledger.events({ job: ref, after, limit: pageSize });
    const last = events.at(-1)?.seq;
    if (last === undefined) return undefined;
    const message: LiveMessage = { say: 'events', job: await this.#ledger.get(ref), events };
    return { text: JSON.stringify(message), last, full: events.length === pageSize };
  }

  /** One look after the other, however long one takes. */
  async #lookWhileHeard(): Promise<void> {
    this.#isLooking = true;
    let tookMs = 0;
    for (;;) {
      await sleep(Math.max(20, lookEveryMs - tookMs));
      if (this.#listeners.size === 0) break;
      const began = performance.now();
      await this.#look();
      tookMs = performance.now() - began;
    }
    this.#isLooking = false;
  }

  async #look(): Promise<void> {
    try {
      const heads = await this.heads(new Date(Date.now() - endedLatelyMs), []);
      for (const listener of this.#listeners) listener.hear(heads);
    } catch (error) {
      for (const listener of this.#listeners) listener.fail(error);
    }
  }
}
