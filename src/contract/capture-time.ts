import { z } from 'zod';
import { Confidence, EvidenceSource, Precision, Rejection, ZoneSource } from './words.ts';

/**
 * One candidate time for an asset.
 * `local` is the wall clock in ISO form, cut at its precision: `2017`, `2017-12`, `2017-12-18`,
 * `2017-12-18T10:20`, `2017-12-18T10:20:30.123`. `at` is the instant in UTC (`…Z`), known only with a zone.
 * `zone` is an IANA name, an offset `+02:00`, or `UTC`.
 */
export const Evidence = z.strictObject({
  source: EvidenceSource,
  raw: z.string(),
  at: z.string().nullable(),
  local: z.string().nullable(),
  zone: z.string().nullable(),
  zone_source: ZoneSource.nullable(),
  precision: Precision,
  weight: z.number(),
  rejected: Rejection.nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

/** The chosen time. With confidence `none` every field but `confidence` and `because` is null. */
export const CaptureTime = z.strictObject({
  at: z.string().nullable(),
  local: z.string().nullable(),
  zone: z.string().nullable(),
  zone_source: ZoneSource.nullable(),
  source: EvidenceSource.nullable(),
  precision: Precision.nullable(),
  confidence: Confidence,
  because: z.string(),
});
export type CaptureTime = z.infer<typeof CaptureTime>;
