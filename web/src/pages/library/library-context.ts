/** What the grid knows of the library, for the picture opened over it: its neighbours are the grid's neighbours. */
import { createContext, useContext } from 'react';
import type { AssetTile } from '#contract/library.ts';
import type { Section, Span } from './layout.ts';
import { dayOf, type Tiles } from './use-tiles.ts';

export type LibraryView = {
  sections: readonly Section[];
  spans: readonly Span[];
  tiles: Tiles;
  want: (spans: readonly Span[]) => void;
};

export const LibraryContext = createContext<LibraryView | null>(null);

export function useLibraryView(): LibraryView {
  const view = useContext(LibraryContext);
  if (view === null) throw new Error('An asset is shown outside the library.');
  return view;
}

export type Neighbours = { newer: AssetTile | null; older: AssetTile | null; missing: Span[] };

/** The tiles before and after an asset; `missing` are spans that must be loaded before one can tell. */
export function neighboursOf(view: LibraryView, asset: { id: string; local: string | null }): Neighbours {
  const { sections, spans, tiles } = view;
  const none: Neighbours = { newer: null, older: null, missing: [] };
  const at = sections.findIndex((section) => section.day === dayOf(asset.local));
  if (at < 0) return none;
  const span = (section: number) => spans.filter(({ first, last }) => first <= section && section <= last);
  const own = tiles.get(dayOf(asset.local));
  const index = own?.findIndex((tile) => tile.id === asset.id) ?? -1;
  if (own === undefined || index < 0) return { ...none, missing: span(at) };
  const before = index > 0 ? [own[index - 1]] : tiles.get(sections[at - 1]?.day ?? null)?.slice(-1);
  const after =
    index < own.length - 1 ? [own[index + 1]] : tiles.get(sections[at + 1]?.day ?? null)?.slice(0, 1);
  const missing = [span(at)];
  if (before === undefined && at > 0) missing.push(span(at - 1));
  if (after === undefined && at < sections.length - 1) missing.push(span(at + 1));
  return {
    newer: at === 0 && index === 0 ? null : (before?.[0] ?? null),
    older: at === sections.length - 1 && index === own.length - 1 ? null : (after?.[0] ?? null),
    missing: missing.length > 1 ? missing.flat() : [],
  };
}
