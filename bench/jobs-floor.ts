/**
 * The floor of `bench/jobs.ts`: bare transactions of the same size, straight through each engine's driver. One update
 * of the items and one insert per group, nothing else: no claim, no lease, no counters, no history, no status.
 */
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { DatabaseAddress } from '#db/database.ts';
import { itemsOf } from './jobs-engine.ts';

export type Floor = {
  /** Milliseconds to write so many rows in one transaction. */
  create(count: number): Promise<number>;
  /** Items per second. */
  drain(count: number, group: number): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
};

const tables = [
  'create table bare_items (job integer, seq integer, key text, label text, state text, primary key (job, seq))',
  'create table bare_groups (job integer, first integer, last integer)',
];
const update = 'update bare_items set state = $1 where job = $2 and seq between $3 and $4';
const insert = 'insert into bare_groups (job, first, last) values ($1, $2, $3)';
const rowsAtOnce = 20_000;

export async function openFloor(address: DatabaseAddress): Promise<Floor> {
  return 'sqlite' in address ? sqliteFloor(address.sqlite) : postgresFloor(address.postgres);
}

/** Lists of rows as JSON, as many in each as one statement takes. */
function rowsOf(count: number): string[] {
  const rows = itemsOf(count).map((item, n) => ({ seq: n + 1, ...item }));
  const lists: string[] = [];
  for (let from = 0; from < count; from += rowsAtOnce) {
    lists.push(JSON.stringify(rows.slice(from, from + rowsAtOnce)));
  }
  return lists;
}

function sqliteFloor(file: string): Floor {
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  for (const table of tables) database.exec(table);
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  const updating = database.prepare(update.replace(/\$\d/g, '?'));
  const inserting = database.prepare(insert.replace(/\$\d/g, '?'));
  const filling = database.prepare(
    `insert into bare_items select ?, value ->> 'seq', value ->> 'key', value ->> 'label', 'waiting' from json_each(?)`,
  );
  let job = 0;
  const create = async (count: number) => {
    job += 1;
    const began = performance.now();
    begin.run();
    for (const rows of rowsOf(count)) filling.run(job, rows);
    commit.run();
    return performance.now() - began;
  };
  return {
    create,
    async drain(count, group) {
      await create(count);
      const began = performance.now();
      for (let first = 1; first <= count; first += group) {
        begin.run();
        updating.run('done', job, first, first + group - 1);
        inserting.run(job, first, first + group - 1);
        commit.run();
      }
      return (count / (performance.now() - began)) * 1000;
    },
    [Symbol.asyncDispose]: async () => database.close(),
  };
}

async function postgresFloor(url: string): Promise<Floor> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const table of tables) await client.query(table);
  let job = 0;
  const create = async (count: number) => {
    job += 1;
    const began = performance.now();
    await client.query('begin');
    for (const rows of rowsOf(count)) {
      await client.query(
        `insert into bare_items select $1, seq, key, label, 'waiting' from json_to_recordset($2) as item(seq integer, key text, label text)`,
        [job, rows],
      );
    }
    await client.query('commit');
    return performance.now() - began;
  };
  return {
    create,
    async drain(count, group) {
      await create(count);
      const began = performance.now();
      for (let first = 1; first <= count; first += group) {
        await client.query('begin');
        await client.query(update, ['done', job, first, first + group - 1]);
        await client.query(insert, [job, first, first + group - 1]);
        await client.query('commit');
      }
      return (count / (performance.now() - began)) * 1000;
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
