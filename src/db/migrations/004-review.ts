import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('libraries')
    .addColumn('owner', 'text', (column) => column.primaryKey())
    .addColumn('last_decision', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('rule', 'text')
    .addColumn('zone', 'text')
    .addColumn('min_year', 'integer')
    .execute();

  await db.schema
    .createTable('decisions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('data_json', 'text', (column) => column.notNull())
    .addColumn('assets', 'integer', (column) => column.notNull())
    .addColumn('undone_at', 'text')
    .addUniqueConstraint('decisions_in_order', ['owner', 'seq'])
    .execute();
  await db.schema
    .createTable('decision_assets')
    .addColumn('asset_id', 'text', (column) => column.notNull().references('assets.id').onDelete('cascade'))
    .addColumn('decision_id', 'text', (column) =>
      column.notNull().references('decisions.id').onDelete('cascade'),
    )
    .addColumn('value_json', 'text')
    .addPrimaryKeyConstraint('decision_assets_pk', ['asset_id', 'decision_id'])
    .execute();
  await db.schema
    .createIndex('decision_assets_by_decision')
    .on('decision_assets')
    .columns(['decision_id', 'asset_id'])
    .execute();

  await db.schema
    .createTable('asset_tags')
    .addColumn('asset_id', 'text', (column) => column.notNull().references('assets.id').onDelete('cascade'))
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('asset_tags_pk', ['asset_id', 'tag'])
    .execute();
  await db.schema
    .createIndex('asset_tags_by_tag')
    .on('asset_tags')
    .columns(['owner', 'tag', 'asset_id'])
    .execute();

  await db.schema
    .alterTable('capture_times')
    .addColumn('review', 'text', (column) => column.notNull().defaultTo('open'))
    .execute();
  await db.schema.alterTable('capture_times').addColumn('reviewed_at', 'text').execute();
  await db.schema.alterTable('capture_times').addColumn('doubt', 'text').execute();
  // Which group a doubt belongs to is decided by rules that no migration has; deciding again sorts these.
  await sql`update capture_times set doubt = 'not_sorted' where confidence <> 'high' or rules_differ = 1`.execute(
    db,
  );

  // Grid and day counts leave out the discarded: with their state in the index no row is looked up for it.
  await db.schema.dropIndex('capture_times_in_order').execute();
  await db.schema
    .createIndex('capture_times_in_order')
    .on('capture_times')
    .columns(['owner', 'sort_key', 'asset_id', 'review'])
    .execute();
  await db.schema.dropIndex('capture_times_by_confidence').execute();
  await db.schema
    .createIndex('capture_times_by_confidence')
    .on('capture_times')
    .columns(['owner', 'confidence', 'sort_key', 'asset_id', 'review'])
    .execute();
  await db.schema
    .createIndex('capture_times_in_doubt')
    .on('capture_times')
    .columns(['owner', 'doubt', 'sort_key', 'asset_id'])
    .where(sql.ref('doubt'), 'is not', null)
    .execute();
}
