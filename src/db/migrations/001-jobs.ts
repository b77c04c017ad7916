import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('input_json', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('status_reason', 'text')
    .addColumn('total', 'integer', (column) => column.notNull())
    .addColumn('done', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('skipped', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('failed', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('current_item', 'text')
    .addColumn('error_message', 'text')
    .addColumn('last_event', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('ran_ms', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('running_since', 'text')
    .addColumn('claimed_at', 'text')
    .addColumn('resume_at', 'text')
    .addColumn('after_retry', 'text')
    .addColumn('judged_finished', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('judged_failed', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('summary_json', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text')
    .addColumn('completed_at', 'text')
    .execute();
  await db.schema.createIndex('jobs_by_status').on('jobs').columns(['status', 'claimed_at']).execute();
  await db.schema.createIndex('jobs_by_owner').on('jobs').columns(['owner', 'created_at']).execute();

  await db.schema
    .createTable('job_items')
    .addColumn('job_id', 'text', (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('crashes', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('retried', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('run_after', 'text')
    .addColumn('lease_owner', 'text')
    .addColumn('lease_token', 'text')
    .addColumn('skipped_because', 'text')
    .addColumn('error_code', 'text')
    .addColumn('error_message', 'text')
    .addColumn('finished_at', 'text')
    .addPrimaryKeyConstraint('job_items_pk', ['job_id', 'seq'])
    .execute();
  await db.schema
    .createIndex('job_items_by_state')
    .on('job_items')
    .columns(['job_id', 'state', 'seq'])
    .execute();
  // Both hold a handful of rows among millions: what is in hand now, and what was asked for again.
  await db.schema
    .createIndex('job_items_leased')
    .on('job_items')
    .columns(['lease_owner'])
    .where(sql.ref('lease_owner'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('job_items_retried')
    .on('job_items')
    .columns(['job_id', 'state', 'seq'])
    .where(sql.ref('retried'), '=', sql.lit(1))
    .execute();

  await db.schema
    .createTable('job_events')
    .addColumn('job_id', 'text', (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('data_json', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('job_events_pk', ['job_id', 'seq'])
    .execute();

  await db.schema
    .createTable('workers')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('pid', 'integer', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('beat_at', 'text', (column) => column.notNull())
    .execute();
}
