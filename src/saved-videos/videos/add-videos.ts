/** Links become saved videos: each video once per list, whatever its link looked like. */
import type { Kysely } from 'kysely';
import { limits } from '#contract/fields.ts';
import type { AddReport, Unreadable } from '#contract/saved-videos.ts';
import type { UnreadableReason } from '#contract/words.ts';
import type { Database } from '#db/schema.ts';
import { lockList } from '#saved-videos/list-lock.ts';
import { findList } from '#saved-videos/lists.ts';
import { keepVideos, type NewVideo } from './keep-videos.ts';
import type { ExpandPlaylist, PlaylistAnswer } from './playlist.ts';
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
  const playlists = new Playlists(expandPlaylist);
  const wanted = await videosIn(lines, playlists, unreadable);
  const report = await db.transaction().execute(async (changes) => {
    const list = await lockList(changes, owner, listId);
    return keepVideos(changes, list, wanted, new Date());
  });
  for (const { line, text } of report.refused) unreadable.add(line, text, 'list_full', listFull);
  return {
    added: report.added,
    already_here: report.already_here + playlists.named_again,
    unreadable: unreadable.count,
    examples: unreadable.examples,
    first_seq: report.first_seq,
  };
}

async function videosIn(
  lines: readonly string[],
  playlists: Playlists,
  unreadable: UnreadableLines,
): Promise<NewVideo[]> {
  const videos: NewVideo[] = [];
  for (const [at, text] of lines.entries()) {
    const line = at + 1;
    for (const link of readLinks(text)) {
      if (link.is === 'unreadable') unreadable.add(line, text, link.reason, link.message);
      else if (link.is === 'video') videos.push({ ...link, line, text });
      else {
        const ids = await playlists.videosOf(link.playlist_id, (reason, message) =>
          unreadable.add(line, text, reason, message),
        );
        videos.push(...ids.map((youtube_id) => ({ youtube_id, start_seconds: null, line, text })));
      }
    }
  }
  return videos;
}

type OnProblem = (reason: UnreadableReason, message: string) => void;

/**
 * The playlists of one request or one file. Each is asked about once, however often it is named, and all of them give no
 * more videos than a list holds: else one page of links could spend the quota of a day.
 */
export class Playlists {
  /** Videos of playlists that were named before. */
  named_again = 0;
  readonly #expand: ExpandPlaylist | null;
  readonly #answers = new Map<string, PlaylistAnswer>();
  #room: number = limits.videos_per_list;
  /** Why YouTube is not asked any more: what kept it from answering about one keeps it from answering about all. */
  #closed: string | undefined;

  /** `expand` null: no key is set, and playlists are refused one by one. */
  constructor(expand: ExpandPlaylist | null) {
    this.#expand = expand;
  }

  /** The ids of its videos, when it is named first; what is missing is told to `onProblem`. */
  async videosOf(playlistId: string, onProblem: OnProblem): Promise<readonly string[]> {
    if (this.#expand === null) {
      onProblem(
        'playlist_needs_key',
        'What a playlist holds is told by YouTube’s API only. Set DAYBOOK_YOUTUBE_KEY, or paste the links of its videos.',
      );
      return [];
    }
    const known = this.#answers.get(playlistId);
    if (known === undefined && this.#room <= 0) {
      onProblem('list_full', listFull);
      return [];
    }
    const answer = known ?? (await this.#answerOf(this.#expand, playlistId));
    this.#answers.set(playlistId, answer);
    if (answer.found === 'nothing') {
      onProblem('playlist_unavailable', answer.message);
      return [];
    }
    if (known !== undefined) {
      this.named_again += answer.youtube_ids.length;
      return [];
    }
    if (answer.cut_at !== null) {
      const first = answer.cut_at.toLocaleString('en');
      onProblem('playlist_too_long', `The playlist is longer than can be read; its first ${first} were added.`);
    }
    const ids = answer.youtube_ids.slice(0, this.#room);
    if (ids.length < answer.youtube_ids.length) onProblem('list_full', listFull);
    this.#room -= ids.length;
    return ids;
  }

  async #answerOf(expand: ExpandPlaylist, playlistId: string): Promise<PlaylistAnswer> {
    if (this.#answers.size >= limits.playlists_per_request) {
      const most = limits.playlists_per_request;
      return {
        found: 'nothing',
        message: `At most ${most} playlists are asked about at a time. Add it again.`,
      };
    }
    if (this.#closed !== undefined) return { found: 'nothing', message: this.#closed };
    try {
      return await expand(playlistId);
    } catch (error) {
      this.#closed = error instanceof Error ? error.message : String(error);
      return { found: 'nothing', message: this.#closed };
    }
  }
}
