/** What a person changed in a list, kept with what stood before, so that it can be taken back. */
import { randomUUIDv7 } from 'node:crypto';
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { EditReport, ListEdit } from '#contract/saved-videos.ts';
import type { ListEditKind } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { insertRows } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import { changesSince } from '#saved-videos/fields/field-changes.ts';
import { putValueRows, type ValueRow } from '#saved-videos/fields/keep-values.ts';
import { refitted } from '#saved-videos/fields/refit-values.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { lockList, type Changes, type ListRow } from '#saved-videos/list-lock.ts';
import { ListRefused } from '#saved-videos/refused.ts';
import { removeRows } from '#saved-videos/remove-rows.ts';
import { listFull } from '#saved-videos/videos/add-videos.ts';
import { roomIn } from '#saved-videos/videos/keep-videos.ts';
import { seqIsAmong } from '#saved-videos/videos/video-seqs.ts';

/** Older ones cannot be taken back any more. */
const editsKept = 100;
/** Of 100,000 rows this many between two turns of others. */
export const rowsAtOnce = 1000;

export type OpenEdit = { id: string; at: string; version: number };

/** To be closed with the number of changes, in the same transaction; the list is held by the caller. */
export async function openEdit(
  changes: Changes,
  list: Pick<ListRow, 'id' | 'version'>,
  kind: ListEditKind,
  now: Date,
): Promise<OpenEdit> {
  const edit = { id: await laterId(changes, list.id), at: now.toISOString(), version: list.version };
  await changes
    .insertInto('list_edits')
    .values({ ...edit, list_id: list.id, kind, changed: 0, undone_at: null })
    .execute();
  return edit;
}

