import { z } from 'zod';

/** Every refusal is a problem document (RFC 9457) of this shape, as `application/problem+json`. */
export const Problem = z.looseObject({
  type: z.string().describe('`about:blank` or a name of the fault'),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('Stable, for programs: `not_found`, `invalid_input`, `job_not_pausable`, …'),
  detail: z.string().describe('For people: what was expected, what came, what to do'),
  fields: z
    .array(z.strictObject({ field: z.string(), message: z.string() }))
    .optional()
    .describe('With `invalid_input`: each field that was refused'),
});
export type Problem = z.infer<typeof Problem>;
