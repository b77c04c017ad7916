import { SqliteAdapter, sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Sorted by bytes on both engines: PostgreSQL would else ask the language of its server, and lay spaces aside.
  const inBytes = db.getExecutor().adapter instanceof SqliteAdapter ? sql`text` : sql`text collate "C"`;

  await db.schema
    .createTable('lists')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('watch_videos', 'integer', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('last_seq', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('job_id', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('deleted_at', 'text')
    .execute();
  await db.schema.createIndex('lists_by_age').on('lists').columns(['owner', 'created_at', 'id']).execute();

  await db.schema
    .createTable('list_fields')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('list_id', 'text', (column) => column.notNull().references('lists.id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('options_json', 'text', (column) => column.notNull())
    .addColumn('instruction', 'text', (column) => column.notNull())
    .addColumn('required', 'integer', (column) => column.notNull())
    .addColumn('deleted_at', 'text')
    .execute();
  await db.schema
    .createIndex('list_fields_in_order')
    .on('list_fields')
    .columns(['list_id', 'position'])
    .execute();

  await db.schema
    .createTable('saved_videos')
    .addColumn('list_id', 'text', (column) => column.notNull().references('lists.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('youtube_id', 'text', (column) => column.notNull())
    .addColumn('start_seconds', 'integer')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('state_reason', 'text')
    .addColumn('title', 'text')
    .addColumn('channel', 'text')
    .addColumn('duration_seconds', 'integer')
    .addColumn('published_at', 'text')
    .addColumn('thumbnail_url', 'text')
    .addColumn('language', 'text')
    .addColumn('live_state', 'text')
    .addColumn('metadata_source', 'text')
    .addColumn('metadata_at', 'text')
    .addColumn('added_at', 'text', (column) => column.notNull())
    .addColumn('processed_at', 'text')
    .addColumn('title_key', inBytes)
    .addColumn('channel_key', inBytes)
    .addColumn('search_text', 'text', (column) => column.notNull())
    .addColumn('deleted_at', 'text')
    .addColumn('deleted_by', 'text')
    .addPrimaryKeyConstraint('saved_videos_pk', ['list_id', 'seq'])
    .addUniqueConstraint('saved_videos_once', ['list_id', 'youtube_id'])
    .execute();
  await db.schema
    .createIndex('saved_videos_by_state')
    .on('saved_videos')
    .columns(['list_id', 'state', 'seq'])
    .where(sql.ref('deleted_at'), 'is', null)
    .execute();

  // Apart, because a description is longer than all the rest of the row, which every sort and search walks through.
  await db.schema
    .createTable('saved_video_texts')
    .addColumn('list_id', 'text', (column) => column.notNull().references('lists.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('saved_video_texts_pk', ['list_id', 'seq'])
    .execute();

  await db.schema
    .createTable('field_values')
    .addColumn('field_id', 'text', (column) =>
      column.notNull().references('list_fields.id').onDelete('cascade'),
    )
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('value_json', 'text')
    .addColumn('sort_key', inBytes)
    .addColumn('search_text', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('model', 'text')
    .addColumn('prompt_version', 'integer')
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('error', 'text')
    .addPrimaryKeyConstraint('field_values_pk', ['field_id', 'seq'])
    .execute();
  await db.schema
    .createIndex('field_values_in_order')
    .on('field_values')
    .columns(['field_id', 'sort_key', 'seq'])
    .execute();
  await db.schema
    .createIndex('field_values_not_ok')
    .on('field_values')
    .columns(['field_id', 'state', 'seq'])
    .where(sql.ref('state'), '<>', 'ok')
    .execute();

  await db.schema
    .createTable('list_edits')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('list_id', 'text', (column) => column.notNull().references('lists.id').onDelete('cascade'))
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('changed', 'integer', (column) => column.notNull())
    .addColumn('undone_at', 'text')
    .execute();
  await db.schema.createIndex('list_edits_by_age').on('list_edits').columns(['list_id', 'id']).execute();
  await db.schema
    .createTable('list_edit_values')
    .addColumn('edit_id', 'text', (column) => column.notNull().references('list_edits.id').onDelete('cascade'))
    .addColumn('field_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('before_json', 'text')
    .addPrimaryKeyConstraint('list_edit_values_pk', ['edit_id', 'field_id', 'seq'])
    .execute();

  await db.schema
    .createTable('quota_use')
    .addColumn('day', 'text', (column) => column.primaryKey())
    .addColumn('units', 'integer', (column) => column.notNull())
    .addColumn('exhausted_at', 'text')
    .execute();
}
