import type { Kysely } from 'kysely';

/** What became of each planned file, the folders that exports made, and the keywords that files brought along. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('export_files').addColumn('outcome_json', 'text').execute();

  await db.schema
    .createTable('export_folders')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('folder', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('export_folders_pk', ['owner', 'folder', 'path'])
    .execute();

  await db.schema
    .alterTable('assets')
    .addColumn('keywords_json', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
}
