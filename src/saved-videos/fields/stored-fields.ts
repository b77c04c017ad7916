/** The fields of a list as they are stored. */
import type { Selectable } from 'kysely';
import type { Field } from '#contract/fields.ts';
import type { Queryable } from '#db/database.ts';
import type { ListFieldsTable } from '#db/schema/saved-videos.ts';

/** From left to right, without the deleted ones. */
export async function fieldsOfList(db: Queryable, listId: string): Promise<Field[]> {
  const rows = await db
    .selectFrom('list_fields')
    .selectAll()
    .where('list_id', '=', listId)
    .where('deleted_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute();
  return rows.map((row, position) => ({ ...fieldOf(row), position }));
}

/** Those that can still come back, the last deleted first. */
export async function deletedFieldsOfList(db: Queryable, listId: string): Promise<Field[]> {
  const rows = await db
    .selectFrom('list_fields')
    .selectAll()
    .where('list_id', '=', listId)
    .where('deleted_at', 'is not', null)
    .orderBy('deleted_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(fieldOf);
}

export function fieldOf(row: Selectable<ListFieldsTable>): Field {
  const { id, label, type, instruction, position } = row;
  const options = JSON.parse(row.options_json) as string[];
  return { id, label, type, options, instruction, required: row.required === 1, position };
}
