/**
 * A stand-in for YouTube that speaks its wire formats: the Data API v3 (`videos`, `playlistItems`, their errors), oEmbed
 * and the pictures. It knows every id: what is not told otherwise is a public video made up from its id.
 */
import sharp from 'sharp';
import { Faults, numberFrom, pick, serveWire, type Answered, type Asked, type Fault } from './wire.ts';

export const youtubeKey = 'stand-in-key-of-youtube';

/** How one video differs from what its id would make of it. */
export type VideoTold = {
  is?: 'public' | 'gone' | 'private' | 'live' | 'upcoming' | 'taken_down';
  title?: unknown;
  description?: unknown;
  channel?: string;
  seconds?: number;
  language?: string;
  blocked?: string[];
  allowed?: string[];
};

type What = 'videos' | 'playlistItems' | 'oembed' | 'picture';

export type YouTubeStandIn = Awaited<ReturnType<typeof startYouTube>>;

export async function startYouTube({ port = 0, latency_ms = 0 } = {}) {
  const told = new Map<string, VideoTold>();
  const playlists = new Map<string, readonly string[]>();
  const faults = new Faults<What>();
  const calls = {
    /** The ids of each call. */
    videos: [] as string[][],
    playlistItems: [] as { playlist: string; page: string | null }[],
    oembed: [] as string[],
    picture: [] as string[],
  };
  const quota = { limit: Infinity, used: 0 };
  /** A key in an address would end up in logs. */
  const addresses: string[] = [];

  async function answer(asked: Asked): Promise<Answered | Fault> {
    addresses.push(asked.url.href);
    if (latency_ms > 0) await new Promise((resolve) => setTimeout(resolve, latency_ms));
    const { pathname } = asked.url;
    if (pathname === '/youtube/v3/videos') return listVideos(asked);
    if (pathname === '/youtube/v3/playlistItems') return listPlaylist(asked);
    if (pathname === '/oembed') return showVideo(asked);
    const picture = /^\/vi\/([\w-]{11})\/mqdefault\.jpg$/.exec(pathname);
    if (picture?.[1] !== undefined) return drawVideo(picture[1]);
    return { status: 404, body: '<html>Not found</html>' };
  }

  function listVideos(asked: Asked): Answered | Fault {
    const ids = (asked.url.searchParams.get('id') ?? '').split(',').filter((id) => id !== '');
    calls.videos.push(ids);
    const refused = faults.take('videos') ?? refusal(asked);
    if (refused !== undefined) return refused;
    if (ids.length > 50) return apiError(400, 'invalidFilters', 'The request specifies too many ids.');
    const items = ids.filter((id) => isListed(told.get(id)?.is)).map((id) => resource(id, told.get(id) ?? {}));
    return { status: 200, body: { kind: 'youtube#videoListResponse', etag: 'x', items } };
  }

  function listPlaylist(asked: Asked): Answered | Fault {
    const playlist = asked.url.searchParams.get('playlistId') ?? '';
    const page = asked.url.searchParams.get('pageToken');
    calls.playlistItems.push({ playlist, page });
    const refused = faults.take('playlistItems') ?? refusal(asked);
    if (refused !== undefined) return refused;
    const ids = playlists.get(playlist);
    if (ids === undefined) {
      return apiError(
        404,
        'playlistNotFound',
        'The playlist identified with the request’s playlistId cannot be found.',
      );
    }
    const from = Number(page ?? 0);
    const items = ids.slice(from, from + 50).map((videoId) => ({ contentDetails: { videoId } }));
    const next = from + 50 < ids.length ? { nextPageToken: String(from + 50) } : {};
    return { status: 200, body: { kind: 'youtube#playlistItemListResponse', items, ...next } };
  }

  function refusal(asked: Asked): Answered | undefined {
    quota.used += 1;
    if (quota.used > quota.limit) return spent();
    return asked.headers['x-goog-api-key'] === youtubeKey ? undefined : wrongKey();
  }

  function showVideo(asked: Asked): Answered | Fault {
    const id = URL.parse(asked.url.searchParams.get('url') ?? '')?.searchParams.get('v') ?? '';
    calls.oembed.push(id);
    const fault = faults.take('oembed');
    if (fault !== undefined) return fault;
    const video = told.get(id) ?? {};
    if (video.is === 'gone') return { status: 404, body: 'Not Found', type: 'text/plain' };
    if (video.is === 'private') return { status: 403, body: 'Forbidden', type: 'text/plain' };
    const { title, channel } = made(id, video);
    const body = {
      title,
      author_name: channel,
      author_url: 'https://www.youtube.com/@somebody',
      type: 'video',
      version: '1.0',
      provider_name: 'YouTube',
      thumbnail_url: `https://i.ytimg.com/vi/${id}/hqdefault.jpg`,
      html: '<iframe></iframe>',
    };
    return { status: 200, body };
  }

  async function drawVideo(id: string): Promise<Answered | Fault> {
    calls.picture.push(id);
    const fault = faults.take('picture');
    if (fault !== undefined) return fault;
    const is = told.get(id)?.is;
    const bytes = await picture(id);
    // YouTube sends a grey picture along with its 404.
    return { status: is === 'gone' || is === 'private' ? 404 : 200, body: bytes };
  }

  const wire = await serveWire(port, answer);
  return {
    url: wire.url,
    calls,
    quota,
    faults,
    addresses,
    tell: (id: string, video: VideoTold) => void told.set(id, video),
    playlist: (id: string, ids: readonly string[]) => void playlists.set(id, ids),
    /** What `DAYBOOK_…` must say so that this is asked. */
    environment: { DAYBOOK_YOUTUBE_URL: wire.url, DAYBOOK_YOUTUBE_KEY: youtubeKey },
    [Symbol.asyncDispose]: () => wire.close(),
  };
}

