import { startImport } from '#library/start-import.ts';
import { waitingUploads } from '#library/waiting-uploads.ts';
import { api } from './context.ts';

export const importsHandlers = {
  waiting: api.imports.waiting.handler(({ input, context }) =>
    waitingUploads(context.db, context.owner, input),
  ),

  create: api.imports.create.handler(async ({ input, context }) => {
    const job = await startImport(context, context.owner, input);
    context.dispatcher.notify(job.id);
    return job;
  }),
};
