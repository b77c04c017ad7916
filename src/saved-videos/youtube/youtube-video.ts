/** What YouTube's API tells about one video, read without trust, and what it means for the video's state. */
import { z } from 'zod';
import type { LiveState, VideoState } from '#contract/words.ts';
import type { Metadata } from '#saved-videos/videos/keep-metadata.ts';

/** What asking came to; `state_reason` is a sentence where the state needs one. */
export type Told = { state: VideoState; state_reason: string | null; metadata: Metadata | null };

/** Only what is used is asked for: the answer is a third as large. */
export const fieldsAsked =
  'items(id,snippet(title,description,channelTitle,publishedAt,liveBroadcastContent,defaultAudioLanguage,defaultLanguage,thumbnails),' +
  'contentDetails(duration,regionRestriction),status(privacyStatus,uploadStatus),liveStreamingDetails(actualEndTime,scheduledStartTime))';
export const partsAsked = 'snippet,contentDetails,status,liveStreamingDetails';

/** Each part that is not as documented is left out, and not the video with it. */
const text = z.string().nullable().catch(null);
const texts = z.array(z.string()).max(300).nullable().catch(null);
const Thumbnail = z.object({ url: text }).nullable().catch(null);

const Video = z.object({
  id: z.string(),
  snippet: z.object({
    title: text.default(null),
    description: text.default(null),
    channelTitle: text.default(null),
    publishedAt: text.default(null),
    liveBroadcastContent: text.default(null),
    defaultAudioLanguage: text.default(null),
    defaultLanguage: text.default(null),
    thumbnails: z
      .object({
        medium: Thumbnail.default(null),
        high: Thumbnail.default(null),
        default: Thumbnail.default(null),
      })
      .nullable()
      .catch(null)
      .default(null),
  }),
  contentDetails: z
    .object({
      duration: text.default(null),
      regionRestriction: z
        .object({ allowed: texts.default(null), blocked: texts.default(null) })
        .nullable()
        .catch(null)
        .default(null),
    })
    .nullable()
    .catch(null)
    .default(null),
  status: z
    .object({ privacyStatus: text.default(null), uploadStatus: text.default(null) })
    .nullable()
    .catch(null)
    .default(null),
  liveStreamingDetails: z
    .object({ actualEndTime: text.default(null), scheduledStartTime: text.default(null) })
    .nullable()
    .catch(null)
    .default(null),
});
type Video = z.infer<typeof Video>;

/** By id, what is about one of `asked`; whatever else the answer holds is left alone. */
export function readVideos(
  items: readonly unknown[],
  asked: ReadonlySet<string>,
  country: string,
): Map<string, Told> {
  const told = new Map<string, Told>();
  for (const item of items) {
    const read = Video.safeParse(item);
    if (read.success && asked.has(read.data.id)) told.set(read.data.id, toldBy(read.data, country));
  }
  return told;
}

function toldBy(video: Video, country: string): Told {
  return { ...stateOf(video, country), metadata: metadataOf(video) };
}

function stateOf(video: Video, country: string): Pick<Told, 'state' | 'state_reason'> {
  const { snippet, contentDetails, status } = video;
  if (status?.privacyStatus === 'private')
    return { state: 'private', state_reason: 'Its owner made it private.' };
  if (['deleted', 'failed', 'rejected'].includes(status?.uploadStatus ?? '')) {
    return { state: 'gone', state_reason: `YouTube took it down (${status?.uploadStatus}).` };
  }
  if (snippet.liveBroadcastContent === 'live') return { state: 'live', state_reason: 'It is on air.' };
  if (snippet.liveBroadcastContent === 'upcoming') {
    const start = instant(video.liveStreamingDetails?.scheduledStartTime ?? null);
    return {
      state: 'live',
      state_reason: start === null ? 'It is announced.' : `It is announced for ${inWords(start)}.`,
    };
  }
  return regionOf(contentDetails?.regionRestriction ?? null, country);
}

type Region = { allowed: readonly string[] | null; blocked: readonly string[] | null } | null;

function regionOf(region: Region, country: string): Pick<Told, 'state' | 'state_reason'> {
  const blocked = new Set(region?.blocked);
  const isLocked = (where: string) => blocked.has(where) || !(region?.allowed?.includes(where) ?? true);
  if (region?.allowed?.length === 0) {
    return { state: 'region_locked', state_reason: 'It may be watched in no country.' };
  }
  if (country !== '' && isLocked(country)) {
    return { state: 'region_locked', state_reason: `It may not be watched in ${nameOf(country)}.` };
  }
  if (country === '' && (blocked.size > 0 || region?.allowed)) {
    return {
      state: 'ready',
      state_reason: `It may not be watched everywhere. With DAYBOOK_COUNTRY set, Daybook knows whether where you are.`,
    };
  }
  return { state: 'ready', state_reason: null };
}

function nameOf(country: string): string {
  return new Intl.DisplayNames('en', { type: 'region', fallback: 'code' }).of(country) ?? country;
}

function metadataOf({ snippet, contentDetails, liveStreamingDetails }: Video): Metadata {
  const { medium, high, default: small } = snippet.thumbnails ?? { medium: null, high: null, default: null };
  return {
    title: snippet.title,
    channel: snippet.channelTitle,
    description: snippet.description,
    duration_seconds: secondsOf(contentDetails?.duration ?? null),
    published_at: instant(snippet.publishedAt),
    thumbnail_url: pictureAddress((high ?? medium ?? small)?.url ?? null),
    language: languageOf(snippet.defaultAudioLanguage) ?? languageOf(snippet.defaultLanguage),
    live_state: liveStateOf(snippet.liveBroadcastContent, liveStreamingDetails?.actualEndTime ?? null),
  };
}

function liveStateOf(broadcast: string | null, endedAt: string | null): LiveState {
  if (broadcast === 'live' || broadcast === 'upcoming') return broadcast;
  return endedAt === null ? 'none' : 'ended';
}

/** `P1DT2H3M4S`; what is on air or announced has `P0D`, which is no length. */
function secondsOf(duration: string | null): number | null {
  const parts = /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/.exec(duration ?? '');
  if (parts === null) return null;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds || null;
}

const minutes = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** "1 May 2031 at 18:00 UTC". */
function inWords(instant: string): string {
  return `${minutes.format(new Date(instant))} UTC`;
}

/** As every instant is written, also those that come by a file: they are compared as texts. */
function instant(text: string | null): string | null {
  try {
    return text === null ? null : Temporal.Instant.from(text).toString({ smallestUnit: 'millisecond' });
  } catch {
    return null;
  }
}

function languageOf(tag: string | null): string | null {
  try {
    return tag === null ? null : (Intl.getCanonicalLocales(tag)[0] ?? null);
  } catch {
    return null;
  }
}

/** Only an address of YouTube's pictures is worth keeping. */
export function pictureAddress(address: string | null): string | null {
  const url = address === null ? null : URL.parse(address);
  const isPicture = url?.protocol === 'https:' && /(^|\.)(ytimg\.com|ggpht\.com)$/.test(url.hostname);
  return isPicture ? url.href : null;
}
