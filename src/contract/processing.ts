/** Finding out about saved videos: what to ask, what it costs, what the settings allow. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { limits, ListId } from './fields.ts';
import { Job } from './jobs.ts';
import { Seq } from './saved-videos.ts';
import { ModelProvider } from './words.ts';

/** What a job shall do: ask YouTube, and have the model fill fields. It never touches a person's or a file's value. */
export const ProcessWish = z.discriminatedUnion('what', [
  z
    .strictObject({ what: z.literal('pending') })
    .describe('Videos not asked about yet: metadata and every field'),
  z
    .strictObject({ what: z.literal('failed') })
    .describe('Videos that failed, and of the others their failed cells alone'),
  z
    .strictObject({
      what: z.literal('field'),
      field_id: z.string().max(100),
      again: z
        .boolean()
        .default(false)
        .describe('Also where the model already gave a value; else only where nobody did or it fits no longer'),
    })
    .describe('One field of every video that YouTube told about'),
  z
    .strictObject({
      what: z.literal('videos'),
      seqs: z.array(Seq).min(1).max(limits.videos_per_list),
    })
    .describe('These videos: metadata anew, and every field that is no person’s and no file’s'),
]);
export type ProcessWish = z.infer<typeof ProcessWish>;

/** What YouTube's API allows in a day. Days begin at midnight in California. */
export const Quota = z.strictObject({
  key_set: z.boolean().describe('Without a key nothing is counted'),
  day: z.string().describe('`2026-05-01`, in Pacific time'),
  limit_units: z.int(),
  used_units: z.int().describe('By Daybook; other programs with the same key are not seen'),
  left_units: z.int(),
  exhausted: z.boolean().describe('YouTube itself said that it is spent'),
  resets_at: z.string(),
});
export type Quota = z.infer<typeof Quota>;

export const Estimate = z.strictObject({
  videos: z.int(),
  cells: z.int().describe('Values that the model is asked for'),
  metadata_calls: z.int(),
  units: z.int(),
  model_calls: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  seconds: z.number(),
  measured: z.boolean().describe('Tokens and time from earlier calls of this list, not from assumptions'),
  quota: Quota,
  fits_quota: z.boolean().describe('False: the job will pause until the quota is given anew'),
  sentences: z.array(z.string()).describe('What a person should know before starting'),
});
export type Estimate = z.infer<typeof Estimate>;

/** What this installation can find out, by its settings. No key is ever told. */
export const Enrichment = z.strictObject({
  metadata: z.strictObject({
    from: z.enum(['youtube_api', 'oembed']),
    key_set: z.boolean(),
    sentence: z.string().describe('What is to be had this way, and what a key would add'),
  }),
  model: z.strictObject({
    provider: ModelProvider,
    name: z.string().nullable(),
    can_watch: z.boolean().describe('It can watch the video itself, where the list allows it'),
    sentence: z.string(),
  }),
});
export type Enrichment = z.infer<typeof Enrichment>;

const tags = ['lists'];
const none = z.strictObject({}).optional();

export const processingContract = {
  start: oc
    .route({
      method: 'POST',
      path: '/lists/{id}/process',
      tags,
      summary: 'Find out about videos: a job with one item for each',
      description: 'Refused with 409 when there is nothing to do, or while a job of this list is not over.',
      successStatus: 201,
    })
    .input(ListId.extend({ wish: ProcessWish.default({ what: 'pending' }) }))
    .output(Job),
  estimate: oc
    .route({
      method: 'POST',
      path: '/lists/{id}/process/estimate',
      tags,
      summary: 'What that job would cost; nothing is started',
    })
    .input(ListId.extend({ wish: ProcessWish.default({ what: 'pending' }) }))
    .output(Estimate),
  quota: oc
    .route({ method: 'GET', path: '/quota', tags, summary: 'What is left of YouTube’s daily quota' })
    .input(none)
    .output(Quota),
  enrichment: oc
    .route({
      method: 'GET',
      path: '/enrichment',
      tags,
      summary: 'What can be found out with the settings in force',
    })
    .input(none)
    .output(Enrichment),
};
