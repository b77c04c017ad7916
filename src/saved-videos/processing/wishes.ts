/** Which videos and cells a wish is about: said once, for the estimate, the job, and each item when its turn comes. */
import { sql, type SelectQueryBuilder } from 'kysely';
import type { Field } from '#contract/fields.ts';
import type { ProcessWish } from '#contract/processing.ts';
import type { ValueSource, ValueState, VideoState } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { seqIsAmong } from '#saved-videos/videos/video-seqs.ts';
import type { EnrichInput } from './enrich-input.ts';

/** A wish within one list: its fields, and whether there is a model to fill them. */
export type Wanted = { list_id: string; wish: ProcessWish; fields: readonly Field[]; has_model: boolean };

type Videos = SelectQueryBuilder<Database, 'saved_videos', object>;

export function videosWanted(db: Queryable, { list_id, wish, fields, has_model }: Wanted): Videos {
  const videos = db
    .selectFrom('saved_videos')
    .where('saved_videos.list_id', '=', list_id)
    .where('saved_videos.deleted_at', 'is', null);
  switch (wish.what) {
    case 'pending':
      return videos.where('saved_videos.state', '=', 'pending');
    case 'videos':
      return videos.where(seqIsAmong(db, 'saved_videos.seq', wish.seqs));
    case 'failed':
      return videos.where((video) =>
        has_model && fields.length > 0
          ? video.or([
              video('saved_videos.state', '=', 'failed'),
              video.and([
                video('saved_videos.title', 'is not', null),
                video('saved_videos.seq', 'in', failedCells(db, fields).select('seq')),
              ]),
            ])
          : video('saved_videos.state', '=', 'failed'),
      );
    case 'field':
      return videos
        .where('saved_videos.title', 'is not', null)
        .where('saved_videos.seq', 'not in', settledCells(db, wish.field_id, wish.again).select('seq'));
  }
}

/** Of any of these fields: the model gave no value that fits. As the partial index says it. */
export function failedCells(db: Queryable, fields: readonly Field[]) {
  return db
    .selectFrom('field_values')
    .where(
      'field_id',
      'in',
      fields.map(({ id }) => id),
    )
    .where('state', '<>', sql.lit('ok'))
    .where('state', '=', 'failed')
    .where('source', '=', 'model');
}

/** What a job for this field leaves alone. */
function settledCells(db: Queryable, fieldId: string, again: boolean) {
  return db
    .selectFrom('field_values')
    .where('field_id', '=', fieldId)
    .where((cell) =>
      again
        ? cell('source', '<>', 'model')
        : cell.or([cell('source', '<>', 'model'), cell('state', '=', 'ok')]),
    );
}

/** Whether YouTube is asked about a video, or what is known of it will do. */
export function asksYouTube(input: EnrichInput, state: VideoState): boolean {
  switch (input.what) {
    case 'pending':
    case 'videos':
      return true;
    case 'failed':
      return state === 'failed';
    case 'field':
      return false;
  }
}

/** What stands in a cell, as far as it decides whether the model is asked for it. */
export type StandingCell = { source: ValueSource; state: ValueState };

/** Never one that a person or a file filled. */
export function cellIsWanted(
  input: EnrichInput,
  state: VideoState,
  fieldId: string,
  cell?: StandingCell,
): boolean {
  if (cell !== undefined && cell.source !== 'model') return false;
  switch (input.what) {
    case 'pending':
    case 'videos':
      return true;
    case 'failed':
      return state === 'failed' || cell?.state === 'failed';
    case 'field':
      return fieldId === input.field_id && (input.again || cell?.state !== 'ok');
  }
}
