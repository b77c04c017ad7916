/**
 * A file becomes saved videos with values. It is read twice: once to the end, so that a file that breaks off or is no
 * table changes nothing, and once to write it, some rows in each transaction, so that nobody waits for all of them. Its
 * rows may be sent again: what is there already is the same, or left alone.
 */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { limits, NewField, oneLine, type Field } from '#contract/fields.ts';
import type { ImportOptions, ImportReport } from '#contract/saved-videos.ts';
import type { Database } from '#db/schema.ts';
import { addFields } from '#saved-videos/fields/fields.ts';
import {
  isFileColumn,
  labelKey,
  labelsOf,
  readHeadings,
  type HeadingMeans,
  type Labels,
} from '#saved-videos/fields/headings.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { lockList } from '#saved-videos/list-lock.ts';
import { findList } from '#saved-videos/lists.ts';
import { ListRefused } from '#saved-videos/refused.ts';
import { listFull, Playlists, UnreadableLines } from '#saved-videos/videos/add-videos.ts';
import type { ExpandPlaylist } from '#saved-videos/videos/playlist.ts';
import { readLinks } from '#saved-videos/videos/read-link.ts';
import { csvRows } from './csv-rows.ts';
import { rowOfCsv, rowOfJson, type FileRow } from './file-row.ts';
import { restore } from './formula.ts';
import { jsonParts } from './json-elements.ts';
import { keepFileRows, noValues, type FileVideo } from './keep-file-rows.ts';
import { linkColumnOf, meansUrl, rowsJudged } from './link-column.ts';
import type { SpooledFile } from './spool.ts';

export type FileFormat = 'csv' | 'json';

export type ImportPlace = {
  db: Kysely<Database>;
  owner: string;
  expand_playlist: ExpandPlaylist | null;
};

/**
 * Throws `ListRefused`: of the file, when nothing was written but the fields that it brings; or because the list was put
 * away meanwhile, when what was written until then comes back with it.
 */
export async function importFile(
  place: ImportPlace,
  listId: string,
  file: SpooledFile,
  format: FileFormat,
  options: ImportOptions,
): Promise<ImportReport> {
  await findList(place.db, place.owner, listId);
  const plan = format === 'csv' ? await planCsv(file) : await planJson(file);
  if (plan.rows > limits.videos_per_list) {
    throw new ListRefused(
      'file_unreadable',
      `The file has ${plan.rows.toLocaleString('en')} rows. ${listFull} Nothing was added.`,
    );
  }
  const fields = await fieldsOfImport(place, listId, plan, options);
  const importing = new Import(place, listId, options);
  const columns = columnsOf(plan, labelsOf(fields));
  const rows =
    format === 'csv' ? csvFileRows(file, plan, columns) : jsonFileRows(file, fields, importing.unreadable);
  for await (const row of rows) await importing.take(row);
  await importing.write();
  return {
    ...importing.counts,
    unreadable: importing.unreadable.count,
    examples: importing.unreadable.examples,
    rows: plan.rows,
    columns: plan.headings.map((heading, at) => ({ heading, as: nameOf(columns[at]) })),
    values: importing.values.counts,
    unfit_examples: importing.values.examples,
  };
}

/** What the first reading finds. */
type Plan = {
  rows: number;
  headings: string[];
  /** Place of the column of links; null in JSON. */
  links_at: number | null;
  is_without_headings: boolean;
  /** Fields that the file describes itself. */
  fields: NewField[];
};

async function planCsv(file: SpooledFile): Promise<Plan> {
  const first: string[][] = [];
  let rows = 0;
  for await (const { cells } of csvRows(file.read())) {
    if (rows === 0) refuseTooWide(cells);
    if (rows < rowsJudged) first.push(cells);
    rows += 1;
  }
  const headings = first[0]?.map(headingOf);
  if (headings === undefined) throw new ListRefused('no_links_in_file', 'The file is empty.');
  const links = linkColumnOf(first);
  if (links === undefined) {
    const names = headings.map((name) => `“${name.slice(0, 40).toWellFormed()}”`).slice(0, 20);
    throw new ListRefused(
      'no_links_in_file',
      `None of the columns holds links. Name one of them “url”; the first row has ${names.join(', ')}.`,
    );
  }
  const { at: links_at, is_without_headings } = links;
  if (!is_without_headings) return { rows: rows - 1, headings, links_at, is_without_headings, fields: [] };
  const none = headings.map((_, at) => (at === links_at ? 'url' : ''));
  return { rows, headings: none, links_at, is_without_headings, fields: [] };
}

