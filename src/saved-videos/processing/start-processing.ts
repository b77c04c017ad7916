/** Starts a job that finds out about videos of a list. */
import type { Kysely } from 'kysely';
import type { Job } from '#contract/jobs.ts';
import type { ProcessWish } from '#contract/processing.ts';
import { isUnfinished } from '#contract/words.ts';
import type { Database } from '#db/schema.ts';
import type { JobFacts, Ledger } from '#jobs/ledger.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { lockList, touchList, type Changes, type ListRow } from '#saved-videos/list-lock.ts';
import { jobOf } from '#saved-videos/lists.ts';
import { ListRefused, noSuchField } from '#saved-videos/refused.ts';
import { EnrichInput, enrichKind, inputOf } from './enrich-input.ts';
import type { Enrichment } from './enrichment.ts';
import { videosWanted } from './wishes.ts';

type Place = { db: Kysely<Database>; ledger: Ledger; enrichment: Enrichment };

/** The job with all its items, and the list that knows it, in one transaction. Throws `ListRefused`. */
export async function startProcessing(
  { db, ledger, enrichment }: Place,
  owner: string,
  listId: string,
  wish: ProcessWish,
): Promise<Job> {
  const has_model = enrichment.model !== null;
  const id = await db.transaction().execute(async (changes) => {
    const list = await lockList(changes, owner, listId);
    await refuseSecond(changes, list, null);
    const fields = await fieldsOfList(changes, listId);
    checkWish(wish, fields, has_model);
    const videos = await videosWanted(changes, { list_id: listId, wish, fields, has_model })
      .select(['saved_videos.seq', 'saved_videos.youtube_id', 'saved_videos.title'])
      .orderBy('saved_videos.seq')
      .execute();
    if (videos.length === 0) throw new ListRefused('nothing_to_process', nothingTo[wish.what]);
    const job_id = await ledger.create(
      {
        owner,
        kind: enrichKind,
        label: `${list.name}: ${videos.length === 1 ? '1 video' : `${videos.length.toLocaleString('en')} videos`}`,
        input: inputOf(listId, wish),
        // The number first, so that videos are worked in the order of the list.
        items: videos.map(({ seq, youtube_id, title }) => ({
          key: String(seq),
          label: `${seq}. ${title ?? youtube_id}`,
        })),
      },
      changes,
    );
    await changes.updateTable('lists').set({ job_id }).where('id', '=', listId).execute();
    return job_id;
  });
  return ledger.get({ id, owner });
}

/**
 * Before a job that stopped is resumed or retried, in the same transaction: it becomes the one job of its list again.
 * Throws `ListRefused` where another of the list is not over, or the list was deleted.
 */
export async function mayProcessAgain(changes: Changes, { id, input }: JobFacts): Promise<void> {
  const { list_id } = EnrichInput.parse(input);
  await touchList(changes, list_id);
  const list = await changes
    .selectFrom('lists')
    .select(['job_id', 'deleted_at'])
    .where('id', '=', list_id)
    .executeTakeFirst();
  if (list === undefined || list.deleted_at !== null) {
    throw new ListRefused('list_deleted', 'The list of this job was deleted. Bring it back first.');
  }
  await refuseSecond(changes, list, id);
  await changes.updateTable('lists').set({ job_id: id }).where('id', '=', list_id).execute();
}

/** A list has one job at a time; `own` is the one that is to be it. */
async function refuseSecond(
  changes: Changes,
  list: Pick<ListRow, 'job_id'>,
  own: string | null,
): Promise<void> {
  const running = await jobOf(changes, list);
  if (running === undefined || running.id === own || !isUnfinished(running.status)) return;
  throw new ListRefused(
    'job_running',
    `This list is being processed already (the job is ${running.status}). Wait for its end, resume it, or cancel it.`,
  );
}

/** Throws `ListRefused` where the wish names what is not there. */
export function checkWish(wish: ProcessWish, fields: readonly { id: string }[], hasModel: boolean): void {
  if (wish.what !== 'field') return;
  if (!fields.some(({ id }) => id === wish.field_id)) throw noSuchField();
  if (!hasModel) {
    throw new ListRefused(
      'model_off',
      'No model is set that could fill this field. Name one in DAYBOOK_AI and start Daybook again.',
    );
  }
}

const nothingTo: Record<ProcessWish['what'], string> = {
  pending:
    'No video of this list is pending: YouTube was asked about all of them. Add some, or choose videos to ask about again.',
  failed: 'Nothing failed in this list.',
  field: 'This field has a value in every video that YouTube told about, or a person or a file gave it.',
  videos: 'None of these videos is in this list.',
};
