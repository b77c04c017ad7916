/** What becomes of the values of a field when the field changes: read anew, or kept and marked. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Field, Value } from '#contract/fields.ts';
import { isOfOptions } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { insertRows } from '#db/json-rows.ts';
import type { Changes } from '#saved-videos/list-lock.ts';
import { fitValue, misfitForms, readValue, storedForms, writeValue, type Fitted } from './field-value.ts';
import { putValueRows, type ValueRow } from './keep-values.ts';

const rowsAtOnce = 1000;

/** Returns how many values are written otherwise now, and how many fit no longer. */
export async function refitValues(
  changes: Changes,
  before: Field,
  after: Field,
  renamed: ReadonlyMap<string, string>,
): Promise<{ converted: number; misfits: number }> {
  const counts = { converted: 0, misfits: 0 };
  const sameValues = before.type === after.type && before.options.join('\n') === after.options.join('\n');
  if (sameValues) return counts;
  for await (const rows of valueRowsOf(changes, after.id)) {
    const changed: ValueRow[] = [];
    for (const row of rows) {
      const next = refitted(row, before, after, renamed);
      if (next.state === 'misfit') counts.misfits += 1;
      if (next.value_json !== row.value_json) counts.converted += 1;
      if (differs(row, next)) changed.push(next);
    }
    await putValueRows(changes, changed);
    await othersTurn();
  }
  await refitKept(changes, before, after, renamed);
  return counts;
}

/** What edits keep for their undo goes the same way: taken back, a value is one of the field as it is then. */
async function refitKept(
  changes: Changes,
  before: Field,
  after: Field,
  renamed: ReadonlyMap<string, string>,
): Promise<void> {
  for await (const kept of keptRowsOf(changes, after.id)) {
    const changed = kept.flatMap(({ edit_id, field_id, seq, before_json }) => {
      const row = JSON.parse(before_json) as ValueRow;
      const next = refitted(row, before, after, renamed);
      return differs(row, next) ? [{ edit_id, field_id, seq, before_json: JSON.stringify(next) }] : [];
    });
    await insertRows(
      changes,
      'list_edit_values',
      { edit_id: 'text', field_id: 'text', seq: 'integer', before_json: 'text' },
      changed,
      sql`on conflict (edit_id, field_id, seq) do update set before_json = excluded.before_json`,
    );
    await othersTurn();
  }
}

/** A row as the changed field has it. What a model tried in vain stays so. */
export function refitted(
  row: ValueRow,
  before: Pick<Field, 'type'>,
  after: Field,
  renamed: ReadonlyMap<string, string> = new Map(),
): ValueRow {
  if (row.value_json === null) return row;
  const value = renameIn(JSON.parse(row.value_json) as Value, isOfOptions(before.type) ? renamed : new Map());
  const fitted = before.type === after.type ? fitValue(after, value) : readAs(after, before, value);
  if (fitted.fits && fitted.value !== null) {
    const isMended = row.state === 'misfit';
    return {
      ...row,
      ...storedForms(after, fitted.value),
      state: isMended ? 'ok' : row.state,
      error: isMended ? null : row.error,
    };
  }
  return {
    ...row,
    ...misfitForms(value),
    state: 'misfit',
    error: fitted.fits ? 'It says nothing that this field can hold.' : fitted.message,
  };
}

function readAs(after: Field, before: Pick<Field, 'type'>, value: Value): Fitted {
  if (before.type === 'select' && after.type === 'multi_select') return fitValue(after, [value]);
  if (Array.isArray(value) && value.length === 1 && after.type !== 'multi_select') {
    return readValue(after, value[0] ?? '');
  }
  const typed = fitValue(after, value);
  return typed.fits ? typed : readValue(after, writeValue(value));
}

function renameIn(value: Value, renamed: ReadonlyMap<string, string>): Value {
  if (typeof value === 'string') return renamed.get(value) ?? value;
  return Array.isArray(value) ? value.map((option) => renamed.get(option) ?? option) : value;
}

function differs(one: ValueRow, other: ValueRow): boolean {
  return (
    one.value_json !== other.value_json ||
    one.sort_key !== other.sort_key ||
    one.search_text !== other.search_text ||
    one.state !== other.state ||
    one.error !== other.error
  );
}

/** The values of one field that say something, some at a time. */
async function* valueRowsOf(db: Queryable, fieldId: string): AsyncGenerator<ValueRow[]> {
  let after = 0;
  for (;;) {
    const rows = await db
      .selectFrom('field_values')
      .selectAll()
      .where('field_id', '=', fieldId)
      .where('seq', '>', after)
      .where('value_json', 'is not', null)
      .orderBy('seq')
      .limit(rowsAtOnce)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.seq;
  }
}

/** What the edits of one field keep, some at a time; where nothing stood nothing has to follow. */
async function* keptRowsOf(db: Queryable, fieldId: string) {
  const edits = await db
    .selectFrom('list_edits')
    .innerJoin('list_fields', 'list_fields.list_id', 'list_edits.list_id')
    .select('list_edits.id')
    .where('list_fields.id', '=', fieldId)
    .execute();
  for (const { id } of edits) {
    let after = 0;
    for (;;) {
      const rows = await db
        .selectFrom('list_edit_values')
        .select(['edit_id', 'field_id', 'seq'])
        .select(({ ref }) => ref('before_json').$notNull().as('before_json'))
        .where('edit_id', '=', id)
        .where('field_id', '=', fieldId)
        .where('seq', '>', after)
        .where('before_json', 'is not', null)
        .orderBy('seq')
        .limit(rowsAtOnce)
        .execute();
      const last = rows.at(-1);
      if (last === undefined) break;
      yield rows;
      after = last.seq;
    }
  }
}
