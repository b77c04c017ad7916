/** Fields: added, changed with their values, moved, put away and brought back. */
import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import { limits, type Field, type FieldChange, type FieldChanged, type NewField } from '#contract/fields.ts';
import { isOfOptions } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import type { ListFieldsTable } from '#db/schema/saved-videos.ts';
import { lockList, type Changes } from '#saved-videos/list-lock.ts';
import { ListRefused, noSuchField } from '#saved-videos/refused.ts';
import { removeRows } from '#saved-videos/remove-rows.ts';
import type { Renamed } from './field-changes.ts';
import { isFileColumn, labelKey, sameLabel } from './headings.ts';
import { refitValues } from './refit-values.ts';
import { deletedFieldsOfList, fieldOf, fieldsOfList } from './stored-fields.ts';

export async function addField(
  db: Kysely<Database>,
  owner: string,
  listId: string,
  given: NewField & { position?: number | undefined },
): Promise<Field> {
  return db.transaction().execute(async (changes) => {
    await lockList(changes, owner, listId);
    const { position, ...field } = given;
    const [added] = await addFields(changes, listId, [field]);
    if (added === undefined) throw noSuchField();
    if (position !== undefined) await move(changes, listId, added.id, position);
    return fieldOfId(changes, listId, added.id);
  });
}

/** Behind those that are there, in the transaction of the caller, who holds the list. Throws `ListRefused`. */
export async function addFields(
  changes: Changes,
  listId: string,
  given: readonly NewField[],
): Promise<Field[]> {
  const fields = await fieldsOfList(changes, listId);
  if (fields.length + given.length > limits.fields_per_list) {
    throw new ListRefused('too_many_fields', `A list has at most ${limits.fields_per_list} fields.`);
  }
  for (const wish of given) {
    const field: Field = { ...wish, id: randomUUID(), position: fields.length };
    check(field, fields);
    await changes
      .insertInto('list_fields')
      .values({ ...rowOf(field), list_id: listId, deleted_at: null })
      .execute();
    fields.push(field);
  }
  return fields.slice(fields.length - given.length);
}

/** Values are read anew where type or options changed. Throws `ListRefused`. */
export async function changeField(
  db: Kysely<Database>,
  owner: string,
  listId: string,
  fieldId: string,
  change: FieldChange,
): Promise<FieldChanged> {
  return db.transaction().execute(async (changes) => {
    const { version } = await lockList(changes, owner, listId);
    const fields = await fieldsOfList(changes, listId);
    const before = fields.find(({ id }) => id === fieldId);
    if (before === undefined) throw noSuchField();
    const after: Field = {
      ...before,
      label: change.label ?? before.label,
      type: change.type ?? before.type,
      options: optionsAfter(before, change),
      instruction: change.instruction ?? before.instruction,
      required: change.required ?? before.required,
    };
    check(
      after,
      fields.filter(({ id }) => id !== fieldId),
    );
    await changes.updateTable('list_fields').set(rowOf(after)).where('id', '=', fieldId).execute();
    const refitted = await refitValues(changes, before, after, renames(before, change), version);
    if (change.position !== undefined) await move(changes, listId, fieldId, change.position);
    return { field: await fieldOfId(changes, listId, fieldId), ...refitted };
  });
}

/** Deleted fields with their values that can still come back. */
const deletedKept = 20;

export async function removeField(
  db: Kysely<Database>,
  owner: string,
  listId: string,
  fieldId: string,
): Promise<Field> {
  return db.transaction().execute(async (changes) => {
    await lockList(changes, owner, listId);
    const field = await fieldOfId(changes, listId, fieldId);
    await changes
      .updateTable('list_fields')
      .set({ deleted_at: await laterDeletion(changes, listId) })
      .where('id', '=', fieldId)
      .execute();
    const forgotten = (await deletedFieldsOfList(changes, listId)).slice(deletedKept);
    for (const { id } of forgotten) await forgetField(changes, id);
    return field;
  });
}

/** Later than all others of the list, also in the same millisecond: they come back, and are forgotten, in order. */
async function laterDeletion(changes: Changes, listId: string): Promise<string> {
  const { last } = await changes
    .selectFrom('list_fields')
    .select(({ fn }) => fn.max('deleted_at').as('last'))
    .where('list_id', '=', listId)
    .executeTakeFirstOrThrow();
  return new Date(Math.max(Date.now(), last === null ? 0 : Date.parse(last) + 1)).toISOString();
}

