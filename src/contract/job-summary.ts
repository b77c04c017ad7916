/**
 * What a job tells of itself at its end, one shape for each kind of job. A kind that has something to tell adds its
 * shape here, and returns it (without `kind`, which the engine knows) from its `summarise`.
 */
import { z } from 'zod';
import { ChoiceRule, Confidence } from './words.ts';

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

/** What deciding again changed, or with `dry_run` would change. */
export const RedateReport = z.strictObject({
  dry_run: z.boolean(),
  rules: z.strictObject({ rule: ChoiceRule, zone: z.string(), min_year: z.int() }),
  assets: z.int(),
  changed: z.int().describe('Another time, zone, confidence or sentence'),
  changed_times: z.int().describe('Another wall clock or instant'),
  kept_by_person: z.int().describe('Times that a person chose: never touched'),
  confidence: z.array(z.strictObject({ from: Confidence, to: Confidence, count: z.int() })),
  examples: z.array(
    BeforeAfter.extend({ from: Confidence, to: Confidence, because: z.string() }).describe('Up to ten'),
  ),
  seconds: z.number(),
});
export type RedateReport = z.infer<typeof RedateReport>;

export const JobSummary = z.discriminatedUnion('kind', [
  ImportSummary.extend({ kind: z.literal('import') }),
  RedateReport.extend({ kind: z.literal('redate') }),
]);
export type JobSummary = z.infer<typeof JobSummary>;

/** The summary of one kind: `SummaryOf<'import'>`. */
export type SummaryOf<Kind extends JobSummary['kind']> = Extract<JobSummary, { kind: Kind }>;
