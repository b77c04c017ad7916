/**
 * What a job tells of itself at its end, one shape for each kind of job. A kind that has something to tell adds its
 * shape here, and returns it (without `kind`, which the engine knows) from its `summarise`.
 */
import { z } from 'zod';
import { ChoiceRule, Confidence, videoStates, type VideoState } from './words.ts';

export const ConfidenceCounts = z.strictObject({
  high: z.int(),
  medium: z.int(),
  low: z.int(),
  none: z.int(),
});
export type ConfidenceCounts = z.infer<typeof ConfidenceCounts>;

export const ImportSummary = z.strictObject({
  confidence_counts: ConfidenceCounts,
  duplicate_groups: z.int(),
  success_count: z.int(),
  error_count: z.int(),
  duration_seconds: z.number(),
});
export type ImportSummary = z.infer<typeof ImportSummary>;

/** Shown before and after, so that a person sees what would happen. */
export const BeforeAfter = z.strictObject({
  asset_id: z.string(),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

/** The rules by which a library is dated. */
export const RulesTold = z.strictObject({
  rule: ChoiceRule,
  zone: z.string().describe('Home: the zone of what says nothing about its own'),
  min_year: z.int().describe('Dates of earlier years are taken for a fault'),
});

export type RulesTold = z.infer<typeof RulesTold>;

/** What deciding again changed, or with `dry_run` would change. */
export const RedateReport = z.strictObject({
  dry_run: z.boolean(),
  rules: RulesTold,
  assets: z.int(),
  changed: z.int().describe('Another time, zone, confidence or sentence'),
  changed_times: z.int().describe('Another wall clock or instant'),
  kept_by_person: z.int().describe('Times that a person chose: never touched'),
  confidence: z.array(z.strictObject({ from: Confidence, to: Confidence, count: z.int() })),
  examples: z.array(
    BeforeAfter.extend({
      before_zone: z.string().nullable(),
      after_zone: z.string().nullable(),
      from: Confidence,
      to: Confidence,
      because: z.string(),
    }).describe('Up to ten'),
  ),
  seconds: z.number(),
});
export type RedateReport = z.infer<typeof RedateReport>;

/** Files of which something is worth knowing: how many, and the first ten. */
const Told = z.strictObject({
  count: z.int(),
  examples: z.array(z.strictObject({ name: z.string(), message: z.string() })),
});

export const ExportSummary = z.strictObject({
  new: z.int(),
  changed: z.int(),
  same: z.int(),
  gone: z.int().describe('Did not belong any more: left there, or set aside if that was asked'),
  failed: z.int(),
  bytes: z.int().describe('Of the copies written'),
  warnings: Told,
  report: z
    .string()
    .nullable()
    .describe('Folder of report.csv and report.json; null when they could not be written'),
  duration_seconds: z.number(),
});
export type ExportSummary = z.infer<typeof ExportSummary>;

export const UndoExportSummary = z.strictObject({
  removed: z.int().describe('Files that the export wrote and that are gone again'),
  restored: z.int().describe('Earlier files that stand in their places again'),
  left: Told.describe('Changed since, or in the way of nothing: they stand as they are'),
  failed: z.int(),
  duration_seconds: z.number(),
});
export type UndoExportSummary = z.infer<typeof UndoExportSummary>;

export const RemoveSourcesSummary = z.strictObject({
  moved: z.int().describe('Originals that moved to a trash folder'),
  left: Told.describe('Originals that stand where they were, and why'),
  failed: z.int(),
  duration_seconds: z.number(),
});
export type RemoveSourcesSummary = z.infer<typeof RemoveSourcesSummary>;

/** How the videos of a job stand at its end, and what the model was asked for them. */
export const EnrichSummary = z.strictObject({
  states: z.strictObject(
    Object.fromEntries(videoStates.map((state) => [state, z.int()])) as Record<VideoState, z.ZodInt>,
  ),
  cells: z.int().describe('Values that the model gave, empty ones included'),
  failed_cells: z.int().describe('For which it gave none that fits'),
  model_calls: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  success_count: z.int(),
  error_count: z.int(),
  duration_seconds: z.number(),
});
export type EnrichSummary = z.infer<typeof EnrichSummary>;

export const JobSummary = z.discriminatedUnion('kind', [
  ImportSummary.extend({ kind: z.literal('import') }),
  RedateReport.extend({ kind: z.literal('redate') }),
  ExportSummary.extend({ kind: z.literal('export') }),
  UndoExportSummary.extend({ kind: z.literal('undo_export') }),
  RemoveSourcesSummary.extend({ kind: z.literal('remove_sources') }),
  EnrichSummary.extend({ kind: z.literal('enrich') }),
]);
export type JobSummary = z.infer<typeof JobSummary>;

/** The summary of one kind: `SummaryOf<'import'>`. */
export type SummaryOf<Kind extends JobSummary['kind']> = Extract<JobSummary, { kind: Kind }>;
