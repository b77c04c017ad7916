/**
 * Asks YouTube. With a key its Data API: 50 videos a call, one unit of the day's quota each, counted before the call
 * is made. Without one oEmbed, video by video. And the pictures, by the ids of videos. The links that people save are
 * never opened.
 */
import type { Kysely } from 'kysely';
import type { Database } from '#db/schema.ts';
import { ApiFault, readGoogleError, retryAt } from '#saved-videos/asking/api-fault.ts';
import { readJson, send, type Reply, type Service } from '#saved-videos/asking/outgoing.ts';
import { nextPacificMidnight, pacificDay } from '#saved-videos/asking/pacific-day.ts';
import type { ExpandPlaylist, PlaylistAnswer } from '#saved-videos/videos/playlist.ts';
import { quotaExhausted, quotaOf, takeUnits } from './quota.ts';
import { fieldsAsked, partsAsked, pictureAddress, readVideos, type Told } from './youtube-video.ts';

export type YouTubeSettings = {
  /** Empty: no key. */
  key: string;
  /** Asked instead of YouTube's own hosts, where it is not empty: below it `/youtube/v3`, `/oembed` and `/vi`. */
  url: string;
  limit_units: number;
  /** Two letters, or empty. */
  country: string;
};

function service(base: string): Service {
  return { name: 'YouTube', setting: 'DAYBOOK_YOUTUBE_URL', base: new URL(base) };
}

/** Ids per call; YouTube takes no more. */
export const videosPerCall = 50;
/** YouTube's own limit for a playlist. */
const longestPlaylist = 5000;
const limit_seconds = 20;
const max_bytes = 4_000_000;
/** No picture is worth holding a video back for longer. */
const picture_limit_seconds = 5;
const max_picture_bytes = 1_000_000;

/** Right after midnight the counter over there may still be that of the day before, or the clocks may differ. */
const afterMidnightMs = 10 * 60_000;

/** `since`: when a person last had this asked. What YouTube said before about its quota is not held against it. */
export type ApiAsking = { signal: AbortSignal; since: Date };

export type YouTube = ReturnType<typeof openYouTube>;

