/** Everything that can be found out about saved videos with the settings in force: opened once in each process. */
import type { Kysely } from 'kysely';
import type { Enrichment as EnrichmentTold } from '#contract/processing.ts';
import type { Database } from '#db/schema.ts';
import { openModel, type Model, type ModelSettings } from '#saved-videos/model/model.ts';
import { Thumbnails, type PictureStore } from '#saved-videos/youtube/thumbnails.ts';
import { openYouTube, type YouTubeSettings } from '#saved-videos/youtube/youtube.ts';

export type EnrichmentSettings = {
  youtube: YouTubeSettings;
  /** Null: off. */
  model: ModelSettings | null;
  /** Questions to the model at a time. */
  calls_at_once: number;
  /** Characters of a description that the model is told. */
  longest_description: number;
  /** Longer videos are not watched. */
  watch_minutes: number;
};

export type Enrichment = ReturnType<typeof openEnrichment>;

/** Without a model an item of a job is a picture and its share of a call. */
const atOnceWithoutModel = 8;

/** `now`: the clock by which YouTube's quota is counted; tests bring their own. */
export function openEnrichment(
  db: Kysely<Database>,
  settings: EnrichmentSettings,
  pictures: PictureStore,
  now?: () => Date,
) {
  const youtube = openYouTube(db, settings.youtube, now);
  const model = settings.model === null ? null : openModel(settings.model);
  return {
    settings,
    youtube,
    model,
    thumbnails: new Thumbnails(youtube, pictures),
    /** Videos of a job that are in hand at once. */
    atOnce: model === null ? atOnceWithoutModel : settings.calls_at_once,
    told: tellEnrichment(settings.youtube, model),
  };
}

function tellEnrichment({ key }: YouTubeSettings, model: Model | null): EnrichmentTold {
  return {
    metadata:
      key === ''
        ? {
            from: 'oembed',
            key_set: false,
            sentence:
              'Title, channel and picture, asked for video by video. With a key of the YouTube Data API in DAYBOOK_YOUTUBE_KEY also length, date, description, language and playlists, 50 videos a call.',
          }
        : {
            from: 'youtube_api',
            key_set: true,
            sentence:
              'Title, channel, description, length, date, language and picture, 50 videos a call. Captions are told to the owner of a video alone.',
          },
    model: {
      provider: model?.provider ?? 'off',
      name: model?.name ?? null,
      can_watch: model?.canWatch ?? false,
      sentence: modelSentence(model),
    },
  };
}

function modelSentence(model: Model | null): string {
  if (model === null) {
    return 'No model is set, so fields are filled by people and files alone. DAYBOOK_AI names one: Gemini, or any server that speaks OpenAI’s protocol, such as Ollama at home.';
  }
  const reads = `${model.name} at ${model.host} fills the fields from title, channel, length, date and description`;
  return model.canWatch ? `${reads}, and from the video itself in lists that allow it.` : `${reads}.`;
}
