/** Kysely's PostgreSQL dialect over `pg`. */
import { PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';

/** `int8` arrives as text by default; ours are sizes and milliseconds, far below 2^53. */
const int8 = 20;

export function openPostgres(url: string): PostgresDialect {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    types: {
      getTypeParser: ((oid: number, format?: 'text') =>
        oid === int8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  });
  // A connection that the server drops while idle is replaced at the next query; without a listener it would
  // take the process down.
  pool.on('error', () => {});
  // The same for one that breaks while it is lent out: its query is rejected, and that is where it is told.
  pool.on('connect', (client) => client.on('error', () => {}));
  return new PostgresDialect({ pool });
}
