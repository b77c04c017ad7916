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
    createAdapter: () => new TransactionalSchemaAdapter(),
    createDriver: () => new SqliteDriver(file),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * Kysely takes it that SQLite cannot change its schema inside a transaction. It can: a migration that is cut short by
 * a full disk or a killed process leaves nothing behind, and two processes that open a new database take turns.
 */
class TransactionalSchemaAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** One connection per process; Kysely lends it to one query or transaction at a time. */
class SqliteDriver implements Driver {
  readonly #file: string;
  #connection: SqliteConnection | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async init(): Promise<void> {
    const database = new DatabaseSync(this.#file, { enableForeignKeyConstraints: true });
    // SQLite's own knows only A to Z; a search for "übung" must find Übung, also as a Mac spells it (u and two dots).
    database.function('lower', { deterministic: true }, (text) =>
      typeof text === 'string' ? text.normalize('NFC').toLowerCase() : text,
    );
    this.#connection = new SqliteConnection(database);
    // WAL lets the web process read while a worker writes. FULL makes a settled item survive a power cut, not
    // only a killed process.
    await this.#connection.executeQuery(CompiledQuery.raw('pragma journal_mode = wal'));
    await this.#connection.executeQuery(CompiledQuery.raw('pragma synchronous = full'));
  }

  async acquireConnection(): Promise<SqliteConnection> {
    if (this.#connection === undefined) throw new Error('The database is not open.');
    return this.#connection;
  }

  // A transaction that starts as a reader and then writes cannot wait for its turn: SQLite fails it at once.
  // All of ours write, so all of them queue at the start.
  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#connection?.close();
  }
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
