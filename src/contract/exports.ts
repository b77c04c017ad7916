/** Exports: the plan, its acceptance, undo, the removal of sources, and downloads of a selection. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { AssetFilter } from './asset-filter.ts';
import { Job } from './jobs.ts';
import { PageQuery, pageOf, searchCharacters } from './page.ts';
import {
  Confidence,
  ExportAction,
  exportActions,
  ExportDoubt,
  exportDoubts,
  ItemState,
  Precision,
  WriteTarget,
} from './words.ts';

const mostSelected = 100_000;

/** Which assets go out: those that match the filter, or the selected ones. Discarded ones never do. */
const Which = {
  filter: AssetFilter.optional().describe('Left out, as are `asset_ids`: the whole library'),
  asset_ids: z.array(z.string().min(1).max(100)).min(1).max(mostSelected).optional(),
};
const oneOfBoth = {
  error: 'Give either filter or asset_ids, not both.',
  path: ['asset_ids'],
};
const notBoth = (which: { filter?: unknown; asset_ids?: unknown }) =>
  which.filter === undefined || which.asset_ids === undefined;

const Template = z
  .string()
  .min(1)
  .max(500)
  .describe('Such as `{year}/{date}_{time}{ext}`. Left out: as the settings say');

export const ExportToPlan = z
  .strictObject({
    folder: z.string().min(1).max(4096).describe('Whole path of the target; created when the export starts'),
    ...Which,
    template: Template.optional(),
    write_uncertain: z.boolean().default(false).describe('Times of low confidence are written into files too'),
    set_aside_gone: z
      .boolean()
      .default(false)
      .describe('Copies of earlier exports that do not belong any more move to `.daybook/replaced`'),
  })
  .refine(notBoth, oneOfBoth);
export type ExportToPlan = z.infer<typeof ExportToPlan>;

export const ExportCounts = z.strictObject({
  actions: z.strictObject(
    Object.fromEntries(exportActions.map((action) => [action, z.int()])) as Record<ExportAction, z.ZodInt>,
  ),
  doubts: z.strictObject(
    Object.fromEntries(exportDoubts.map((doubt) => [doubt, z.int()])) as Record<ExportDoubt, z.ZodInt>,
  ),
  collisions: z.int().describe('Files whose name needed a number'),
});
export type ExportCounts = z.infer<typeof ExportCounts>;

/** A plan, and what became of it. Instants are ISO 8601 in UTC. */
export const Export = z.strictObject({
  id: z.string(),
  folder: z.string(),
  template: z.string(),
  write_uncertain: z.boolean(),
  set_aside_gone: z.boolean(),
  counts: ExportCounts,
  total_bytes: z.int().describe('That will be copied'),
  free_bytes: z.int().nullable().describe('Free there when the plan was made'),
  created_at: z.string(),
  job: Job.nullable().describe('Null while the plan waits to be accepted'),
  undo_job: Job.nullable(),
  remove_job: Job.nullable().describe('The removal of sources'),
});
export type Export = z.infer<typeof Export>;

/** One tag as ExifTool names it, and the value that is written. An empty value takes the tag out. */
export const TagToWrite = z.strictObject({ tag: z.string(), value: z.string() });
export type TagToWrite = z.infer<typeof TagToWrite>;

export const ExportFile = z.strictObject({
  seq: z.int(),
  asset_id: z.string(),
  action: ExportAction,
  name: z.string().describe('The original name'),
  source: z.string().nullable().describe('Where the original stands; null when it was not found'),
  target: z.string().describe('Below the folder'),
  number: z.int().describe('0, or what stands behind the name because others have it: 1 for `_001`'),
  size_bytes: z.int(),
  local: z.string().nullable(),
  zone: z.string().nullable(),
  precision: Precision.nullable(),
  confidence: Confidence,
  into: WriteTarget,
  writes: z.array(TagToWrite),
  companions: z
    .array(z.strictObject({ source: z.string(), target: z.string() }))
    .describe('Sidecars of the original that go along'),
  was: z.string().nullable().describe('Where an earlier export put it, if elsewhere or otherwise'),
  doubts: z.array(ExportDoubt),
  state: ItemState.nullable().describe('Once started: where its item stands'),
  written_to: z
    .string()
    .nullable()
    .describe('Once written: where the copy got its name; elsewhere than `target` if that was taken meanwhile'),
  warnings: z.array(z.string()).describe('Once written: what did not go as planned'),
  error_message: z.string().nullable(),
});
export type ExportFile = z.infer<typeof ExportFile>;

