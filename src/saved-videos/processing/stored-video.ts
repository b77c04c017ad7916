/** A saved video as it stands when its turn in a job comes. */
import type { Field } from '#contract/fields.ts';
import type { Queryable } from '#db/database.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import type { KnownVideo } from '#saved-videos/model/prompt.ts';
import { mayReplace, metadataAfter, type VideoFound } from '#saved-videos/videos/keep-metadata.ts';
import type { EnrichInput } from './enrich-input.ts';
import { cellIsWanted } from './wishes.ts';

export type StoredVideo = NonNullable<Awaited<ReturnType<typeof storedVideo>>>;

/** With what the model is told of its list. Undefined when it was taken out of it. */
export function storedVideo(db: Queryable, listId: string, seq: number) {
  return db
    .selectFrom('saved_videos')
    .innerJoin('lists', 'lists.id', 'saved_videos.list_id')
    .leftJoin('saved_video_texts', (join) =>
      join
        .onRef('saved_video_texts.list_id', '=', 'saved_videos.list_id')
        .onRef('saved_video_texts.seq', '=', 'saved_videos.seq'),
    )
    .select([
      'saved_videos.list_id',
      'saved_videos.seq',
      'saved_videos.youtube_id',
      'saved_videos.state',
      'saved_videos.state_reason',
      'saved_videos.title',
      'saved_videos.channel',
      'saved_videos.duration_seconds',
      'saved_videos.published_at',
      'saved_videos.thumbnail_url',
      'saved_videos.language',
      'saved_videos.live_state',
      'saved_videos.metadata_source',
      'saved_video_texts.description',
      'lists.name as list_name',
      'lists.description as list_description',
      'lists.watch_videos',
    ])
    .where('saved_videos.list_id', '=', listId)
    .where('saved_videos.seq', '=', seq)
    .where('saved_videos.deleted_at', 'is', null)
    .executeTakeFirst();
}

/** As it will stand once what was found is kept. Null: not even a title. */
export function knownOf(video: StoredVideo, found: VideoFound['metadata']): KnownVideo | null {
  const isNews = found !== null && mayReplace(found.source, video.metadata_source);
  const { title, channel, description, duration_seconds, published_at, language, live_state } = isNews
    ? metadataAfter(video, found)
    : video;
  return title === null
    ? null
    : { title, channel, description, duration_seconds, published_at, language, live_state };
}

/** Decided when the item's turn comes: what a person filled since the job began is left alone. */
export async function fieldsToFill(db: Queryable, input: EnrichInput, video: StoredVideo): Promise<Field[]> {
  const fields = await fieldsOfList(db, video.list_id);
  if (fields.length === 0) return [];
  const cells = await db
    .selectFrom('field_values')
    .select(['field_id', 'source', 'state'])
    .where(
      'field_id',
      'in',
      fields.map(({ id }) => id),
    )
    .where('seq', '=', video.seq)
    .execute();
  const byField = new Map(cells.map((cell) => [cell.field_id, cell]));
  return fields.filter(({ id }) => cellIsWanted(input, video.state, id, byField.get(id)));
}
