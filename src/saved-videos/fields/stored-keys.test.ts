import type { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../../test/databases.ts';
import { FieldChange } from '#contract/fields.ts';
import { up } from '#db/migrations/013-field-changes.ts';
import type { Database } from '#db/schema.ts';
import { fieldNamed, idOf, listWith, modelSays, newField, now, owner } from '#saved-videos/fixture.ts';
import { keepMetadata } from '#saved-videos/videos/keep-metadata.ts';
import { changeField } from './fields.ts';

const titles = ['𝗧𝗵𝗲 𝗕𝗲𝘀𝘁 10', 'plain 2', 'バス の旅', 'हिन्दी', 'Lego™  Über'];

async function everyKey(db: Kysely<Database>) {
  return {
    videos: await db.selectFrom('saved_videos').selectAll().orderBy('seq').execute(),
    values: await db.selectFrom('field_values').selectAll().orderBy('field_id').orderBy('seq').execute(),
  };
}

onEachEngine('keys of texts', (engine) => {
  test('that were stored before migration 013 stand as they are made now', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const list = await listWith(db, {
      videos: 2200,
      fields: [
        newField('summary'),
        newField('ride', 'select', ['バス', '~é', 'bus']),
        newField('topics', 'multi_select', ['naïve', 'a; é']),
        newField('score', 'number'),
      ],
    });
    const field = (label: string) => fieldNamed(list, label);
    const nothing = { description: null, duration_seconds: null, published_at: null, thumbnail_url: null };
    const found = Array.from({ length: 2200 }, (_, nth) => {
      const [title = null, channel] = [titles[nth % 5], nth % 3 === 0 ? 'Ünï' : null];
      const metadata = {
        ...nothing,
        language: null,
        live_state: null,
        title,
        channel,
        source: 'oembed' as const,
      };
      return { seq: nth + 1, youtube_id: idOf(nth + 1), state: 'ready' as const, state_reason: null, metadata };
    });
    await db.transaction().execute((changes) => keepMetadata(changes, list.id, found, now));
    await modelSays(db, list.id, field('summary'), { 1: '𝗕𝗼𝗹𝗱 10', 2: '~é', 3: 'plain 10' });
    await modelSays(db, list.id, field('ride'), { 1: 'バス', 2: '~é', 3: 'bus' });
    await modelSays(db, list.id, field('topics'), { 1: ['naïve', 'a; é'] });
    await modelSays(db, list.id, field('score'), { 1: 5 });
    await changeField(db, owner, list.id, field('ride').id, FieldChange.parse({ options: ['バス'] }));
    const asNow = await everyKey(db);

    // As they stood before: with other keys where there is more than ASCII, and without what the migration makes.
    await db
      .updateTable('saved_videos')
      .set({ title_key: 'old', channel_key: 'old', search_text: 'old' })
      .where('title', '<>', 'plain 2')
      .execute();
    const values = db
      .updateTable('field_values')
      .where('seq', '<', 3)
      .where('field_id', '<>', field('score').id);
    await values.set({ search_text: 'old' }).execute();
    await values.where('field_id', '=', field('summary').id).set({ sort_key: 'old' }).execute();
    await db.schema.dropTable('list_field_changes').execute();
    await db.schema.alterTable('list_edits').dropColumn('version').execute();
    await up(db as Kysely<unknown>);
    expect(await everyKey(db)).toEqual(asNow);
  });
});
