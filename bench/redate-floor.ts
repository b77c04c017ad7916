/** What deciding again cannot do without: every asset's rows read as the product reads them, and written back. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { insertRows, isAmong } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import { readStored } from '#library/stored-clues.ts';

export async function copyJudged(db: Kysely<Database>, owner: string, atOnce: number): Promise<void> {
  for (let last = ''; ;) {
    const rows = await db
      .selectFrom('assets')
      .select('id')
      .where('owner', '=', owner)
      .where('id', '>', last)
      .orderBy('id')
      .limit(atOnce)
      .execute();
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await db.transaction().execute(async (transaction) => {
      await readStored(transaction, owner, ids);
      for (const [table, key] of [
        ['evidence', 'asset_id, seq'],
        ['capture_times', 'asset_id'],
        ['asset_tags', 'asset_id, tag'],
      ] as const) {
        const among = isAmong(transaction, `${table}.asset_id`, ids);
        const { rows: stored } = await sql<Record<string, string | number | null>>`
          select * from ${sql.table(table)} where ${among} order by ${sql.raw(key)}
        `.execute(transaction);
        await sql`delete from ${sql.table(table)} where ${among}`.execute(transaction);
        const columns = Object.fromEntries(Object.keys(stored[0] ?? {}).map((name) => [name, 'text' as const]));
        await insertRows(transaction, table, columns, stored);
      }
    });
    last = ids.at(-1) ?? '';
  }
}
