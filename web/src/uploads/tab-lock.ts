/** Which tab sends: so that another one does not take a batch under way for one that was interrupted. */
const lockName = 'daybook-uploads';
let unlock: (() => void) | null = null;

/** Held as long as this tab has a batch; the browser frees it when the tab goes. */
export function holdLock(): void {
  if (unlock !== null) return;
  const released = new Promise<void>((resolve) => {
    unlock = resolve;
  });
  void navigator.locks.request(lockName, { mode: 'shared' }, () => released);
}

export function releaseLock(): void {
  unlock?.();
  unlock = null;
}

export async function anotherTabUploads(): Promise<boolean> {
  const locks = await navigator.locks.query();
  return unlock === null && (locks.held ?? []).some((lock) => lock.name === lockName);
}
