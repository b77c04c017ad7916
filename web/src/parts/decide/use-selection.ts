/**
 * What is selected: named assets; or all that the view's filter finds, however many of them are loaded, but for some.
 */
import { useCallback, useMemo, useState } from 'react';
import type { AssetFilter } from '#contract/asset-filter.ts';
import type { Target } from './decisions.ts';

/** With `all` the ids are those that are not meant. */
export type Selection = { all: boolean; ids: ReadonlySet<string> };

export const nothing: Selection = { all: false, ids: new Set() };

export function useSelection(begin: Selection) {
  const [selection, setSelection] = useState(begin);
  const toggle = useCallback(
    (id: string) =>
      setSelection(({ all, ids: before }) => {
        const ids = new Set(before);
        if (!ids.delete(id)) ids.add(id);
        return { all, ids };
      }),
    [],
  );
  const add = useCallback(
    (more: readonly string[]) =>
      setSelection(({ all, ids }) =>
        all
          ? { all, ids: new Set([...ids].filter((id) => !more.includes(id))) }
          : { all, ids: new Set([...ids, ...more]) },
      ),
    [],
  );
  const selectAll = useCallback(() => setSelection({ all: true, ids: new Set() }), []);
  const clear = useCallback(() => setSelection(nothing), []);
  return useMemo(
    () => ({ selection, toggle, add, selectAll, clear, any: selection.all || selection.ids.size > 0 }),
    [selection, toggle, add, selectAll, clear],
  );
}

export type SelectionControl = ReturnType<typeof useSelection>;

export function isSelected({ all, ids }: Selection, id: string): boolean {
  return all !== ids.has(id);
}

/** How many are meant, of so many in view. */
export function sizeOf({ all, ids }: Selection, total: number): number {
  return all ? Math.max(0, total - ids.size) : ids.size;
}

/** As the API asks for it. */
export function targetOf<Filter extends AssetFilter>({ all, ids }: Selection, filter: Filter): Target<Filter> {
  if (!all) return { asset_ids: [...ids] };
  return ids.size === 0 ? { filter } : { filter, except: [...ids] };
}
