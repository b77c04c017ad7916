import type { z } from 'zod';

/** A value that makes no sense is dropped from the address, not answered with an error page. */
export function orNothing<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}
