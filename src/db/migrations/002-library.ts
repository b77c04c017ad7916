import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('assets')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('mime_type', 'text', (column) => column.notNull())
    .addColumn('extension', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('width', 'integer')
    .addColumn('height', 'integer')
    .addColumn('duration_seconds', 'double precision')
    .addColumn('dhash', 'text')
    .addColumn('has_thumbnail', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('camera_make', 'text')
    .addColumn('camera_model', 'text')
    .addColumn('camera_serial', 'text')
    .addColumn('lens', 'text')
    .addColumn('device', 'text')
    .addColumn('content_id', 'text')
    .addColumn('stem', 'text', (column) => column.notNull().defaultTo(''))
    .addColumn('gps_latitude', 'double precision')
    .addColumn('gps_longitude', 'double precision')
    .addColumn('time_tags_json', 'text', (column) => column.notNull())
    .addColumn('warnings_json', 'text', (column) => column.notNull())
    .addColumn('job_id', 'text')
    .addColumn('added_at', 'text', (column) => column.notNull())
    .addUniqueConstraint('assets_bytes_once', ['owner', 'sha256'])
    .execute();

  await db.schema.createIndex('assets_as_added').on('assets').columns(['owner', 'added_at', 'id']).execute();
  await db.schema.createIndex('assets_by_job').on('assets').columns(['job_id', 'added_at', 'id']).execute();

  await db.schema.createIndex('assets_by_content').on('assets').columns(['owner', 'content_id']).execute();
  await db.schema.createIndex('assets_by_device').on('assets').columns(['owner', 'device', 'stem']).execute();

  await db.schema
    .createTable('capture_times')
    .addColumn('asset_id', 'text', (column) => column.primaryKey().references('assets.id').onDelete('cascade'))
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('at', 'text')
    .addColumn('local', 'text')
    .addColumn('zone', 'text')
    .addColumn('zone_source', 'text')
    .addColumn('source', 'text')
    .addColumn('precision', 'text')
    .addColumn('confidence', 'text', (column) => column.notNull())
    .addColumn('because', 'text', (column) => column.notNull())
    .addColumn('sort_key', 'text', (column) => column.notNull())
    .addColumn('rules_differ', 'integer', (column) => column.notNull())
    .addColumn('device', 'text')
    .execute();
  await db.schema
    .createIndex('capture_times_by_device')
    .on('capture_times')
    .columns(['owner', 'device', 'zone_source', 'sort_key'])
    .execute();
  await db.schema
    .createIndex('capture_times_in_order')
    .on('capture_times')
    .columns(['owner', 'sort_key', 'asset_id'])
    .execute();
  await db.schema
    .createIndex('capture_times_by_confidence')
    .on('capture_times')
    .columns(['owner', 'confidence', 'sort_key', 'asset_id'])
    .execute();

  await db.schema
    .createTable('locations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('asset_id', 'text', (column) => column.notNull().references('assets.id').onDelete('cascade'))
    .addColumn('job_id', 'text')
    .addColumn('path', 'text')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('folder', 'text', (column) => column.notNull())
    .addColumn('stem', 'text', (column) => column.notNull().defaultTo(''))
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('modified_at', 'text')
    .addColumn('sidecars_json', 'text')
    .addColumn('first_seen_at', 'text', (column) => column.notNull())
    .addColumn('last_seen_at', 'text', (column) => column.notNull())
    .addColumn('gone_at', 'text')
    .addUniqueConstraint('locations_once', ['owner', 'path', 'asset_id'])
    .execute();
  await db.schema.createIndex('locations_by_asset').on('locations').column('asset_id').execute();
  await db.schema
    .createIndex('locations_by_stem')
    .on('locations')
    .columns(['owner', 'folder', 'stem'])
    .execute();
  await db.schema.createIndex('locations_by_job').on('locations').columns(['job_id', 'asset_id']).execute();

  await db.schema
    .createTable('evidence')
    .addColumn('asset_id', 'text', (column) => column.notNull().references('assets.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('location_id', 'text', (column) => column.references('locations.id').onDelete('cascade'))
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('raw', 'text', (column) => column.notNull())
    .addColumn('at', 'text')
    .addColumn('local', 'text')
    .addColumn('zone', 'text')
    .addColumn('zone_source', 'text')
    .addColumn('precision', 'text', (column) => column.notNull())
    .addColumn('weight', 'integer', (column) => column.notNull())
    .addColumn('rejected', 'text')
    .addPrimaryKeyConstraint('evidence_pk', ['asset_id', 'seq'])
    .execute();

  await db.schema
    .createTable('uploads')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('folder', 'text', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('modified_at', 'text')
    .addColumn('sha256', 'text')
    .addColumn('job_id', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('finished_at', 'text')
    .execute();
  await db.schema.createIndex('uploads_by_job').on('uploads').columns(['job_id', 'folder']).execute();
}
