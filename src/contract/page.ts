import { z } from 'zod';

/** Of what is typed into a search. */
export const searchCharacters = 200;

/** Every list is read in pages: `limit` rows after `cursor`, which the answer before gave as `next_cursor`. */
export const PageQuery = {
  limit: z.int().min(1).max(500).default(100),
  cursor: z.string().max(500).optional(),
};

export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.strictObject({ items: z.array(row), next_cursor: z.string().nullable() });
}
