import { api } from '../../api.ts';
import type { LibraryFilter } from './filter.ts';

/** No request may name more. */
export const mostSelected = 100_000;

/** The ids of all that match, read page by page; with `between` those from one to another. */
export async function idsOf(
  filter: LibraryFilter,
  between?: { first: string | undefined; last: string | undefined },
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  let inside = between === undefined;
  do {
    const page = await api.assets.list.call({ ...filter, limit: 500, cursor });
    for (const { id } of page.items) {
      inside ||= id === between?.first;
      if (inside) ids.push(id);
      if (id === between?.last) return ids;
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && ids.length < mostSelected);
  return ids;
}
