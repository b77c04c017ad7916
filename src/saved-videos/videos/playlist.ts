/** What adding links needs to know of a playlist. */

export type PlaylistAnswer =
  | { found: 'videos'; youtube_ids: readonly string[]; cut_at: number | null }
  | { found: 'nothing'; message: string };

/**
 * Asks YouTube which videos a playlist holds. `cut_at`: it holds more than that many, and these are the first. Rejects
 * where YouTube cannot be reached, with a message for a person.
 */
export type ExpandPlaylist = (playlistId: string) => Promise<PlaylistAnswer>;
