/** The tiles of the library, loaded where someone looks, a span of neighbouring days at a time. */
import { useCallback, useEffect, useRef, useState, type Dispatch, type SetStateAction } from 'react';
import type { AssetTile } from '#contract/library.ts';
import { api } from '../../api.ts';
import { onDecisions } from '../../parts/decide/decisions.ts';
import type { LibraryFilter } from './filter.ts';
import type { Section, Span } from './layout.ts';

const pageSize = 500;

export type Tiles = ReadonlyMap<string | null, readonly AssetTile[]>;

type Loader = {
  tiles: Tiles;
  fault: unknown;
  /** The spans on view. Those not loaded are asked for; requests for others are dropped. */
  want: (spans: readonly Span[]) => void;
  retry: () => void;
};

const noTiles: Tiles = new Map();

export function useTiles(filter: LibraryFilter, sections: readonly Section[]): Loader {
  const shown = JSON.stringify(filter);
  const [held, setHeld] = useState({ filter: shown, tiles: noTiles });
  const [fault, setFault] = useState<unknown>(null);
  const [wanted, setWanted] = useState<readonly Span[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const loaded = useRef({ filter: shown, keys: new Set<string>() });
  const decisions = useDecisions(shown, setHeld);

  useEffect(() => {
    if (loaded.current.filter !== shown) loaded.current = { filter: shown, keys: new Set() };
    const { keys } = loaded.current;
    const asked = new Set(wanted.map((span) => shown + decisions + keyOf(span, sections)));
    for (const [key, controller] of running.current) {
      if (asked.has(key)) continue;
      controller.abort();
      running.current.delete(key);
    }
    for (const span of wanted) {
      const key = shown + decisions + keyOf(span, sections);
      const days = sections.slice(span.first, span.last + 1).map((section) => section.day);
      if (days.length === 0 || keys.has(key) || running.current.has(key)) continue;
      const controller = new AbortController();
      running.current.set(key, controller);
      const put = (found: Tiles) =>
        setHeld((before) => ({
          filter: shown,
          tiles: new Map([...(before.filter === shown ? before.tiles : noTiles), ...found]),
        }));
      const load = async () => {
        try {
          await loadSpan(days, filter, controller.signal, put);
          keys.add(key);
          setFault(null);
        } catch (error) {
          if (!controller.signal.aborted) setFault(error);
        }
        if (running.current.get(key) === controller) running.current.delete(key);
      };
      void load();
    }
  }, [wanted, sections, filter, shown, decisions]);

  useEffect(() => {
    const requests = running.current;
    return () => {
      for (const controller of requests.values()) controller.abort();
      requests.clear();
    };
  }, []);

  const retry = useCallback(() => setWanted((before) => [...before]), []);
  return { tiles: held.filter === shown ? held.tiles : noTiles, fault, want: setWanted, retry };
}

/** What was decided shows at once on the tiles held; their number tells when to read those on view again. */
function useDecisions(
  filter: string,
  setHeld: Dispatch<SetStateAction<{ filter: string; tiles: Tiles }>>,
): number {
  const [decisions, setDecisions] = useState(0);
  useEffect(
    () =>
      onDecisions({
        shown(target, review) {
          if (review === null) return;
          const named = 'asset_ids' in target ? new Set(target.asset_ids) : null;
          // All tiles held match the filter on view; which match another only the server knows.
          if (named === null && 'filter' in target && JSON.stringify(target.filter) !== filter) return;
          const except = new Set('except' in target ? target.except : []);
          const isMeant = (id: string) => (named === null ? !except.has(id) : named.has(id));
          setHeld((before) => ({
            filter: before.filter,
            tiles: new Map(
              [...before.tiles].map(([day, tiles]) => [
                day,
                tiles.some(({ id }) => isMeant(id))
                  ? tiles.map((tile) => (isMeant(tile.id) ? { ...tile, review } : tile))
                  : tiles,
              ]),
            ),
          }));
        },
        settled: () => setDecisions((before) => before + 1),
      }),
    [filter, setHeld],
  );
  return decisions;
}

/** Days and counts: a span whose counts changed is another span and is loaded anew. */
function keyOf(span: Span, sections: readonly Section[]): string {
  return sections
    .slice(span.first, span.last + 1)
    .map((section) => `${section.day}:${section.count}`)
    .join(' ');
}

/** Loads all tiles of these days; hands them over page by page, so that a very full day fills as it arrives. */
async function loadSpan(
  days: readonly (string | null)[],
  filter: LibraryFilter,
  signal: AbortSignal,
  put: (tiles: Tiles) => void,
): Promise<void> {
  const range = rangeOf(days, filter);
  const found = new Map<string | null, AssetTile[]>(days.map((day) => [day, []]));
  let cursor: string | undefined;
  do {
    const page = await api.assets.list.call({ ...filter, ...range, limit: pageSize, cursor }, { signal });
    for (const tile of page.items) found.get(dayOf(tile.local))?.push(tile);
    cursor = page.next_cursor ?? undefined;
    put(new Map([...found].filter(([, tiles]) => tiles.length > 0).map(([day, tiles]) => [day, [...tiles]])));
  } while (cursor !== undefined);
}

/** The key under which the server counts an asset: its day, or the month or year where no more is known. */
export function dayOf(local: string | null): string | null {
  return local === null ? null : local.slice(0, 'YYYY-MM-DD'.length);
}

/**
 * The dates to ask for. A month or year without a day belongs to its own first day, so the answer may hold tiles of
 * a neighbouring span; they are left out on arrival. Undated assets are exactly those of no confidence.
 */
function rangeOf(days: readonly (string | null)[], filter: LibraryFilter): LibraryFilter {
  const newest = days[0];
  const oldest = days.at(-1);
  if (newest === null || newest === undefined || oldest === null || oldest === undefined) {
    return { confidence: 'none', from: undefined, to: undefined };
  }
  const to = firstDayOf(newest);
  const from = firstDayOf(oldest);
  return {
    from: filter.from !== undefined && filter.from > from ? filter.from : from,
    to: filter.to !== undefined && filter.to < to ? filter.to : to,
  };
}

function firstDayOf(day: string): string {
  return `${day}-01-01`.slice(0, 'YYYY-MM-DD'.length);
}
