/**
 * Reads which video a pasted text means. Pure: nothing is ever fetched, so a hostile address costs nothing, and of an
 * address of YouTube only the id and the start are kept.
 */
import { limits } from '#contract/fields.ts';
import type { UnreadableReason } from '#contract/words.ts';

export type Link =
  | { is: 'video'; youtube_id: string; start_seconds: number | null }
  | { is: 'playlist'; playlist_id: string }
  | { is: 'unreadable'; reason: UnreadableReason; message: string };

/** An address by itself, or after words: with its scheme, or by a name that only YouTube has. */
const address =
  /(?<![\w:/.@-])(?:(?:https?:)?\/\/|(?:[a-z0-9-]+\.)*youtu(?:be(?:-nocookie|kids)?\.com|\.be)\.?\/)[^\s<>"'`()[\]{}\\^|]+/gi;

const idAlone = /^[\w-]{11}$/;

/**
 * Every link in one line, in order: one line may hold several, and words around them. An empty line holds none.
 * A line in which nothing is found gives one `unreadable`.
 */
export function readLinks(line: string): Link[] {
  const text = line.trim();
  if (text === '') return [];
  if (text.length > limits.link_characters) {
    return [unreadable('too_long', `A line has at most ${limits.link_characters} characters.`)];
  }
  const spaced = text.replaceAll('&amp;', '&').replaceAll(/[,;](?=\s*(?:https?:)?\/\/)/gi, ' ');
  const found = [...spaced.matchAll(address)].map(([each]) => readAddress(each));
  if (found.length === 0) return readIds(text);
  // "Seen on https://example.org: https://youtu.be/…": the words around a link are not asked about.
  const useful = found.filter((link) => link.is !== 'unreadable' || link.reason !== 'not_youtube');
  return useful.length > 0 ? useful : found.slice(0, 1);
}

function readIds(text: string): Link[] {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  if (words.length > 0 && words.every((word) => idAlone.test(word)))
    return words.map((word) => video(word, null));
  return [
    unreadable(
      'not_a_link',
      'This is neither an address of YouTube nor the id of a video. Expected something like https://youtu.be/dQw4w9WgXcQ.',
    ),
  ];
}

const hosts = new Set([
  'youtube.com',
  'www.youtube.com',
  'm.youtube.com',
  'music.youtube.com',
  'gaming.youtube.com',
  'youtube-nocookie.com',
  'www.youtube-nocookie.com',
  'youtubekids.com',
  'www.youtubekids.com',
]);
const shortHosts = new Set(['youtu.be', 'www.youtu.be']);

function readAddress(text: string): Link {
  const url = parse(text);
  const host = url?.hostname.replace(/\.$/, '');
  if (url === undefined || host === undefined || (!hosts.has(host) && !shortHosts.has(host))) {
    return unreadable('not_youtube', 'This address is not one of YouTube. Other sites cannot be saved here.');
  }
  const [first = '', second = ''] = url.pathname.split('/').filter((part) => part !== '');
  if (shortHosts.has(host)) return first === '' ? readWatch(url) : byId(first, url);
  switch (first.toLowerCase()) {
    case 'watch':
      return url.searchParams.has('v') || second === '' ? readWatch(url) : byId(second, url);
    case 'embed':
      // These two words stand where the id of a video would, and are as long as one.
      if (second === 'videoseries') return readPlaylist(url);
      if (second === 'live_stream') return noVideo('a channel’s broadcast');
      return byId(second, url);
    case 'shorts':
    case 'live':
    case 'v':
    case 'e':
      return second === '' ? readWatch(url) : byId(second, url);
    case 'playlist':
      return readPlaylist(url);
    case 'attribution_link':
      return readAttribution(url);
    default:
      return readWatch(url);
  }
}

function parse(text: string): URL | undefined {
  const whole = /^https?:/i.test(text) ? text : `https://${text.replace(/^\/\//, '')}`;
  return URL.parse(whole) ?? undefined;
}

/** `v` may stand anywhere in the query; where it stands twice the first that is an id counts. */
function readWatch(url: URL): Link {
  const given = url.searchParams.getAll('v');
  const id = given.map(leadingId).find((each) => each !== undefined);
  if (id !== undefined) return video(id, startOf(url));
  if (given.length > 0) return badId(given[0] ?? '');
  if (url.searchParams.has('list')) return readPlaylist(url);
  return noVideo(url.pathname === '/' ? 'the front page' : 'a channel, a search or another page');
}

function byId(part: string, url: URL): Link {
  const id = leadingId(part);
  return id === undefined ? badId(part) : video(id, startOf(url));
}

function readPlaylist(url: URL): Link {
  const id = url.searchParams.get('list') ?? '';
  if (!/^[\w-]{2,100}$/.test(id)) return noVideo('a playlist without its id');
  return { is: 'playlist', playlist_id: id };
}

/** An old form of "share": `/attribution_link?u=/watch?v=…`. */
function readAttribution(url: URL): Link {
  const inner = URL.parse(url.searchParams.get('u') ?? '', 'https://www.youtube.com');
  if (inner === null || !hosts.has(inner.hostname)) return noVideo('a link that leads elsewhere');
  return readWatch(inner);
}

/** An id with what a sentence may have left behind it: `dQw4w9WgXcQ.`, but not twelve letters of an id. */
function leadingId(text: string): string | undefined {
  return /^([\w-]{11})(?![\w-])/.exec(text)?.[1];
}

const longestStart = 7 * 24 * 3600;

/** `t`, `start` or `time_continue`, in the query or behind `#`: `90`, `90s`, `1h2m3s`. None, or nonsense: null. */
function startOf(url: URL): number | null {
  const behind = new URLSearchParams(url.hash.replace(/^#/, ''));
  for (const name of ['t', 'start', 'time_continue']) {
    const given = url.searchParams.get(name) ?? behind.get(name);
    const parts = /^(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s?)?$/i.exec(given ?? '');
    if (parts === null) continue;
    const [hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
    ];
    const start = hours * 3600 + minutes * 60 + seconds;
    if (start > 0 && start <= longestStart) return start;
  }
  return null;
}

/** The plain address of a saved video: id and start, no tracking. */
export function addressOf(youtubeId: string, startSeconds: number | null): string {
  const start = startSeconds === null ? '' : `&t=${startSeconds}s`;
  return `https://www.youtube.com/watch?v=${youtubeId}${start}`;
}

function video(youtube_id: string, start_seconds: number | null): Link {
  return { is: 'video', youtube_id, start_seconds };
}

function badId(text: string): Link {
  const came = text.length > 30 ? `${text.slice(0, 30)}…` : text;
  return unreadable(
    'bad_id',
    `“${came.toWellFormed()}” is no id of a video, which has eleven letters, digits, - and _. Was the link cut off?`,
  );
}

function noVideo(what: string): Link {
  return unreadable(
    'no_video',
    `This address is of YouTube, but of no video: ${what}. Open the video and copy its address.`,
  );
}

function unreadable(reason: UnreadableReason, message: string): Link {
  return { is: 'unreadable', reason, message };
}
