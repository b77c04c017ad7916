/** Selecting in the grid: one, or all between two, whether or not those between are loaded. */
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../../api.ts';
import { sayRefused } from '../../parts/decide/say-decided.tsx';
import { useSelection, type Selection } from '../../parts/decide/use-selection.ts';
import type { LibraryFilter } from './filter.ts';
import { idsOf } from './ids-of.ts';
import type { Place, Section } from './layout.ts';
import type { LibraryView } from './library-context.ts';
import { selectionFrom, selectionIn } from './selection-address.ts';
import type { Tiles } from './use-tiles.ts';

/** The address follows when the selection has rested so long. */
const addressAfterMs = 300;

export function useGridSelection({ sections, tiles }: LibraryView, filter: LibraryFilter) {
  const chosen = useSelectionInAddress();
  const { toggle, add } = chosen;
  const anchor = useRef<Place | null>(null);
  const tileAt = (place: Place) => tiles.get(sections[place.section]?.day ?? null)?.[place.index];

  const toggleAt = (place: Place) => {
    const tile = tileAt(place);
    if (tile === undefined) return;
    anchor.current = place;
    toggle(tile.id);
  };
  const selectTo = async (place: Place) => {
    const from = anchor.current ?? place;
    anchor.current ??= place;
    const [first, last] = isBefore(from, place) ? [from, place] : [place, from];
    const loaded = loadedBetween(sections, tiles, first, last);
    if (loaded !== null) return add(loaded);
    const ends: [string | undefined, string | undefined] = [tileAt(first)?.id, tileAt(last)?.id];
    try {
      add(await askBetween(filter, sections[first.section]?.day ?? null, ends));
    } catch (error) {
      sayRefused('Not everything could be selected', sentenceOf(error));
    }
  };
  /** Where the next range begins, when nothing is selected yet. */
  const beginAt = useCallback((place: Place) => {
    anchor.current = place;
  }, []);
  return { chosen, toggleAt, selectTo, beginAt };
}

/** Begins with what the address says, and keeps it there. */
function useSelectionInAddress() {
  const router = useRouter();
  const navigate = useNavigate({ from: '/library' });
  const [begin] = useState((): Selection => {
    const search = new URLSearchParams(router.history.location.search);
    return selectionFrom(search.get('chosen') ?? undefined);
  });
  const chosen = useSelection(begin);
  const text = selectionIn(chosen.selection);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      const { pathname, search } = router.state.location;
      // Over an opened picture the address is that of the picture.
      if (pathname !== '/library' || ('chosen' in search ? search.chosen : undefined) === text) return;
      void navigate({ search: (before) => ({ ...before, chosen: text }), replace: true, resetScroll: false });
    }, addressAfterMs);
    return () => window.clearTimeout(timer);
  }, [text, navigate, router]);
  return chosen;
}

export type GridSelection = ReturnType<typeof useGridSelection>;

function isBefore(one: Place, other: Place): boolean {
  return one.section < other.section || (one.section === other.section && one.index <= other.index);
}

/** The ids from one tile to another, or null when some of them were never loaded. */
function loadedBetween(sections: readonly Section[], tiles: Tiles, first: Place, last: Place): string[] | null {
  const ids: string[] = [];
  for (let section = first.section; section <= last.section; section += 1) {
    const { day, count } = sections[section] ?? { day: null, count: 0 };
    const until = section === last.section ? last.index : count - 1;
    for (let index = section === first.section ? first.index : 0; index <= until; index += 1) {
      const tile = tiles.get(day)?.[index];
      if (tile === undefined) return null;
      ids.push(tile.id);
    }
  }
  return ids;
}

/** The same from the server, page by page from the day of the first. */
async function askBetween(
  filter: LibraryFilter,
  day: string | null,
  [first, last]: [string | undefined, string | undefined],
): Promise<string[]> {
  const start =
    day === null ? { confidence: 'none' as const } : day.length === 'YYYY-MM-DD'.length ? { to: day } : {};
  return idsOf({ ...filter, ...start }, { first, last });
}
