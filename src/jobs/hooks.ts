/** What a kind does inside the transactions of the ledger. */
import type { Claimed, JobFacts } from './claim.ts';
import type { Changes } from './ledger-context.ts';

/** A result on its way into the database. */
export type Result<Value> = { item: Claimed; outcome: 'done' | 'skipped'; result: Value };
/** `commit` found that there was nothing to do after all. */
export type TurnedSkipped = { seq: number; because: string };

/** An item that is given up, with the code and message that the job keeps of it. */
export type Failure = { item: Claimed; code: string; message: string };

/** The job as `summarise` sees it. */
export type JobAtEnd<Input = unknown> = JobFacts<Input> & {
  total: number;
  done: number;
  skipped: number;
  failed: number;
  elapsed_seconds: number;
};

export type AtEnd = Omit<JobAtEnd, keyof JobFacts>;

/**
 * By kind: asked before a stopped job is resumed or retried, in the same transaction. Throws where that must not be now:
 * another job works on the same thing, or the thing is gone. What it locks is locked before the job, as when items are
 * settled.
 */
export type MayRunAgain = Readonly<Record<string, (changes: Changes, job: JobFacts) => Promise<void>>>;

/** What the kind does inside the transactions of the ledger. */
export type KindHooks = {
  commit?(
    changes: Changes,
    results: readonly Result<unknown>[],
    job: JobFacts,
  ): Promise<readonly TurnedSkipped[] | void>;
  fail?(changes: Changes, failures: readonly Failure[], job: JobFacts): Promise<void>;
  summarise?(changes: Changes, job: JobAtEnd): Promise<object | null>;
};