/** What more there is beside the links and fifty fields cannot be meant. */
const mostColumns = 1000;

function refuseTooWide(cells: readonly string[]): void {
  if (cells.length <= mostColumns) return;
  const [came, most] = [cells.length, mostColumns].map((count) => count.toLocaleString('en'));
  throw new ListRefused(
    'file_unreadable',
    `The first row has ${came} columns, and ${most} are read at the most. Nothing was added.`,
  );
}

/** On one line, and no longer than a field may be called: it may become one, and must be found again as that. */
function headingOf(cell: string): string {
  return oneLine(oneLine(restore(cell)).slice(0, limits.label_characters));
}

function columnsOf({ headings, links_at }: Plan, labels: Labels): HeadingMeans[] {
  return readHeadings(headings, labels).map((meaning, at) => {
    if (at === links_at) return { column: 'url' };
    return meansUrl(meaning) ? undefined : meaning;
  });
}

async function planJson(file: SpooledFile): Promise<Plan> {
  let rows = 0;
  let fields: NewField[] = [];
  for await (const part of jsonParts(file.read())) {
    if (part.is === 'element') rows += 1;
    else fields = fieldsIn(part.value);
  }
  return { rows, headings: [], links_at: null, is_without_headings: false, fields };
}

function fieldsIn(rest: Record<string, unknown> | null): NewField[] {
  const given = rest?.['fields'];
  if (!Array.isArray(given)) return [];
  return given.slice(0, limits.fields_per_list).map((each: unknown) => {
    const { label, type, options, instruction, required } = (each ?? {}) as Record<string, unknown>;
    const read = NewField.safeParse({ label, type, options, instruction, required });
    if (read.success) return read.data;
    throw new ListRefused(
      'file_unreadable',
      `The file describes a field that cannot be made: ${read.error.issues[0]?.message ?? 'unknown'}. Nothing was added.`,
    );
  });
}

/** Those of the list, and those that the file brings or, if that is wished, names. */
async function fieldsOfImport(
  { db, owner }: ImportPlace,
  listId: string,
  plan: Plan,
  options: ImportOptions,
): Promise<Field[]> {
  const fields = await fieldsOfList(db, listId);
  if (fieldsMissing(plan, fields, options).length === 0) return fields;
  return db.transaction().execute(async (changes) => {
    await lockList(changes, owner, listId);
    // Another file may have brought them meanwhile.
    const there = await fieldsOfList(changes, listId);
    await addFields(changes, listId, fieldsMissing(plan, there, options));
    return fieldsOfList(changes, listId);
  });
}

function fieldsMissing(plan: Plan, fields: readonly Field[], options: ImportOptions): NewField[] {
  const labels = labelsOf(fields);
  const missing = plan.fields.filter(({ label }) => !labels.has(labelKey(label)));
  if (!options.create_fields || plan.is_without_headings) return missing;
  const columns = columnsOf(plan, labels);
  const taken = new Set(['', ...labels.keys(), ...missing.map(({ label }) => labelKey(label))]);
  for (const [at, label] of plan.headings.entries()) {
    // A second column for what every list has is left alone.
    if (columns[at] !== undefined || isFileColumn(label) || taken.has(labelKey(label))) continue;
    taken.add(labelKey(label));
    missing.push({ label, type: 'text', options: [], instruction: '', required: false });
  }
  return missing;
}

async function* csvFileRows(
  file: SpooledFile,
  plan: Plan,
  meanings: readonly HeadingMeans[],
): AsyncGenerator<FileRow> {
  let skipHeading = !plan.is_without_headings;
  for await (const { line, cells } of csvRows(file.read())) {
    if (!skipHeading) yield rowOfCsv(line, cells, meanings);
    skipHeading = false;
  }
}

