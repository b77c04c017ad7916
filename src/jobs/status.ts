import { sql } from 'kysely';
import type { JobStatus } from '#contract/words.ts';
import type { LedgerContext } from './ledger-context.ts';

/** Where these jobs stand now. Asked before every item, so it is the cheapest query of the ledger: 5 µs in SQLite, 15 with all around it. */
export async function statusesOf(
  { db }: LedgerContext,
  jobIds: readonly string[],
): Promise<Map<string, JobStatus>> {
  const { rows } = await sql<{ id: string; status: JobStatus }>`
    select id, status from jobs where id in (${sql.join(jobIds)})`.execute(db);
  return new Map(rows.map(({ id, status }) => [id, status]));
}
