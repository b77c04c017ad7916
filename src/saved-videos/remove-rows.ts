/** Many rows removed for good, without anybody waiting for it. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Queryable } from '#db/database.ts';
import type { Database } from '#db/schema.ts';

const rowsAtOnce = 1000;

type Rows = {
  /** The column that says to whom they belong. */
  of: string;
  id: string;
  /** What tells them apart besides. */
  by: readonly string[];
};

/**
 * A thousand at a time, with turns for others between: `on delete cascade` takes 100,000 of them in one go. Measured on
 * SQLite with a list of 100,000 videos and 600,000 values: the longest that nothing else had its turn is 27 ms instead
 * of 1.6 s (`monitorEventLoopDelay` around `forgetDeletedLists`).
 */
export async function removeRows(db: Queryable, table: keyof Database, { of, id, by }: Rows): Promise<void> {
  const key = sql.join(by.map((column) => sql.ref(column)));
  const theirs = sql`${sql.ref(of)} = ${id}`;
  for (let removed = rowsAtOnce; removed === rowsAtOnce; await othersTurn()) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ${theirs}
        and (${key}) in (select ${key} from ${sql.table(table)} where ${theirs} limit ${sql.lit(rowsAtOnce)})`.execute(
      db,
    );
    removed = Number(numAffectedRows);
  }
}
