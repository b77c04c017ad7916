/** Lists: made, read with their counts, renamed, put away and brought back. */
import { randomUUID } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { limits, type NewField } from '#contract/fields.ts';
import type { List, ListSummary } from '#contract/lists.ts';
import { isUnfinished, videoStates, type VideoState } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { addFields, forgetField } from '#saved-videos/fields/fields.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { lockList, type Changes, type ListRow } from './list-lock.ts';
import { ListRefused, noSuchList } from './refused.ts';
import { removeRows } from './remove-rows.ts';

export type NewList = { name: string; description: string; watch_videos: boolean; fields: readonly NewField[] };

export async function createList(db: Kysely<Database>, owner: string, given: NewList): Promise<List> {
  const id = randomUUID();
  await db.transaction().execute(async (changes) => {
    await changes
      .insertInto('lists')
      .values({
        id,
        owner,
        name: given.name,
        description: given.description,
        watch_videos: given.watch_videos ? 1 : 0,
        created_at: new Date().toISOString(),
        job_id: null,
        deleted_at: null,
      })
      .execute();
    await refuseTooMany(changes, owner);
    await addFields(changes, id, given.fields);
  });
  return getList(db, owner, id);
}

/** With the one that has just been made or brought back. */
async function refuseTooMany(changes: Changes, owner: string): Promise<void> {
  const { count } = await changes
    .selectFrom('lists')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('owner', '=', owner)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (count <= limits.lists) return;
  throw new ListRefused('too_many_lists', `There are ${limits.lists} lists already, the most there can be.`);
}

/** Newest first. */
export async function listLists(
  db: Queryable,
  owner: string,
  which: { deleted: boolean },
): Promise<ListSummary[]> {
  const rows = await withJob(db)
    .where('lists.owner', '=', owner)
    .$if(which.deleted, (lists) => lists.where('lists.deleted_at', '>=', oldestKept(new Date())))
    .$if(!which.deleted, (lists) => lists.where('lists.deleted_at', 'is', null))
    .orderBy('lists.created_at', 'desc')
    .orderBy('lists.id', 'desc')
    .execute();
  const counts = await countStates(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => summaryOf(row, counts.get(row.id)));
}

