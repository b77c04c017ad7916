/** What stands in a column and how often, for a filter to offer. */
import { sql, type RawBuilder } from 'kysely';
import type { Value } from '#contract/fields.ts';
import type { VideoColumn } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { engineOf } from '#db/json-rows.ts';
import { writeValue } from '#saved-videos/fields/field-value.ts';
import { likePattern } from '#saved-videos/fields/sort-key.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { builtInColumn, conditionsOf, fieldOfColumn, holdsText } from './conditions.ts';

export type ColumnValues = { value: string; count: number }[];

type Wanted = { text?: string | undefined; limit: number };

/** Most often first, then by name. Throws `ListRefused` for a column that the list does not have. */
export async function columnValues(
  db: Queryable,
  listId: string,
  column: string,
  wanted: Wanted,
): Promise<ColumnValues> {
  const builtIn = builtInColumn(column);
  if (builtIn !== undefined) return ofBuiltIn(db, listId, builtIn, wanted);
  const { id, type } = fieldOfColumn({ fields: await fieldsOfList(db, listId) }, column);
  return type === 'multi_select' ? ofOptions(db, listId, id, wanted) : ofField(db, listId, id, wanted);
}

/** Those of which a row's `search_text` has a line. */
const lines = new Set<VideoColumn>(['title', 'channel', 'youtube_id']);

async function ofBuiltIn(
  db: Queryable,
  listId: string,
  column: VideoColumn,
  { text, limit }: Wanted,
): Promise<ColumnValues> {
  const it = sql`cast(${sql.ref(`v.${column}`)} as text)`;
  const isLine = lines.has(column);
  const filters = isLine && text !== undefined ? [{ column, test: 'contains' as const, values: [text] }] : [];
  const there = conditionsOf({ engine: engineOf(db), list_id: listId, fields: [] }, { filters });
  const { rows } = await sql<{ value: string; count: number }>`
    select ${it} as value, count(*) as count from saved_videos as v
    where ${there} and ${it} is not null and ${isLine ? sql`true` : holds(sql`lower(${it})`, text)}
    group by ${it} ${mostFirst(db, it, limit)}`.execute(db);
  return rows;
}

async function ofField(
  db: Queryable,
  listId: string,
  id: string,
  { text, limit }: Wanted,
): Promise<ColumnValues> {
  // Numbers and booleans have no words of their own to be found by.
  const found = holds(sql`coalesce(f.search_text, f.value_json)`, text);
  const { rows } = await sql<{ value_json: string; count: number }>`
    select f.value_json, count(*) as count ${valuesOf(listId, id)} and ${found}
    group by f.value_json ${mostFirst(db, sql`f.value_json`, limit)}`.execute(db);
  return rows.map(({ value_json, count }) => ({ value: writeValue(JSON.parse(value_json) as Value), count }));
}

/** Options are counted one by one. */
async function ofOptions(
  db: Queryable,
  listId: string,
  id: string,
  { text, limit }: Wanted,
): Promise<ColumnValues> {
  const { rows } = await sql<{ value_json: string; count: number }>`
    select f.value_json, count(*) as count ${valuesOf(listId, id)} group by f.value_json`.execute(db);
  const counts = new Map<string, number>();
  for (const { value_json, count } of rows) {
    const value = JSON.parse(value_json) as Value;
    for (const each of Array.isArray(value) ? value : [writeValue(value)]) {
      counts.set(each, (counts.get(each) ?? 0) + count);
    }
  }
  return [...counts]
    .filter(([value]) => text === undefined || holdsText(value, text))
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, limit);
}

function valuesOf(listId: string, fieldId: string): RawBuilder<unknown> {
  return sql`from field_values as f
    join saved_videos as v on v.list_id = ${listId} and v.seq = f.seq and v.deleted_at is null
    where f.field_id = ${fieldId} and f.value_json is not null`;
}

function holds(words: RawBuilder<unknown>, text: string | undefined): RawBuilder<unknown> {
  return text === undefined ? sql`true` : sql`${words} like ${likePattern(text)} escape '\\'`;
}

/** In SQL: a list may hold a text of 5,000 characters for each of 250,000 videos. */
function mostFirst(db: Queryable, value: RawBuilder<unknown>, limit: number): RawBuilder<unknown> {
  const inBytes = engineOf(db) === 'postgres' ? sql`${value} collate "C"` : value;
  return sql`order by count(*) desc, ${inBytes} limit ${limit}`;
}
