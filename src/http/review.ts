import { clockCorrections, correctClock } from '#review/clocks.ts';
import { reviewGroups, assetsOfGroup } from '#review/groups.ts';
import { redate } from '#review/redate.ts';
import { isZone } from '#review/parse-date.ts';
import { listTags } from '#review/tags.ts';
import { api } from './context.ts';
import { Refusal } from './problem.ts';

/** Small groups, so that other requests get their turn in between. */
const redatedAtOnce = 100;

export const reviewHandlers = {
  groups: api.review.groups.handler(({ input, context }) =>
    reviewGroups(context.db, context.owner, input.limit),
  ),

  groupAssets: api.review.groupAssets.handler(({ input: { key, ...page }, context }) =>
    assetsOfGroup(context.db, context.owner, key, page),
  ),

  redate: api.review.redate.handler(({ input, context }) => {
    if (input.zone !== undefined && !isZone(input.zone)) {
      throw new Refusal(422, 'zone_unknown', `“${input.zone}” is no zone. Write it like Europe/Berlin.`);
    }
    return redate(context, context.owner, input, { at_once: redatedAtOnce });
  }),

  clockCorrections: api.review.clockCorrections.handler(async ({ context }) => ({
    items: await clockCorrections(context.db, context.owner),
  })),

  correctClock: api.review.correctClock.handler(({ input, context }) => {
    if (input.shift_seconds === 0) {
      throw new Refusal(422, 'nothing_to_shift', 'A shift by nothing changes nothing.');
    }
    return correctClock(context, context.owner, input);
  }),

  tags: api.review.tags.handler(({ input, context }) => listTags(context.db, context.owner, input)),
};
