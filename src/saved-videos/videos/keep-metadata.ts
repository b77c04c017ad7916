/** The one place where what YouTube told about videos is written. */
import { sql } from 'kysely';
import { metadataSources, type LiveState, type MetadataSource, type VideoState } from '#contract/words.ts';
import { insertRows, jsonRows, engineOf } from '#db/json-rows.ts';
import { plainText } from '#saved-videos/fields/field-value.ts';
import { fold, textKey } from '#saved-videos/fields/sort-key.ts';
import type { Changes } from '#saved-videos/list-lock.ts';

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

/** With who told it and when. */
export type ToldMetadata = Metadata & { source: MetadataSource; at: string };

type ToldOfVideo = ToldMetadata & { seq: number; youtube_id: string };

/** Also for an import, which knows the metadata from a file. */
export async function writeMetadata(
  changes: Changes,
  listId: string,
  told: readonly ToldOfVideo[],
): Promise<void> {
  if (told.length === 0) return;
  const rows = told.map((each) => ({
    seq: each.seq,
    rank: metadataSources.indexOf(each.source),
    ...metadataColumnsOf(each.youtube_id, each),
  }));
  const columns = { seq: 'integer', rank: 'integer', ...metadataColumns } as const;
  const taken = Object.keys(metadataColumns).map((name) => sql`${sql.ref(name)} = ${sql.ref(`told.${name}`)}`);
  await sql`
    update saved_videos set ${sql.join(taken)} from ${jsonRows(engineOf(changes), 'told', columns, rows)}
    where saved_videos.list_id = ${listId} and saved_videos.seq = told.seq
      and told.rank <= ${rankOf(sql.ref('saved_videos.metadata_source'))}`.execute(changes);
  await keepDescriptions(changes, listId, told);
}

export async function keepDescriptions(
  changes: Changes,
  listId: string,
  told: readonly { seq: number; description: string | null }[],
): Promise<void> {
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

/** Columns of `saved_videos` that say what was told of a video. */
export const metadataColumns = {
  title: 'text',
  channel: 'text',
  duration_seconds: 'integer',
  published_at: 'text',
  thumbnail_url: 'text',
  language: 'text',
  live_state: 'text',
  metadata_source: 'text',
  metadata_at: 'text',
  title_key: 'text',
  channel_key: 'text',
  search_text: 'text',
} as const;

/** `told` null: nobody told anything yet. */
export function metadataColumnsOf(youtube_id: string, told: ToldMetadata | null) {
  const title = cutTo(told?.title ?? null, limitsOfMetadata.title);
  const channel = cutTo(told?.channel ?? null, limitsOfMetadata.channel);
  const seconds = told?.duration_seconds ?? null;
  return {
    title,
    channel,
    duration_seconds: seconds === null ? null : Math.round(seconds),
    published_at: told?.published_at ?? null,
    thumbnail_url: cutTo(told?.thumbnail_url ?? null, limitsOfMetadata.url),
    language: cutTo(told?.language ?? null, limitsOfMetadata.language),
    live_state: told?.live_state ?? null,
    metadata_source: told?.source ?? null,
    metadata_at: told?.at ?? null,
    title_key: title === null ? null : textKey(title),
    channel_key: channel === null ? null : textKey(channel),
    search_text: searchTextOf({ title, channel, youtube_id }),
  } satisfies Record<keyof typeof metadataColumns, string | number | null>;
}

/** The place of a source in `metadataSources`; one behind the last where nobody told yet. */
function rankOf(source: ReturnType<typeof sql.ref>) {
  const cases = metadataSources.map((name, rank) => sql`when ${sql.lit(name)} then ${sql.lit(rank)}`);
  return sql<number>`case ${source} ${sql.join(cases, sql` `)} else ${sql.lit(metadataSources.length)} end`;
}

function searchTextOf(video: { title: string | null; channel: string | null; youtube_id: string }): string {
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
