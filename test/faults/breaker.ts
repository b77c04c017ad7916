/**
 * Counts every call of the file system and of the database that the product makes in this process, and lets one of
 * them fail. File system: what `node:fs` and `node:fs/promises` are asked about paths in the test's own folders, and
 * every call on a handle opened there. SQLite: every statement prepared or run. PostgreSQL: every query.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { Client } from 'pg';

export const fileFaults = ['EIO', 'ENOSPC', 'EACCES'] as const;
export const sqliteFaults = ['SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR'] as const;
/** The connection breaks before the server hears the query, or after it did and before its answer is here. */
export const postgresFaults = ['lost before', 'lost after'] as const;

export type Fault =
  | (typeof fileFaults)[number]
  | (typeof sqliteFaults)[number]
  | (typeof postgresFaults)[number];

type Call = { of: 'file' | 'sqlite' | 'postgres'; said: string };

/** Calls made inside are neither counted nor broken: those of the test itself. */
const outside = new AsyncLocalStorage<true>();

let folder = '';
let fault: Fault | undefined;
let position = 0;
let calls = 0;
let broken: string | undefined;

export const breaker = {
  /** The call number `at` that this fault can happen to will fail. */
  arm(inFolder: string, at: number, how: Fault): void {
    [folder, position, fault, calls, broken] = [inFolder, at, how, 0, undefined];
  },
  disarm(): void {
    fault = undefined;
  },
  /** The call that failed, if it came to that. */
  get broken(): string | undefined {
    return broken;
  },
  get calls(): number {
    return calls;
  },
  outside: <Value>(act: () => Value): Value => outside.run(true, act),
};

function strikes({ of, said }: Call): Fault | undefined {
  if (fault === undefined || outside.getStore() || kindOf(fault) !== of) return undefined;
  calls += 1;
  if (calls !== position) return undefined;
  broken = said;
  return fault;
}

function kindOf(of: Fault): Call['of'] {
  if ((fileFaults as readonly string[]).includes(of)) return 'file';
  return (sqliteFaults as readonly string[]).includes(of) ? 'sqlite' : 'postgres';
}

// ── File system ─────────────────────────────────────────────────────────────────────────────────────────────

type Anything = (...given: unknown[]) => unknown;
type Methods = Record<string, Anything>;

const errnos = { EIO: -5, EACCES: -13, ENOSPC: -28 } as const;
const sentences = {
  EIO: 'i/o error',
  EACCES: 'permission denied',
  ENOSPC: 'no space left on device',
} as const;

function fileError(how: Fault, syscall: string, path?: string): Error {
  const code = how as keyof typeof errnos;
  const where = path === undefined ? '' : ` '${path}'`;
  const error = new Error(`${code}: ${sentences[code]}, ${syscall}${where}`);
  return Object.assign(error, { code, errno: errnos[code], syscall, ...(path === undefined ? {} : { path }) });
}

function isOurs(path: unknown): path is string {
  return typeof path === 'string' && (path.startsWith(folder) || path.includes('daybook-link-'));
}

const promised = fs.promises as unknown as Methods;
for (const name of [
  'rename',
  'link',
  'unlink',
  'mkdir',
  'rmdir',
  'readdir',
  'stat',
  'lstat',
  'rm',
  'access',
  'symlink',
  'unlink',
  'statfs',
  'realpath',
  'truncate',
  'writeFile',
  'readFile',
  'mkdtemp',
]) {
  const original = promised[name] as Anything;
  promised[name] = async (...given) => {
    // A link is made in a folder of its own; what it points to stands first.
    const path = name === 'symlink' ? given[1] : given[0];
    const how = isOurs(path) ? strikes({ of: 'file', said: `${name} ${path}` }) : undefined;
    if (how !== undefined) throw fileError(how, name, String(path));
    return original(...given);
  };
}

const openPromised = promised['open'] as Anything;
promised['open'] = async (...given) => {
  const [path] = given;
  if (!isOurs(path)) return openPromised(...given);
  const how = strikes({ of: 'file', said: `open ${path}` });
  if (how !== undefined) throw fileError(how, 'open', path);
  const handle = (await openPromised(...given)) as Methods;
  for (const name of [
    'read',
    'write',
    'writeFile',
    'readFile',
    'stat',
    'sync',
    'datasync',
    'truncate',
    'utimes',
    'close',
  ]) {
    const original = (handle[name] as Anything).bind(handle);
    handle[name] = async (...arguments_) => {
      const how = strikes({ of: 'file', said: `${name} ${path}` });
      // A close that fails has closed all the same; a write that fails may have written a part.
      if (how !== undefined && name === 'close') await original();
      if (how !== undefined && name === 'writeFile')
        await original((arguments_[0] as Uint8Array).subarray(0, 10));
      if (how !== undefined) throw fileError(how, name);
      return original(...arguments_);
    };
  }
  return handle;
};

