/** Where a job may stand, and every way from one status to another. */
import { jobCommands, type JobCommand, type JobEventKind, type JobStatus } from '#contract/words.ts';

type Transition = {
  from: readonly JobStatus[];
  to: JobStatus;
  event: JobEventKind;
};

/** What a person may ask of a job. */
type Command = Transition & {
  /** Statuses in which the wish is fulfilled before it is made: answered as done, nothing changes. */
  already: readonly JobStatus[];
  refusal: { code: RefusalCode; only: string };
};

export type RefusalCode =
  | 'job_not_pausable'
  | 'job_not_resumable'
  | 'job_not_cancellable'
  | 'job_not_retryable'
  | 'job_without_items';

/**
 * `pause` stands before any item or between items. `resume` of a job that never started leads back to `pending`,
 * because the first claim is what starts it. `retry` works the failed items alone; where others still wait (the job
 * was paused, halted or cancelled) the job goes back to that status afterwards.
 */
export const commands = {
  pause: {
    from: jobCommands.pause,
    to: 'paused',
    event: 'paused',
    already: ['paused'],
    refusal: { code: 'job_not_pausable', only: 'a running or pending job can be paused' },
  },
  resume: {
    from: jobCommands.resume,
    to: 'running',
    event: 'resumed',
    already: ['pending', 'running'],
    refusal: { code: 'job_not_resumable', only: 'a paused or halted job can be resumed' },
  },
  cancel: {
    from: jobCommands.cancel,
    to: 'cancelled',
    event: 'cancelled',
    already: ['cancelled'],
    refusal: { code: 'job_not_cancellable', only: 'an unfinished job can be cancelled' },
  },
  retry: {
    from: jobCommands.retry,
    to: 'running',
    event: 'retried',
    already: [],
    refusal: { code: 'job_not_retryable', only: 'a job that stopped with failed items can be retried' },
  },
} as const satisfies Record<JobCommand, Command>;

/** What the engine does by itself. An end is reached from `paused` and `halted` by the items still in hand. */
export const moves = {
  start: { from: ['pending'], to: 'running', event: 'started' },
  stop: { from: ['running'], to: 'paused', event: 'paused' },
  halt: { from: ['running'], to: 'halted', event: 'halted' },
  complete: { from: ['running', 'paused', 'halted'], to: 'completed', event: 'completed' },
  complete_with_errors: {
    from: ['running', 'paused', 'halted'],
    to: 'completed_with_errors',
    event: 'completed_with_errors',
  },
  fail: { from: ['running', 'paused', 'halted'], to: 'failed', event: 'failed' },
  go_on: { from: ['paused'], to: 'running', event: 'resumed' },
  back_to_paused: { from: ['running', 'halted'], to: 'paused', event: 'paused' },
  back_to_halted: { from: ['running', 'paused'], to: 'halted', event: 'halted' },
  back_to_cancelled: { from: ['running', 'paused', 'halted'], to: 'cancelled', event: 'cancelled' },
} as const satisfies Record<string, Transition>;

export type MoveName = keyof typeof moves;
export type TransitionName = JobCommand | MoveName;

export const transitions: Record<TransitionName, Transition> = { ...commands, ...moves };

/** How a person reads a status in a sentence. */
const inWords: Record<JobStatus, string> = {
  pending: 'pending',
  running: 'running',
  paused: 'paused',
  halted: 'halted',
  cancelled: 'cancelled',
  completed: 'completed',
  completed_with_errors: 'completed with errors',
  failed: 'failed',
};

/** The status of the job does not allow what was asked; `message` is the sentence for a person. */
export class JobRefused extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'JobRefused';
    this.code = code;
  }
}

export class JobNotFound extends Error {
  readonly code = 'job_not_found';

  constructor(id: string) {
    super(`There is no job "${id}".`);
    this.name = 'JobNotFound';
  }
}

export type Verdict = 'go' | 'already';

/** May this be asked of a job that stands there? Throws `JobRefused` with a sentence if not. */
export function judge(command: JobCommand, status: JobStatus): Verdict {
  const { from, already, refusal }: Command = commands[command];
  if (already.includes(status)) return 'already';
  if (from.includes(status)) return 'go';
  throw new JobRefused(refusal.code, `This job is ${inWords[status]}; only ${refusal.only}.`);
}
