import type { Kysely } from 'kysely';

/** For who follows what just ended, and for the sweep of old histories. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('jobs_by_end').on('jobs').columns(['completed_at']).execute();
}
