/** Filters, searches and sorting as SQL: the one meaning of "which videos, in which order". */
import { sql, type RawBuilder } from 'kysely';
import type { Field } from '#contract/fields.ts';
import type { VideoCondition, VideoFilter, VideoView } from '#contract/saved-videos.ts';
import {
  isOfOptions,
  liveStates,
  valueSources,
  videoColumns,
  videoStates,
  type FilterTest,
  type VideoColumn,
} from '#contract/words.ts';
import type { Engine } from '#db/database.ts';
import { jsonRows } from '#db/json-rows.ts';
import { readValue, sortKeyOf } from '#saved-videos/fields/field-value.ts';
import { fold, likePattern } from '#saved-videos/fields/sort-key.ts';
import { ListRefused } from '#saved-videos/refused.ts';

type Sql = RawBuilder<unknown>;

/** How the columns of every list are compared. */
type Nature = 'words' | 'number' | 'time' | 'exact' | readonly string[];
const natures: Record<VideoColumn, Nature> = {
  seq: 'number',
  youtube_id: 'exact',
  title: 'words',
  channel: 'words',
  duration_seconds: 'number',
  published_at: 'time',
  language: 'exact',
  live_state: liveStates,
  state: videoStates,
  start_seconds: 'number',
  added_at: 'time',
  processed_at: 'time',
};

export type ViewScope = { engine: Engine; list_id: string; fields: readonly Field[] };

/** What must hold of a row `v` of `saved_videos`. Throws `ListRefused` for what cannot be asked of a column. */
export function conditionsOf(scope: ViewScope, { text, filters }: VideoCondition): Sql {
  return sql.join(
    [
      sql`v.list_id = ${scope.list_id}`,
      sql`v.deleted_at is null`,
      ...holdsWords(scope, text ?? ''),
      ...filters.map((filter) => filterOf(scope, filter)),
    ],
    sql` and `,
  );
}

/** The tables that sorting needs beside `v`, and what stands after `order by`. */
export function orderOf(scope: ViewScope, sort: VideoView['sort']): { joins: Sql; order: Sql } {
  const joins: Sql[] = [];
  const order: Sql[] = [];
  for (const [nth, { column, direction }] of sort.entries()) {
    const toward = direction === 'desc' ? sql`desc` : sql`asc`;
    const builtIn = builtInColumn(column);
    let key: Sql;
    if (builtIn === undefined) {
      const { id } = fieldOfColumn(scope, column);
      const values = sql.id(`s${nth}`);
      joins.push(
        sql`left join field_values as ${values} on ${values}.field_id = ${id} and ${values}.seq = v.seq`,
      );
      key = sql`${values}.sort_key`;
    } else key = builtInKey(scope.engine, builtIn);
    // What has no value stands last in both directions.
    order.push(sql`${key} ${toward} nulls last`);
  }
  return { joins: sql.join(joins, sql` `), order: sql.join([...order, sql`v.seq`]) };
}

export function builtInColumn(column: string): VideoColumn | undefined {
  return videoColumns.find((each) => each === column);
}

export function fieldOfColumn({ fields }: Pick<ViewScope, 'fields'>, column: string): Field {
  const field = fields.find(({ id }) => id === column);
  if (field !== undefined) return field;
  throw new ListRefused(
    'unknown_column',
    `There is no column “${column.slice(0, 60)}” in this list. It has ${videoColumns.join(', ')}, and fields by their id.`,
  );
}

function builtInKey(engine: Engine, column: VideoColumn): Sql {
  const nature = natures[column];
  if (column === 'title') return sql`v.title_key`;
  if (column === 'channel') return sql`v.channel_key`;
  const it = sql.ref(`v.${column}`);
  if (nature === 'number') return it;
  if (typeof nature === 'string') return inBytes(engine, it);
  const cases = nature.map((word, place) => sql`when ${sql.lit(word)} then ${sql.lit(place)}`);
  return sql`case ${it} ${sql.join(cases, sql` `)} end`;
}

