/** Links become saved videos: each video once per list, whatever its link looked like. */
import type { Kysely } from 'kysely';
import { limits } from '#contract/fields.ts';
import type { AddReport, Unreadable } from '#contract/saved-videos.ts';
import type { UnreadableReason } from '#contract/words.ts';
import type { Database } from '#db/schema.ts';
import { keepVideos, type NewVideo } from './keep-videos.ts';
import { findList } from './lists.ts';
import { lockList } from './list-lock.ts';
import type { ExpandPlaylist } from './playlist.ts';
import { readLinks } from './read-link.ts';

/** Counts what could not be read, and shows the first of it. */
export class UnreadableLines {
  count = 0;
  readonly examples: Unreadable[] = [];

  add(line: number, text: string, reason: UnreadableReason, message: string): void {
    this.count += 1;
    if (this.examples.length >= limits.unreadable_shown) return;
    this.examples.push({ line, text: text.slice(0, 200).toWellFormed(), reason, message });
  }
}

export const listFull = `A list holds at most ${limits.videos_per_list.toLocaleString('en')} videos. Make another one.`;

/**
 * Lines as they were pasted. `expandPlaylist` null: no key is set, and playlists are refused line by line. Nothing but
 * it is asked of anybody. Throws `ListRefused` when there is no such list.
 */
export async function addVideos(
  db: Kysely<Database>,
  owner: string,
  listId: string,
  lines: readonly string[],
  expandPlaylist: ExpandPlaylist | null,
): Promise<AddReport> {
  await findList(db, owner, listId);
  const unreadable = new UnreadableLines();
  const wanted = await videosIn(lines, expandPlaylist, unreadable);
  const report = await db.transaction().execute(async (changes) => {
    const list = await lockList(changes, owner, listId);
    return keepVideos(changes, list, wanted, new Date());
  });
  for (const { line, text } of report.refused) unreadable.add(line, text, 'list_full', listFull);
  return {
    added: report.added,
    already_here: report.already_here,
    unreadable: unreadable.count,
    examples: unreadable.examples,
    first_seq: report.first_seq,
  };
}

async function videosIn(
  lines: readonly string[],
  expandPlaylist: ExpandPlaylist | null,
  unreadable: UnreadableLines,
): Promise<NewVideo[]> {
  const videos: NewVideo[] = [];
  for (const [at, text] of lines.entries()) {
    const line = at + 1;
    for (const link of readLinks(text)) {
      if (link.is === 'unreadable') unreadable.add(line, text, link.reason, link.message);
      else if (link.is === 'video') videos.push({ ...link, line, text });
      else {
        const ids = await videosOfPlaylist(link.playlist_id, expandPlaylist, (reason, message) =>
          unreadable.add(line, text, reason, message),
        );
        videos.push(...ids.map((youtube_id) => ({ youtube_id, start_seconds: null, line, text })));
      }
    }
  }
  return videos;
}

/** The ids of its videos; what is missing is told to `onProblem`. */
export async function videosOfPlaylist(
  playlistId: string,
  expandPlaylist: ExpandPlaylist | null,
  onProblem: (reason: UnreadableReason, message: string) => void,
): Promise<readonly string[]> {
  if (expandPlaylist === null) {
    onProblem(
      'playlist_needs_key',
      'What a playlist holds is told by YouTube’s API only. Set DAYBOOK_YOUTUBE_KEY, or paste the links of its videos.',
    );
    return [];
  }
  try {
    const answer = await expandPlaylist(playlistId);
    if (answer.found === 'nothing') {
      onProblem('playlist_unavailable', answer.message);
      return [];
    }
    if (answer.cut_at !== null) {
      const first = answer.cut_at.toLocaleString('en');
      onProblem('playlist_too_long', `The playlist is longer than can be read; its first ${first} were added.`);
    }
    return answer.youtube_ids;
  } catch (error) {
    onProblem('playlist_unavailable', error instanceof Error ? error.message : String(error));
    return [];
  }
}
