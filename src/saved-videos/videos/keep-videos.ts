/** The one place where saved videos come into a list. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { limits } from '#contract/fields.ts';
import type { VideoState } from '#contract/words.ts';
import { insertRows, isAmong } from '#db/json-rows.ts';
import type { Changes, ListRow } from '#saved-videos/list-lock.ts';
import { keepDescriptions, metadataColumns, metadataColumnsOf, type ToldMetadata } from './keep-metadata.ts';
import { seqIsAmong } from './video-seqs.ts';

export type NewVideo = {
  youtube_id: string;
  start_seconds: number | null;
  /** Where it was read, to tell of it. */
  line: number;
  text: string;
  /** Left out: now. */
  added_at?: string;
  /** What is known of it besides, which counts where it is new. Left out: nothing, nobody asked yet. */
  about?: VideoAbout;
};

export type VideoAbout = {
  state: VideoState;
  state_reason: string | null;
  processed_at: string | null;
  metadata: ToldMetadata | null;
};

export type KeptVideos = {
  added: number;
  already_here: number;
  first_seq: number | null;
  refused: readonly NewVideo[];
  /** Of every video given but for the refused, by its id. `is_new`: it was not in the list, deleted ones apart. */
  places: ReadonlyMap<string, { seq: number; is_new: boolean }>;
};

const rowsAtOnce = 1000;

/**
 * Puts videos that the list does not have behind those it has, and brings back deleted ones. In the transaction of the
 * caller, who holds the list: nobody else gives out numbers meanwhile.
 */
export async function keepVideos(
  changes: Changes,
  list: ListRow,
  given: readonly NewVideo[],
  now: Date,
): Promise<KeptVideos> {
  const places = new Map<string, { seq: number; is_new: boolean }>();
  const refused: NewVideo[] = [];
  const fresh = firstOfEach(given);
  let room = await roomIn(changes, list, fresh.length);
  let next = list.last_seq + 1;
  let [added, first] = [0, Infinity];
  for (let start = 0; start < fresh.length; start += rowsAtOnce) {
    const some = fresh.slice(start, start + rowsAtOnce);
    const known = await knownAmong(changes, list.id, some);
    const back: number[] = [];
    const rows = [];
    const descriptions = [];
    for (const video of some) {
      const there = known.get(video.youtube_id);
      if (there?.is_deleted === false) {
        places.set(video.youtube_id, { seq: there.seq, is_new: false });
        continue;
      }
      if (room <= 0) {
        refused.push(video);
        continue;
      }
      room -= 1;
      added += 1;
      const seq = there?.seq ?? next++;
      first = Math.min(first, seq);
      places.set(video.youtube_id, { seq, is_new: there === undefined });
      if (there === undefined) {
        rows.push(rowOf(list.id, seq, video, now));
        descriptions.push({ seq, description: video.about?.metadata?.description ?? null });
      } else back.push(seq);
    }
    await insertRows(changes, 'saved_videos', columns, rows);
    await keepDescriptions(changes, list.id, descriptions);
    await changes
      .updateTable('saved_videos')
      .set({ deleted_at: null, deleted_by: null })
      .where('list_id', '=', list.id)
      .where(seqIsAmong(changes, 'seq', back))
      .execute();
    await othersTurn();
  }
  await changes
    .updateTable('lists')
    .set({ last_seq: next - 1 })
    .where('id', '=', list.id)
    .execute();
  return {
    added,
    already_here: given.length - added - refused.length,
    first_seq: added === 0 ? null : first,
    refused,
    places,
  };
}

const columns = {
  list_id: 'text',
  seq: 'integer',
  youtube_id: 'text',
  start_seconds: 'integer',
  state: 'text',
  state_reason: 'text',
  added_at: 'text',
  processed_at: 'text',
  ...metadataColumns,
} as const;

/** All of it at once: told later, every row is written three times. */
function rowOf(list_id: string, seq: number, video: NewVideo, now: Date) {
  const { youtube_id, start_seconds, about } = video;
  return {
    list_id,
    seq,
    youtube_id,
    start_seconds,
    state: about?.state ?? 'pending',
    state_reason: about?.state_reason ?? null,
    added_at: video.added_at ?? now.toISOString(),
    processed_at: about?.processed_at ?? null,
    ...metadataColumnsOf(youtube_id, about?.metadata ?? null),
  };
}

function firstOfEach(videos: readonly NewVideo[]): NewVideo[] {
  const byId = new Map<string, NewVideo>();
  for (const video of videos) if (!byId.has(video.youtube_id)) byId.set(video.youtube_id, video);
  return [...byId.values()];
}

async function knownAmong(changes: Changes, listId: string, videos: readonly NewVideo[]) {
  const ids = videos.map(({ youtube_id }) => youtube_id);
  const rows = await changes
    .selectFrom('saved_videos')
    .select(['youtube_id', 'seq', 'deleted_at'])
    .where('list_id', '=', listId)
    .where(isAmong(changes, 'youtube_id', ids))
    .execute();
  return new Map(
    rows.map(({ youtube_id, seq, deleted_at }) => [youtube_id, { seq, is_deleted: deleted_at !== null }]),
  );
}

/** How many more the list takes. Counted only where it may matter: numbers once given show how many there can be. */
export async function roomIn(changes: Changes, list: ListRow, wanted: number): Promise<number> {
  if (list.last_seq + wanted <= limits.videos_per_list) return limits.videos_per_list - list.last_seq;
  const { count } = await changes
    .selectFrom('saved_videos')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('list_id', '=', list.id)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return limits.videos_per_list - count;
}