/** Streams call these with a callback as the last argument. */
const called = fs as unknown as Methods;
const ourDescriptors = new Map<unknown, string>();
for (const name of ['open', 'read', 'write', 'writev', 'fstat', 'close']) {
  const original = called[name] as Anything;
  const patched: Anything = (...given) => {
    const done = given.at(-1) as (error: Error | null, value?: unknown) => void;
    const path = name === 'open' ? given[0] : ourDescriptors.get(given[0]);
    if (!isOurs(path) || typeof done !== 'function') return original(...given);
    const how = strikes({ of: 'file', said: `${name} ${path}` });
    if (name === 'close') ourDescriptors.delete(given[0]);
    if (how !== undefined && name === 'close') return original(given[0], () => done(fileError(how, name)));
    if (how !== undefined) return process.nextTick(done, fileError(how, name, path));
    if (name !== 'open') return original(...given);
    return original(...given.slice(0, -1), (error: Error | null, descriptor: number) => {
      if (error === null) ourDescriptors.set(descriptor, path);
      done(error, descriptor);
    });
  };
  called[name] = Object.assign(patched, original);
}
syncBuiltinESMExports();

// ── SQLite ──────────────────────────────────────────────────────────────────────────────────────────────────

const results = {
  SQLITE_BUSY: [5, 'database is locked'],
  SQLITE_FULL: [13, 'database or disk is full'],
  SQLITE_IOERR: [10, 'disk I/O error'],
} as const;

/** On a full disk SQLite rolls the transaction back by itself; after an I/O error it may be open or not. */
function sqliteError(how: Fault, database: DatabaseSync | undefined): Error {
  if (how === 'SQLITE_FULL' && database?.isTransaction) execute.call(database, 'rollback');
  const [errcode, errstr] = results[how as keyof typeof results];
  return Object.assign(new Error(errstr), { code: 'ERR_SQLITE_ERROR', errcode, errstr });
}

const execute = DatabaseSync.prototype.exec;
const databaseOf = new WeakMap<object, { database: DatabaseSync; text: string }>();
const statements = StatementSync.prototype as unknown as Methods;
const databases = DatabaseSync.prototype as unknown as Methods;

const prepareOriginal = databases['prepare'] as Anything;
databases['prepare'] = function prepare(this: DatabaseSync, ...given: unknown[]) {
  const text = String(given[0]).replaceAll(/\s+/g, ' ').slice(0, 80);
  const how = strikes({ of: 'sqlite', said: `prepare ${text}` });
  if (how !== undefined) throw sqliteError(how, this);
  const statement = prepareOriginal.apply(this, given) as object;
  databaseOf.set(statement, { database: this, text });
  return statement;
};
for (const name of ['run', 'all']) {
  const original = statements[name] as Anything;
  statements[name] = function runOrAll(this: object, ...given: unknown[]) {
    const known = databaseOf.get(this);
    const how = strikes({ of: 'sqlite', said: `${name} ${known?.text}` });
    if (how !== undefined) throw sqliteError(how, known?.database);
    return original.apply(this, given);
  };
}

// ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────────────────────

const clients = Client.prototype as unknown as Methods;
const queryOriginal = clients['query'] as Anything;
type Wire = { connection: { stream: { destroy(): void } } };
clients['query'] = function query(this: Wire, ...given: unknown[]) {
  const text = typeof given[0] === 'string' ? given[0] : String((given[0] as { text?: string })?.text);
  const how = strikes({ of: 'postgres', said: text.replaceAll(/\s+/g, ' ').slice(0, 80) });
  if (how === undefined) return queryOriginal.apply(this, given);
  if (how === 'lost before') this.connection.stream.destroy();
  const answer = queryOriginal.apply(this, given) as Promise<unknown>;
  if (how === 'lost before') return answer;
  return answer.then(() => {
    this.connection.stream.destroy();
    throw new Error('Connection terminated unexpectedly');
  });
};
