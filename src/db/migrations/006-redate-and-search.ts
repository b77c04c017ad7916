import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('capture_times')
    .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();

  await db.schema
    .createTable('redates')
    .addColumn('job_id', 'text', (column) => column.primaryKey().references('jobs.id').onDelete('cascade'))
    .addColumn('tally_json', 'text', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('asset_words')
    .addColumn('asset_id', 'text', (column) => column.primaryKey().references('assets.id').onDelete('cascade'))
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('words', 'text', (column) => column.notNull())
    .execute();
  await fillWords(db);

  await db.schema
    .createIndex('assets_by_camera')
    .on('assets')
    .columns(['owner', 'camera_model', 'camera_make'])
    .execute();
}

type Tables = {
  assets: { id: string; owner: string; camera_make: string | null; camera_model: string | null };
  locations: { id: string; asset_id: string; folder: string; name: string };
  asset_words: { asset_id: string; owner: string; words: string };
};

const atOnce = 200;

/** Here and not in SQL: neither engine's `lower` knows what the other's does. */
async function fillWords(db: Kysely<Tables>): Promise<void> {
  for (let last = ''; ;) {
    const assets = await db
      .selectFrom('assets')
      .select(['id', 'owner', 'camera_make', 'camera_model'])
      .where('id', '>', last)
      .orderBy('id')
      .limit(atOnce)
      .execute();
    if (assets.length === 0) return;
    const places = await db
      .selectFrom('locations')
      .select(['asset_id', 'folder', 'name'])
      .where(
        'asset_id',
        'in',
        assets.map(({ id }) => id),
      )
      .orderBy('id')
      .execute();
    const rows = assets.map(({ id, owner, camera_make, camera_model }) => {
      const met = places.filter(({ asset_id }) => asset_id === id).slice(0, 100);
      const lines = [
        [camera_make, camera_model].filter((part) => part !== null).join(' '),
        ...met.map(({ folder, name }) => `${folder}/${name}`),
      ];
      return { asset_id: id, owner, words: lines.join('\n').normalize('NFC').toLowerCase() };
    });
    await db.insertInto('asset_words').values(rows).execute();
    last = assets.at(-1)?.id ?? '';
  }
}