/** PostgreSQL would compare as the language of its server does. */
function inBytes(engine: Engine, text: Sql): Sql {
  return engine === 'postgres' ? sql`${text} collate "C"` : text;
}

/**
 * Every word of a search: in title, channel or id, or in words of any field. The longest first: few videos have it, and
 * the others are looked for in those alone. What is part of a longer one stands wherever that does.
 */
function holdsWords(scope: ViewScope, text: string): Sql[] {
  const longestFirst = text.split(/\s+/).sort((one, other) => other.length - one.length);
  const words = longestFirst.filter(
    (word, at) => word !== '' && !longestFirst.slice(0, at).some((longer) => longer.includes(word)),
  );
  if (words.length === 0) return [];
  const options = scope.fields.flatMap((field) =>
    isOfOptions(field.type) ? field.options.map((option) => ({ field, option, folded: fold(option) })) : [],
  );
  return words.map((word) => holdsWord(scope, options, word));
}

type FoldedOption = { field: Field; option: string; folded: string };

/**
 * Options are few: only fields that have the word in one are looked through. It may also stand in values of former
 * options, which an index of their own finds.
 */
function holdsWord({ engine, fields }: ViewScope, options: readonly FoldedOption[], word: string): Sql {
  const pattern = likePattern(word);
  const found: Sql[] = [];
  const look = (among: readonly Field[], condition: Sql) => {
    if (among.length === 0) return;
    const ids = sql.join(among.map(({ id }) => id));
    found.push(sql`select seq from field_values where field_id in (${ids}) and ${condition}`);
  };
  const part = fold(word);
  const having = options.filter(({ folded }) => folded.includes(part));
  const several = new Set(having.map(({ field }) => field).filter(({ type }) => type === 'multi_select'));
  const keys = having
    .filter(({ field }) => field.type === 'select')
    .map(({ field, option }) => ({ field_id: field.id, sort_key: sortKeyOf(field, option) }));

  look(
    fields.filter(({ type }) => type === 'text'),
    sql`search_text like ${pattern} escape '\\'`,
  );
  // Several options are kept in words as `writeValue` writes them: what holds a quote has it doubled.
  look([...several], sql`search_text like ${likePattern(word.replaceAll('"', '""'))} escape '\\'`);
  look(
    fields.filter(({ type }) => isOfOptions(type)),
    sql`${isNotOk('misfit')} and search_text like ${pattern} escape '\\'`,
  );
  if (keys.length > 0) {
    // As one parameter: SQLite takes 32,766, and a word may stand in 5,000 options.
    const chosen = jsonRows(engine, 'chosen', { field_id: 'text', sort_key: 'text' }, keys);
    found.push(sql`select seq from ${chosen} join field_values using (field_id, sort_key)`);
  }
  return anyOf([
    sql`v.search_text like ${pattern} escape '\\'`,
    ...found.map((seqs) => sql`v.seq in (${seqs})`),
  ]);
}

function filterOf(scope: ViewScope, filter: VideoFilter): Sql {
  const builtIn = builtInColumn(filter.column);
  if (builtIn !== undefined) return builtInFilter(scope.engine, builtIn, filter);
  return fieldFilter(fieldOfColumn(scope, filter.column), filter);
}

// ── Columns that every list has ─────────────────────────────────────────────────────────────────────────────

function builtInFilter(engine: Engine, column: VideoColumn, { test, values }: VideoFilter): Sql {
  const it = sql.ref(`v.${column}`);
  switch (test) {
    case 'empty':
      return sql`${it} is null`;
    case 'filled':
      return sql`${it} is not null`;
    case 'contains':
      return anyOf(given(column, test, values).map((value) => holds(column, value)));
    case 'any_of':
      return anyOf(given(column, test, values).map((value) => equals(engine, column, value)));
    case 'none_of':
      return sql`(${it} is null or not ${anyOf(given(column, test, values).map((value) => equals(engine, column, value)))})`;
    case 'at_least':
      return compare(engine, column, '>=', only(column, test, values));
    case 'at_most':
      return compare(engine, column, '<=', only(column, test, values));
    case 'source':
    case 'failed':
    case 'misfit':
      throw notAsked(column, test, 'That can be asked of a field only.');
  }
}

