/** The one place where values of fields are written. */
import { sql } from 'kysely';
import { limits, type Field, type Value } from '#contract/fields.ts';
import { isOfOptions } from '#contract/words.ts';
import { insertRows } from '#db/json-rows.ts';
import type { FieldValuesTable } from '#db/schema/saved-videos.ts';
import type { Changes } from '#saved-videos/list-lock.ts';
import { changesSince, renameIn } from './field-changes.ts';
import { fitValue, misfitForms, storedForms, type FieldShape, type Fitted } from './field-value.ts';
import { fieldsOfList } from './stored-fields.ts';

/** What a model came to for one video and one field. */
export type ModelValue = {
  seq: number;
  field_id: string;
  model: string;
  prompt_version: number;
} & ({ value: Value | null } | { error: string });

/**
 * Keeps what a model found, in the transaction that settles the items. A person's or a file's value stays, whoever
 * comes later; so does a good value of a model where a later try failed, or came to what fits no longer. A field that
 * was deleted meanwhile is left out, and what does not fit a field that was changed meanwhile is marked. Returns how
 * many values were written.
 */
export async function keepModelValues(
  changes: Changes,
  listId: string,
  values: readonly ModelValue[],
  now: Date,
): Promise<number> {
  const fields = new Map((await fieldsOfList(changes, listId)).map((field) => [field.id, field]));
  const rows: ValueRow[] = [];
  for (const each of values) {
    const field = fields.get(each.field_id);
    if (field !== undefined) rows.push(await modelRow(changes, field, each, now));
  }
  return writeRows(changes, rows, onlyOverModels);
}

/** The model's empty answer for a field that must have a value, perhaps since it was asked, is a failure of the cell. */
async function modelRow(changes: Changes, field: Field, given: ModelValue, now: Date): Promise<ValueRow> {
  const { seq, field_id, model, prompt_version } = given;
  const said = { source: 'model', model, prompt_version, at: now.toISOString() } as const;
  const failed = (error: string): ValueRow => ({
    seq,
    field_id,
    ...storedForms(field, null),
    state: 'failed',
    error: error.slice(0, limits.reason_characters).toWellFormed(),
    ...said,
  });
  if ('error' in given) return failed(given.error);
  const { value } = given;
  const fitted = await fitAnswer(changes, field, value);
  if (value === null || (fitted.fits && fitted.value === null)) {
    if (field.required) return failed('It must have a value.');
    return { seq, field_id, ...storedForms(field, null), state: 'ok', error: null, ...said };
  }
  if (fitted.fits) {
    return { seq, field_id, ...storedForms(field, fitted.value), state: 'ok', error: null, ...said };
  }
  return { seq, field_id, ...misfitForms(value), state: 'misfit', error: fitted.message, ...said };
}

/** The field may have been changed since the model was asked: an option by its former name is that option. */
async function fitAnswer(changes: Changes, field: Field, value: Value | null): Promise<Fitted> {
  const fitted = fitValue(field, value);
  if (fitted.fits || value === null || !isOfOptions(field.type)) return fitted;
  const { renamed } = await changesSince(changes, field, 0);
  const followed = fitValue(field, renameIn(value, renamed));
  return followed.fits ? followed : fitted;
}

export type ValueRow = FieldValuesTable;

export function valueRow(
  field: FieldShape & { id: string },
  seq: number,
  value: Value | null,
  said: { source: 'person' | 'csv'; at: string },
): ValueRow {
  return {
    field_id: field.id,
    seq,
    ...storedForms(field, value),
    state: 'ok',
    ...said,
    model: null,
    prompt_version: null,
    error: null,
  };
}

const columns = {
  field_id: 'text',
  seq: 'integer',
  value_json: 'text',
  sort_key: 'text',
  search_text: 'text',
  state: 'text',
  source: 'text',
  model: 'text',
  prompt_version: 'integer',
  at: 'text',
  error: 'text',
} as const;

/** What was tried in vain keeps the value that stood there, so that it is not lost to a bad day of the model. */
const onlyOverModels = sql`
  on conflict (field_id, seq) do update set
    value_json = case when excluded.state = 'failed' then field_values.value_json else excluded.value_json end,
    sort_key = case when excluded.state = 'failed' then field_values.sort_key else excluded.sort_key end,
    search_text = case when excluded.state = 'failed' then field_values.search_text else excluded.search_text end,
    state = excluded.state, model = excluded.model, prompt_version = excluded.prompt_version,
    at = excluded.at, error = excluded.error
  where field_values.source = 'model' and (excluded.state = 'ok' or field_values.state <> 'ok')`;

const overEverything = sql`
  on conflict (field_id, seq) do update set
    value_json = excluded.value_json, sort_key = excluded.sort_key, search_text = excluded.search_text,
    state = excluded.state, source = excluded.source, model = excluded.model,
    prompt_version = excluded.prompt_version, at = excluded.at, error = excluded.error`;

/** Bounds what one statement holds. */
const rowsAtOnce = 5000;

/** Writes these rows whatever stood there: for a person's edit, an import, and what they take back. */
export function putValueRows(changes: Changes, rows: readonly ValueRow[]): Promise<number> {
  return writeRows(changes, rows, overEverything);
}

async function writeRows(
  changes: Changes,
  rows: readonly ValueRow[],
  ending: typeof overEverything,
): Promise<number> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await insertRows(changes, 'field_values', columns, rows.slice(start, start + rowsAtOnce), ending);
  }
  return rows.length;
}
