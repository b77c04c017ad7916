import type { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { addAssets, owner } from '../../test/small-library.ts';
import { up } from '#db/migrations/006-redate-and-search.ts';
import { browseAssets } from './browse.ts';

onEachEngine('the words of an asset', (engine) => {
  test('what was imported before is found as what is imported after', async () => {
    await using opened = await testDatabase(engine);
    const { db } = opened;
    const drawn = Array.from({ length: 230 }, (_, index) => ({
      name: `U\u0308BUNG ${index}.jpg`,
      folder: index === 7 ? '/photos/Summer' : '/photos',
      camera: { make: 'Canon', model: 'PowerShot G2' },
    }));
    await addAssets(db, [...drawn, { name: 'again.jpg', bytes: '/photos/\u00dcBUNG 3.jpg' }]);
    const words = () => db.selectFrom('asset_words').selectAll().orderBy('asset_id').execute();
    const kept = await words();
    expect(kept).toHaveLength(231);

    await db.schema.dropTable('asset_words').execute();
    await db.schema.dropTable('redates').execute();
    await db.schema.dropIndex('assets_by_camera').execute();
    await db.schema.alterTable('capture_times').dropColumn('revision').execute();
    await up(db as unknown as Kysely<unknown>);
    expect(await words()).toEqual(kept);
    const page = { order: 'taken' as const, limit: 10 };
    const { items } = await browseAssets(db, owner, { text: 'übung summer g2' }, page);
    expect(items.map(({ name }) => name)).toEqual(['U\u0308BUNG 7.jpg']);
  });
});
