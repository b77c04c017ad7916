/** The pictures of videos, kept by the server: fetched once, by the id of the video, and still there when it is gone. */
import type { Queryable } from '#db/database.ts';
import { noSuchVideo } from '#saved-videos/refused.ts';
import type { YouTube } from './youtube.ts';

/** Where pictures are kept; the caller knows the folder. */
export type PictureStore = {
  fileOf(youtubeId: string): string;
  has(file: string): Promise<boolean>;
  /** Whole or not at all. */
  write(file: string, bytes: Uint8Array): Promise<void>;
};

const atOnce = 6;
/** Who has none is not asked for again at every look at the table … */
const noneForMs = 3_600_000;
const vainKept = 10_000;
/** … and while nobody answers, nobody waits for each picture anew. */
const closedForMs = 60_000;

export class Thumbnails {
  readonly #youtube: YouTube;
  readonly #store: PictureStore;
  readonly #fetching = new Map<string, Promise<string | undefined>>();
  /** Asked in vain, and when it may be asked again. */
  readonly #vain = new Map<string, number>();
  #closedUntil = 0;
  #free = atOnce;
  readonly #queue: (() => void)[] = [];

  constructor(youtube: YouTube, store: PictureStore) {
    this.#youtube = youtube;
    this.#store = store;
  }

  /** The file of the picture if it is here. */
  async kept(youtubeId: string): Promise<string | undefined> {
    const file = this.#store.fileOf(youtubeId);
    return (await this.#store.has(file)) ? file : undefined;
  }

  /** The file of the picture, fetched if need be; undefined where there is none, or none to be had now. */
  async keep(youtubeId: string): Promise<string | undefined> {
    const kept = await this.kept(youtubeId);
    if (kept !== undefined) return kept;
    if (Math.max(this.#closedUntil, this.#vain.get(youtubeId) ?? 0) > Date.now()) return undefined;
    return this.#fetching.getOrInsertComputed(youtubeId, () =>
      this.#fetch(youtubeId).finally(() => this.#fetching.delete(youtubeId)),
    );
  }

  async #fetch(youtubeId: string): Promise<string | undefined> {
    await this.#turn();
    try {
      if (this.#closedUntil > Date.now()) return undefined;
      const bytes = await this.#youtube.picture(youtubeId, new AbortController().signal);
      if (bytes === undefined) return this.#hasNone(youtubeId);
      const file = this.#store.fileOf(youtubeId);
      await this.#store.write(file, bytes);
      return file;
    } catch {
      // No answer, or no room on the disk: a picture is never worth a failure.
      this.#closedUntil = Date.now() + closedForMs;
      return undefined;
    } finally {
      this.#free += 1;
      this.#queue.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#free -= 1;
  }

  #hasNone(youtubeId: string): undefined {
    this.#vain.delete(youtubeId);
    this.#vain.set(youtubeId, Date.now() + noneForMs);
    const [oldest] = this.#vain.keys();
    if (this.#vain.size > vainKept && oldest !== undefined) this.#vain.delete(oldest);
  }
}

/** Whose picture it is, and whether there can be one. Throws `ListRefused`. */
export async function videoOfPicture(db: Queryable, listId: string, seq: number) {
  const video = await db
    .selectFrom('saved_videos')
    .select(['youtube_id', 'state'])
    .where('list_id', '=', listId)
    .where('seq', '=', seq)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (video === undefined) throw noSuchVideo();
  return video;
}
