/** What of the library is shown, as it stands in the address. */
import { z } from 'zod';
import { searchCharacters } from '#contract/page.ts';
import { Confidence, MediaKind, ReviewState } from '#contract/words.ts';
import { orNothing } from '../../address.ts';

export const LibrarySearch = z.object({
  confidence: orNothing(Confidence),
  kind: orNothing(MediaKind),
  text: orNothing(z.coerce.string().min(1).max(searchCharacters)),
  from: orNothing(z.iso.date()),
  to: orNothing(z.iso.date()),
  job_id: orNothing(z.string()),
  camera: orNothing(z.coerce.string().min(1).max(200)),
  tag: orNothing(z.coerce.string().min(1).max(100)),
  review: orNothing(ReviewState),
  /** The day at the top of the grid; `none` for the undated end. Not a filter: it only says where one is. */
  at: orNothing(z.coerce.string()),
  /** What is selected, as `selection-address.ts` writes it. No filter either. */
  chosen: orNothing(z.string().max(2000)),
});
export type LibrarySearch = z.infer<typeof LibrarySearch>;
export type LibraryFilter = Omit<LibrarySearch, 'at' | 'chosen'>;

/** Only what is ours: an address that was passed around may carry more (`?fbclid=…`), which the API would refuse. */
export function filterOf(search: LibrarySearch): LibraryFilter {
  const { at: _, chosen: __, ...filter } = LibrarySearch.parse(search);
  return filter;
}

export function isFiltered(filter: LibraryFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
