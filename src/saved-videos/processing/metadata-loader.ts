/**
 * Items come one by one, YouTube is asked about 50 at once: who comes first asks also about those that come next in
 * the job, and these find their answer waiting. It is kept in memory alone. After a crash it is asked for again, which
 * costs one unit for up to 50 videos.
 */
import type { Kysely } from 'kysely';
import type { Database } from '#db/schema.ts';
import type { Claimed } from '#jobs/kinds.ts';
import type { Ledger } from '#jobs/ledger.ts';
import { orAborted } from '#saved-videos/asking/or-aborted.ts';
import { seqIsAmong } from '#saved-videos/videos/video-seqs.ts';
import type { Told } from '#saved-videos/youtube/youtube-video.ts';
import { videosPerCall, type YouTube } from '#saved-videos/youtube/youtube.ts';
import { EnrichInput } from './enrich-input.ts';
import { asksYouTube } from './wishes.ts';

/** `undefined`: YouTube does not list it. */
type Answer = Told | undefined;
type Kept = { answer: Answer; at: number };

const answersKept = 1000;
/** What was asked ahead for a job that then stood still is asked again. */
const goodForMs = 10 * 60_000;
/** Items looked at to find 50 to ask about: those of a job for failed cells are mostly known. */
const lookAhead = 5 * videosPerCall;

export class MetadataLoader {
  readonly #db: Kysely<Database>;
  readonly #ledger: Ledger;
  readonly #youtube: YouTube;
  readonly #kept = new Map<string, Kept>();
  /** At most one call for each job. */
  readonly #asking = new Map<string, Promise<void>>();

  constructor(db: Kysely<Database>, ledger: Ledger, youtube: YouTube) {
    this.#db = db;
    this.#ledger = ledger;
    this.#youtube = youtube;
  }

  /**
   * Rejects with `ApiFault`; all who waited for the same call get the same one. `signal` ends the waiting, not the
   * call, for which others may wait too.
   */
  async ask(item: Claimed, youtubeId: string, signal: AbortSignal): Promise<Answer> {
    const key = keyOf(item.job.id, youtubeId);
    for (;;) {
      const kept = this.#kept.get(key);
      if (kept !== undefined && Date.now() - kept.at < goodForMs) return kept.answer;
      await orAborted(this.#oneCall(item, youtubeId), signal);
    }
  }

  #oneCall(item: Claimed, youtubeId: string): Promise<void> {
    return this.#asking.getOrInsertComputed(item.job.id, () =>
      this.#call(item, youtubeId).finally(() => this.#asking.delete(item.job.id)),
    );
  }

  async #call(item: Claimed, youtubeId: string): Promise<void> {
    const ids = new Set([youtubeId]);
    for (const id of await this.#comingIds(item)) {
      if (ids.size < videosPerCall && this.#isNews(keyOf(item.job.id, id))) ids.add(id);
    }
    const { signal } = new AbortController();
    const told = await this.#youtube.videos([...ids], { signal, since: new Date(item.run) });
    for (const id of ids) this.#keep(keyOf(item.job.id, id), { answer: told.get(id), at: Date.now() });
  }

  #isNews(key: string): boolean {
    const kept = this.#kept.get(key);
    return kept === undefined || Date.now() - kept.at >= goodForMs;
  }

  async #comingIds(item: Claimed): Promise<string[]> {
    const input = EnrichInput.parse(item.job.input);
    const seqs = (await this.#ledger.comingKeys(item.job.id, lookAhead)).map(Number);
    const videos = await this.#db
      .selectFrom('saved_videos')
      .select(['seq', 'youtube_id', 'state'])
      .where('list_id', '=', input.list_id)
      .where(seqIsAmong(this.#db, 'seq', seqs))
      .where('deleted_at', 'is', null)
      .execute();
    const bySeq = new Map(videos.map((video) => [video.seq, video]));
    return seqs.flatMap((seq) => {
      const video = bySeq.get(seq);
      return video !== undefined && asksYouTube(input, video.state) ? [video.youtube_id] : [];
    });
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= answersKept) return;
      this.#kept.delete(oldest);
    }
  }
}

function keyOf(jobId: string, youtubeId: string): string {
  return `${jobId} ${youtubeId}`;
}