/** For good, with its values. */
export async function forgetField(db: Queryable, id: string): Promise<void> {
  await removeRows(db, 'field_values', { of: 'field_id', id, by: ['seq'] });
  await db.deleteFrom('list_fields').where('id', '=', id).execute();
}

/** A field that is there already is answered as it is. Throws `ListRefused`, also where its label is taken now. */
export async function restoreField(
  db: Kysely<Database>,
  owner: string,
  listId: string,
  fieldId: string,
): Promise<Field> {
  return db.transaction().execute(async (changes) => {
    await lockList(changes, owner, listId);
    const row = await changes
      .selectFrom('list_fields')
      .selectAll()
      .where('list_id', '=', listId)
      .where('id', '=', fieldId)
      .executeTakeFirst();
    if (row === undefined) throw noSuchField();
    if (row.deleted_at !== null) await bringBack(changes, listId, row);
    return fieldOfId(changes, listId, fieldId);
  });
}

async function bringBack(changes: Changes, listId: string, row: Selectable<ListFieldsTable>): Promise<void> {
  const fields = await fieldsOfList(changes, listId);
  if (fields.length >= limits.fields_per_list) {
    throw new ListRefused('too_many_fields', `A list has at most ${limits.fields_per_list} fields.`);
  }
  check(fieldOf(row), fields);
  await changes.updateTable('list_fields').set({ deleted_at: null }).where('id', '=', row.id).execute();
  await move(changes, listId, row.id, row.position);
}

async function fieldOfId(changes: Changes, listId: string, id: string): Promise<Field> {
  const field = (await fieldsOfList(changes, listId)).find((each) => each.id === id);
  if (field === undefined) throw noSuchField();
  return field;
}

/** Positions are counted anew, so that they stay 0, 1, 2 … whatever was added and removed. */
async function move(changes: Changes, listId: string, fieldId: string, to: number): Promise<void> {
  const ids = (await fieldsOfList(changes, listId)).map(({ id }) => id).filter((id) => id !== fieldId);
  ids.splice(to, 0, fieldId);
  for (const [position, id] of ids.entries()) {
    await changes.updateTable('list_fields').set({ position }).where('id', '=', id).execute();
  }
}

function rowOf({ id, label, type, options, instruction, required, position }: Field) {
  return {
    id,
    label,
    type,
    options_json: JSON.stringify(options),
    instruction,
    required: required ? 1 : 0,
    position,
  };
}

function renames(before: Field, change: FieldChange): Renamed {
  return new Map(isOfOptions(before.type) ? change.renamed.map(({ from, to }) => [from, to]) : []);
}

/** Without new options, the old ones under their new names; a type without options has none. */
function optionsAfter(before: Field, change: FieldChange): string[] {
  if (!isOfOptions(change.type ?? before.type)) return change.options ?? [];
  const renamed = renames(before, change);
  return change.options ?? before.options.map((option) => renamed.get(option) ?? option);
}

function check(field: Field, others: readonly Field[]): void {
  const { label, type, options } = field;
  if (isFileColumn(label)) {
    throw new ListRefused(
      'label_taken',
      `“${label}” is the name of a column that every list has. Choose another.`,
    );
  }
  if (others.some((other) => sameLabel(other.label, label))) {
    throw new ListRefused(
      'label_taken',
      `There is a field “${label}” in this list already. Choose another name.`,
    );
  }
  if (isOfOptions(type) && options.length === 0) {
    throw new ListRefused('options_needed', `“${label}” is chosen from options. Give at least one.`);
  }
  if (!isOfOptions(type) && options.length > 0) {
    throw new ListRefused('options_not_here', `“${label}” is of type ${type}, which has no options.`);
  }
  const keys = options.map(labelKey);
  const twice = options.find((_, at) => keys.indexOf(keys[at] ?? '') !== at);
  if (twice !== undefined) {
    throw new ListRefused('option_twice', `The option “${twice}” of “${label}” stands there twice.`);
  }
}
