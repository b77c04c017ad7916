/**
 * How fields changed, so that what was kept or asked under a former type or name follows when it is needed: an edit
 * that is taken back, an answer that was under way. Written again with every change, the cells that 20 edits of 100,000
 * videos keep held the database of SQLite for 59 s; a change takes 0.4 s without them (2 cores, others at work).
 */
import type { Field, Value } from '#contract/fields.ts';
import type { FieldType } from '#contract/words.ts';
import type { Changes } from '#saved-videos/list-lock.ts';

/** Former names of options and their later ones. */
export type Renamed = ReadonlyMap<string, string>;

/** Of one field. What is older is read as if its options had never had other names: in doubt it is marked. */
const changesKept = 100;

/** `version`: of the list, which this change raised it to. */
export async function keepChange(
  changes: Changes,
  before: Pick<Field, 'id' | 'type'>,
  renamed: Renamed,
  version: number,
): Promise<void> {
  const { id: field_id, type } = before;
  await changes
    .insertInto('list_field_changes')
    .values({ field_id, version, type, renamed_json: JSON.stringify([...renamed]) })
    .execute();
  const forgotten = await changes
    .selectFrom('list_field_changes')
    .select('version')
    .where('field_id', '=', field_id)
    .orderBy('version', 'desc')
    .offset(changesKept)
    .limit(1)
    .executeTakeFirst();
  if (forgotten === undefined) return;
  await changes
    .deleteFrom('list_field_changes')
    .where('field_id', '=', field_id)
    .where('version', '<=', forgotten.version)
    .execute();
}

/** The type of the field at that version of its list, and what the options of then are called now. */
export async function changesSince(
  changes: Changes,
  field: Pick<Field, 'id' | 'type'>,
  version: number,
): Promise<{ type: FieldType; renamed: Renamed }> {
  const rows = await changes
    .selectFrom('list_field_changes')
    .select(['type', 'renamed_json'])
    .where('field_id', '=', field.id)
    .where('version', '>', version)
    .orderBy('version')
    .execute();
  const renamed = new Map<string, string>();
  for (const { renamed_json } of rows) {
    const later = new Map(JSON.parse(renamed_json) as [string, string][]);
    for (const [from, to] of renamed) renamed.set(from, later.get(to) ?? to);
    for (const [from, to] of later) if (!renamed.has(from)) renamed.set(from, to);
  }
  return { type: rows[0]?.type ?? field.type, renamed };
}

export function renameIn(value: Value, renamed: Renamed): Value {
  if (typeof value === 'string') return renamed.get(value) ?? value;
  return Array.isArray(value) ? value.map((option) => renamed.get(option) ?? option) : value;
}
