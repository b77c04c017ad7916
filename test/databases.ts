import { describe } from 'vitest';
import { openDatabase, type Engine } from '#db/database.ts';
import { emptyPostgres, emptySqlite, type EmptyDatabase } from './empty-databases.ts';

export type { EmptyDatabase } from './empty-databases.ts';

const postgresUrl = process.env['DAYBOOK_TEST_POSTGRES_URL'];

/** Runs the same tests on SQLite, and on PostgreSQL where `DAYBOOK_TEST_POSTGRES_URL` names a server. */
export function onEachEngine(name: string, tests: (engine: Engine) => void): void {
  describe(`${name} on SQLite`, () => tests('sqlite'));
  describe.skipIf(postgresUrl === undefined)(`${name} on PostgreSQL (DAYBOOK_TEST_POSTGRES_URL)`, () =>
    tests('postgres'),
  );
}

/** An empty database of its own, not yet opened; disposing of it removes it. */
export async function emptyDatabase(engine: Engine): Promise<EmptyDatabase> {
  if (engine === 'sqlite') return emptySqlite();
  if (postgresUrl === undefined) throw new Error('DAYBOOK_TEST_POSTGRES_URL is not set.');
  return emptyPostgres(postgresUrl);
}

/** A migrated database of its own. Disposing of it closes and removes it. */
export async function testDatabase(engine: Engine) {
  const empty = await emptyDatabase(engine);
  const open = await openDatabase(empty.address);
  return {
    ...open,
    address: empty.address,
    async [Symbol.asyncDispose]() {
      await open[Symbol.asyncDispose]();
      await empty[Symbol.asyncDispose]();
    },
  };
}