async function* jsonFileRows(
  file: SpooledFile,
  fields: readonly Field[],
  unreadable: UnreadableLines,
): AsyncGenerator<FileRow> {
  const labels = labelsOf(fields);
  const meanings = new Map<string, HeadingMeans>();
  const meaningOf = (name: string) => {
    if (!meanings.has(name)) {
      // What a hostile file may name is not all kept.
      if (meanings.size > 1000) meanings.clear();
      meanings.set(name, readHeadings([name], labels)[0]);
    }
    return meanings.get(name);
  };
  for await (const part of jsonParts(file.read())) {
    if (part.is !== 'element') continue;
    const row = rowOfJson(part.line, part.value, meaningOf);
    if (typeof row !== 'string') yield row;
    else unreadable.add(part.line, JSON.stringify(part.value), 'bad_row', row);
  }
}

/**
 * A value of its own may belong anywhere in the order of its field, so that each transaction writes about as many pages
 * as it has rows: 60,000 videos took 7.4 s of a processor by 500, 5.9 by 2,000, 5.6 by 4,000 (`npm run bench:lists --
 * --videos 60000`). Between two of them others have the database.
 */
const rowsAtOnce = 2000;

/** Rows gathered, and written some at a time. */
class Import {
  readonly unreadable = new UnreadableLines();
  readonly #counts = { added: 0, already_here: 0, first_seq: null as number | null };
  readonly values = noValues();
  readonly #place: ImportPlace;
  readonly #listId: string;
  readonly #options: ImportOptions;
  readonly #playlists: Playlists;
  #waiting: FileVideo[] = [];

  constructor(place: ImportPlace, listId: string, options: ImportOptions) {
    this.#place = place;
    this.#listId = listId;
    this.#options = options;
    this.#playlists = new Playlists(place.expand_playlist);
  }

  get counts(): Pick<ImportReport, 'added' | 'already_here' | 'first_seq'> {
    const { already_here, ...counts } = this.#counts;
    return { ...counts, already_here: already_here + this.#playlists.named_again };
  }

  async take(row: FileRow): Promise<void> {
    const { line, link: text } = row;
    if (text === '') this.unreadable.add(line, '', 'bad_row', 'This row has no link.');
    const links = readLinks(text);
    for (const link of links) {
      if (link.is === 'unreadable') this.unreadable.add(line, text, link.reason, link.message);
      else if (link.is === 'video') {
        // What a row tells is about one video; where it has several links, about none of them.
        this.#waiting.push({ ...link, line, text, row: links.length === 1 ? row : null });
      } else {
        const ids = await this.#playlists.videosOf(link.playlist_id, (reason, message) =>
          this.unreadable.add(line, text, reason, message),
        );
        this.#waiting.push(
          ...ids.map((youtube_id) => ({ youtube_id, start_seconds: null, line, text, row: null })),
        );
      }
    }
    if (this.#waiting.length >= rowsAtOnce) await this.write();
  }

  async write(): Promise<void> {
    const videos = this.#waiting;
    this.#waiting = [];
    if (videos.length === 0) return;
    const kept = await this.#place.db.transaction().execute(async (changes) => {
      const list = await lockList(changes, this.#place.owner, this.#listId);
      return keepFileRows(changes, list, videos, {
        ...this.#options,
        // As they are now: they may be changed or put away between two transactions.
        fields: await fieldsOfList(changes, this.#listId),
        values: this.values,
      });
    });
    await othersTurn();
    this.#counts.added += kept.added;
    this.#counts.already_here += kept.already_here;
    this.#counts.first_seq ??= kept.first_seq;
    for (const { line, text } of kept.refused) this.unreadable.add(line, text, 'list_full', listFull);
  }
}

function nameOf(meaning: HeadingMeans): string | null {
  if (meaning === undefined) return null;
  return 'column' in meaning ? meaning.column : meaning.field_id;
}
