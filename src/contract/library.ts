import { oc } from '@orpc/contract';
import { z } from 'zod';
import { CaptureTime, Evidence } from './capture-time.ts';
import { Job } from './jobs.ts';
import { PageQuery, pageOf } from './page.ts';
import { AssetFilter } from './asset-filter.ts';
import { Confidence, MediaKind, ReviewState, TagSource } from './words.ts';

export const Warning = z.strictObject({ code: z.string(), message: z.string() });
export type Warning = z.infer<typeof Warning>;

/** A name under which the bytes of an asset were met. `path` is null for an upload. */
export const Location = z.strictObject({
  id: z.string(),
  path: z.string().nullable(),
  name: z.string(),
  folder: z.string(),
  modified_at: z.string().nullable(),
  first_seen_at: z.string(),
  job_id: z.string().nullable(),
});
export type Location = z.infer<typeof Location>;

/** One tile of the grid. `width` and `height` are as shown, after orientation. */
export const AssetTile = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: MediaKind,
  width: z.int().nullable(),
  height: z.int().nullable(),
  duration_seconds: z.number().nullable(),
  has_thumbnail: z.boolean(),
  local: z.string().nullable(),
  zone: z.string().nullable(),
  confidence: Confidence,
  review: ReviewState,
});
export type AssetTile = z.infer<typeof AssetTile>;

export const AssetTag = z.strictObject({ tag: z.string(), source: TagSource });
export type AssetTag = z.infer<typeof AssetTag>;

/** A piece of evidence beside the chosen time. Both are null for rejected pieces and where nothing can be compared. */
export const ComparedEvidence = Evidence.extend({
  agrees: z.boolean().nullable().describe('With the chosen time, by the rules that chose it'),
  seconds_apart: z.number().nullable().describe('Below zero: earlier than the chosen time. 0 where both agree'),
});
export type ComparedEvidence = z.infer<typeof ComparedEvidence>;

export const Asset = z.strictObject({
  id: z.string(),
  sha256: z.string(),
  dhash: z.string().nullable(),
  size_bytes: z.int(),
  mime_type: z.string(),
  kind: MediaKind,
  width: z.int().nullable(),
  height: z.int().nullable(),
  duration_seconds: z.number().nullable(),
  has_thumbnail: z.boolean(),
  camera_make: z.string().nullable(),
  camera_model: z.string().nullable(),
  camera_serial: z.string().nullable(),
  lens: z.string().nullable(),
  gps_latitude: z.number().nullable(),
  gps_longitude: z.number().nullable(),
  added_at: z.string(),
  warnings: z.array(Warning),
  capture_time: CaptureTime,
  evidence: z.array(ComparedEvidence),
  locations: z.array(Location),
  review: ReviewState,
  reviewed_at: z.string().nullable(),
  rules_differ: z.boolean().describe('The rules `earliest` and `trusted` choose differently'),
  doubt: z.string().nullable().describe('Key of the review group in which the asset waits, if it does'),
  tags: z.array(AssetTag),
});
export type Asset = z.infer<typeof Asset>;

/**
 * A day is a peak when it has 100 assets or more and ten times as many as the middle one (median) of all days that
 * have any: dates that a copy, a reset clock or a download gave. A gap is a time of six months or more without one.
 */
export const Timeline = z.strictObject({
  total: z.int(),
  undated: z.int(),
  years: z.array(z.strictObject({ year: z.string(), count: z.int().describe('Known only to the year') })),
  months: z.array(
    z.strictObject({ month: z.string().describe('`2014-07`'), count: z.int(), highest_day: z.int() }),
  ),
  peaks: z.array(z.strictObject({ day: z.string(), count: z.int(), usual: z.int() })),
  gaps: z.array(
    z.strictObject({
      after: z.string().describe('Last month with assets before the gap'),
      before: z.string().describe('First month with assets after it'),
      months: z.int().describe('Months between them without any'),
    }),
  ),
});
export type Timeline = z.infer<typeof Timeline>;

/** A model, and under which maker. It is also the value of the filter `camera`. */
export const CameraCount = z.strictObject({
  model: z.string(),
  make: z.string().nullable(),
  count: z.int(),
});
export type CameraCount = z.infer<typeof CameraCount>;

const AssetId = z.strictObject({ id: z.string().max(100) });
const tags = ['library'];

export const libraryContract = {
  list: oc
    .route({ method: 'GET', path: '/assets', tags, summary: 'Assets, a page at a time' })
    .input(
      z.strictObject({
        ...PageQuery,
        ...AssetFilter.shape,
        order: z
          .enum(['taken', 'added'])
          .default('taken')
          .describe('Newest capture time first, or newest in the library first'),
      }),
    )
    .output(pageOf(AssetTile)),
  /** Counts per day let a grid of any length be laid out before its tiles are loaded. */
  days: oc
    .route({ method: 'GET', path: '/assets/days', tags, summary: 'How many assets each day has, newest first' })
    .input(AssetFilter)
    .output(
      z.strictObject({
        total: z.int(),
        days: z.array(z.strictObject({ day: z.string().nullable(), count: z.int() })),
      }),
    ),
  /** The whole timeline in one answer: a bar per month, with what looks wrong about it. */
  months: oc
    .route({
      method: 'GET',
      path: '/assets/months',
      tags,
      summary: 'How many assets each month has, newest first',
    })
    .input(AssetFilter)
    .output(Timeline),
  cameras: oc
    .route({
      method: 'GET',
      path: '/cameras',
      tags,
      summary: 'The cameras of the library, the one that took most first',
    })
    .input(z.strictObject({ limit: z.int().min(1).max(500).default(100) }))
    .output(z.strictObject({ items: z.array(CameraCount) })),
  get: oc
    .route({ method: 'GET', path: '/assets/{id}', tags, summary: 'One asset with all its evidence' })
    .input(AssetId)
    .output(Asset),
};

/** An upload that arrived whole and is not in the library yet. */
export const WaitingUpload = z.strictObject({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  size_bytes: z.int(),
  finished_at: z.string(),
});
export type WaitingUpload = z.infer<typeof WaitingUpload>;

export const importsContract = {
  waiting: oc
    .route({
      method: 'GET',
      path: '/imports/waiting',
      tags: ['imports'],
      summary: 'Finished uploads not yet imported',
    })
    .input(z.strictObject(PageQuery))
    .output(pageOf(WaitingUpload)),
  create: oc
    .route({
      method: 'POST',
      path: '/imports',
      tags: ['imports'],
      summary: 'Import folders and files of this computer, or finished uploads',
      successStatus: 201,
    })
    .input(
      z
        .strictObject({
          paths: z.array(z.string().min(1).max(4096)).min(1).max(1000).optional(),
          uploads: z.array(z.string().min(1).max(200)).min(1).max(100_000).optional(),
        })
        .refine((input) => (input.paths === undefined) !== (input.uploads === undefined), {
          error: 'Give either paths or uploads, not both and not neither.',
          path: ['paths'],
        }),
    )
    .output(Job),
};
