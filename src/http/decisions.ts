import type { z } from 'zod';
import type { DecisionToMake } from '#contract/decisions.ts';
import { countWaiting } from '#library/decide-asset.ts';
import { asTag } from '#library/name-tags.ts';
import { decisionsOfAsset, listDecisions } from '#review/decisions.ts';
import { decide, setBack, setBackNewest } from '#review/large-decisions.ts';
import { isZone, parseDate } from '#review/parse-date.ts';
import type { PreparedDecision } from '#review/prepare.ts';
import { api } from './context.ts';
import { Refusal } from './problem.ts';

export const decisionsHandlers = {
  make: api.decisions.make.handler(async ({ input: { asset_ids, filter, except, decision }, context }) => {
    const target = asset_ids === undefined ? { filter: filter ?? {}, except } : { asset_ids };
    return decide(context, context.owner, target, understood(decision));
  }),

  list: api.decisions.list.handler(({ input, context }) => listDecisions(context.db, context.owner, input)),

  undo: api.decisions.undo.handler(({ input, context }) => setBack(context, context.owner, input.id, 'undo')),

  redo: api.decisions.redo.handler(({ input, context }) => setBack(context, context.owner, input.id, 'redo')),

  undoNewest: api.decisions.undoNewest.handler(({ context }) => setBackNewest(context, context.owner, 'undo')),

  redoNewest: api.decisions.redoNewest.handler(({ context }) => setBackNewest(context, context.owner, 'redo')),

  waiting: api.decisions.waiting.handler(async ({ context }) => ({
    assets: await countWaiting(context.db, context.owner),
  })),

  ofAsset: api.decisions.ofAsset.handler(({ input: { id, ...page }, context }) =>
    decisionsOfAsset(context.db, context.owner, id, page),
  ),

  parseDate: api.decisions.parseDate.handler(({ input }) => parseDate(input.text)),
};

/** The decision as it is kept: times read, zones known, tags in their one form. Throws `Refusal`. */
function understood(decision: z.output<typeof DecisionToMake>): PreparedDecision {
  switch (decision.kind) {
    case 'choose':
      return { kind: 'choose', data: { source: decision.source, raw: decision.raw } };
    case 'set_time': {
      const entered = decision.text ?? decision.local ?? '';
      const { local, precision, zone } = theOneReading(entered);
      return { kind: 'set_time', data: { local, precision, zone: knownZone(decision.zone ?? zone), entered } };
    }
    case 'shift':
      if (decision.seconds === 0)
        throw new Refusal(422, 'nothing_to_shift', 'A shift by nothing changes nothing.');
      return { kind: 'shift', data: { seconds: decision.seconds } };
    case 'set_zone':
      return { kind: 'set_zone', data: { zone: knownZone(decision.zone) ?? 'UTC', keep: decision.keep } };
    case 'accept':
    case 'discard':
    case 'restore':
      return { kind: decision.kind };
    case 'tag': {
      const add = [...new Set(decision.add.map(asTag))].filter((tag) => tag !== '');
      const remove = [...new Set(decision.remove.map(asTag))].filter((tag) => tag !== '' && !add.includes(tag));
      return { kind: 'tag', data: { add, remove } };
    }
  }
}

function theOneReading(text: string) {
  const { readings, problem } = parseDate(text);
  const [reading] = readings;
  if (reading === undefined || problem !== null) {
    const code = reading === undefined ? 'date_not_understood' : 'date_ambiguous';
    throw new Refusal(422, code, problem ?? '');
  }
  return reading;
}

function knownZone(zone: string | null): string | null {
  if (zone === null || isZone(zone)) return zone;
  throw new Refusal(422, 'zone_unknown', `“${zone}” is no zone. Write it like Europe/Berlin, +02:00 or UTC.`);
}
