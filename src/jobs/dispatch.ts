/**
 * How workers hear that there may be work. It carries no work and may be lost: the ledger is the truth, and a worker
 * that hears nothing asks it every half second.
 */
export type Dispatcher = {
  /** A job was created, resumed or retried; or paused or cancelled, so that work in hand hears of it at once. */
  notify(jobId: string): void;
};

/** One supervised worker on this computer. */
export function dispatchEmbedded(worker: { wake(): void }): Dispatcher {
  return { notify: () => worker.wake() };
}
