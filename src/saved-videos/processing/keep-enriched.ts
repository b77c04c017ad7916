/** What a job found out, written in the transactions of the ledger. */
import { sql } from 'kysely';
import type { Field } from '#contract/fields.ts';
import { videoStates, type VideoState } from '#contract/words.ts';
import { keepModelValues, type ModelValue } from '#saved-videos/fields/keep-values.ts';
import { touchList, type Changes } from '#saved-videos/list-lock.ts';
import type { Filled } from '#saved-videos/model/fill-fields.ts';
import { addUse } from '#saved-videos/model/model-use.ts';
import { promptVersion } from '#saved-videos/model/prompt.ts';
import { keepMetadata, type VideoFound } from '#saved-videos/videos/keep-metadata.ts';
import { seqIsAmong } from '#saved-videos/videos/video-seqs.ts';
import type { EnrichInput } from './enrich-input.ts';

/** What was found out about one video. */
export type Enriched = {
  seq: number;
  /** Null where YouTube was not asked. */
  found: VideoFound | null;
  /** Null where the model was not asked. */
  filled: Filled | null;
};

export async function keepEnriched(
  changes: Changes,
  of: { job_id: string; list_id: string },
  enriched: readonly Enriched[],
  now: Date,
): Promise<void> {
  const { list_id } = of;
  await touchList(changes, list_id);
  const found = enriched.flatMap((each) => (each.found === null ? [] : [each.found]));
  const filled = enriched.flatMap((each) => (each.filled === null ? [] : [each.filled]));
  if (found.length > 0) await keepMetadata(changes, list_id, found, now);
  const values = filled.flatMap((each) => each.values);
  if (values.length > 0) await keepModelValues(changes, list_id, values, now);
  await addUse(changes, of, filled);
  await keepProcessed(changes, list_id, enriched, now);
}

async function keepProcessed(
  changes: Changes,
  listId: string,
  videos: readonly { seq: number }[],
  now: Date,
): Promise<void> {
  await changes
    .updateTable('saved_videos')
    .set({ processed_at: now.toISOString() })
    .where('list_id', '=', listId)
    .where(
      seqIsAmong(
        changes,
        'seq',
        videos.map(({ seq }) => seq),
      ),
    )
    .execute();
}

/** A video for which the model is being asked. */
export type Filling = {
  /** Null where YouTube was not asked. */
  found: VideoFound | null;
  /** Those that the model is asked for. */
  fields: readonly Pick<Field, 'id'>[];
  /** What it answered so far. */
  filled: Filled;
};

/** `filling` undefined: it did not come as far as the model. */
type GivenUp = { seq: number; message: string; filling: Filling | undefined };

/**
 * Videos that the job gave up. Where the model was the trouble, what YouTube told and the model had answered is kept,
 * and the other cells failed; a video failed only where YouTube was. Of one field only its cells failed, and the videos
 * are as they were.
 */
export async function keepFailed(
  changes: Changes,
  { job_id, input }: { job_id: string; input: EnrichInput },
  failed: readonly GivenUp[],
  model: string,
  now: Date,
): Promise<void> {
  const { list_id } = input;
  await touchList(changes, list_id);
  const found = failed.flatMap(({ filling }) => filling?.found ?? []);
  const unanswered = input.what === 'field' ? [] : failed.filter(({ filling }) => filling === undefined);
  const unfound = await failedVideos(changes, input, unanswered);
  const asked = [...found, ...unfound];
  await keepMetadata(changes, list_id, asked, now);
  await keepProcessed(changes, list_id, asked, now);
  const values = failed.flatMap((each) => filledInPart(each, input, model));
  await keepModelValues(changes, list_id, values, now);
  // It was paid for. Its cells are counted by `cellsOfGivenUp`: a retry may fill them yet.
  const uses = failed.flatMap(({ filling }) => (filling === undefined ? [] : [filling.filled.use]));
  await addUse(
    changes,
    { job_id, list_id },
    uses.map((use) => ({ values: [], use })),
  );
}

