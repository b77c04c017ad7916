import { oc } from '@orpc/contract';
import { z } from 'zod';

const Check = z.strictObject({ ok: z.boolean(), detail: z.string() });

export const Health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  database: Check,
  worker: Check.extend({
    round_trip_ms: z.number().nullable(),
    restarts: z.int().describe('How often its process was started again since the server started'),
    since: z.string().nullable().describe('When the process that runs now was started'),
  }),
  disk: Check.extend({ free_bytes: z.number().nullable() }),
});
export type Health = z.infer<typeof Health>;

export const healthContract = oc
  .route({
    method: 'GET',
    path: '/health',
    tags: ['system'],
    summary: 'Database, worker and disk, each proved',
  })
  .input(z.strictObject({}).optional())
  .output(Health);
