import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('to_decide')
    .addColumn('asset_id', 'text', (column) => column.primaryKey().references('assets.id').onDelete('cascade'))
    .addColumn('owner', 'text', (column) => column.notNull())
    .execute();
}
