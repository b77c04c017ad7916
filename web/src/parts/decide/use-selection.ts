/** What is selected: named assets, or all that the view's filter finds, however many of them are loaded. */
import { useCallback, useMemo, useState } from 'react';

export type Selection = { ids: ReadonlySet<string>; all: boolean };

const nothing: Selection = { ids: new Set(), all: false };

export function useSelection() {
  const [selection, setSelection] = useState(nothing);
  /** Out of "all" a single one cannot be taken: selecting begins anew with it. */
  const toggle = useCallback(
    (id: string) =>
      setSelection((before) => {
        const ids = new Set(before.all ? [] : before.ids);
        if (!ids.delete(id)) ids.add(id);
        return { ids, all: false };
      }),
    [],
  );
  const add = useCallback(
    (more: readonly string[]) =>
      setSelection((before) => ({ ids: new Set([...before.ids, ...more]), all: before.all })),
    [],
  );
  const selectAll = useCallback(() => setSelection({ ids: new Set(), all: true }), []);
  const clear = useCallback(() => setSelection(nothing), []);
  return useMemo(
    () => ({ selection, toggle, add, selectAll, clear, any: selection.all || selection.ids.size > 0 }),
    [selection, toggle, add, selectAll, clear],
  );
}

export type SelectionControl = ReturnType<typeof useSelection>;

export function isSelected(selection: Selection, id: string): boolean {
  return selection.all || selection.ids.has(id);
}
