/** Selecting in the grid: one, or all between two, whether or not those between are loaded. */
import { useCallback, useRef } from 'react';
import { api, sentenceOf } from '../../api.ts';
import { sayRefused } from '../../parts/decide/say-decided.tsx';
import { useSelection } from '../../parts/decide/use-selection.ts';
import type { LibraryFilter } from './filter.ts';
import type { Place, Section } from './layout.ts';
import type { LibraryView } from './library-context.ts';
import type { Tiles } from './use-tiles.ts';

const mostSelected = 100_000;

export function useGridSelection({ sections, tiles }: LibraryView, filter: LibraryFilter) {
  const chosen = useSelection();
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
    const ends = [tileAt(first)?.id, tileAt(last)?.id];
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
  [first, last]: (string | undefined)[],
): Promise<string[]> {
  const start =
    day === null ? { confidence: 'none' as const } : day.length === 'YYYY-MM-DD'.length ? { to: day } : {};
  const ids: string[] = [];
  let cursor: string | undefined;
  let inside = false;
  do {
    const page = await api.assets.list.call({ ...filter, ...start, limit: 500, cursor });
    for (const { id } of page.items) {
      inside ||= id === first;
      if (inside) ids.push(id);
      if (id === last) return ids;
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && ids.length < mostSelected);
  return ids;
}
