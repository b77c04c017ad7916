/** What a job does is its kind. A subject defines one with `defineJobKind`; the engine knows only this. */
import type { Claimed, JobFacts } from './claim.ts';
import type { Failure, JobAtEnd, Result, TurnedSkipped } from './hooks.ts';
import type { Changes } from './ledger-context.ts';
import type { Outcome } from './outcome.ts';

export type { Claimed, JobFacts } from './claim.ts';
export type { Failure, JobAtEnd, MayRunAgain, Result, TurnedSkipped } from './hooks.ts';
export type { Changes } from './ledger-context.ts';

export type ItemContext<Input> = {
  job: JobFacts<Input>;
  /** Aborted when the job is cancelled, the item takes too long, or the worker must stop. */
  signal: AbortSignal;
  /** Long work moves: the time limit counts anew from here, because it is meant for what stands still. */
  moves: () => void;
};

/** `Input` is what the job was created with, `Value` what `process` finds out about one item. */
export type JobKind<Input, Value> = {
  name: string;
  /** How many items a worker takes at once, where the kind has a reason of its own. */
  claimSize?: number;
  /**
   * For a kind whose items mostly wait for another computer: so many are in hand at once, beside the lanes in which the
   * others are worked, so that neither holds up the other.
   */
  atOnce?: number;
  /**
   * Works on one item and writes nothing to the database: it may run twice, and what it finds may come too late.
   * Throw `ItemEnded` to end the item from deep inside; any other error is a failure with code `unexpected`.
   */
  process(item: Claimed, context: ItemContext<Input>): Promise<Outcome<Value>> | Outcome<Value>;
  /**
   * Writes what was found about several items, in the transaction that gives them their outcome: each exactly once.
   * Nothing slow belongs here. May turn `done` into `skipped`. If it throws, the items are settled one by one, and
   * the one that still throws fails.
   */
  commit?(
    changes: Changes,
    results: readonly Result<Value>[],
    job: JobFacts<Input>,
  ): Promise<readonly TurnedSkipped[] | void>;
  /**
   * Marks what was given up, in the transaction that says so. Not told of an item that took its process down: who
   * finds that out does not know the kind.
   */
  fail?(changes: Changes, failures: readonly Failure[], job: JobFacts<Input>): Promise<void>;
  /** What the page shows when the job is over; kept with it. Runs in the transaction that ends the job. */
  summarise?(changes: Changes, job: JobAtEnd<Input>): Promise<object | null>;
};

/** Infers both type parameters from `process`. */
export function defineJobKind<Input, Value>(kind: JobKind<Input, Value>): JobKind<Input, Value> {
  return kind;
}

/** A kind whose types only it knows; what it is given came from itself. */
export type AnyJobKind = JobKind<unknown, unknown>;

/**
 * A kind whose modules are loaded with its first item: a worker that starts claims before it has read decoders and
 * rules, and never reads those of jobs that nobody begins. What `load` throws ends the item as if `process` had.
 */
export function loadedWhenNeeded(
  facts: Pick<AnyJobKind, 'name' | 'claimSize' | 'atOnce'>,
  load: () => Promise<AnyJobKind>,
): AnyJobKind {
  let loading: Promise<AnyJobKind> | undefined;
  const loaded = async (): Promise<AnyJobKind> => {
    loading ??= load();
    try {
      return await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  return {
    ...facts,
    process: async (item, context) => (await loaded()).process(item, context),
    commit: async (changes, results, job) => (await loaded()).commit?.(changes, results, job),
    fail: async (changes, failures, job) => (await loaded()).fail?.(changes, failures, job),
    summarise: async (changes, job) => (await (await loaded()).summarise?.(changes, job)) ?? null,
  };
}

/**
 * Kinds by name. Methods are compared bivariantly, so a kind of any input and value fits: the ledger hands each
 * only what was created for it.
 */
export type JobKinds = ReadonlyMap<string, AnyJobKind>;

/** Throws if two kinds have one name. */
export function jobKinds(...kinds: readonly AnyJobKind[]): JobKinds {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  if (byName.size < kinds.length) {
    throw new Error(`Two job kinds have the same name: ${kinds.map(({ name }) => name).join(', ')}.`);
  }
  return byName;
}
