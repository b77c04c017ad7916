// Whoever stops npm looks a moment later whether all is gone; asking for the parent's number takes a microsecond.
const lookForParentEveryMs = 100;

/** SIGTERM, Ctrl-C, or the end of the npm that started it: npm passes signals to its shell, which dies of them alone. */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    const parent = process.ppid;
    if (process.env['npm_lifecycle_event'] !== undefined) {
      setInterval(() => process.ppid !== parent && resolve(), lookForParentEveryMs).unref();
    }
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
