/** A plan as a table for spreadsheets, a line for each file. */
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { stringify as stringifySync } from 'csv-stringify/sync';
import type { ExportFile } from '#contract/exports.ts';
import type { Queryable } from '#db/database.ts';
import { everyFile, exportRow } from '#export/exports.ts';

type Cell = string | number | null;

/** Column and what stands in it. */
const columns = {
  action: ({ action }) => action,
  source: ({ source, name }) => source ?? name,
  target: ({ target }) => target,
  number: ({ number }) => number,
  doubts: ({ doubts }) => doubts.join(' '),
  was: ({ was }) => was,
  local: ({ local }) => local,
  zone: ({ zone }) => zone,
  precision: ({ precision }) => precision,
  confidence: ({ confidence }) => confidence,
  into: ({ into }) => into,
  writes: ({ writes }) => writes.map(({ tag, value }) => `${tag}=${value}`).join('; '),
  companions: ({ companions }) => companions.map(({ target }) => target).join('; '),
  size_bytes: ({ size_bytes }) => size_bytes,
  asset_id: ({ asset_id }) => asset_id,
  state: ({ state }) => state,
  written_to: ({ written_to }) => written_to,
  warnings: ({ warnings }) => warnings.join('; '),
  error_message: ({ error_message }) => error_message,
} as const satisfies Record<string, (file: ExportFile) => Cell>;

/**
 * UTF-8 with the mark by which spreadsheets know it. Cells that begin as a formula does get a `'` in front: names come
 * from anywhere. Throws `ExportRefused` before the first byte.
 */
export async function planAsCsv(db: Queryable, owner: string, id: string): Promise<Readable> {
  await exportRow(db, owner, id);
  const csv = stringify(csvOptions);
  const lines = Readable.from(cells(db, owner, id));
  lines.on('error', (error) => csv.destroy(error));
  csv.on('close', () => lines.destroy());
  return lines.pipe(csv);
}

const csvOptions = { header: true, columns: Object.keys(columns), bom: true, escape_formulas: true } as const;

/** Some lines of the same table; `isFirst`: with the mark and the heads above them. */
export function csvOf(files: readonly ExportFile[], isFirst: boolean): string {
  const lines = files.map((file) => Object.values(columns).map((cell) => cell(file)));
  return stringifySync(lines, { ...csvOptions, header: isFirst, bom: isFirst });
}

async function* cells(db: Queryable, owner: string, id: string): AsyncGenerator<Cell[]> {
  for await (const file of everyFile(db, owner, id)) yield Object.values(columns).map((cell) => cell(file));
}
