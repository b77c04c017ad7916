/** A list as a file, some rows at a time: CSV for spreadsheets, JSON with where every value came from. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import type { Cell, Field } from '#contract/fields.ts';
import type { List } from '#contract/lists.ts';
import type { SavedVideo } from '#contract/saved-videos.ts';
import type { Queryable } from '#db/database.ts';
import { writeValue } from '#saved-videos/fields/field-value.ts';
import { fileColumns } from '#saved-videos/fields/headings.ts';
import { videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { seqIsAmong } from '#saved-videos/videos/video-seqs.ts';
import { leftEmpty, neutralise } from './formula.ts';

type Exported = {
  list: Pick<List, 'id' | 'name' | 'description'>;
  fields: readonly Field[];
  seqs: Uint32Array;
};

/** With the mark by which a spreadsheet knows UTF-8. */
export async function* exportCsv(db: Queryable, { list, fields, seqs }: Exported): AsyncGenerator<string> {
  yield `\uFEFF${asCsv([[...fileColumns, ...fields.map(({ label }) => label)].map(neutralise)])}`;
  for await (const videos of videosInOrder(db, list.id, fields, seqs)) {
    yield asCsv(videos.map((video) => csvCells(video, fields)));
  }
}

function asCsv(rows: string[][]): string {
  // Quotes also around what another program may take for the end of a cell or a row.
  return stringify(rows, { record_delimiter: '\r\n', quoted_match: /[\r\n\t;]|^\s|\s$/ });
}

function csvCells(video: SavedVideo, fields: readonly Field[]): string[] {
  const own = fileColumns.map((column) => {
    const told = video[column];
    return told === null ? '' : neutralise(String(told));
  });
  const given = fields.map(({ id }) => csvCell(video.cells[id]));
  return [...own, ...given];
}

function csvCell(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  const { value, state, source } = cell;
  // Where a model found nothing to say, nobody meant the cell to stay empty.
  if (value === null) return state === 'ok' && source !== 'model' ? leftEmpty : '';
  // A number below zero is no formula.
  return typeof value === 'number' ? String(value) : neutralise(writeValue(value));
}

/** One object; every video on a line of its own. */
export async function* exportJson(db: Queryable, { list, fields, seqs }: Exported): AsyncGenerator<string> {
  const head = {
    daybook: 'saved-videos',
    version: 1,
    name: list.name,
    description: list.description,
    fields: fields.map(({ label, type, options, instruction, required }) => ({
      label,
      type,
      options,
      instruction,
      required,
    })),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"videos":[`;
  let separator = '\n';
  for await (const videos of videosInOrder(db, list.id, fields, seqs)) {
    const descriptions = await descriptionsOf(db, list.id, videos);
    let text = '';
    for (const video of videos) {
      text += separator + JSON.stringify(jsonVideo(video, fields, descriptions.get(video.seq) ?? null));
      separator = ',\n';
    }
    yield text;
  }
  yield '\n]}\n';
}

function jsonVideo(video: SavedVideo, fields: readonly Field[], description: string | null): object {
  const own = Object.fromEntries(fileColumns.map((column) => [column, video[column]]));
  const values = fields.flatMap(({ id, label }) => {
    const cell = video.cells[id];
    return cell === undefined ? [] : [[label, cell] as const];
  });
  return { ...own, description, values: Object.fromEntries(values) };
}

/** What others wait between two turns; by 200 a file takes a tenth more of a processor. */
const rowsAtOnce = 500;

async function* videosInOrder(
  db: Queryable,
  listId: string,
  fields: readonly Field[],
  seqs: Uint32Array,
): AsyncGenerator<SavedVideo[]> {
  for (let start = 0; start < seqs.length; start += rowsAtOnce) {
    await othersTurn();
    yield await videosOfSeqs(db, listId, fields, [...seqs.subarray(start, start + rowsAtOnce)]);
  }
}

async function descriptionsOf(
  db: Queryable,
  listId: string,
  videos: readonly SavedVideo[],
): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('saved_video_texts')
    .select(['seq', 'description'])
    .where('list_id', '=', listId)
    .where(
      seqIsAmong(
        db,
        'seq',
        videos.map(({ seq }) => seq),
      ),
    )
    .execute();
  return new Map(rows.map(({ seq, description }) => [seq, description]));
}
