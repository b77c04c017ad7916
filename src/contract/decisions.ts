/** What a person decides, for one asset or for all that match, and how it is listed, undone and redone. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { AssetFilter } from './asset-filter.ts';
import { PageQuery, pageOf } from './page.ts';
import { DecisionKind, EvidenceSource, LeftAloneReason, Precision } from './words.ts';

/** An IANA name, an offset `+02:00`, or `UTC`. */
const Zone = z.string().min(1).max(100);
const Tag = z.string().trim().min(1).max(100);
const tenYearsSeconds = 10 * 366 * 86_400;

export const Shift = z.int().min(-tenYearsSeconds).max(tenYearsSeconds).describe('Seconds; later is positive');

/** A wall clock cut at its precision, as in evidence: `2019`, `2019-05`, `2019-05-05`, `2019-05-05T15:00`, … */
export const LocalTime = z.string().regex(/^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?)?)?$/, {
  error: 'a wall clock such as 2019, 2019-05, 2019-05-05 or 2019-05-05T15:00',
});

/** What is to be decided, the same for every asset it is made for. */
export const DecisionToMake = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('choose'),
      source: EvidenceSource,
      raw: z.string().max(2000).optional().describe('Where an asset has several pieces of that source: which'),
    })
    .describe('This piece of evidence is right'),
  z
    .strictObject({
      kind: z.literal('set_time'),
      local: LocalTime.optional(),
      text: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe('Or in words, as `/dates/parse` reads them: "june 2004"'),
      zone: Zone.nullish().describe('Left out: that of the asset, or of home'),
    })
    .refine((time) => (time.local === undefined) !== (time.text === undefined), {
      error: 'Give either local or text.',
      path: ['local'],
    })
    .describe('It was taken then. A year, a month or a day alone stays one'),
  z.strictObject({ kind: z.literal('shift'), seconds: Shift }),
  z
    .strictObject({
      kind: z.literal('set_zone'),
      zone: Zone,
      keep: z
        .enum(['clock', 'instant'])
        .default('clock')
        .describe(
          '`clock`: the wall clock was right, only its place unknown. `instant`: told on the clock there',
        ),
    })
    .describe('It was taken in that zone'),
  z.strictObject({ kind: z.literal('accept') }).describe('The time shown is right'),
  z.strictObject({ kind: z.literal('discard') }).describe('Hidden and left out of exports; bytes untouched'),
  z.strictObject({ kind: z.literal('restore') }),
  z
    .strictObject({
      kind: z.literal('tag'),
      add: z.array(Tag).max(100).default([]),
      remove: z.array(Tag).max(100).default([]),
    })
    .refine((tags) => tags.add.length + tags.remove.length > 0, { error: 'Give a tag.', path: ['add'] }),
]);
export type DecisionToMake = z.infer<typeof DecisionToMake>;

export const Decision = z.strictObject({
  id: z.string(),
  at: z.string(),
  kind: DecisionKind,
  data: z.record(z.string(), z.unknown()),
  sentence: z.string().describe('"Shifted by +1 h", for a list of what was done'),
  assets: z.int().describe('How many it applies to'),
  undone_at: z.string().nullable(),
});
export type Decision = z.infer<typeof Decision>;

export const DecisionReport = z.strictObject({
  decision: Decision.nullable().describe('Null when it would have changed nothing: then it is not kept'),
  matched: z.int(),
  changed: z.int(),
  left_alone: z.array(z.strictObject({ because: LeftAloneReason, count: z.int() })),
});
export type DecisionReport = z.infer<typeof DecisionReport>;

/** What was understood. Two readings: "5/6/2019" does not say which is the month. None: nothing was understood. */
export const ParsedDate = z.strictObject({
  readings: z.array(
    z.strictObject({
      local: z.string(),
      precision: Precision,
      zone: z.string().nullable().describe('As written in the text, else null'),
      words: z.string().describe('"5 May 2019 15:00"'),
    }),
  ),
  problem: z
    .string()
    .nullable()
    .describe('What to add or change, where not exactly one reading came of it; else null'),
});
export type ParsedDate = z.infer<typeof ParsedDate>;

const tags = ['decisions'];
const DecisionId = z.strictObject({ id: z.string().max(100) });

export const decisionsContract = {
  make: oc
    .route({
      method: 'POST',
      path: '/decisions',
      tags,
      summary: 'Decide for the given assets, or for all that match a filter',
      description:
        'One decision whatever the number of assets, undone as one. Assets named twice, or not there, count once or not.',
    })
    .input(
      z
        .strictObject({
          asset_ids: z.array(z.string().max(100)).min(1).max(100_000).optional(),
          filter: AssetFilter.optional(),
          except: z
            .array(z.string().max(100))
            .max(10_000)
            .optional()
            .describe('With `filter`: all that match but these'),
          decision: DecisionToMake,
        })
        .refine((input) => (input.asset_ids === undefined) !== (input.filter === undefined), {
          error: 'Give either asset_ids or filter, not both and not neither.',
          path: ['asset_ids'],
        })
        .refine((input) => input.except === undefined || input.filter !== undefined, {
          error: 'Goes with filter only: leave out of asset_ids what is not meant.',
          path: ['except'],
        }),
    )
    .output(DecisionReport),
  list: oc
    .route({ method: 'GET', path: '/decisions', tags, summary: 'Everything that was decided, newest first' })
    .input(z.strictObject({ ...PageQuery, kind: DecisionKind.optional() }))
    .output(pageOf(Decision)),
  undo: oc
    .route({ method: 'POST', path: '/decisions/{id}/undo', tags, summary: 'Take a decision back' })
    .input(DecisionId)
    .output(Decision),
  redo: oc
    .route({
      method: 'POST',
      path: '/decisions/{id}/redo',
      tags,
      summary: 'Let a decision taken back stand again',
    })
    .input(DecisionId)
    .output(Decision),
  undoNewest: oc
    .route({ method: 'POST', path: '/decisions/undo', tags, summary: 'Take the newest standing decision back' })
    .input(z.strictObject({}).optional())
    .output(Decision),
  redoNewest: oc
    .route({
      method: 'POST',
      path: '/decisions/redo',
      tags,
      summary: 'Let the decision taken back last stand again',
      description: 'Only while nothing was decided since, as in every editor.',
    })
    .input(z.strictObject({}).optional())
    .output(Decision),
  waiting: oc
    .route({
      method: 'GET',
      path: '/decisions/waiting',
      tags,
      summary: 'How many assets still have to be decided again',
      description: 'Above 0 only while a decision about many takes effect, and for a moment after a crash.',
    })
    .input(z.strictObject({}).optional())
    .output(z.strictObject({ assets: z.int() })),
  ofAsset: oc
    .route({ method: 'GET', path: '/assets/{id}/decisions', tags, summary: 'What was decided about one asset' })
    .input(DecisionId.extend(PageQuery))
    .output(pageOf(Decision)),
  parseDate: oc
    .route({ method: 'POST', path: '/dates/parse', tags, summary: 'Read a date in free form, for a preview' })
    .input(z.strictObject({ text: z.string().min(1).max(100) }))
    .output(ParsedDate),
};
