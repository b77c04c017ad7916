/** The closed list of ways in which work on one item ends. */

/** The item has its result; `commit` of the kind writes it, or turns it into `skipped`. */
export type Done<Result> = { outcome: 'done'; result: Result };
/** There was nothing to do. A `result` still goes through `commit`. */
export type Skipped<Result> = { outcome: 'skipped'; because: string; result?: Result };
/** Never again: the item itself is at fault. */
export type Failed = { outcome: 'failed'; code: string; message: string };
/** A passing fault: tried again after a delay, a limited number of times, then failed with this code. */
export type TryAgain = { outcome: 'try_again'; code: string; message: string };
/** Too early: tried again after `until`; costs no attempt. */
export type Wait = { outcome: 'wait'; until: Date; message: string };
/**
 * A cause that concerns the whole job (disk full, source folder gone, wrong key, quota spent). The item goes back
 * unspent and the job stops before the next one; with `resume_at` it goes on by itself then. From an item that was
 * leased before the job was last resumed or retried it stops nothing.
 */
export type StopJob =
  | { outcome: 'stop_job'; how: 'pause'; reason: string; resume_at?: Date }
  | { outcome: 'stop_job'; how: 'halt'; reason: string };

export type Ending = Failed | TryAgain | Wait | StopJob;
export type Outcome<Result> = Done<Result> | Skipped<Result> | Ending;

/**
 * Thrown from anywhere inside `process`, ends the item with the outcome it carries. Any other error ends it as
 * `failed` with code `unexpected`.
 */
export class ItemEnded extends Error {
  readonly outcome: Ending | Skipped<never>;

  constructor(outcome: Ending | Skipped<never>, options?: ErrorOptions) {
    super(sayOutcome(outcome), options);
    this.name = 'ItemEnded';
    this.outcome = outcome;
  }
}

export function outcomeOfError(error: unknown): Ending | Skipped<never> {
  if (error instanceof ItemEnded) return error.outcome;
  return { outcome: 'failed', code: 'unexpected', message: messageOf(error) };
}

/** The message of an error with those of its causes, or the value itself in words. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || error.name;
  return error.cause === undefined ? own : `${own} (${messageOf(error.cause)})`;
}

const longestMessage = 500;

/**
 * Text that both engines can keep and a page can show: PostgreSQL takes neither NUL nor half of a surrogate pair,
 * and a decoder's message may hold either.
 */
export function storable(text: string): string {
  return text.replaceAll('\0', '\u{FFFD}').toWellFormed();
}

/** An error message as it is kept: at most 500 characters. */
export function cut(message: string): string {
  if (message.length <= longestMessage) return storable(message);
  return `${storable(message.slice(0, longestMessage - 1))}…`;
}

function sayOutcome(outcome: Ending | Skipped<never>): string {
  switch (outcome.outcome) {
    case 'skipped':
      return outcome.because;
    case 'stop_job':
      return outcome.reason;
    case 'failed':
    case 'try_again':
    case 'wait':
      return outcome.message;
  }
}