/** What had been answered, and the reason in every other cell that was asked for. */
function filledInPart({ seq, message, filling }: GivenUp, input: EnrichInput, model: string): ModelValue[] {
  const values = filling?.filled.values ?? [];
  const fields = filling?.fields ?? (input.what === 'field' ? [{ id: input.field_id }] : []);
  const answered = new Set(values.map(({ field_id }) => field_id));
  const failed = fields
    .filter(({ id }) => !answered.has(id))
    .map(({ id }) => ({ seq, field_id: id, model, prompt_version: promptVersion, error: message }));
  return [...values, ...failed];
}

async function failedVideos(
  changes: Changes,
  input: EnrichInput,
  failed: readonly GivenUp[],
): Promise<VideoFound[]> {
  const known = await changes
    .selectFrom('saved_videos')
    .select(['seq', 'youtube_id', 'state'])
    .where('list_id', '=', input.list_id)
    .where(
      seqIsAmong(
        changes,
        'seq',
        failed.map(({ seq }) => seq),
      ),
    )
    .execute();
  const messages = new Map(failed.map(({ seq, message }) => [seq, message]));
  return (
    known
      // Where only failed cells were tried again, the video itself is well.
      .filter(({ state }) => input.what !== 'failed' || state === 'failed')
      .map(({ seq, youtube_id }): VideoFound => {
        return { seq, youtube_id, state: 'failed', state_reason: messages.get(seq) ?? null, metadata: null };
      })
  );
}

/** An item that took its process down is given up by whoever finds that out, who knows nothing of videos. */
export async function failThoseThatDied(
  changes: Changes,
  job: { id: string; input: EnrichInput },
): Promise<void> {
  if (job.input.what === 'field') return;
  const died = sql`
    job_items.job_id = ${job.id} and job_items.state = 'failed'
      and saved_videos.list_id = ${job.input.list_id} and saved_videos.seq = cast(job_items.key as integer)
      and saved_videos.state = 'pending'`;
  const { rows } = await sql`select 1 from job_items, saved_videos where ${died} limit 1`.execute(changes);
  if (rows.length === 0) return;
  await touchList(changes, job.input.list_id);
  await sql`
    update saved_videos set state = 'failed', state_reason = job_items.error_message
    from job_items where ${died}`.execute(changes);
}

/** What became of the cells of videos that the job gave up: answered before the trouble came, or failed with it. */
export async function cellsOfGivenUp(
  changes: Changes,
  job: { id: string; input: EnrichInput },
): Promise<{ cells: number; failed_cells: number }> {
  const { rows } = await sql<{ cells: number; failed_cells: number }>`
    select count(*) as cells, count(case when field_values.state = 'failed' then 1 end) as failed_cells
    from jobs
    join job_items on job_items.job_id = jobs.id and job_items.state = 'failed'
    join list_fields on list_fields.list_id = ${job.input.list_id}
    join field_values on field_values.field_id = list_fields.id
      and field_values.seq = cast(job_items.key as integer)
    where jobs.id = ${job.id} and field_values.source = 'model' and field_values.at >= jobs.created_at`.execute(
    changes,
  );
  return rows[0] ?? { cells: 0, failed_cells: 0 };
}

/** How the videos of a job stand at its end. */
export async function statesAfter(
  changes: Changes,
  job: { id: string; input: EnrichInput },
): Promise<Record<VideoState, number>> {
  const { rows } = await sql<{ state: VideoState; count: number }>`
    select saved_videos.state, count(*) as count
    from job_items
    join saved_videos on saved_videos.list_id = ${job.input.list_id}
      and saved_videos.seq = cast(job_items.key as integer)
    where job_items.job_id = ${job.id}
    group by saved_videos.state`.execute(changes);
  const counts = new Map(rows.map(({ state, count }) => [state, count]));
  return Object.fromEntries(videoStates.map((state) => [state, counts.get(state) ?? 0])) as Record<
    VideoState,
    number
  >;
}