export function openYouTube(
  db: Kysely<Database>,
  settings: YouTubeSettings,
  now: () => Date = () => new Date(),
) {
  const { key, limit_units, country } = settings;
  const own = settings.url.replace(/\/+$/, '');
  const api = service(own === '' ? 'https://www.googleapis.com/youtube/v3' : `${own}/youtube/v3`);
  const oembed = service(own === '' ? 'https://www.youtube.com/oembed' : `${own}/oembed`);
  const pictures = service(own === '' ? 'https://i.ytimg.com/vi' : `${own}/vi`);
  const quotaSettings = { key_set: key !== '', limit_units };

  return {
    hasKey: key !== '',
    quota: () => quotaOf(db, quotaSettings, now()),

    /** What YouTube tells about these, at most 50; a video that is not in the answer is gone or private. */
    async videos(ids: readonly string[], asking: ApiAsking): Promise<Map<string, Told>> {
      if (ids.length > videosPerCall)
        throw new Error(`At most ${videosPerCall} videos a call, not ${ids.length}.`);
      const wanted = {
        part: partsAsked,
        fields: fieldsAsked,
        id: ids.join(','),
        maxResults: String(ids.length),
      };
      const answer = await ask('videos', wanted, asking);
      return readVideos(itemsOf(answer), new Set(ids), country);
    },

    /**
     * What anybody is told who wants to show the video on a page of his own: title, channel and picture. Tells a
     * private video from one that is gone, which the API does not.
     */
    async shown(id: string, signal: AbortSignal): Promise<Told> {
      const url = new URL(oembed.base);
      url.search = String(
        new URLSearchParams({ url: `https://www.youtube.com/watch?v=${id}`, format: 'json' }),
      );
      const reply = await send(oembed, url, { signal, limit_seconds, max_bytes: 100_000 });
      return readShown(reply);
    },

    /** A JPEG of 320 × 180; undefined where YouTube has none. */
    async picture(id: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
      if (!/^[\w-]{11}$/.test(id)) throw new Error(`Not the id of a video: ${JSON.stringify(id)}`);
      const url = new URL(`${pictures.base.href.replace(/\/$/, '')}/${id}/mqdefault.jpg`);
      const reply = await send(pictures, url, {
        signal,
        limit_seconds: picture_limit_seconds,
        max_bytes: max_picture_bytes,
      });
      const isJpeg = reply.bytes[0] === 0xff && reply.bytes[1] === 0xd8 && reply.bytes[2] === 0xff;
      return reply.status === 200 && isJpeg ? reply.bytes : undefined;
    },

    /** Null without a key. */
    expandPlaylist: key === '' ? null : (expandPlaylist satisfies ExpandPlaylist),
  };

  async function expandPlaylist(playlistId: string): Promise<PlaylistAnswer> {
    const youtube_ids: string[] = [];
    let pageToken: string | undefined;
    for (let page = 0; page < longestPlaylist / videosPerCall; page++) {
      const answer = await playlistPage(playlistId, pageToken);
      if (typeof answer === 'string') return { found: 'nothing', message: answer };
      youtube_ids.push(...answer.youtube_ids);
      pageToken = answer.next;
      if (pageToken === undefined) return { found: 'videos', youtube_ids, cut_at: null };
    }
    return { found: 'videos', youtube_ids, cut_at: longestPlaylist };
  }

  async function playlistPage(playlistId: string, pageToken: string | undefined) {
    const wanted = {
      part: 'contentDetails',
      fields: 'nextPageToken,items(contentDetails(videoId))',
      playlistId,
      maxResults: String(videosPerCall),
      ...(pageToken === undefined ? {} : { pageToken }),
    };
    try {
      const signal = AbortSignal.timeout(limit_seconds * 1000);
      const answer = await ask('playlistItems', wanted, { signal, since: now() });
      const { nextPageToken } = answer as { nextPageToken?: unknown };
      return {
        youtube_ids: itemsOf(answer).flatMap((item) => {
          const id = (item as { contentDetails?: { videoId?: unknown } } | null)?.contentDetails?.videoId;
          return typeof id === 'string' && /^[\w-]{11}$/.test(id) ? [id] : [];
        }),
        next: typeof nextPageToken === 'string' && nextPageToken !== '' ? nextPageToken : undefined,
      };
    } catch (error) {
      if (error instanceof ApiFault && error.fault === 'refused') {
        return 'YouTube tells nothing about this playlist: it is private, gone, or made for one viewer alone.';
      }
      throw error;
    }
  }

  async function ask(
    path: string,
    wanted: Record<string, string>,
    { signal, since }: ApiAsking,
  ): Promise<unknown> {
    await spend(1, since);
    const url = new URL(`${api.base.href}/${path}`);
    url.search = String(new URLSearchParams(wanted));
    // In a header: addresses end up in logs of proxies.
    const headers = { 'x-goog-api-key': key };
    const reply = await send(api, url, { headers, signal, limit_seconds, max_bytes });
    if (reply.status === 200) return readJson(api, reply);
    const fault = faultOf(reply, now(), (text) => text.replaceAll(key, '…'));
    if (fault.fault === 'quota_spent' && !justBegan(now())) await quotaExhausted(db, now());
    throw fault;
  }

  async function spend(units: number, since: Date): Promise<void> {
    const at = now();
    if (await takeUnits(db, quotaSettings, units, { now: at, since })) return;
    const { exhausted } = await quotaOf(db, quotaSettings, at);
    throw quotaSpent(at, exhausted ? 'YouTube says so' : ownLimit(limit_units));
  }
}

function ownLimit(units: number): string {
  return `${units.toLocaleString('en')} units, DAYBOOK_YOUTUBE_QUOTA`;
}

function quotaSpent(now: Date, because: string): ApiFault {
  return new ApiFault(
    'quota_spent',
    `YouTube’s quota of today is spent (${because}). It is given anew at midnight in California.`,
    justBegan(now) ? new Date(now.getTime() + afterMidnightMs) : nextPacificMidnight(now),
  );
}

function justBegan(now: Date): boolean {
  return pacificDay(now) !== pacificDay(new Date(now.getTime() - afterMidnightMs));
}

function itemsOf(answer: unknown): readonly unknown[] {
  const { items } = (answer ?? {}) as { items?: unknown };
  if (!Array.isArray(items)) {
    throw new ApiFault(
      'unreadable',
      'The answer of YouTube holds no list. Something in between may have answered.',
    );
  }
  return items;
}

const spentReasons = ['quotaExceeded', 'dailyLimitExceeded', 'dailyLimitExceededUnreg'];
const limitReasons = ['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED'];
/** These refuse the playlist, and not the key. */
const notTheKey = [
  'playlistItemsNotAccessible',
  'playlistForbidden',
  'playlistOperationUnsupported',
  'watchHistoryNotAccessible',
];

