import { Kysely, type Dialect, type Transaction } from 'kysely';
import { migrate } from './migrate.ts';
import type { Database } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';

export type Engine = 'sqlite' | 'postgres';

/** An open database, migrated. Whoever opens it disposes of it. */
export type OpenDatabase = {
  db: Kysely<Database>;
  engine: Engine;
  [Symbol.asyncDispose](): Promise<void>;
};

const sqliteFull = 13;
const postgresFull = '53100';

/** SQLite's own codes for a disk or file that does not answer: busy, locked, no memory, I/O, cannot open, protocol. */
const sqliteOutOfReach: ReadonlySet<number> = new Set([5, 6, 7, 10, 14, 15]);
/** PostgreSQL: connection, transaction undone for another's sake, resources, shutdown, its own system. */
const postgresOutOfReach = /^(?:08|40|53|57P|58)/;
/** `pg` gives an error of a lost connection no code. */
const lostConnection = /^(?:Connection terminated|Client has encountered a connection error|timeout e)/;

/** Was the database out of reach or in trouble, so that the same query may well go through a little later? */
export function isDatabaseOutOfReach(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error) return sqliteOutOfReach.has(Number(error.errcode) & 0xff);
  if ('severity' in error && 'code' in error) return postgresOutOfReach.test(String(error.code));
  return lostConnection.test(error.message);
}

/** Only freeing space helps: the disk of SQLite's file or of PostgreSQL is full. */
export function isDatabaseFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error) return (Number(error.errcode) & 0xff) === sqliteFull;
  return 'severity' in error && 'code' in error && error.code === postgresFull;
}

/** What a query may run on: the database, or a transaction in it. */
export type Queryable = Kysely<Database> | Transaction<Database>;

/** Where the data are: a file for SQLite, a URL `postgres://…` for PostgreSQL. */
export type DatabaseAddress = { sqlite: string } | { postgres: string };

/** Opens either engine and brings its schema up to date. Rejects with the engine's own error as cause. */
export async function openDatabase(address: DatabaseAddress): Promise<OpenDatabase> {
  const engine: Engine = 'sqlite' in address ? 'sqlite' : 'postgres';
  const db = new Kysely<Database>({
    dialect: 'sqlite' in address ? sqliteDialect(address.sqlite) : await postgresDialect(address.postgres),
  });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, engine, [Symbol.asyncDispose]: () => db.destroy() };
}

/** Its driver is thirty modules that most households never need. */
async function postgresDialect(url: string): Promise<Dialect> {
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(url);
}