/** Greater than that of every edit before, also in the same millisecond, or after the clock was set back. */
async function laterId(changes: Changes, listId: string): Promise<string> {
  const last = await changes
    .selectFrom('list_edits')
    .select('id')
    .where('list_id', '=', listId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const id = randomUUIDv7();
  if (last === undefined || id > last.id) return id;
  const next = (BigInt(`0x${last.id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return next.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Returns its id, or null and keeps nothing where nothing was changed. */
export async function closeEdit(
  changes: Changes,
  listId: string,
  edit: OpenEdit,
  changed: number,
): Promise<string | null> {
  if (changed === 0) {
    await changes.deleteFrom('list_edits').where('id', '=', edit.id).execute();
    return null;
  }
  await changes.updateTable('list_edits').set({ changed }).where('id', '=', edit.id).execute();
  const forgotten = await changes
    .selectFrom('list_edits')
    .select('id')
    .where('list_id', '=', listId)
    .orderBy('id', 'desc')
    .offset(editsKept)
    .limit(1000)
    .execute();
  for (const { id } of forgotten) await forgetEdit(changes, id);
  return edit.id;
}

/** For good, with what it kept. */
async function forgetEdit(db: Queryable, id: string): Promise<void> {
  await removeRows(db, 'list_edit_values', { of: 'edit_id', id, by: ['field_id', 'seq'] });
  await db.deleteFrom('list_edits').where('id', '=', id).execute();
}

/** What stood in these cells before the edit. */
export async function keepBefore(
  changes: Changes,
  edit: OpenEdit,
  cells: readonly { field_id: string; seq: number; before: ValueRow | undefined }[],
): Promise<void> {
  await insertRows(
    changes,
    'list_edit_values',
    { edit_id: 'text', field_id: 'text', seq: 'integer', before_json: 'text' },
    cells.map(({ field_id, seq, before }) => ({
      edit_id: edit.id,
      field_id,
      seq,
      before_json: before === undefined ? null : JSON.stringify(before),
    })),
  );
}

/** Those that stand, the last first. */
export function editsOfList(db: Queryable, listId: string, limit: number): Promise<ListEdit[]> {
  return db
    .selectFrom('list_edits')
    .select(['id', 'kind', 'at', 'changed'])
    .where('list_id', '=', listId)
    .where('undone_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/**
 * Cells that were changed again since, by whomever, are left as they are. Throws `ListRefused`, also where that is all
 * of them.
 */
export async function undoEdit(
  db: Kysely<Database>,
  owner: string,
  listId: string,
  editId: string,
): Promise<EditReport> {
  return db.transaction().execute(async (changes) => {
    const list = await lockList(changes, owner, listId);
    const edit = await changes
      .selectFrom('list_edits')
      .selectAll()
      .where('list_id', '=', listId)
      .where('id', '=', editId)
      .executeTakeFirst();
    if (edit === undefined) {
      throw new ListRefused('not_found', `There is no such edit, or it is not among the last ${editsKept}.`);
    }
    if (edit.undone_at !== null) throw new ListRefused('already_undone', 'This edit was taken back already.');
    const changed =
      edit.kind === 'deletion' ? await bringBack(changes, list, edit) : await putBack(changes, listId, edit);
    // It may well be taken back later: once a field is there again, or a later edit was taken back before it.
    if (changed === 0) {
      throw new ListRefused(
        'nothing_to_undo',
        edit.kind === 'deletion'
          ? 'All of these videos are in the list again, so there is nothing to take back.'
          : 'All that this edit changed was changed again since, or its field was put away. Take that back first.',
      );
    }
    await changes
      .updateTable('list_edits')
      .set({ undone_at: new Date().toISOString() })
      .where('id', '=', edit.id)
      .execute();
    return { edit_id: null, matched: edit.changed, changed, version: list.version };
  });
}

/** Not in one statement: of 100,000 that took three times the processor, and nobody else had a turn. */
async function bringBack(
  changes: Changes,
  list: ListRow,
  edit: { id: string; changed: number },
): Promise<number> {
  const room = await roomIn(changes, list, edit.changed);
  let changed = 0;
  for (let start = 0; start < list.last_seq; start += rowsAtOnce) {
    const { numUpdatedRows } = await changes
      .updateTable('saved_videos')
      .set({ deleted_at: null, deleted_by: null })
      .where('list_id', '=', list.id)
      .where('seq', '>', start)
      .where('seq', '<=', start + rowsAtOnce)
      .where('deleted_by', '=', edit.id)
      .executeTakeFirst();
    changed += Number(numUpdatedRows);
    if (changed > room) {
      throw new ListRefused('too_many_videos', `${listFull} Or take others out of this one first.`);
    }
    await othersTurn();
  }
  return changed;
}

async function putBack(changes: Changes, listId: string, edit: OpenEdit): Promise<number> {
  let changed = 0;
  for (const field of await fieldsOfList(changes, listId)) {
    // The field may have been changed since; what fitted it then may not now.
    const { type, renamed } = await changesSince(changes, field, edit.version);
    let after = 0;
    for (;;) {
      const cells = await changes
        .selectFrom('list_edit_values')
        .select(['seq', 'before_json'])
        .where('edit_id', '=', edit.id)
        .where('field_id', '=', field.id)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(rowsAtOnce)
        .execute();
      const last = cells.at(-1);
      if (last === undefined) break;
      after = last.seq;
      const standing = await valueRowsAmong(
        changes,
        field.id,
        cells.map(({ seq }) => seq),
      );
      const editedSince = await editedAfter(
        changes,
        listId,
        edit,
        field.id,
        cells.map(({ seq }) => seq),
      );
      const untouched = cells.filter(({ seq }) => !editedSince.has(seq) && isOf(edit, standing.get(seq)));
      const rows = untouched.flatMap(({ before_json }) =>
        before_json === null ? [] : [refitted(JSON.parse(before_json) as ValueRow, { type }, field, renamed)],
      );
      await putValueRows(changes, rows);
      await removeValues(
        changes,
        field.id,
        untouched.filter(({ before_json }) => before_json === null).map(({ seq }) => seq),
      );
      changed += untouched.length;
      await othersTurn();
    }
  }
  return changed;
}

/** Whether a cell stands as the edit left it: given by the person then, or released and not filled since. */
function isOf(edit: OpenEdit, row: ValueRow | undefined): boolean {
  return row === undefined || (row.source === 'person' && row.at === edit.at);
}

/** Of these videos those whose cell a later edit, which stands, changed again. */
async function editedAfter(
  changes: Changes,
  listId: string,
  edit: OpenEdit,
  fieldId: string,
  seqs: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await changes
    .selectFrom('list_edits')
    .innerJoin('list_edit_values', 'list_edit_values.edit_id', 'list_edits.id')
    .select('list_edit_values.seq')
    .where('list_edits.list_id', '=', listId)
    .where('list_edits.id', '>', edit.id)
    .where('list_edits.undone_at', 'is', null)
    .where('list_edit_values.field_id', '=', fieldId)
    .where(seqIsAmong(changes, 'list_edit_values.seq', seqs))
    .execute();
  return new Set(rows.map(({ seq }) => seq));
}

export async function removeValues(changes: Changes, fieldId: string, seqs: readonly number[]): Promise<void> {
  if (seqs.length === 0) return;
  await changes
    .deleteFrom('field_values')
    .where('field_id', '=', fieldId)
    .where(seqIsAmong(changes, 'seq', seqs))
    .execute();
}

/** By number of the video. */
export async function valueRowsAmong(
  changes: Changes,
  fieldId: string,
  seqs: readonly number[],
): Promise<Map<number, ValueRow>> {
  const rows = await changes
    .selectFrom('field_values')
    .selectAll()
    .where('field_id', '=', fieldId)
    .where(seqIsAmong(changes, 'seq', seqs))
    .execute();
  return new Map(rows.map((row) => [row.seq, row]));
}
