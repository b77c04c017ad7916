/** One item in work: its time limit, its abort, and how it ended. */
import type { Claimed } from './claim.ts';
import type { AnyJobKind } from './kinds.ts';
import { outcomeOfError, type Outcome } from './outcome.ts';

/** Why the work in hand is aborted. */
export class ItemTimedOut extends Error {}
export class JobCancelled extends Error {}
export class WorkerStopped extends Error {}
export class LeaseLost extends Error {}

export type ItemReport = {
  /** `aborted`: it did not come to an outcome, and goes back unspent. */
  outcome: Outcome<unknown> | 'aborted';
  /** It ignored the abort: its work may still be going on somewhere in this process. */
  unresponsive: boolean;
};

type Limits = {
  limitMs: number;
  /** How long an aborted item may take to end by itself. */
  graceMs: number;
};

export async function workItem(
  kind: AnyJobKind,
  item: Claimed,
  controller: AbortController,
  { limitMs, graceMs }: Limits,
): Promise<ItemReport> {
  const { signal } = controller;
  const gaveUp = Promise.withResolvers<'gave up'>();
  let grace: NodeJS.Timeout | undefined;
  const giveUpSoon = () => {
    grace = setTimeout(() => gaveUp.resolve('gave up'), graceMs);
  };
  signal.addEventListener('abort', giveUpSoon, { once: true });
  const limit = setTimeout(
    () =>
      controller.abort(
        new ItemTimedOut(
          `It stood still for longer than ${limitMs / 1000} seconds (DAYBOOK_ITEM_LIMIT_SECONDS).`,
        ),
      ),
    limitMs,
  );
  try {
    const ended = await Promise.race([run(kind, item, signal, () => limit.refresh()), gaveUp.promise]);
    if (ended === 'gave up') return { outcome: outcomeOfAbort(signal), unresponsive: true };
    return { outcome: signal.aborted ? afterAbort(ended, signal) : ended, unresponsive: false };
  } finally {
    clearTimeout(limit);
    clearTimeout(grace);
    signal.removeEventListener('abort', giveUpSoon);
  }
}

async function run(
  kind: AnyJobKind,
  item: Claimed,
  signal: AbortSignal,
  moves: () => void,
): Promise<Outcome<unknown>> {
  try {
    return await kind.process(item, { job: item.job, signal, moves });
  } catch (error) {
    return outcomeOfError(error);
  }
}

/** Work that was finished before it noticed the abort is not thrown away. */
function afterAbort(outcome: Outcome<unknown>, signal: AbortSignal): Outcome<unknown> | 'aborted' {
  if (outcome.outcome === 'done' || outcome.outcome === 'skipped') return outcome;
  return outcomeOfAbort(signal);
}

function outcomeOfAbort(signal: AbortSignal): Outcome<unknown> | 'aborted' {
  const cause: unknown = signal.reason;
  if (!(cause instanceof ItemTimedOut)) return 'aborted';
  return { outcome: 'failed', code: 'timed_out', message: cause.message };
}
