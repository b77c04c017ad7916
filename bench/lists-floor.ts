/** What an import of a CSV file cannot do without: parsing it, and inserting its rows into tables with their keys. */
import { createReadStream } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'csv-parse';

const columnsOfVideo = 6;

export async function parseAndInsert(file: string, database: string): Promise<void> {
  using db = new DatabaseSync(database);
  db.exec(`
    pragma journal_mode = wal;
    create table videos (list text, seq integer, url text, title text, channel text, seconds integer, published text,
      state text, primary key (list, seq), unique (list, url));
    create table field_values (field text, seq integer, value text, source text, at text, primary key (field, seq));
    begin`);
  const video = db.prepare('insert into videos values (?, ?, ?, ?, ?, ?, ?, ?)');
  const value = db.prepare('insert into field_values values (?, ?, ?, ?, ?)');
  const [list, at] = [crypto.randomUUID(), new Date().toISOString()];
  const fields = Array.from({ length: 4 }, () => crypto.randomUUID());
  let seq = 0;
  for await (const cells of createReadStream(file).pipe(parse({ from_line: 2 })) as AsyncIterable<string[]>) {
    seq += 1;
    video.run(list, seq, ...cells.slice(0, columnsOfVideo));
    for (const [nth, field] of fields.entries()) {
      const cell = cells[columnsOfVideo + nth] ?? '';
      if (cell !== '') value.run(field, seq, cell, 'csv', at);
    }
  }
  db.exec('commit');
}
