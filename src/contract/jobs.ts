import { oc } from '@orpc/contract';
import { z } from 'zod';
import { JobSummary } from './job-summary.ts';
import { PageQuery, pageOf } from './page.ts';
import { ItemState, JobEventKind, JobStatus } from './words.ts';

/** So long the history of a job is kept after its end. */
export const historyDays = 30;

/** Instants are ISO 8601 in UTC. `elapsed_seconds` counts only the time the job was running. */
export const Job = z.strictObject({
  id: z.string(),
  kind: z.string(),
  label: z.string(),
  status: JobStatus,
  status_reason: z.string().nullable(),
  total: z.int(),
  done: z.int(),
  skipped: z.int(),
  failed: z.int(),
  current_item: z.string().nullable(),
  error_message: z.string().nullable(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  resume_at: z.string().nullable(),
  elapsed_seconds: z.number(),
  eta_seconds: z.number().nullable(),
});
export type Job = z.infer<typeof Job>;

export const JobItem = z.strictObject({
  seq: z.int(),
  key: z.string(),
  label: z.string(),
  state: ItemState,
  attempt: z.int(),
  run_after: z.string().nullable(),
  skipped_because: z.string().nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  finished_at: z.string().nullable(),
});
export type JobItem = z.infer<typeof JobItem>;

/** The small payload that a page polls. */
export const Progress = z.strictObject({
  job_id: z.string(),
  status: JobStatus,
  status_reason: z.string().nullable(),
  progress_current: z.int(),
  progress_total: z.int(),
  progress_percent: z.number(),
  current_filename: z.string().nullable(),
  error_count: z.int(),
  elapsed_seconds: z.number(),
  eta_seconds: z.number().nullable(),
  summary: JobSummary.nullable(),
});
export type Progress = z.infer<typeof Progress>;

/** One line of the history of a job. What `data` holds goes by its kind. */
export const JobEvent = z.strictObject({
  seq: z.int().describe('1, 2, 3 … per job, without gap'),
  at: z.string(),
  kind: JobEventKind,
  data: z.record(z.string(), z.unknown()),
});
export type JobEvent = z.infer<typeof JobEvent>;

export const ProgressHistory = z.strictObject({
  events: z.array(JobEvent),
  total: z.int().describe('How many events match without `limit` and `offset`'),
});

/** The job as it stood after `ran_ms` milliseconds of running time. */
const CurvePoint = z.strictObject({ ran_ms: z.number(), finished: z.int(), failed: z.int() });
export type CurvePoint = z.infer<typeof CurvePoint>;

export const CurrentJob = z.union([
  z.strictObject({ job_id: z.string(), status: JobStatus }),
  z.strictObject({ job_id: z.null() }),
]);

const JobId = z.strictObject({ id: z.string().max(100) });
const tags = ['jobs'];

export const jobsContract = {
  list: oc
    .route({ method: 'GET', path: '/jobs', tags, summary: 'Every job, newest first' })
    .input(z.strictObject({ ...PageQuery, status: JobStatus.optional(), kind: z.string().max(50).optional() }))
    .output(pageOf(Job)),
  get: oc.route({ method: 'GET', path: '/jobs/{id}', tags, summary: 'One job' }).input(JobId).output(Job),
  items: oc
    .route({
      method: 'GET',
      path: '/jobs/{id}/items',
      tags,
      summary: 'The items of a job, in the order of work',
    })
    .input(JobId.extend({ ...PageQuery, state: ItemState.optional() }))
    .output(pageOf(JobItem)),
  pause: oc
    .route({ method: 'POST', path: '/jobs/{id}/pause', tags, summary: 'Pause before the next item' })
    .input(JobId)
    .output(Job),
  resume: oc
    .route({ method: 'POST', path: '/jobs/{id}/resume', tags, summary: 'Go on where the job stopped' })
    .input(JobId)
    .output(Job),
  cancel: oc
    .route({ method: 'POST', path: '/jobs/{id}/cancel', tags, summary: 'End the job; what is done stays' })
    .input(JobId)
    .output(Job),
  retry: oc
    .route({ method: 'POST', path: '/jobs/{id}/retry', tags, summary: 'Work the failed items again' })
    .input(JobId)
    .output(Job),
  progress: oc
    .route({ method: 'GET', path: '/progress/{id}', tags, summary: 'Progress in a small payload' })
    .input(JobId)
    .output(Progress),
  history: oc
    .route({
      method: 'GET',
      path: '/jobs/{id}/progress-history',
      tags,
      summary: 'The numbered events of a job, oldest first',
      description: `Events are kept for ${historyDays} days after the end of their job. \`/api/live\` sends the same events as they happen.`,
    })
    .input(
      JobId.extend({
        since: z.iso
          .datetime({ offset: true, error: 'an instant such as 2026-05-01T10:00:00Z' })
          .optional()
          .describe('Only events of this instant and later'),
        after: z
          .int()
          .min(0)
          .max(2_147_483_647)
          .optional()
          .describe('Only events after the one with this number'),
        without: z.literal('progress').optional().describe('Leaves out the events of this kind'),
        limit: z.int().min(1).max(100).default(100),
        offset: z.int().min(0).default(0),
      }),
    )
    .output(ProgressHistory),
  curve: oc
    .route({
      method: 'GET',
      path: '/jobs/{id}/progress-curve',
      tags,
      summary: 'Progress over running time in at most so many points, for a small chart',
    })
    .input(JobId.extend({ points: z.int().min(2).max(500).default(120) }))
    .output(z.strictObject({ points: z.array(CurvePoint) })),
  current: oc
    .route({ method: 'GET', path: '/current-job', tags, summary: 'The newest unfinished job, if there is one' })
    .input(z.strictObject({}).optional())
    .output(CurrentJob),
};
