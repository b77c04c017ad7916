/** What the tab of the browser is called: the page, or what of it is open. */
import { useMatches } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';

let opened: string | null = null;
const listeners = new Set<() => void>();

function setOpened(title: string | null): void {
  opened = title;
  for (const listener of listeners) listener();
}

/** Names the tab for what is open on a page (a picture, a job) for as long as it is; null: not known yet. */
export function useTitleOf(what: string | null): void {
  useEffect(() => {
    if (what === null) return undefined;
    setOpened(what);
    return () => setOpened(null);
  }, [what]);
}

/** For the frame alone: the page by its address, unless something open on it has a name of its own. */
export function usePageTitle(): void {
  const page = useMatches({ select: (matches) => pageOf(matches.at(-1)?.routeId ?? '') });
  const own = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => opened,
  );
  const name = own ?? page;
  useEffect(() => {
    document.title = name === null ? 'Daybook' : `${name} – Daybook`;
  }, [name]);
}

/** "/jobs/$jobId" is "Jobs". */
function pageOf(routeId: string): string | null {
  const [, first = ''] = routeId.split('/');
  return first === '' ? null : first.charAt(0).toUpperCase() + first.slice(1);
}
