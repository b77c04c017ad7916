/** What is to be found out about one video at YouTube, in the way that the settings allow. */
import type { Claimed } from '#jobs/kinds.ts';
import { ItemEnded } from '#jobs/outcome.ts';
import type { Asking, Courtesy } from '#saved-videos/asking/courtesy.ts';
import { orAborted } from '#saved-videos/asking/or-aborted.ts';
import type { VideoState } from '#contract/words.ts';
import type { VideoFound } from '#saved-videos/videos/keep-metadata.ts';
import type { Thumbnails } from '#saved-videos/youtube/thumbnails.ts';
import type { Told } from '#saved-videos/youtube/youtube-video.ts';
import type { YouTube } from '#saved-videos/youtube/youtube.ts';
import type { MetadataLoader } from './metadata-loader.ts';

export type YouTubeDesk = {
  youtube: YouTube;
  loader: MetadataLoader;
  courtesy: Courtesy;
  thumbnails: Thumbnails;
};

type StandingVideo = { seq: number; youtube_id: string; state: VideoState; state_reason: string | null };

/** Rejects with `ItemEnded` where YouTube cannot be asked. A video that is gone or private is found to be so. */
export async function findVideo(
  desk: YouTubeDesk,
  item: Claimed,
  video: StandingVideo,
  asking: Asking,
): Promise<VideoFound> {
  const { seq, youtube_id } = video;
  const { told, source } = await tell(desk, item, youtube_id, asking);
  // While there is one: when the video is gone, so is its picture.
  if (told.metadata !== null) await orAborted(desk.thumbnails.keep(youtube_id), asking.signal);
  const metadata = told.metadata && { ...told.metadata, source };
  if (source === 'oembed' && told.state === 'ready' && isThere(video.state)) {
    const { state, state_reason } = video;
    return { seq, youtube_id, state, state_reason, metadata };
  }
  return { seq, youtube_id, ...told, metadata };
}

/** All that oEmbed knows of a video is that it is there; on air or locked it cannot tell. */
function isThere(state: VideoState): boolean {
  return state === 'ready' || state === 'live' || state === 'region_locked';
}

async function tell(desk: YouTubeDesk, item: Claimed, id: string, asking: Asking) {
  const { youtube, loader, courtesy } = desk;
  if (!youtube.hasKey) return { told: await shown(desk, id, asking), source: 'oembed' } as const;
  const told = await courtesy.ask(() => loader.ask(item, id, asking.signal), asking);
  if (told !== undefined) return { told, source: 'youtube_api' } as const;
  return { told: await whyUnlisted(desk, id, asking), source: 'oembed' } as const;
}

function shown({ youtube, courtesy }: YouTubeDesk, id: string, asking: Asking): Promise<Told> {
  return courtesy.ask(() => youtube.shown(id, asking.signal), asking);
}

/** The API does not list it, and does not say whether it is private or gone. Whoever would show it is told that. */
async function whyUnlisted(desk: YouTubeDesk, id: string, asking: Asking): Promise<Told> {
  try {
    return await shown(desk, id, asking);
  } catch (error) {
    if (!(error instanceof ItemEnded) || !['failed', 'try_again'].includes(error.outcome.outcome)) throw error;
    return { state: 'gone', state_reason: 'It was deleted, is private, or was never there.', metadata: null };
  }
}