const ExportId = z.strictObject({ id: z.string().max(100) });
const tags = ['exports'];

export const exportsContract = {
  list: oc
    .route({ method: 'GET', path: '/exports', tags, summary: 'Every export and plan, newest first' })
    .input(z.strictObject(PageQuery))
    .output(pageOf(Export)),
  plan: oc
    .route({
      method: 'POST',
      path: '/exports',
      tags,
      summary: 'Plan an export; nothing is written before it is started',
      successStatus: 201,
    })
    .input(ExportToPlan)
    .output(Export),
  /** Names for a template before anything is planned: for a preview while it is typed. */
  preview: oc
    .route({ method: 'POST', path: '/exports/preview', tags, summary: 'Names that a template would give' })
    .input(
      z
        .strictObject({ template: Template.optional(), ...Which, limit: z.int().min(1).max(20).default(6) })
        .refine(notBoth, oneOfBoth),
    )
    .output(
      z.strictObject({
        template: z.string(),
        names: z.array(z.strictObject({ name: z.string(), target: z.string() })),
      }),
    ),
  get: oc
    .route({ method: 'GET', path: '/exports/{id}', tags, summary: 'One export' })
    .input(ExportId)
    .output(Export),
  files: oc
    .route({
      method: 'GET',
      path: '/exports/{id}/files',
      tags,
      summary: 'The lines of a plan, in the order of their names',
      description:
        'A plan does not change, so a page is asked for by its place. `/exports/{id}/plan.csv` gives all lines as CSV.',
    })
    .input(
      ExportId.extend({
        limit: PageQuery.limit,
        offset: z.int().min(0).max(2_147_483_647).default(0),
        action: ExportAction.optional(),
        in_doubt: z.boolean().optional(),
        text: z.string().max(searchCharacters).optional().describe('Part of a source or target'),
      }),
    )
    .output(z.strictObject({ items: z.array(ExportFile), total: z.int().describe('That match') })),
  start: oc
    .route({
      method: 'POST',
      path: '/exports/{id}/start',
      tags,
      summary: 'Accept the plan',
      successStatus: 201,
    })
    .input(ExportId)
    .output(Job),
  undo: oc
    .route({
      method: 'POST',
      path: '/exports/{id}/undo',
      tags,
      summary: 'Take back what this export wrote, unless it was changed since',
      successStatus: 201,
    })
    .input(ExportId)
    .output(Job),
  removeSources: oc
    .route({
      method: 'POST',
      path: '/exports/{id}/remove-sources',
      tags,
      summary: 'Move the sources of verified copies to a trash folder',
      successStatus: 201,
    })
    .input(ExportId)
    .output(Job),
  forget: oc
    .route({
      method: 'DELETE',
      path: '/exports/{id}',
      tags,
      summary: 'Throw away a plan that was not started',
      successStatus: 204,
    })
    .input(ExportId)
    .output(z.void()),
};

export const downloadsContract = {
  create: oc
    .route({
      method: 'POST',
      path: '/downloads',
      tags,
      summary: 'Prepare a zip of originals',
      description: 'The zip streams from `url`, once, within an hour.',
      successStatus: 201,
    })
    .input(z.strictObject(Which).refine(notBoth, oneOfBoth))
    .output(
      z.strictObject({ url: z.string(), files: z.int(), total_bytes: z.int().describe('Of the originals') }),
    ),
};
