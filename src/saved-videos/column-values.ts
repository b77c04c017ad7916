/** What stands in a column and how often, for a filter to offer. */
import { sql } from 'kysely';
import type { Value } from '#contract/fields.ts';
import type { VideoColumn } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { builtInColumn, fieldOfColumn, holdsText } from './conditions.ts';
import { writeValue } from './field-value.ts';
import { fieldsOfList } from './stored-fields.ts';

export type ColumnValues = { value: string; count: number }[];

/** Most often first, then by name. Throws `ListRefused` for a column that the list does not have. */
export async function columnValues(
  db: Queryable,
  listId: string,
  column: string,
  wanted: { text?: string | undefined; limit: number },
): Promise<ColumnValues> {
  const builtIn = builtInColumn(column);
  const counts =
    builtIn === undefined ? await ofField(db, listId, column) : await ofBuiltIn(db, listId, builtIn);
  const { text, limit } = wanted;
  return [...counts]
    .filter(([value]) => text === undefined || holdsText(value, text))
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, limit);
}

async function ofBuiltIn(db: Queryable, listId: string, column: VideoColumn): Promise<Map<string, number>> {
  const { rows } = await sql<{ value: string | number; count: number }>`
    select ${sql.ref(column)} as value, count(*) as count from saved_videos
    where list_id = ${listId} and deleted_at is null and ${sql.ref(column)} is not null
    group by ${sql.ref(column)}`.execute(db);
  return new Map(rows.map(({ value, count }) => [String(value), count]));
}

/** The options of a multi-select are counted one by one. */
async function ofField(db: Queryable, listId: string, column: string): Promise<Map<string, number>> {
  const { id } = fieldOfColumn({ fields: await fieldsOfList(db, listId) }, column);
  const { rows } = await sql<{ value_json: string; count: number }>`
    select f.value_json, count(*) as count from field_values as f
    join saved_videos as v on v.list_id = ${listId} and v.seq = f.seq and v.deleted_at is null
    where f.field_id = ${id} and f.value_json is not null
    group by f.value_json`.execute(db);
  const counts = new Map<string, number>();
  for (const { value_json, count } of rows) {
    const value = JSON.parse(value_json) as Value;
    for (const each of Array.isArray(value) ? value : [writeValue(value)]) {
      counts.set(each, (counts.get(each) ?? 0) + count);
    }
  }
  return counts;
}
