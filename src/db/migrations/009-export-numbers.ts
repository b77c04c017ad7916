import { sql, type Kysely } from 'kysely';

/** The number that a name was given, so that the next plan knows which part of a name is one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('export_files')
    .addColumn('number', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('export_files_numbered')
    .on('export_files')
    .columns(['export_id', 'seq'])
    .where(sql.ref('number'), '>', 0)
    .execute();
}
