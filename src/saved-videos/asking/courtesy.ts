/** What one service said about its limits holds for everybody who asks it: they wait together, and count together. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending } from '#jobs/outcome.ts';
import { ItemEnded } from '#jobs/outcome.ts';
import { ApiFault } from './api-fault.ts';

export type Asking = {
  signal: AbortSignal;
  /** The run of the job for which it is asked: the instant at which that began. */
  run: string;
  /** Called while there is waiting, so that nobody takes the item for one that stands still. */
  moves: () => void;
};

/** A key that is refused so often in a row is wrong, and was not merely met at a bad moment. */
const refusalsToHalt = 3;
const againAfterRefusalMs = 1000;
/** Where a service does not say how long to wait: this, doubled with each time in a row … */
const firstBackoffMs = 1000;
/** … up to this. */
const longestBackoffMs = 60_000;
/** What is not longer is waited out with the item in hand; for longer the job pauses. */
const longestInHandMs = 120_000;
const movesEveryMs = 500;
/** A service that failed so often in a row, whatever it was asked, is down: the job pauses, and no item is given up … */
const failuresToRest = 10;
/** … for this long, doubled each time … */
const firstRestMs = 60_000;
/** … up to this. */
const longestRestMs = 30 * 60_000;
/** Who waited longer goes back to the ledger, which knows whether the job is still to go on. */
const longestWaitBeforeAskingMs = 2000;
/** Until the halt of a job is written, other items still have their turn: none of them asks in vain. */
const haltingMs = 2000;

export class Courtesy {
  /** Nobody asks before this moment. */
  #closedUntil = 0;
  #limitedInARow = 0;
  #refusedInARow = 0;
  #failedInARow = 0;
  #restingUntil = 0;
  #restMs = firstRestMs;
  #halting: { ending: Ending; at: number; until: number } | undefined;
  /** What was made of each fault: one answer may be waited for by several items, and is counted once. */
  readonly #endings = new WeakMap<ApiFault, Ending>();
  readonly #service: { name: string; code: string };

  constructor(service: { name: string; code: string }) {
    this.#service = service;
  }

  /**
   * Waits its turn, then asks. Rejects with `ItemEnded`: what a fault means for the item and its job. Never with
   * `ApiFault`.
   */
  async ask<Answer>(call: () => Promise<Answer>, asking: Asking): Promise<Answer> {
    const beat = setInterval(asking.moves, movesEveryMs);
    try {
      this.#mustNotHalt(asking.run);
      await this.#untilOpen(asking.signal);
      const answer = await call();
      this.#limitedInARow = 0;
      this.#refusedInARow = 0;
      this.#failedInARow = 0;
      this.#restMs = firstRestMs;
      return answer;
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      throw new ItemEnded(this.#endings.getOrInsertComputed(error, () => this.#endingOf(error)));
    } finally {
      clearInterval(beat);
    }
  }

  /** Who resumed a job since has mended it: what is leased then asks anew. */
  #mustNotHalt(run: string): void {
    const halting = this.#halting;
    if (halting === undefined || Date.now() >= halting.until || Date.parse(run) > halting.at) return;
    throw new ItemEnded(halting.ending);
  }

  async #untilOpen(signal: AbortSignal): Promise<void> {
    const began = Date.now();
    for (let ms = this.#closedUntil - began; ms > 0; ms = this.#closedUntil - Date.now()) {
      if (ms > longestInHandMs) {
        throw new ApiFault(
          'rate_limited',
          `${this.#service.name} is asked too often.`,
          new Date(this.#closedUntil),
        );
      }
      await sleep(ms, undefined, { signal });
    }
    if (Date.now() - began > longestWaitBeforeAskingMs) {
      throw new ItemEnded({ outcome: 'wait', until: new Date(), message: 'It may be asked again.' });
    }
  }

  #endingOf(error: ApiFault): Ending {
    const { fault, message } = error;
    const { code } = this.#service;
    switch (fault) {
      case 'setting_wrong':
        return this.#settingWrong(message);
      case 'quota_spent':
        return {
          outcome: 'stop_job',
          how: 'pause',
          reason: `${message} The job goes on by itself then.`,
          ...(error.until === null ? {} : { resume_at: error.until }),
        };
      case 'rate_limited':
        return this.#rateLimited(error);
      case 'unavailable':
      case 'unreadable':
        this.#failedInARow += 1;
        if (this.#failedInARow >= failuresToRest) return this.#rest(message);
        return { outcome: 'try_again', code: `${code}_${fault}`, message };
      case 'refused':
        this.#failedInARow = 0;
        return { outcome: 'failed', code: `${code}_refused`, message };
    }
  }

  /** The items wait, untouched, until somebody mended it; then it is counted anew. */
  #settingWrong(message: string): Ending {
    this.#refusedInARow += 1;
    if (this.#refusedInARow < refusalsToHalt) {
      return { outcome: 'wait', until: new Date(Date.now() + againAfterRefusalMs), message };
    }
    this.#refusedInARow = 0;
    const reason = `${message} Then resume the job; no video was given up.`;
    const ending: Ending = { outcome: 'stop_job', how: 'halt', reason };
    this.#halting = { ending, at: Date.now(), until: Date.now() + haltingMs };
    return ending;
  }

  #rest(message: string): Ending {
    // Those who asked at the same time failed for the same reason.
    if (Date.now() >= this.#restingUntil) {
      this.#restingUntil = Date.now() + this.#restMs;
      this.#restMs = Math.min(2 * this.#restMs, longestRestMs);
    }
    const reason = `${message} It failed ${failuresToRest} times in a row, so the job rests and then tries again; no video was given up.`;
    return { outcome: 'stop_job', how: 'pause', reason, resume_at: new Date(this.#restingUntil) };
  }

  #rateLimited({ until, message }: ApiFault): Ending {
    const backoffMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** this.#limitedInARow);
    // Those who asked at the same time were all refused for the same reason.
    if (Date.now() >= this.#closedUntil) this.#limitedInARow += 1;
    // “Again in 0 seconds” is not meant so.
    const at = Math.max(until?.getTime() ?? Date.now() + backoffMs, Date.now() + firstBackoffMs);
    this.#closedUntil = Math.max(this.#closedUntil, at);
    if (this.#closedUntil - Date.now() > longestInHandMs) {
      const reason = `${message} It wants to be left alone for a while; the job goes on by itself.`;
      return { outcome: 'stop_job', how: 'pause', reason, resume_at: new Date(this.#closedUntil) };
    }
    return { outcome: 'wait', until: new Date(this.#closedUntil), message };
  }
}
