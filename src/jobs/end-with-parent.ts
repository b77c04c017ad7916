import { Worker } from 'node:worker_threads';

/** What the thread is told. */
type ParentWatch = { parent: number; graceMs: number };

/**
 * Ends this process when its parent is gone, even if the main thread hangs in a decoder and will never hear of it:
 * a thread of its own looks once a second whether the process has another parent now, and `graceMs` later kills it.
 * Where a process keeps the number of a dead parent (Windows) it does nothing.
 */
export function endWithParent(graceMs: number): void {
  const workerData: ParentWatch = { parent: process.ppid, graceMs };
  // Given as text the thread costs 10 MB; as a module of its own it would load Node's type stripper, 22 MB.
  new Worker(`(${watchParent.toString()})()`, { eval: true, workerData }).unref();
}

/** Runs in the thread: sees nothing of this module. */
function watchParent(): void {
  const { parent, graceMs } = process.getBuiltinModule('node:worker_threads').workerData as ParentWatch;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    // The main thread has heard it too, if it hears anything, and is ending in good order.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
  }, 1000);
}
