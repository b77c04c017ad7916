import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('exports')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('folder', 'text', (column) => column.notNull())
    .addColumn('wish_json', 'text', (column) => column.notNull())
    .addColumn('counts_json', 'text', (column) => column.notNull())
    .addColumn('total_bytes', 'bigint', (column) => column.notNull())
    .addColumn('free_bytes', 'bigint')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('job_id', 'text')
    .addColumn('undo_job_id', 'text')
    .addColumn('remove_job_id', 'text')
    .execute();
  await db.schema.createIndex('exports_by_age').on('exports').columns(['owner', 'created_at', 'id']).execute();

  await db.schema
    .createTable('export_files')
    .addColumn('export_id', 'text', (column) => column.notNull().references('exports.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('asset_id', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('source', 'text')
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('has_doubts', 'integer', (column) => column.notNull())
    .addColumn('plan_json', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('export_files_pk', ['export_id', 'seq'])
    .execute();
  await db.schema
    .createIndex('export_files_by_action')
    .on('export_files')
    .columns(['export_id', 'action', 'seq'])
    .execute();
  await db.schema
    .createIndex('export_files_in_doubt')
    .on('export_files')
    .columns(['export_id', 'seq'])
    .where(sql.ref('has_doubts'), '=', 1)
    .execute();

  await db.schema
    .createTable('export_written')
    .addColumn('export_id', 'text', (column) => column.notNull().references('exports.id').onDelete('cascade'))
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('folder', 'text', (column) => column.notNull())
    .addColumn('asset_id', 'text', (column) => column.notNull())
    .addColumn('part', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('modified_at', 'text', (column) => column.notNull())
    .addColumn('recipe', 'text', (column) => column.notNull())
    .addColumn('replaced_json', 'text')
    .addColumn('written_at', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('ended_because', 'text')
    .addPrimaryKeyConstraint('export_written_pk', ['export_id', 'path'])
    .execute();
  await db.schema
    .createIndex('export_written_standing')
    .on('export_written')
    .columns(['owner', 'folder', 'asset_id', 'part'])
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
}
