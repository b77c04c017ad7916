/**
 * The job kind `enrich`: one item is one video of a list. What YouTube tells and what the model makes of it are
 * written in the transaction that gives the item its outcome. Before that only the units of YouTube's quota are,
 * which are counted before they are used, and the picture, which has the same name however often it is fetched.
 */
import type { Kysely } from 'kysely';
import type { EnrichSummary } from '#contract/job-summary.ts';
import { isDatabaseFull } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { defineJobKind, type Claimed } from '#jobs/kinds.ts';
import type { Ledger } from '#jobs/ledger.ts';
import { ItemEnded, type StopJob } from '#jobs/outcome.ts';
import { Courtesy } from '#saved-videos/asking/courtesy.ts';
import { fillFields, nothingFilled, type Wanted } from '#saved-videos/model/fill-fields.ts';
import { useOfJob } from '#saved-videos/model/model-use.ts';
import type { KnownVideo } from '#saved-videos/model/prompt.ts';
import type { VideoFound } from '#saved-videos/videos/keep-metadata.ts';
import { enrichKind, type EnrichInput } from './enrich-input.ts';
import type { Enrichment } from './enrichment.ts';
import { findVideo } from './find-video.ts';
import {
  cellsOfGivenUp,
  failThoseThatDied,
  keepEnriched,
  keepFailed,
  statesAfter,
  type Enriched,
  type Filling,
} from './keep-enriched.ts';
import { MetadataLoader } from './metadata-loader.ts';
import { fieldsToFill, knownOf, storedVideo, type StoredVideo } from './stored-video.ts';
import { asksYouTube } from './wishes.ts';

const takenOut = 'was taken out of the list';
const nothingToFill = 'nothing to fill: a person or a file gave every value';

export function enrichJobKind(db: Kysely<Database>, ledger: Ledger, enrichment: Enrichment) {
  const { youtube, model, thumbnails, settings } = enrichment;
  const courtesy = new Courtesy({ name: 'YouTube', code: 'youtube' });
  const desk = { youtube, thumbnails, courtesy, loader: new MetadataLoader(db, ledger, youtube) };
  const toModel = new Courtesy({ name: 'The model', code: 'model' });
  /** Items that came as far as the model: when that lets them down, nothing is lost that was told. */
  const fillings = new WeakMap<Claimed, Filling>();

  return defineJobKind<EnrichInput, Enriched>({
    name: enrichKind,
    atOnce: enrichment.atOnce,

    async process(item, { job, signal, moves }) {
      const asking = { signal, moves, run: item.run };
      const video = await storedVideo(db, job.input.list_id, Number(item.key));
      if (video === undefined) return { outcome: 'skipped', because: takenOut };
      const found = asksYouTube(job.input, video.state) ? await findVideo(desk, item, video, asking) : null;
      const wanted = await wantedOf(job.input, video, found);
      if (found === null && wanted === null) return { outcome: 'skipped', because: nothingToFill };
      if (model === null || wanted === null) {
        return { outcome: 'done', result: { seq: video.seq, found, filled: null } };
      }
      const filled = nothingFilled(model.name, wanted.watch !== null);
      fillings.set(item, { found, fields: wanted.fields, filled });
      await fillFields(model, toModel, wanted, asking, filled);
      return { outcome: 'done', result: { seq: video.seq, found, filled } };
    },

    async commit(changes, results, { id, input }) {
      const enriched = results.map(({ result }) => result);
      try {
        await keepEnriched(changes, { job_id: id, list_id: input.list_id }, enriched, new Date());
      } catch (cause) {
        throw isDatabaseFull(cause) ? new ItemEnded(diskFull(), { cause }) : cause;
      }
    },

    async fail(changes, failures, { id, input }) {
      const failed = failures.map(({ item, message }) => ({
        seq: Number(item.key),
        message,
        filling: fillings.get(item),
      }));
      await keepFailed(changes, { job_id: id, input }, failed, model?.name ?? '', new Date());
    },

    async summarise(changes, job): Promise<EnrichSummary> {
      await failThoseThatDied(changes, job);
      const use = await useOfJob(changes, job.id);
      const givenUp = await cellsOfGivenUp(changes, job);
      const failed_cells = use.failed_cells + givenUp.failed_cells;
      return {
        states: await statesAfter(changes, job),
        cells: use.cells + givenUp.cells - failed_cells,
        failed_cells,
        model_calls: use.calls,
        input_tokens: use.input_tokens,
        output_tokens: use.output_tokens,
        success_count: job.done,
        error_count: job.failed,
        duration_seconds: job.elapsed_seconds,
      };
    },
  });

  /** Null: there is nothing to ask the model for, or no model. */
  async function wantedOf(
    input: EnrichInput,
    video: StoredVideo,
    found: VideoFound | null,
  ): Promise<Wanted | null> {
    const known = knownOf(video, found?.metadata ?? null);
    if (model === null || known === null) return null;
    const fields = await fieldsToFill(db, input, video);
    if (fields.length === 0) return null;
    return {
      seq: video.seq,
      list: { name: video.list_name, description: video.list_description },
      fields,
      video: known,
      watch: isToBeWatched(video, found?.state ?? video.state, known) ? video.youtube_id : null,
      longest_description: settings.longest_description,
    };
  }

  /** Only what is known to be there, and to be no longer than the owner pays for. */
  function isToBeWatched(video: StoredVideo, state: StoredVideo['state'], known: KnownVideo): boolean {
    const seconds = known.duration_seconds;
    const isShort = seconds !== null && seconds <= settings.watch_minutes * 60;
    return model?.canWatch === true && video.watch_videos === 1 && state === 'ready' && isShort;
  }
}

const lookAgainAfterMs = 60_000;

function diskFull(): StopJob {
  return {
    outcome: 'stop_job',
    how: 'pause',
    reason:
      'The disk of the database is full. Free some space; the job looks again every minute and goes on by itself.',
    resume_at: new Date(Date.now() + lookAgainAfterMs),
  };
}
