import type { Kysely } from 'kysely';

/** Every imported photo asks whether the clock of its camera was corrected: a few rows among all decisions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('decisions_by_kind').on('decisions').columns(['owner', 'kind', 'seq']).execute();
}
