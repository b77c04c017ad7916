/** What a person says about one video or about 100,000: typed values, emptied and released cells, deleted rows. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Field, Value } from '#contract/fields.ts';
import type { EditReport, SavedVideo, Target, ValueChange } from '#contract/saved-videos.ts';
import type { Database } from '#db/schema.ts';
import { fitValue } from '#saved-videos/fields/field-value.ts';
import { putValueRows, valueRow, type ValueRow } from '#saved-videos/fields/keep-values.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { lockList, type Changes } from '#saved-videos/list-lock.ts';
import { ListRefused, noSuchField, noSuchVideo } from '#saved-videos/refused.ts';
import { seqsThatMatch } from '#saved-videos/table/views.ts';
import { videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { seqIsAmong } from '#saved-videos/videos/video-seqs.ts';
import {
  closeEdit,
  keepBefore,
  openEdit,
  removeValues,
  rowsAtOnce,
  valueRowsAmong,
  type OpenEdit,
} from './edits.ts';

/** Several fields of one video, as one edit. Answers with the row as it stands then. Throws `ListRefused`. */
export async function editVideo(
  db: Kysely<Database>,
  owner: string,
  listId: string,
  seq: number,
  wishes: Readonly<Record<string, ValueChange>>,
): Promise<EditReport & { video: SavedVideo }> {
  return db.transaction().execute(async (changes) => {
    const list = await lockList(changes, owner, listId);
    const fields = await fieldsOfList(changes, listId);
    const [there] = await liveAmong(changes, listId, [seq]);
    if (there === undefined) throw noSuchVideo();
    const edit = await openEdit(changes, list, 'values', new Date());
    let changed = 0;
    for (const [fieldId, wish] of Object.entries(wishes)) {
      changed += await changeValues(changes, edit, fieldAmong(fields, fieldId), [seq], wish);
    }
    const edit_id = await closeEdit(changes, listId, edit, changed);
    const [video] = await videosOfSeqs(changes, listId, fields, [seq]);
    if (video === undefined) throw noSuchVideo();
    return { edit_id, matched: 1, changed, version: list.version, video };
  });
}

/** One field of many videos, as one edit. Throws `ListRefused`. */
export async function editMany(
  db: Kysely<Database>,
  owner: string,
  listId: string,
  target: Target,
  fieldId: string,
  wish: ValueChange,
): Promise<EditReport> {
  return db.transaction().execute(async (changes) => {
    const list = await lockList(changes, owner, listId);
    const field = fieldAmong(await fieldsOfList(changes, listId), fieldId);
    const seqs = await seqsOfTarget(changes, listId, target);
    const edit = await openEdit(changes, list, 'values', new Date());
    let changed = 0;
    for (let start = 0; start < seqs.length; start += rowsAtOnce) {
      changed += await changeValues(changes, edit, field, seqs.slice(start, start + rowsAtOnce), wish);
      await othersTurn();
    }
    const edit_id = await closeEdit(changes, listId, edit, changed);
    return { edit_id, matched: seqs.length, changed, version: list.version };
  });
}

/** Takes videos out of the list; undone, they are back with all their values. Throws `ListRefused`. */
export async function deleteVideos(
  db: Kysely<Database>,
  owner: string,
  listId: string,
  target: Target,
): Promise<EditReport> {
  return db.transaction().execute(async (changes) => {
    const list = await lockList(changes, owner, listId);
    const seqs = await seqsOfTarget(changes, listId, target);
    const edit = await openEdit(changes, list, 'deletion', new Date());
    for (let start = 0; start < seqs.length; start += rowsAtOnce) {
      await changes
        .updateTable('saved_videos')
        .set({ deleted_at: edit.at, deleted_by: edit.id })
        .where('list_id', '=', listId)
        .where(seqIsAmong(changes, 'seq', seqs.slice(start, start + rowsAtOnce)))
        .execute();
      await othersTurn();
    }
    const edit_id = await closeEdit(changes, listId, edit, seqs.length);
    return { edit_id, matched: seqs.length, changed: seqs.length, version: list.version };
  });
}

/** The videos meant that are in the list, in the order of adding. */
async function seqsOfTarget(changes: Changes, listId: string, target: Target): Promise<number[]> {
  const except = new Set(target.except);
  const meant =
    target.condition === undefined
      ? await liveAmong(changes, listId, [...new Set(target.seqs)])
      : [...(await seqsThatMatch(changes, listId, target.condition))];
  await othersTurn();
  return except.size === 0 ? meant : meant.filter((seq) => !except.has(seq));
}

async function liveAmong(changes: Changes, listId: string, seqs: readonly number[]): Promise<number[]> {
  const rows = await changes
    .selectFrom('saved_videos')
    .select('seq')
    .where('list_id', '=', listId)
    .where(seqIsAmong(changes, 'seq', seqs))
    .where('deleted_at', 'is', null)
    .orderBy('seq')
    .execute();
  return rows.map(({ seq }) => seq);
}

/** Returns how many cells are otherwise now. A value that stands there by the same person's word is not written again. */
async function changeValues(
  changes: Changes,
  edit: OpenEdit,
  field: Field,
  seqs: readonly number[],
  wish: ValueChange,
): Promise<number> {
  const standing = await valueRowsAmong(changes, field.id, seqs);
  const put: ValueRow[] = [];
  const remove: number[] = [];
  for (const seq of seqs) {
    const before = standing.get(seq);
    if (wish.do === 'release') {
      if (before !== undefined) remove.push(seq);
      continue;
    }
    const value = valueAfter(field, before, wish);
    const row = valueRow(field, seq, value, { source: 'person', at: edit.at });
    if (!isSaidAlready(before, row)) put.push(row);
  }
  const touched = [...put.map(({ seq }) => seq), ...remove];
  await keepBefore(
    changes,
    edit,
    touched.map((seq) => ({ field_id: field.id, seq, before: standing.get(seq) })),
  );
  await putValueRows(changes, put);
  await removeValues(changes, field.id, remove);
  return touched.length;
}

function isSaidAlready(before: ValueRow | undefined, after: ValueRow): boolean {
  return before?.source === 'person' && before.state === 'ok' && before.value_json === after.value_json;
}

function valueAfter(
  field: Field,
  before: ValueRow | undefined,
  wish: Exclude<ValueChange, { do: 'release' }>,
): Value | null {
  switch (wish.do) {
    case 'empty':
      return null;
    case 'set':
      return fitting(field, wish.value);
    case 'options': {
      if (field.type !== 'multi_select') {
        throw new ListRefused(
          'change_not_for_field',
          `“${field.label}” holds one value: set it. Options are added to a multi-select.`,
        );
      }
      const now: unknown = JSON.parse(before?.value_json ?? '[]');
      // Former options of the field go with the first edit: what a person confirms must fit.
      const kept = (Array.isArray(now) ? now : [now]).filter((option) =>
        field.options.includes(String(option)),
      );
      const removed = fitting(field, [...wish.remove]) ?? [];
      const chosen = fitting(field, [...kept, ...wish.add]) ?? [];
      const value = (chosen as string[]).filter((option) => !(removed as string[]).includes(option));
      return value.length === 0 ? null : value;
    }
  }
}

function fitting(field: Field, value: unknown): Value | null {
  const fitted = fitValue(field, value);
  if (fitted.fits) return fitted.value;
  throw new ListRefused('value_unfit', `${field.label}: ${fitted.message}`);
}

function fieldAmong(fields: readonly Field[], id: string): Field {
  const field = fields.find((each) => each.id === id);
  if (field === undefined) throw noSuchField();
  return field;
}
