import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AssetFilter } from '#contract/asset-filter.ts';
import { exportFiles, getExport, listExports } from '#export/exports.ts';
import { forgetPlan } from '#export/plan/forget-plan.ts';
import { planAsCsv } from '#export/plan/plan-csv.ts';
import { planExport } from '#export/plan/plan-export.ts';
import { previewNames } from '#export/plan/preview.ts';
import { removeSources, startExport, undoExport } from '#export/plan/start-export.ts';
import { api, type RequestContext } from './context.ts';

export const exportsHandlers = {
  list: api.exports.list.handler(({ input, context }) => listExports(context, context.owner, input)),

  plan: api.exports.plan.handler(async ({ input, context, signal }) => {
    const { template = context.export_template, ...wish } = input;
    const id = await planExport(context, context.owner, { ...settled(wish), template }, signal);
    return getExport(context, context.owner, id);
  }),

  preview: api.exports.preview.handler(async ({ input, context }) => {
    const { template = context.export_template, ...wish } = input;
    const names = await previewNames(context.db, context.owner, { ...settled(wish), template });
    return { template, names };
  }),

  get: api.exports.get.handler(({ input, context }) => getExport(context, context.owner, input.id)),

  files: api.exports.files.handler(({ input: { id, ...wanted }, context }) =>
    exportFiles(context.db, context.owner, id, wanted),
  ),

  start: api.exports.start.handler(({ input, context }) =>
    begun(context, startExport(context, context.owner, input.id)),
  ),

  undo: api.exports.undo.handler(({ input, context }) =>
    begun(context, undoExport(context, context.owner, input.id)),
  ),

  removeSources: api.exports.removeSources.handler(({ input, context }) =>
    begun(context, removeSources(context, context.owner, input.id)),
  ),

  forget: api.exports.forget.handler(({ input, context }) => forgetPlan(context.db, context.owner, input.id)),
};

/** Which assets are meant, said in one way. */
function settled<Wish extends { filter?: AssetFilter | undefined; asset_ids?: string[] | undefined }>({
  filter,
  asset_ids,
  ...wish
}: Wish) {
  return { ...wish, which: asset_ids === undefined ? { filter: filter ?? {} } : { asset_ids } };
}

async function begun<Job extends { id: string }>(
  context: RequestContext,
  starting: Promise<Job>,
): Promise<Job> {
  const job = await starting;
  context.dispatcher.notify(job.id);
  return job;
}

export function servePlans(server: FastifyInstance, context: RequestContext): void {
  type PlanRequest = FastifyRequest<{ Params: { id: string } }>;
  server.get('/api/exports/:id/plan.csv', async (request: PlanRequest, reply) => {
    const csv = await planAsCsv(context.db, context.owner, request.params.id);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="export-plan.csv"')
      .header('cache-control', 'no-store')
      .send(csv);
  });
}
