/** Which lines of a plan are shown, as it stands in the address. */
import { z } from 'zod';
import { searchCharacters } from '#contract/page.ts';
import { ExportAction } from '#contract/words.ts';
import { orNothing } from '../../address.ts';

export const PlanSearch = z.object({
  action: orNothing(ExportAction),
  in_doubt: orNothing(z.literal(true)),
  text: orNothing(z.coerce.string().min(1).max(searchCharacters)),
});
export type PlanSearch = z.infer<typeof PlanSearch>;