/**
 * `search_text` is title, channel and id, a line each; with its two line ends written out, a pattern can match in one
 * of the three alone.
 */
function holds(column: VideoColumn, text: string): Sql {
  const part = likePattern(text.replaceAll('\n', ' '));
  const patterns: Partial<Record<VideoColumn, string>> = {
    title: `${part}\n%\n%`,
    channel: `%\n${part}\n%`,
    youtube_id: `%\n%\n${part}`,
  };
  const pattern = patterns[column];
  if (pattern !== undefined) return sql`v.search_text like ${pattern} escape '\\'`;
  if (natures[column] === 'number' || natures[column] === 'time') {
    throw notAsked(column, 'contains', 'Ask for at_least, at_most or any_of.');
  }
  return sql`lower(${sql.ref(`v.${column}`)}) like ${part} escape '\\'`;
}

function equals(engine: Engine, column: VideoColumn, value: string): Sql {
  const nature = natures[column];
  const it = sql.ref(`v.${column}`);
  if (nature === 'number') return sql`${it} = ${asNumber(column, value)}`;
  // A year, a month and a day are all the times in them.
  if (nature === 'time') return sql`${it} like ${`${asTime(column, value)}%`}`;
  if (typeof nature !== 'string' && !nature.includes(value)) {
    throw notAsked(column, 'any_of', `It is one of ${nature.join(', ')}, not “${value}”.`);
  }
  return sql`${inBytes(engine, it)} = ${value}`;
}

function compare(engine: Engine, column: VideoColumn, sign: '>=' | '<=', value: string): Sql {
  const nature = natures[column];
  const compared = sign === '>=' ? sql`>=` : sql`<=`;
  if (nature === 'number') return sql`${sql.ref(`v.${column}`)} ${compared} ${asNumber(column, value)}`;
  if (nature === 'time') {
    // At most a day means to its end: `~` follows everything that a time begins with.
    const limit = asTime(column, value) + (sign === '<=' ? '~' : '');
    return sql`${inBytes(engine, sql.ref(`v.${column}`))} ${compared} ${limit}`;
  }
  throw notAsked(
    column,
    sign === '>=' ? 'at_least' : 'at_most',
    'That can be asked of numbers and times only.',
  );
}

function asNumber(column: string, value: string): number {
  const number = Number(value);
  // Both engines hold these columns in 32 bits.
  if (value.trim() !== '' && Number.isFinite(number) && Math.abs(number) < 2 ** 31) return Math.round(number);
  throw new ListRefused('filter_not_understood', `${column} is a number, but “${value}” came.`);
}

function asTime(column: string, value: string): string {
  if (/^\d{4}(-\d{2}(-\d{2}(T[\d:.]*Z?)?)?)?$/.test(value)) return value;
  throw new ListRefused(
    'filter_not_understood',
    `${column} is a time such as 2024, 2024-05 or 2024-05-01, but “${value}” came.`,
  );
}

// ── Fields ──────────────────────────────────────────────────────────────────────────────────────────────────

