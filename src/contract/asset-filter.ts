import { z } from 'zod';
import { searchCharacters } from './page.ts';
import { Confidence, MediaKind, reviewStates } from './words.ts';

/** Which assets are meant: by the grid, its day counts, and decisions made for all that match. */
export const AssetFilter = z.strictObject({
  confidence: Confidence.optional(),
  kind: MediaKind.optional(),
  job_id: z.string().max(100).optional(),
  text: z
    .string()
    .max(searchCharacters)
    .optional()
    .describe('Words, each of them a part of a file name, folder or camera'),
  from: z.iso.date().optional().describe('First day, as the wall clock at the place says'),
  to: z.iso.date().optional().describe('Last day, included'),
  camera: z.string().max(200).optional().describe('The exact model'),
  tag: z.string().max(100).optional(),
  review: z
    .enum([...reviewStates, 'any'])
    .optional()
    .describe('Left out: all but the discarded'),
  in_doubt: z.boolean().optional().describe('Only those that wait for a person, or only the others'),
  doubt: z.string().max(300).optional().describe('Key of a review group'),
});
export type AssetFilter = z.infer<typeof AssetFilter>;