function faultOf(reply: Reply, now: Date, withoutKey: (text: string) => string): ApiFault {
  const { status } = reply;
  if (status >= 500) return new ApiFault('unavailable', `YouTube has trouble of its own (${status}).`);
  const error = readGoogleError(jsonOf(reply));
  const has = (reasons: readonly string[]) => reasons.some((reason) => error.reasons.has(reason));
  if (has(spentReasons) || (status === 429 && error.is_daily)) return quotaSpent(now, 'YouTube says so');
  if (status === 429 || has(limitReasons)) {
    const seconds = error.retry_seconds;
    const until =
      retryAt(reply.headers, now) ?? (seconds === null ? null : new Date(now.getTime() + seconds * 1000));
    return new ApiFault('rate_limited', 'YouTube is asked too often.', until);
  }
  if (status === 401 || (status === 403 && !has(notTheKey)) || (status === 400 && isAboutTheKey(error))) {
    return new ApiFault('setting_wrong', keySentence(error.reasons, error.message));
  }
  return new ApiFault('refused', `YouTube refuses to answer (${status}). ${withoutKey(error.message)}`.trim());
}

function isAboutTheKey({ reasons, message }: { reasons: ReadonlySet<string>; message: string }): boolean {
  const named = ['keyInvalid', 'keyExpired', 'API_KEY_INVALID'].some((reason) => reasons.has(reason));
  return named || /\bAPI key\b/i.test(message);
}

function keySentence(reasons: ReadonlySet<string>, message: string): string {
  const has = (...named: string[]) => named.some((reason) => reasons.has(reason));
  if (has('accessNotConfigured', 'SERVICE_DISABLED')) {
    return `The project of the key in DAYBOOK_YOUTUBE_KEY may not use the YouTube Data API v3. Switch that on in the Google Cloud console.`;
  }
  if (
    has(
      'ipRefererBlocked',
      'API_KEY_IP_ADDRESS_BLOCKED',
      'API_KEY_HTTP_REFERRER_BLOCKED',
      'API_KEY_SERVICE_BLOCKED',
    )
  ) {
    return `The key in DAYBOOK_YOUTUBE_KEY is restricted to other addresses or services. Change its restrictions in the Google Cloud console.`;
  }
  if (/expired/i.test(message) || has('keyExpired')) {
    return `The key in DAYBOOK_YOUTUBE_KEY has expired. Make a new one and start Daybook again with it.`;
  }
  return `YouTube refuses the key in DAYBOOK_YOUTUBE_KEY. Set one for the YouTube Data API v3 and start Daybook again.`;
}

function readShown(reply: Reply): Told {
  const { status } = reply;
  switch (status) {
    case 200:
      return shownBy(reply);
    case 400:
    case 404:
      return { state: 'gone', state_reason: 'It was deleted, or was never there.', metadata: null };
    case 401:
    case 403:
      return {
        state: 'private',
        state_reason: 'It is private, or its owner lets no other page show it; nothing is told about it.',
        metadata: null,
      };
    case 429:
      throw new ApiFault('rate_limited', 'YouTube is asked too often.', retryAt(reply.headers, new Date()));
    default: {
      const fault = status >= 500 ? 'unavailable' : 'refused';
      throw new ApiFault(fault, `YouTube does not answer about this video (${status}).`);
    }
  }
}

function shownBy(reply: Reply): Told {
  // Of a private video it has said so in a word, and called that a success.
  if (/^\s*(Forbidden|Unauthorized)\s*$/.test(new TextDecoder().decode(reply.bytes.subarray(0, 50)))) {
    return readShown({ ...reply, status: 403 });
  }
  const said = jsonOf(reply) as Record<string, unknown> | undefined;
  const text = (name: string) => (typeof said?.[name] === 'string' ? said[name] : null);
  if (text('title') === null) {
    throw new ApiFault('unreadable', 'What came instead of YouTube’s answer about this video holds no title.');
  }
  return {
    state: 'ready',
    state_reason: null,
    metadata: {
      title: text('title'),
      channel: text('author_name'),
      description: null,
      duration_seconds: null,
      published_at: null,
      thumbnail_url: pictureAddress(text('thumbnail_url')),
      language: null,
      live_state: null,
    },
  };
}

function jsonOf(reply: Reply): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(reply.bytes)) as unknown;
  } catch {
    return undefined;
  }
}
