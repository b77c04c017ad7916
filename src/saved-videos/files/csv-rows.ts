/** The rows of a CSV file: `,`, `;` or tab between its cells, with or without a mark at its beginning. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { readHeadings } from '#saved-videos/fields/headings.ts';
import { ListRefused } from '#saved-videos/refused.ts';
import { textOf } from './text-of.ts';

export type CsvRow = {
  /** Where it begins, from 1. */
  line: number;
  cells: string[];
};

/** No row of a table has as many characters; a quote that is never closed would else make one of the whole file. */
const longestRow = 1_000_000;

/** Throws `ListRefused` where the file breaks the rules of CSV. Empty lines are left out. */
export async function* csvRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow> {
  const text = withPlainLineEnds(textOf(bytes));
  const beginning = await firstLines(text);
  const { delimiter, skip } = dialectOf(beginning);
  const parser = parse({
    delimiter,
    from_line: 1 + skip,
    info: true,
    max_record_size: longestRow,
    record_delimiter: '\n',
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const source = Readable.from(joined(beginning, text), { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      yield { line: info.lines - linesWithin(record), cells: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ListRefused(
      'file_unreadable',
      `The file is no CSV table: ${error.message.replace(/\.?$/, '.')} Nothing of it was added.`,
      { cause: error },
    );
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** Every end of a line is one letter: else the parser counts those within quotes twice. */
async function* withPlainLineEnds(text: AsyncGenerator<string>): AsyncGenerator<string> {
  let hasHalf = false;
  for await (const piece of text) {
    const whole: string = hasHalf ? `\r${piece}` : piece;
    hasHalf = whole.endsWith('\r');
    yield (hasHalf ? whole.slice(0, -1) : whole).replaceAll(/\r\n?/g, '\n');
  }
  if (hasHalf) yield '\n';
}

const dialectWithin = 65_536;

async function firstLines(text: AsyncGenerator<string>): Promise<string> {
  let beginning = '';
  while (beginning.length < dialectWithin) {
    const { value, done } = await text.next();
    if (done === true) break;
    beginning += value;
  }
  return beginning;
}

async function* joined(beginning: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield beginning;
  yield* rest;
}

const delimiters = [',', ';', '\t'] as const;

/**
 * What stands between the cells of the first row, outside of quotes: that under which one of them names the links, or
 * else the one that is there most often. Excel may say it in a line of its own, `sep=;`.
 */
function dialectOf(beginning: string): { delimiter: string; skip: number } {
  const told = /^sep=([,;\t])\n/i.exec(beginning);
  if (told !== null) return { delimiter: told[1] ?? ',', skip: 1 };
  const read = delimiters
    .map((delimiter) => ({ delimiter, cells: cellsOfFirst(beginning, delimiter) }))
    .sort((one, other) => other.cells.length - one.cells.length);
  const known = read.find(({ cells }) => cells.length > 1 && hasLinks(cells));
  return { delimiter: (known ?? read[0])?.delimiter ?? ',', skip: 0 };
}

function cellsOfFirst(beginning: string, delimiter: string): string[] {
  const cells = [''];
  let isQuoted = false;
  for (const letter of beginning.replace(/^\n+/, '')) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && letter === '\n') break;
    else if (!isQuoted && letter === delimiter) cells.push('');
    else cells.push((cells.pop() ?? '') + letter);
  }
  return cells;
}

function hasLinks(cells: readonly string[]): boolean {
  return readHeadings(cells, new Map()).some(
    (meaning) => meaning !== undefined && 'column' in meaning && meaning.column === 'url',
  );
}

function linesWithin(cells: readonly string[]): number {
  let lines = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) lines += 1;
  }
  return lines;
}
