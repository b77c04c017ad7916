import { suggestFields } from '#saved-videos/model/suggest-fields.ts';
import { estimateProcessing } from '#saved-videos/processing/cost.ts';
import { startProcessing } from '#saved-videos/processing/start-processing.ts';
import { api } from './context.ts';

export const processingHandlers = {
  start: api.processing.start.handler(async ({ input: { id, wish }, context }) => {
    const job = await startProcessing(context, context.owner, id, wish);
    context.dispatcher.notify(job.id);
    return job;
  }),

  estimate: api.processing.estimate.handler(({ input: { id, wish }, context }) =>
    estimateProcessing(context, context.owner, id, wish),
  ),

  quota: api.processing.quota.handler(({ context }) => context.enrichment.youtube.quota()),

  enrichment: api.processing.enrichment.handler(({ context }) => context.enrichment.told),
};

export const suggestHandler = api.fields.suggest.handler(({ input: { id, description }, context }) =>
  suggestFields(context.db, context.enrichment.model, context.owner, id, description),
);
