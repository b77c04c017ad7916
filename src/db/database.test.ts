import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { expect, test } from 'vitest';
import { emptyDatabase, onEachEngine, testDatabase } from '../../test/databases.ts';
import { isDatabaseOutOfReach, openDatabase } from './database.ts';

onEachEngine('the database', (engine) => {
  test('opens an empty place, and opens it again without changing it', async () => {
    await using empty = await emptyDatabase(engine);
    for (const _ of [1, 2]) {
      await using opened = await openDatabase(empty.address);
      expect(await opened.db.selectFrom('jobs').selectAll().execute()).toEqual([]);
    }
  });

  test('numbers come back as numbers, also beyond 32 bits', async () => {
    await using opened = await testDatabase(engine);
    await opened.db
      .insertInto('uploads')
      .values({
        id: 'u1',
        owner: 'home',
        name: 'film.mp4',
        folder: '',
        size_bytes: 5_000_000_000,
        created_at: '2026-01-01T00:00:00.000Z',
      })
      .execute();
    const row = await opened.db.selectFrom('uploads').select('size_bytes').executeTakeFirstOrThrow();
    expect(row).toEqual({ size_bytes: 5_000_000_000 });
  });

  test('transactions that write at the same time take turns', async () => {
    await using opened = await testDatabase(engine);
    await using second = await openDatabase(opened.address);
    const worker = { host: 'here', pid: 1, role: 'test', started_at: '', beat_at: '' };
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        (n % 2 === 0 ? opened : second).db.transaction().execute(async (transaction) => {
          await transaction.selectFrom('workers').selectAll().execute();
          await transaction
            .insertInto('workers')
            .values({ id: String(n), ...worker })
            .execute();
        }),
      ),
    );
    expect(await opened.db.selectFrom('workers').selectAll().execute()).toHaveLength(40);
  });

  test('who reads does not wait for who writes, and reads what was committed, from that moment on', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const worker = { id: 'w', host: 'here', pid: 1, role: 'test', started_at: '', beat_at: '' };
    const seen: number[] = [];
    const look = async () => {
      const built = await db.selectFrom('workers').selectAll().execute();
      const { rows } = await sql`select id from workers`.execute(db);
      const { rows: named } = await sql`with all_of_them as (select id from workers)
        select id from all_of_them`.execute(db);
      expect([rows.length, named.length]).toEqual([built.length, built.length]);
      seen.push(built.length);
    };
    await db.transaction().execute(async (changes) => {
      await changes.insertInto('workers').values(worker).execute();
      expect(await changes.selectFrom('workers').selectAll().execute()).toHaveLength(1);
      await look();
    });
    await look();
    await expect(
      db.transaction().execute(async (changes) => {
        await changes.deleteFrom('workers').execute();
        await look();
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await look();
    await db.deleteFrom('workers').returning('id').execute();
    await look();
    expect(seen).toEqual([0, 1, 1, 1, 0]);
  });

  test('a migration that fails leaves nothing behind, and the next try goes through', async () => {
    await using empty = await emptyDatabase(engine);
    const wrong = {
      async up(db: Kysely<unknown>) {
        await db.schema.createTable('half').addColumn('id', 'text').execute();
        throw new Error('The power failed.');
      },
    };
    const right = {
      up: (db: Kysely<unknown>) => db.schema.createTable('half').addColumn('id', 'text').execute(),
    };
    await using opened = await openDatabase(empty.address);
    const provide = (last: Migration) => ({
      db: opened.db,
      migrationTableName: 'trial_migration',
      migrationLockTableName: 'trial_migration_lock',
      provider: { getMigrations: async () => ({ '001-half': last }) },
    });
    expect((await new Migrator(provide(wrong)).migrateToLatest()).error).toBeDefined();
    expect((await new Migrator(provide(right)).migrateToLatest()).error).toBeUndefined();
  });

  test('several processes that open an empty place at once take turns', async () => {
    await using empty = await emptyDatabase(engine);
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(empty.address)));
    await Promise.all(opened.map((each) => each[Symbol.asyncDispose]()));
  });

  test.skipIf(engine === 'sqlite')(
    'a connection that breaks in the middle of a transaction costs that transaction, not the process',
    async () => {
      await using opened = await testDatabase(engine);
      const broken = opened.db.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
        await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(opened.db);
        await sleep(50);
        await sql`select 1`.execute(transaction);
      });
      const error: unknown = await broken.catch((reason: unknown) => reason);
      expect(isDatabaseOutOfReach(error)).toBe(true);
      expect((await sql`select 1 as one`.execute(opened.db)).rows).toEqual([{ one: 1 }]);
    },
  );
});
