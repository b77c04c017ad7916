/** Which assets an export is about: the whole library, what its filter shows, or what was selected in it. */
import type { ParsedLocation } from '@tanstack/react-router';
import { z } from 'zod';
import type { AssetFilter } from '#contract/asset-filter.ts';
import { orNothing } from '../../address.ts';
import { filterOf, isFiltered, LibrarySearch, type LibraryFilter } from '../library/filter.ts';

/** A filter stands in the address. A selection may be as long as the library, so only its size does. */
export const ExportSearch = LibrarySearch.omit({ at: true, chosen: true }).extend({
  selected: orNothing(z.int().min(1)),
});
export type ExportSearch = z.infer<typeof ExportSearch>;

/** The ids go along with the entry in the browser's history: they are there after a reload and on the way back. */
declare module '@tanstack/history' {
  // Merged with the router's own: a type could not be.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface HistoryState {
    asset_ids?: string[];
  }
}

export type WhatGoesOut =
  | { what: 'library' }
  | { what: 'filter'; filter: LibraryFilter }
  | { what: 'selection'; asset_ids: string[] }
  /** The address came from elsewhere: to take the whole library for it would be a surprise. */
  | { what: 'forgotten selection'; size: number };

export function whatGoesOut(search: ExportSearch, state: ParsedLocation['state']): WhatGoesOut {
  if (search.selected !== undefined) {
    const ids = state.asset_ids;
    if (ids === undefined) return { what: 'forgotten selection', size: search.selected };
    return { what: 'selection', asset_ids: ids };
  }
  const filter = filterOf(search);
  return isFiltered(filter) ? { what: 'filter', filter } : { what: 'library' };
}

/** As the API asks for it. */
export function whichOf(out: WhatGoesOut): { filter?: AssetFilter; asset_ids?: string[] } {
  if (out.what === 'filter') return { filter: out.filter };
  return out.what === 'selection' ? { asset_ids: out.asset_ids } : {};
}
