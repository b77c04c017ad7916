import { z } from 'zod';

export const importKind = 'import';

/** What a job of the kind `import` was asked for. The items' keys are paths, or ids of uploads. */
export const ImportInput = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('paths'), paths: z.array(z.string()) }),
  z.strictObject({ from: z.literal('uploads') }),
]);
export type ImportInput = z.infer<typeof ImportInput>;