function fieldFilter(field: Field, { test, values }: VideoFilter): Sql {
  const { id, label, type } = field;
  const where = (condition: Sql) =>
    sql`v.seq in (select seq from field_values where field_id = ${id} and ${condition})`;
  switch (test) {
    case 'empty':
      return sql`not ${where(sql`sort_key is not null`)}`;
    case 'filled':
      return where(sql`sort_key is not null`);
    case 'failed':
      return where(isNotOk('failed'));
    case 'misfit':
      return where(isNotOk('misfit'));
    case 'source':
      return where(anyOf(given(label, test, values).map((value) => sql`source = ${asSource(value)}`)));
    case 'contains':
      if (type === 'number' || type === 'duration' || type === 'boolean') {
        throw notAsked(label, test, 'Ask for at_least, at_most or any_of.');
      }
      return where(
        anyOf(
          given(label, test, values).map((value) => sql`search_text like ${likePattern(value)} escape '\\'`),
        ),
      );
    case 'any_of':
      return where(anyOf(given(label, test, values).map((value) => isValue(field, value))));
    case 'none_of':
      return sql`not ${where(anyOf(given(label, test, values).map((value) => isValue(field, value))))}`;
    case 'at_least':
      return where(sql`sort_key >= ${keyOf(field, only(label, test, values))} and ${fits(field)}`);
    case 'at_most':
      return where(sql`sort_key <= ${keyOf(field, only(label, test, values))} and ${fits(field)}`);
  }
}

/** An option that the field no longer has is asked for as it stands in the values that kept it. */
function isValue(field: Field, text: string): Sql {
  const read = readValue(oneOf(field), text);
  const value = read.fits ? read.value : null;
  if (value === null) {
    return sql`${isNotOk('misfit')} and search_text like ${likePattern(text)} escape '\\'`;
  }
  if (isOfOptions(field.type)) return isOption(field, String(value));
  const key = sortKeyOf(field, value);
  // Of a text the key is only its beginning, without case.
  return field.type === 'text'
    ? sql`sort_key = ${key} and value_json = ${JSON.stringify(value)}`
    : sql`sort_key = ${key}`;
}

/** The key of an option is its place, and that of several is their places, three digits each. */
function isOption(field: Field, option: string): Sql {
  const key = sortKeyOf(oneOf(field), option);
  return field.type === 'select' ? sql`sort_key = ${key}` : sql`sort_key like ${`%${key}%`} and ${fits(field)}`;
}

function oneOf(field: Field): Field {
  return field.type === 'multi_select' ? { ...field, type: 'select' } : field;
}

/** In the words of the partial index. */
function isNotOk(state: 'failed' | 'misfit'): Sql {
  return sql`state = ${sql.lit(state)} and state <> ${sql.lit('ok')}`;
}

/** Keys of values that do not fit begin so, and no other but those of texts do. */
function fits(field: Field): Sql {
  return field.type === 'text' ? sql`true` : sql`sort_key < '~'`;
}

function keyOf(field: Field, text: string): string {
  const read = readValue(oneOf(field), text);
  if (!read.fits) throw new ListRefused('filter_not_understood', `${field.label}: ${read.message}`);
  if (read.value === null) throw notAsked(field.label, 'at_least', 'Give a value.');
  return sortKeyOf(oneOf(field), read.value);
}

function asSource(value: string): string {
  const source = valueSources.find((each) => each === value);
  if (source !== undefined) return source;
  throw new ListRefused(
    'filter_not_understood',
    `A value comes from ${valueSources.join(', ')}, not from “${value}”.`,
  );
}

// ── Both ────────────────────────────────────────────────────────────────────────────────────────────────────

function anyOf(conditions: readonly Sql[]): Sql {
  return sql`(${sql.join([...conditions], sql` or `)})`;
}

function given(column: string, test: FilterTest, values: readonly string[]): readonly string[] {
  if (values.length > 0) return values;
  throw notAsked(column, test, 'Give at least one value.');
}

function only(column: string, test: FilterTest, values: readonly string[]): string {
  const [value, other] = values;
  if (value !== undefined && other === undefined) return value;
  throw notAsked(column, test, 'Give one value.');
}

function notAsked(column: string, test: FilterTest, sentence: string): ListRefused {
  return new ListRefused('filter_not_understood', `“${test}” of ${column}: ${sentence}`);
}

/** Whether a text holds another, as the filters have it. */
export function holdsText(text: string, part: string): boolean {
  return fold(text).includes(fold(part));
}
