/** What a job found out, written in the transactions of the ledger. */
import { sql } from 'kysely';
import { videoStates, type VideoState } from '#contract/words.ts';
import type { EnrichInput } from './enrich-input.ts';
import type { Filled } from './fill-fields.ts';
import { keepMetadata, type VideoFound } from './keep-metadata.ts';
import { keepModelValues } from './keep-values.ts';
import { touchList, type Changes } from './list-lock.ts';
import { addUse } from './model-use.ts';
import { promptVersion } from './prompt.ts';
import { seqIsAmong } from './video-seqs.ts';

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
  await addUse(
    changes,
    of,
    filled.map(({ use }) => use),
  );
  await changes
    .updateTable('saved_videos')
    .set({ processed_at: now.toISOString() })
    .where('list_id', '=', list_id)
    .where(
      seqIsAmong(
        changes,
        'seq',
        enriched.map(({ seq }) => seq),
      ),
    )
    .execute();
}

/** Videos that the job gave up. Of one field only its cells failed, and the videos are as they were. */
export async function keepFailed(
  changes: Changes,
  input: EnrichInput,
  failed: readonly { seq: number; message: string }[],
  model: string,
  now: Date,
): Promise<void> {
  await touchList(changes, input.list_id);
  if (input.what === 'field') {
    const said = { field_id: input.field_id, model, prompt_version: promptVersion };
    const values = failed.map(({ seq, message }) => ({ ...said, seq, error: message }));
    await keepModelValues(changes, input.list_id, values, now);
    return;
  }
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
  const found = known
    // Where only failed cells were tried again, the video itself is well.
    .filter(({ state }) => input.what !== 'failed' || state === 'failed')
    .map(({ seq, youtube_id }): VideoFound => {
      return { seq, youtube_id, state: 'failed', state_reason: messages.get(seq) ?? null, metadata: null };
    });
  await keepMetadata(changes, input.list_id, found, now);
}

/** An item that took its process down is given up by whoever finds that out, who knows nothing of videos. */
export async function failThoseThatDied(
  changes: Changes,
  job: { id: string; input: EnrichInput },
): Promise<void> {
  if (job.input.what === 'field') return;
  await sql`
    update saved_videos set state = 'failed', state_reason = job_items.error_message
    from job_items
    where job_items.job_id = ${job.id} and job_items.state = 'failed'
      and saved_videos.list_id = ${job.input.list_id} and saved_videos.seq = cast(job_items.key as integer)
      and saved_videos.state = 'pending'`.execute(changes);
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
