/** A selection as it stands in the address: `all`, `all-but,…` or the ids. */
import { nothing, type Selection } from '../../parts/decide/use-selection.ts';

/** Longer ones the page alone keeps: an address of more than some two thousand characters is cut by mail and chat. */
const idsInAddress = 40;

export function selectionIn({ all, ids }: Selection): string | undefined {
  if (ids.size > idsInAddress || (!all && ids.size === 0)) return undefined;
  if (!all) return [...ids].join(',');
  return ids.size === 0 ? 'all' : ['all-but', ...ids].join(',');
}

export function selectionFrom(text: string | undefined): Selection {
  if (text === undefined) return nothing;
  const [first, ...rest] = text.split(',');
  if (first === 'all') return { all: true, ids: new Set() };
  if (first === 'all-but') return { all: true, ids: new Set(rest) };
  return { all: false, ids: new Set(text.split(',').filter((id) => id !== '')) };
}
