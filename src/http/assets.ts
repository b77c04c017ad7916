import { browseAssets, countDays } from '#library/browse.ts';
import { listCameras } from '#library/cameras.ts';
import { findAsset } from '#library/asset.ts';
import { timelineOf } from '#library/timeline.ts';
import { api } from './context.ts';
import { Refusal } from './problem.ts';

export const assetsHandlers = {
  list: api.assets.list.handler(async ({ input, context }) => {
    const { limit, cursor, order, ...filter } = input;
    return browseAssets(context.db, context.owner, filter, { order, limit, cursor });
  }),

  days: api.assets.days.handler(async ({ input, context }) => {
    const days = await countDays(context.db, context.owner, input);
    return { total: days.reduce((sum, day) => sum + day.count, 0), days };
  }),

  months: api.assets.months.handler(async ({ input, context }) =>
    timelineOf(await countDays(context.db, context.owner, input)),
  ),

  cameras: api.assets.cameras.handler(async ({ input, context }) => ({
    items: await listCameras(context.db, context.owner, input.limit),
  })),

  get: api.assets.get.handler(async ({ input, context }) => {
    const asset = await findAsset(context.db, context.owner, input.id, context.rules());
    if (asset === undefined) throw new Refusal(404, 'not_found', 'There is no asset of this id.');
    return asset;
  }),
};
