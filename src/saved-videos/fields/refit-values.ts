/** What becomes of the values of a field when the field changes: read anew, or kept and marked. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Field, Value } from '#contract/fields.ts';
import type { Queryable } from '#db/database.ts';
import type { Changes } from '#saved-videos/list-lock.ts';
import { fitValue, misfitForms, readValue, storedForms, writeValue, type Fitted } from './field-value.ts';
import { keepChange, renameIn, type Renamed } from './field-changes.ts';
import { putValueRows, type ValueRow } from './keep-values.ts';

const rowsAtOnce = 1000;

/** Returns how many values are written otherwise now, and how many fit no longer. `version`: of the list by now. */
export async function refitValues(
  changes: Changes,
  before: Field,
  after: Field,
  renamed: Renamed,
  version: number,
): Promise<{ converted: number; misfits: number }> {
  const counts = { converted: 0, misfits: 0 };
  if (renamed.size > 0 || before.type !== after.type) await keepChange(changes, before, renamed, version);
  else if (isDeepStrictEqual(before.options, after.options)) return counts;
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
  return counts;
}

/** A row as the changed field has it. What a model tried in vain stays so. */
export function refitted(row: ValueRow, before: Pick<Field, 'type'>, after: Field, renamed: Renamed): ValueRow {
  if (row.value_json === null) return row;
  const value = renameIn(JSON.parse(row.value_json) as Value, renamed);
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