/** Throws `ListRefused`. Deleted lists are not found. */
export async function getList(db: Queryable, owner: string, id: string): Promise<List> {
  const row = await withJob(db)
    .where('lists.id', '=', id)
    .where('lists.owner', '=', owner)
    .where('lists.deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw noSuchList();
  const counts = await countStates(db, [id]);
  const cells = await countCells(db, id);
  return {
    ...summaryOf(row, counts.get(id)),
    fields: await fieldsOfList(db, id),
    failed_cells: cells.get('failed') ?? 0,
    misfit_cells: cells.get('misfit') ?? 0,
  };
}

/** The row alone, for who needs only to know that the list is there. Throws `ListRefused`. */
export async function findList(db: Queryable, owner: string, id: string): Promise<ListRow> {
  const row = await db
    .selectFrom('lists')
    .selectAll()
    .where('id', '=', id)
    .where('owner', '=', owner)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw noSuchList();
  return row;
}

export type ListChange = {
  name?: string | undefined;
  description?: string | undefined;
  watch_videos?: boolean | undefined;
};

export async function changeList(
  db: Kysely<Database>,
  owner: string,
  id: string,
  { name, description, watch_videos }: ListChange,
): Promise<List> {
  await db.transaction().execute(async (changes) => {
    const list = await lockList(changes, owner, id);
    await changes
      .updateTable('lists')
      .set({
        name: name ?? list.name,
        description: description ?? list.description,
        watch_videos: watch_videos === undefined ? list.watch_videos : Number(watch_videos),
      })
      .where('id', '=', id)
      .execute();
  });
  return getList(db, owner, id);
}

export async function removeList(db: Kysely<Database>, owner: string, id: string): Promise<ListSummary> {
  await db.transaction().execute(async (changes) => {
    const list = await lockList(changes, owner, id);
    const job = await jobOf(changes, list);
    if (job !== undefined && isUnfinished(job.status)) {
      throw new ListRefused('job_running', 'This list is being processed. Cancel that job first.');
    }
    await changes
      .updateTable('lists')
      .set({ deleted_at: new Date().toISOString() })
      .where('id', '=', id)
      .execute();
  });
  const row = await withJob(db).where('lists.id', '=', id).executeTakeFirst();
  if (row === undefined) throw noSuchList();
  return summaryOf(row, (await countStates(db, [id])).get(id));
}

/** A list that is there already is answered as it is. */
export async function restoreList(db: Kysely<Database>, owner: string, id: string): Promise<List> {
  await db.transaction().execute(async (changes) => {
    const { numUpdatedRows } = await changes
      .updateTable('lists')
      .set({ deleted_at: null, version: sql`version + 1` })
      .where('id', '=', id)
      .where('owner', '=', owner)
      // Of what is older, much may be gone already.
      .where('deleted_at', '>=', oldestKept(new Date()))
      .executeTakeFirst();
    if (numUpdatedRows > 0n) await refuseTooMany(changes, owner);
  });
  return getList(db, owner, id);
}

/** The newest job that processed the list, as it stands. */
export async function jobOf(db: Queryable, list: Pick<ListRow, 'job_id'>) {
  if (list.job_id === null) return undefined;
  return db.selectFrom('jobs').select(['id', 'status']).where('id', '=', list.job_id).executeTakeFirst();
}

/** Removes for good what was put away `deleted_list_days` ago. Returns how many lists. */
export async function forgetDeletedLists(db: Kysely<Database>, now: Date): Promise<number> {
  const lists = await db.selectFrom('lists').select('id').where('deleted_at', '<', oldestKept(now)).execute();
  for (const { id } of lists) await forgetList(db, id);
  return lists.length;
}

function oldestKept(now: Date): string {
  return new Date(now.getTime() - limits.deleted_list_days * 86_400_000).toISOString();
}

/**
 * The list last: what a process that died left of it is found again. Not in one transaction, so that nobody waits for
 * it to write something else.
 */
async function forgetList(db: Kysely<Database>, id: string): Promise<void> {
  const edits = await db.selectFrom('list_edits').select('id').where('list_id', '=', id).execute();
  for (const edit of edits) {
    await removeRows(db, 'list_edit_values', { of: 'edit_id', id: edit.id, by: ['field_id', 'seq'] });
  }
  const fields = await db.selectFrom('list_fields').select('id').where('list_id', '=', id).execute();
  for (const field of fields) await forgetField(db, field.id);
  await removeRows(db, 'saved_video_texts', { of: 'list_id', id, by: ['seq'] });
  await removeRows(db, 'saved_videos', { of: 'list_id', id, by: ['seq'] });
  await db.deleteFrom('lists').where('id', '=', id).execute();
}

function withJob(db: Queryable) {
  return db
    .selectFrom('lists')
    .leftJoin('jobs', 'jobs.id', 'lists.job_id')
    .select([
      'lists.id',
      'lists.name',
      'lists.description',
      'lists.watch_videos',
      'lists.created_at',
      'lists.deleted_at',
      'lists.version',
      'jobs.id as job_id',
      'jobs.status as job_status',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof withJob>['execute']>>[number];
type States = Partial<Record<VideoState, number>>;

function summaryOf({ job_id, job_status, ...row }: Row, states: States = {}): ListSummary {
  return {
    ...row,
    watch_videos: row.watch_videos === 1,
    videos: Object.values(states).reduce((sum, count) => sum + count, 0),
    states: Object.fromEntries(videoStates.map((state) => [state, states[state] ?? 0])) as Record<
      VideoState,
      number
    >,
    job: job_id === null || job_status === null ? null : { id: job_id, status: job_status },
  };
}

async function countStates(db: Queryable, listIds: readonly string[]): Promise<Map<string, States>> {
  const byList = new Map<string, States>();
  if (listIds.length === 0) return byList;
  const rows = await db
    .selectFrom('saved_videos')
    .select(['list_id', 'state', (select) => select.fn.countAll<number>().as('count')])
    .where('list_id', 'in', listIds)
    .where('deleted_at', 'is', null)
    .groupBy(['list_id', 'state'])
    .execute();
  for (const { list_id, state, count } of rows) {
    byList.set(list_id, { ...byList.get(list_id), [state]: count });
  }
  return byList;
}

async function countCells(db: Queryable, listId: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('field_values')
    .innerJoin('list_fields', 'list_fields.id', 'field_values.field_id')
    .innerJoin('saved_videos', (join) =>
      join
        .onRef('saved_videos.list_id', '=', 'list_fields.list_id')
        .onRef('saved_videos.seq', '=', 'field_values.seq'),
    )
    .select(['field_values.state', (select) => select.fn.countAll<number>().as('count')])
    .where('list_fields.list_id', '=', listId)
    .where('list_fields.deleted_at', 'is', null)
    .where('saved_videos.deleted_at', 'is', null)
    // As the partial index says it, so that only what is not well is looked at.
    .where('field_values.state', '<>', sql.lit('ok'))
    .groupBy('field_values.state')
    .execute();
  return new Map(rows.map(({ state, count }) => [state, count]));
}
