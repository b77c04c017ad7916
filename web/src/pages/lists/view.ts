/** What of a list is shown, as it stands in the address. */
import { z } from 'zod';
import { limits } from '#contract/fields.ts';
import { searchCharacters } from '#contract/page.ts';
import { VideoFilter, type VideoView } from '#contract/saved-videos.ts';
import { orNothing } from '../../address.ts';

export const ListSearch = z.object({
  text: orNothing(z.coerce.string().min(1).max(searchCharacters)),
  filters: orNothing(z.array(VideoFilter).max(limits.filters_per_view)),
  sort: orNothing(
    z
      .array(z.object({ column: z.string().max(100), direction: z.enum(['asc', 'desc']) }))
      .max(limits.sorts_per_view),
  ),
  /** The first row in sight, from 0. No part of the view: another one begins at its top. */
  offset: orNothing(z.coerce.number().int().min(0)),
  /** The video whose details are open. No part of the view. */
  video: orNothing(z.coerce.number().int().min(1)),
});
export type ListSearch = z.infer<typeof ListSearch>;

export function viewOf({ text, filters = [], sort = [] }: ListSearch): VideoView {
  return text === undefined ? { filters, sort } : { text, filters, sort };
}

export function isNarrowed(view: VideoView): boolean {
  return view.text !== undefined || view.filters.length > 0;
}

/**
 * A press on a heading: upwards, downwards, as added. With `also`, what sorts already stays in front of it.
 */
export function sortedBy(sort: VideoView['sort'], column: string, also: boolean): VideoView['sort'] {
  const before = sort.find((each) => each.column === column);
  const others = also ? sort.filter((each) => each.column !== column) : [];
  if (before === undefined)
    return [...others, { column, direction: 'asc' as const }].slice(-limits.sorts_per_view);
  if (before.direction === 'desc') return others;
  const turned = { column, direction: 'desc' as const };
  return also ? sort.map((each) => (each === before ? turned : each)) : [turned];
}
