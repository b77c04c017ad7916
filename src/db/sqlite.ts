/** Kysely's SQLite dialect over `node:sqlite`. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';

/** How long a statement waits for another process to finish writing before it fails with SQLITE_BUSY. */
const busyLimitMs = 10_000;
/** Prepared statements kept; the product uses fewer distinct ones than this. */
const statementsKept = 300;

export function sqliteDialect(file: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapterOfTwo(),
    createDriver: () => new SqliteDriver(file),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class SqliteAdapterOfTwo extends SqliteAdapter {
  /**
   * Kysely takes it that SQLite cannot change its schema inside a transaction. It can: a migration that is cut short by
   * a full disk or a killed process leaves nothing behind, and two processes that open a new database take turns.
   */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }

  /** Else Kysely would let every query wait for the end of every transaction. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/**
 * Two connections of each process: one that writes, lent to one query or transaction at a time, and one that reads
 * what was committed, also while a transaction of this process is under way. With one alone, every request to the
 * server waited for the end of an edit of 100,000 cells: 1.3 s.
 */
class SqliteDriver implements Driver {
  readonly #file: string;
  #opened: { writer: SqliteConnection; reader: SqliteConnection } | undefined;
  readonly #turns = new Turns();

  constructor(file: string) {
    this.#file = file;
  }

  async init(): Promise<void> {
    const writer = new SqliteConnection(open(this.#file, { readOnly: false }));
    // WAL lets others read while one writes. FULL makes a settled item survive a power cut, not only a killed process.
    await writer.executeQuery(CompiledQuery.raw('pragma journal_mode = wal'));
    await writer.executeQuery(CompiledQuery.raw('pragma synchronous = full'));
    this.#opened = { writer, reader: new SqliteConnection(open(this.#file, { readOnly: true })) };
  }

  async acquireConnection(): Promise<LentConnection> {
    if (this.#opened === undefined) throw new Error('The database is not open.');
    return new LentConnection(this.#opened.writer, this.#opened.reader, this.#turns);
  }

  // A transaction that starts as a reader and then writes cannot wait for its turn: SQLite fails it at once.
  // All of ours write, so all of them queue at the start.
  async beginTransaction(connection: LentConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: LentConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: LentConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(connection: LentConnection): Promise<void> {
    connection.release();
  }

  async destroy(): Promise<void> {
    // The writer last: only it can put the log back into the file.
    this.#opened?.reader.close();
    this.#opened?.writer.close();
  }
}

function open(file: string, { readOnly }: { readOnly: boolean }): DatabaseSync {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: true, readOnly });
  // SQLite's own knows only A to Z; a search for "übung" must find Übung, also as a Mac spells it (u and two dots).
  database.function('lower', { deterministic: true }, (text) =>
    typeof text === 'string' ? text.normalize('NFC').toLowerCase() : text,
  );
  return database;
}

/** Who writes, one after another in the order of asking. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is this one's turn, with what ends it. */
  async take(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = promise;
    await before;
    return resolve;
  }
}

/** What Kysely holds for one query or one transaction: it reads until it writes, and from then on has its turn. */
class LentConnection implements DatabaseConnection {
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #turns: Turns;
  #turn: Promise<() => void> | undefined;

  constructor(writer: SqliteConnection, reader: SqliteConnection, turns: Turns) {
    this.#writer = writer;
    this.#reader = reader;
    this.#turns = turns;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return (await this.#connectionFor(query)).executeQuery(query);
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield* (await this.#connectionFor(query)).streamQuery<Row>(query);
  }

  release(): void {
    void this.#turn?.then((end) => end());
    this.#turn = undefined;
  }

  /** Inside a transaction what it wrote itself must be read, so there everything goes one way. */
  async #connectionFor(query: CompiledQuery): Promise<SqliteConnection> {
    if (this.#turn === undefined && onlyReads(query)) return this.#reader;
    // One turn, also for queries that are sent together.
    this.#turn ??= this.#turns.take();
    await this.#turn;
    return this.#writer;
  }
}

/** In doubt it writes, which is right for everything and no more than slower. */
function onlyReads({ query, sql }: CompiledQuery): boolean {
  if (query.kind === 'SelectQueryNode') return true;
  return /^\s*(select|with)\b/i.test(sql) && !/\b(insert|update|delete|replace)\b/i.test(sql);
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, { statement: StatementSync; returnsRows: boolean }>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const parameters = query.parameters as SQLInputValue[];
    return this.#whenFree(() => {
      // Preparing reads the schema, so it too may have to wait: for whoever mends the file after a crash.
      const { statement, returnsRows } = this.#prepare(query.sql);
      // Rows come without a prototype; spread, they are plain objects.
      if (returnsRows) return { rows: statement.all(...parameters).map((row) => ({ ...row })) as Row[] };
      const { changes } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes) };
    });
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    // A statement of its own: a cached one could be run again while it is still being read.
    const statement = this.#database.prepare(query.sql);
    for (const row of statement.iterate(...(query.parameters as SQLInputValue[]))) {
      yield { rows: [{ ...row } as Row] };
    }
  }

  #prepare(sql: string) {
    let prepared = this.#statements.get(sql);
    if (prepared === undefined) {
      if (this.#statements.size >= statementsKept) this.#statements.clear();
      const statement = this.#database.prepare(sql);
      prepared = { statement, returnsRows: statement.columns().length > 0 };
      this.#statements.set(sql, prepared);
    }
    return prepared;
  }

  /** SQLite's own busy handler would block the event loop while another process writes; this one does not. */
  async #whenFree<Result>(run: () => Result): Promise<Result> {
    const deadline = performance.now() + busyLimitMs;
    for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
      try {
        return run();
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
      }
      await sleep(wait);
    }
  }
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === sqliteBusy;
}
