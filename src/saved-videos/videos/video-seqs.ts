/** Numbers of videos as one parameter. */
import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '#db/database.ts';
import { engineOf } from '#db/json-rows.ts';

/** Whether a column of numbers has one of these. */
export function seqIsAmong(db: Queryable, column: string, seqs: readonly number[]): RawBuilder<boolean> {
  if (engineOf(db) === 'sqlite') {
    return sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(seqs)}))`;
  }
  return sql`${sql.ref(column)} = any(${seqs}::integer[])`;
}