/** As the API says it. */
export function spent(): Answered {
  return apiError(
    403,
    'quotaExceeded',
    'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.',
    'youtube.quota',
  );
}

export function wrongKey(): Answered {
  const message = 'API key not valid. Please pass a valid API key.';
  return {
    status: 400,
    body: {
      error: {
        code: 400,
        message,
        errors: [{ message, domain: 'global', reason: 'badRequest' }],
        status: 'INVALID_ARGUMENT',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'API_KEY_INVALID',
            domain: 'googleapis.com',
            metadata: { service: 'youtube.googleapis.com' },
          },
        ],
      },
    },
  };
}

export function apiError(
  code: number,
  reason: string,
  message: string,
  domain = 'youtube.parameter',
): Answered {
  return { status: code, body: { error: { code, message, errors: [{ message, domain, reason }] } } };
}

function isListed(is: VideoTold['is']): boolean {
  return is !== 'gone' && is !== 'private';
}

const subjects = [
  'Guitar',
  'Sourdough bread',
  'Calculus',
  'Sketching',
  'Bicycle repair',
  'Italian',
  'Chess',
  'Knots',
];
const ways = ['for beginners', 'in ten minutes', 'explained slowly', 'the whole course', 'mistakes to avoid'];
const people = ['Ada Teaches', 'Handmade Weekly', 'The Quiet Professor', 'Kitchen Notes', 'Längst Gelernt'];

function made(id: string, video: VideoTold) {
  const subject = pick(subjects, `subject ${id}`);
  return {
    title: video.title ?? `${subject}, part ${(numberFrom(id) % 40) + 1}: ${pick(ways, `way ${id}`)}`,
    description:
      video.description ??
      `All about ${subject.toLowerCase()}.\n\n00:00 Welcome\n01:30 What you need\n04:10 Step by step\n\nBooks and notes: https://example.org/${id}`,
    channel: video.channel ?? pick(people, `channel ${id}`),
    seconds: video.seconds ?? 60 + (numberFrom(`seconds ${id}`) % 5400),
  };
}

function resource(id: string, video: VideoTold) {
  const { title, description, channel, seconds } = made(id, video);
  const isOn = video.is === 'live' || video.is === 'upcoming';
  const url = `https://i.ytimg.com/vi/${id}`;
  const regionRestriction = video.blocked
    ? { blocked: video.blocked }
    : video.allowed && { allowed: video.allowed };
  return {
    kind: 'youtube#video',
    id,
    snippet: {
      title,
      description,
      channelTitle: channel,
      publishedAt: new Date(Date.UTC(2012, numberFrom(`date ${id}`) % 160, 5, 9))
        .toISOString()
        .replace('.000', ''),
      liveBroadcastContent: isOn ? video.is : 'none',
      defaultAudioLanguage: video.language ?? pick(['en', 'de', 'en-GB'], `language ${id}`),
      thumbnails: { medium: { url: `${url}/mqdefault.jpg` }, high: { url: `${url}/hqdefault.jpg` } },
    },
    contentDetails: {
      duration: isOn ? 'P0D' : isoOf(seconds),
      ...(regionRestriction && { regionRestriction }),
    },
    status: { uploadStatus: video.is === 'taken_down' ? 'rejected' : 'processed', privacyStatus: 'public' },
    ...(video.is === 'upcoming' && { liveStreamingDetails: { scheduledStartTime: '2031-05-01T18:00:00Z' } }),
  };
}

function isoOf(seconds: number): string {
  return `PT${Math.floor(seconds / 3600)}H${Math.floor((seconds % 3600) / 60)}M${seconds % 60}S`;
}

function picture(id: string): Promise<Uint8Array> {
  const hue = numberFrom(id) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"><rect width="320" height="180" fill="hsl(${hue},45%,45%)"/><circle cx="${40 + (hue % 240)}" cy="90" r="60" fill="hsl(${(hue + 60) % 360},60%,65%)"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 70 }).toBuffer();
}

/** Ids as YouTube gives them. */
export function someIds(count: number, seed = 'v'): string[] {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return Array.from({ length: count }, (_, n) => {
    const number = n.toString(36).padStart(5, '0');
    const rest = Array.from({ length: 6 }, (_each, at) => letters[numberFrom(`${seed} ${n} ${at}`) % 64]);
    return `${rest.join('')}${number}`;
  });
}
