/** The one place where what YouTube told about videos is written. */
import { sql } from 'kysely';
import { limits } from '#contract/fields.ts';
import { metadataSources, type LiveState, type MetadataSource, type VideoState } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { insertRows, jsonRows, engineOf } from '#db/json-rows.ts';
import { plainText } from '#saved-videos/fields/field-value.ts';
import { fold, textKey } from '#saved-videos/fields/sort-key.ts';
import type { Changes } from '#saved-videos/list-lock.ts';
import { seqIsAmong } from './video-seqs.ts';

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
 * Keeps what was found, in the transaction that settles the items. Raises no version: that is for the caller, once per
 * transaction.
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
    found.map(({ seq, state, state_reason }) => {
      return { seq, state, state_reason: cutTo(state_reason, limits.reason_characters) };
    }),
  );
  await sql`
    update saved_videos set state = found.state, state_reason = found.state_reason
    from ${states} where saved_videos.list_id = ${listId} and saved_videos.seq = found.seq`.execute(changes);

  const told = found.flatMap(({ seq, youtube_id, metadata }) =>
    metadata === null ? [] : [{ seq, youtube_id, at, ...metadata }],
  );
  const known = await knownMetadata(
    changes,
    listId,
    told.map(({ seq }) => seq),
  );
  await writeMetadata(changes, listId, told, known);
}

/** With who told it and when. */
export type ToldMetadata = Metadata & { source: MetadataSource; at: string };

type ToldOfVideo = ToldMetadata & { seq: number; youtube_id: string };

/** `source` null: nobody told anything yet. */
export type KnownMetadata = Metadata & { source: MetadataSource | null; at: string | null };

/** What is known of these videos, by their numbers. */
export async function knownMetadata(
  db: Queryable,
  listId: string,
  seqs: readonly number[],
): Promise<Map<number, KnownMetadata>> {
  const rows = await db
    .selectFrom('saved_videos as video')
    .leftJoin('saved_video_texts as text', (join) =>
      join.onRef('text.list_id', '=', 'video.list_id').onRef('text.seq', '=', 'video.seq'),
    )
    .select(['video.seq', 'title', 'channel', 'description', 'duration_seconds', 'published_at'])
    .select(['thumbnail_url', 'language', 'live_state', 'metadata_source as source', 'metadata_at as at'])
    .where('video.list_id', '=', listId)
    .where(seqIsAmong(db, 'video.seq', seqs))
    .execute();
  return new Map(rows.map(({ seq, ...known }) => [seq, known]));
}

/** Also for an import, which knows the metadata from a file. `known`: of each of these videos. */
export async function writeMetadata(
  changes: Changes,
  listId: string,
  told: readonly ToldOfVideo[],
  known: ReadonlyMap<number, KnownMetadata>,
): Promise<void> {
  const rows = told.flatMap((each) => {
    const before = known.get(each.seq);
    if (before === undefined || !mayReplace(each.source, before.source)) return [];
    const { seq, youtube_id, source, at } = each;
    const after = metadataAfter(before, each);
    const columns = metadataColumnsOf(youtube_id, { ...after, source, at });
    return [{ seq, description: after.description, ...columns }];
  });
  if (rows.length === 0) return;
  const columns = { seq: 'integer', ...metadataColumns } as const;
  const taken = Object.keys(metadataColumns).map((name) => sql`${sql.ref(name)} = ${sql.ref(`told.${name}`)}`);
  await sql`
    update saved_videos set ${sql.join(taken)} from ${jsonRows(engineOf(changes), 'told', columns, rows)}
    where saved_videos.list_id = ${listId} and saved_videos.seq = told.seq`.execute(changes);
  await keepDescriptions(changes, listId, rows);
}

/** A poorer source, such as none but oEmbed without a key any more, never replaces what a better one told. */
export function mayReplace(source: MetadataSource, before: MetadataSource | null): boolean {
  return before === null || metadataSources.indexOf(source) <= metadataSources.indexOf(before);
}

/** What a source does not tell stays; only of what is on air or announced is it news that it has no length. */
export function metadataAfter(known: Metadata, given: Metadata): Metadata {
  const told = plainMetadata(given);
  const isRunning = told.live_state === 'live' || told.live_state === 'upcoming';
  return {
    title: told.title ?? known.title,
    channel: told.channel ?? known.channel,
    description: told.description ?? known.description,
    duration_seconds: told.duration_seconds ?? (isRunning ? null : known.duration_seconds),
    published_at: told.published_at ?? known.published_at,
    thumbnail_url: told.thumbnail_url ?? known.thumbnail_url,
    language: told.language ?? known.language,
    live_state: told.live_state ?? known.live_state,
  };
}

/** As both engines keep it, each text at most so long. */
export function plainMetadata(given: Metadata): Metadata {
  const { duration_seconds: seconds } = given;
  return {
    ...given,
    title: cutTo(given.title, limitsOfMetadata.title),
    channel: cutTo(given.channel, limitsOfMetadata.channel),
    description: cutTo(given.description, limitsOfMetadata.description),
    duration_seconds: seconds === null ? null : Math.round(seconds),
    thumbnail_url: cutTo(given.thumbnail_url, limitsOfMetadata.url),
    language: cutTo(given.language, limitsOfMetadata.language),
  };
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
      return description === null ? [] : [{ list_id: listId, seq, description }];
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

/** Of plain metadata. `told` null: nobody told anything yet. */
export function metadataColumnsOf(youtube_id: string, told: ToldMetadata | null) {
  const { title = null, channel = null } = told ?? {};
  return {
    title,
    channel,
    duration_seconds: told?.duration_seconds ?? null,
    published_at: told?.published_at ?? null,
    thumbnail_url: told?.thumbnail_url ?? null,
    language: told?.language ?? null,
    live_state: told?.live_state ?? null,
    metadata_source: told?.source ?? null,
    metadata_at: told?.at ?? null,
    title_key: title === null ? null : textKey(title),
    channel_key: channel === null ? null : textKey(channel),
    search_text: searchTextOf({ title, channel, youtube_id }),
  } satisfies Record<keyof typeof metadataColumns, string | number | null>;
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
