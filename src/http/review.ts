import type { Rules } from '#capture-time/clues.ts';
import { rulesInForce } from '#library/rules-in-force.ts';
import { clockCorrections, clockDecision } from '#review/clocks.ts';
import { reviewGroups, assetsOfGroup } from '#review/groups.ts';
import { decide } from '#review/large-decisions.ts';
import { startRedate } from '#review/redate.ts';
import { isZone } from '#review/parse-date.ts';
import { listTags } from '#review/tags.ts';
import { api } from './context.ts';
import { Refusal } from './problem.ts';

export const reviewHandlers = {
  groups: api.review.groups.handler(({ input, context }) =>
    reviewGroups(context.db, context.owner, input.limit),
  ),

  groupAssets: api.review.groupAssets.handler(({ input: { key, ...page }, context }) =>
    assetsOfGroup(context.db, context.owner, key, page),
  ),

  rules: api.review.rules.handler(async ({ context }) => {
    const settings = context.rules();
    return {
      in_force: told(await rulesInForce(context.db, context.owner, settings)),
      settings: told(settings),
    };
  }),

  redate: api.review.redate.handler(async ({ input, context }) => {
    if (input.zone !== undefined && !isZone(input.zone)) {
      throw new Refusal(422, 'zone_unknown', `“${input.zone}” is no zone. Write it like Europe/Berlin.`);
    }
    const job = await startRedate(context, context.owner, input);
    context.dispatcher.notify(job.id);
    return job;
  }),

  clockCorrections: api.review.clockCorrections.handler(async ({ context }) => ({
    items: await clockCorrections(context, context.owner),
  })),

  correctClock: api.review.correctClock.handler(({ input, context }) => {
    if (input.shift_seconds === 0 && !input.zone) {
      throw new Refusal(422, 'nothing_to_shift', 'A shift by nothing changes nothing.');
    }
    for (const zone of [input.zone?.clock, input.zone?.taken]) {
      if (zone === undefined || isZone(zone)) continue;
      throw new Refusal(
        422,
        'zone_unknown',
        `“${zone}” is no zone. Write it like Europe/Berlin, +02:00 or UTC.`,
      );
    }
    return decide(context, context.owner, ...clockDecision(input));
  }),

  tags: api.review.tags.handler(({ input, context }) => listTags(context.db, context.owner, input)),
};

function told({ rule, home_zone, min_year }: Rules) {
  return { rule, zone: home_zone, min_year };
}
