/** The one place where what YouTube told about videos is written. */
import { insertRows, jsonRows, engineOf } from '#db/json-rows.ts';
import { sql } from 'kysely';
import { metadataSources, type LiveState, type MetadataSource, type VideoState } from '#contract/words.ts';
import { plainText } from './field-value.ts';
import type { Changes } from './list-lock.ts';
import { fold, textKey } from './sort-key.ts';

/** What is known of a video; null where the source does not tell it. */
export type Metadata = {
  title: string | null;
  channel: string | null;
  description: string | null;
  duration_seconds: number | null;
  /** ISO 8601 in UTC. */
  published_at: string | null;
  thumbnail_url: string | null;
  language: string | null;
  live_state: LiveState | null;
};

/** What asking about one video came to. Without `metadata` the last that was known stays: of a video that is gone. */
export type VideoFound = {
  seq: number;
  youtube_id: string;
  state: VideoState;
  /** A sentence where the state needs one. */
  state_reason: string | null;
  metadata: (Metadata & { source: MetadataSource }) | null;
};

export const limitsOfMetadata = { title: 500, channel: 200, description: 20_000, url: 500, language: 35 };

/**
 * Keeps what was found, in the transaction that settles the items. A poorer source (no key any more) never replaces
 * what a better one told. Raises no version: that is for the caller, once per transaction.
 */
export async function keepMetadata(
  changes: Changes,
  listId: string,
  found: readonly VideoFound[],
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  const engine = engineOf(changes);
  const states = jsonRows(
    engine,
    'found',
    { seq: 'integer', state: 'text', state_reason: 'text' },
    found.map(({ seq, state, state_reason }) => ({ seq, state, state_reason: cutTo(state_reason, 500) })),
  );
  await sql`
    update saved_videos set state = found.state, state_reason = found.state_reason, processed_at = ${at}
    from ${states} where saved_videos.list_id = ${listId} and saved_videos.seq = found.seq`.execute(changes);

  const told = found.flatMap(({ seq, youtube_id, metadata }) =>
    metadata === null ? [] : [{ seq, youtube_id, at, ...metadata }],
  );
  await writeMetadata(changes, listId, told);
}

export type ToldMetadata = Metadata & { seq: number; youtube_id: string; source: MetadataSource; at: string };

/** Also for an import, which knows the metadata from a file. */
export async function writeMetadata(
  changes: Changes,
  listId: string,
  told: readonly ToldMetadata[],
): Promise<void> {
  if (told.length === 0) return;
  const rows = told.map(({ seq, youtube_id, source, at, ...metadata }) => {
    const title = cutTo(metadata.title, limitsOfMetadata.title);
    const channel = cutTo(metadata.channel, limitsOfMetadata.channel);
    return {
      seq,
      title,
      channel,
      duration_seconds: metadata.duration_seconds === null ? null : Math.round(metadata.duration_seconds),
      published_at: metadata.published_at,
      thumbnail_url: cutTo(metadata.thumbnail_url, limitsOfMetadata.url),
      language: cutTo(metadata.language, limitsOfMetadata.language),
      live_state: metadata.live_state,
      source,
      at,
      rank: metadataSources.indexOf(source),
      title_key: title === null ? null : textKey(title),
      channel_key: channel === null ? null : textKey(channel),
      search_text: searchTextOf({ title, channel, youtube_id }),
    };
  });
  const given = jsonRows(engineOf(changes), 'told', columns, rows);
  await sql`
    update saved_videos set
      title = told.title, channel = told.channel, duration_seconds = told.duration_seconds,
      published_at = told.published_at, thumbnail_url = told.thumbnail_url, language = told.language,
      live_state = told.live_state, metadata_source = told.source, metadata_at = told.at,
      title_key = told.title_key, channel_key = told.channel_key, search_text = told.search_text
    from ${given}
    where saved_videos.list_id = ${listId} and saved_videos.seq = told.seq
      and told.rank <= ${rankOf(sql.ref('saved_videos.metadata_source'))}`.execute(changes);
  await insertRows(
    changes,
    'saved_video_texts',
    { list_id: 'text', seq: 'integer', description: 'text' },
    told.flatMap(({ seq, description }) => {
      const text = cutTo(description, limitsOfMetadata.description);
      return text === null ? [] : [{ list_id: listId, seq, description: text }];
    }),
    sql`on conflict (list_id, seq) do update set description = excluded.description`,
  );
}

const columns = {
  seq: 'integer',
  title: 'text',
  channel: 'text',
  duration_seconds: 'integer',
  published_at: 'text',
  thumbnail_url: 'text',
  language: 'text',
  live_state: 'text',
  source: 'text',
  at: 'text',
  rank: 'integer',
  title_key: 'text',
  channel_key: 'text',
  search_text: 'text',
} as const;

/** The place of a source in `metadataSources`; one behind the last where nobody told yet. */
function rankOf(source: ReturnType<typeof sql.ref>) {
  const cases = metadataSources.map((name, rank) => sql`when ${sql.lit(name)} then ${sql.lit(rank)}`);
  return sql<number>`case ${source} ${sql.join(cases, sql` `)} else ${sql.lit(metadataSources.length)} end`;
}

export function searchTextOf(video: {
  title: string | null;
  channel: string | null;
  youtube_id: string;
}): string {
  // A filter for one of the three relies on the two line ends: see `conditions.ts`.
  const lines = [video.title ?? '', video.channel ?? '', video.youtube_id];
  return fold(lines.map((line) => line.replaceAll(/\s+/g, ' ')).join('\n'));
}

/** Text that both engines keep, at most so long. Empty is null. */
export function cutTo(text: string | null, length: number): string | null {
  if (text === null) return null;
  const plain = plainText(text.slice(0, length)).trim();
  return plain === '' ? null : plain;
}
