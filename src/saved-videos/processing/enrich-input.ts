import { z } from 'zod';
import type { ProcessWish } from '#contract/processing.ts';

export const enrichKind = 'enrich';

/** What a job of the kind `enrich` was asked for. The items' keys are numbers of videos in the list. */
export const EnrichInput = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('pending'), list_id: z.string() }),
  z.strictObject({ what: z.literal('failed'), list_id: z.string() }),
  z.strictObject({ what: z.literal('field'), list_id: z.string(), field_id: z.string(), again: z.boolean() }),
  // Which videos these are stands in the items alone: an input is read with every claim.
  z.strictObject({ what: z.literal('videos'), list_id: z.string() }),
]);
export type EnrichInput = z.infer<typeof EnrichInput>;

export function inputOf(listId: string, wish: ProcessWish): EnrichInput {
  if (wish.what === 'videos') return { what: 'videos', list_id: listId };
  return { ...wish, list_id: listId };
}
