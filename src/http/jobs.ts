import { mayExportAgain } from '#export/plan/may-export.ts';
import { exportKind, removeSourcesKind, undoExportKind } from '#export/plan/plan.ts';
import type { MayRunAgain } from '#jobs/kinds.ts';
import { enrichKind } from '#saved-videos/processing/enrich-input.ts';
import { mayProcessAgain } from '#saved-videos/processing/start-processing.ts';
import { api } from './context.ts';

/** Kinds of which only one job may be at work on the same thing. */
const mayRunAgain: MayRunAgain = {
  [enrichKind]: mayProcessAgain,
  [exportKind]: mayExportAgain,
  [undoExportKind]: mayExportAgain,
  [removeSourcesKind]: mayExportAgain,
};

/** Asks the ledger, wakes the workers where there is work again, and answers with the job as it stands then. */
export const jobsHandlers = {
  list: api.jobs.list.handler(({ input, context }) => context.ledger.list({ ...input, owner: context.owner })),

  get: api.jobs.get.handler(({ input, context }) => context.ledger.get({ id: input.id, owner: context.owner })),

  items: api.jobs.items.handler(({ input: { id, ...page }, context }) =>
    context.ledger.items({ ...page, job: { id, owner: context.owner } }),
  ),

  pause: api.jobs.pause.handler(async ({ input, context }) => {
    const job = { id: input.id, owner: context.owner };
    await context.ledger.pause(job);
    return context.ledger.get(job);
  }),

  resume: api.jobs.resume.handler(async ({ input, context }) => {
    const job = { id: input.id, owner: context.owner };
    await context.ledger.resume(job, mayRunAgain);
    context.dispatcher.notify(job.id);
    return context.ledger.get(job);
  }),

  cancel: api.jobs.cancel.handler(async ({ input, context }) => {
    const job = { id: input.id, owner: context.owner };
    await context.ledger.cancel(job);
    context.dispatcher.notify(job.id);
    return context.ledger.get(job);
  }),

  retry: api.jobs.retry.handler(async ({ input, context }) => {
    const job = { id: input.id, owner: context.owner };
    await context.ledger.retry(job, 'all', mayRunAgain);
    context.dispatcher.notify(job.id);
    return context.ledger.get(job);
  }),

  progress: api.jobs.progress.handler(({ input, context }) =>
    context.ledger.progress({ id: input.id, owner: context.owner }),
  ),

  history: api.jobs.history.handler(async ({ input: { id, since, limit, offset, ...filter }, context }) => {
    const wanted = {
      ...filter,
      job: { id, owner: context.owner },
      ...(since === undefined ? {} : { since: new Date(since) }),
    };
    const events = await context.ledger.events({ ...wanted, limit, offset });
    return { events, total: await context.ledger.countEvents(wanted) };
  }),

  curve: api.jobs.curve.handler(async ({ input: { id, points }, context }) => ({
    points: await context.ledger.curve({ id, owner: context.owner }, points),
  })),

  current: api.jobs.current.handler(({ context }) => context.ledger.current(context.owner)),
};
