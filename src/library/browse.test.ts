import { expect, test } from 'vitest';
import type { AssetFilter } from '#contract/asset-filter.ts';
import type { Queryable } from '#db/database.ts';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { keepWords } from './asset-words.ts';
import { browseAssets, countDays } from './browse.ts';
import { listCameras } from './cameras.ts';

const owner = 'home';
const page = { order: 'taken' as const, limit: 100 };

type Kept = { name: string; local: string | null; folder?: string; make?: string; camera?: string };

async function keep(db: Queryable, assets: Kept[]): Promise<void> {
  for (const [index, { name, local, folder, make, camera }] of assets.entries()) {
    const id = `asset-${String(index).padStart(3, '0')}`;
    const at = `2026-01-01T00:00:00.${String(index).padStart(3, '0')}Z`;
    const facts = {
      size_bytes: 1,
      mime_type: 'image/jpeg',
      extension: 'jpg',
      kind: 'photo' as const,
      has_thumbnail: 0,
    };
    await db
      .insertInto('assets')
      .values({
        id,
        owner,
        sha256: id,
        ...facts,
        name,
        camera_make: make ?? null,
        camera_model: camera ?? null,
        time_tags_json: '{}',
        warnings_json: '[]',
        added_at: at,
      })
      .execute();
    await db
      .insertInto('capture_times')
      .values({
        asset_id: id,
        owner,
        local,
        confidence: local === null ? 'none' : 'high',
        because: '',
        sort_key: local ?? '',
        rules_differ: 0,
      })
      .execute();
    await db
      .insertInto('locations')
      .values({
        id: `at-${id}`,
        owner,
        asset_id: id,
        path: `/${id}`,
        name,
        folder: folder ?? '/',
        size_bytes: 1,
        first_seen_at: at,
        last_seen_at: at,
      })
      .execute();
    await keepWords(db, [id]);
  }
}

async function namesIn(db: Queryable, filter: AssetFilter): Promise<string[]> {
  const { items } = await browseAssets(db, owner, filter, page);
  return items.map((tile) => tile.name);
}

onEachEngine('the grid', (engine) => {
  test('newest first, undated last; pages of any size bring every asset once', async () => {
    await using opened = await testDatabase(engine);
    const assets = Array.from({ length: 23 }, (_, index) => ({
      name: `${index}.jpg`,
      local: index % 5 === 0 ? null : `2020-01-${String(1 + (index % 4)).padStart(2, '0')}T10:00:00`,
    }));
    await keep(opened.db, assets);
    for (const order of ['taken', 'added'] as const) {
      const whole = await browseAssets(opened.db, owner, {}, { order, limit: 100 });
      expect(whole.items).toHaveLength(23);
      for (const limit of [1, 4, 22, 23]) {
        const paged: string[] = [];
        let cursor: string | undefined;
        do {
          const next = await browseAssets(opened.db, owner, {}, { order, limit, cursor });
          paged.push(...next.items.map((tile) => tile.name));
          cursor = next.next_cursor ?? undefined;
        } while (cursor !== undefined);
        expect(paged).toEqual(whole.items.map((tile) => tile.name));
      }
    }
    const { items } = await browseAssets(opened.db, owner, {}, page);
    expect(items.slice(-5).every((tile) => tile.local === null)).toBe(true);
  });

  test('a time known to the month or year belongs to a range when its first day does', async () => {
    await using opened = await testDatabase(engine);
    await keep(opened.db, [
      { name: 'year', local: '2014' },
      { name: 'month', local: '2014-07' },
      { name: 'day', local: '2014-07-31' },
      { name: 'second', local: '2014-07-31T23:59:59' },
      { name: 'after', local: '2014-08-01T00:00:00' },
      { name: 'undated', local: null },
    ]);
    expect(await namesIn(opened.db, { from: '2014-07-01', to: '2014-07-31' })).toEqual([
      'second',
      'day',
      'month',
    ]);
    expect(await namesIn(opened.db, { from: '2014-01-01', to: '2014-12-31' })).toEqual([
      'after',
      'second',
      'day',
      'month',
      'year',
    ]);
    expect(await namesIn(opened.db, { from: '2014-07-02' })).toEqual(['after', 'second', 'day']);
    expect(await namesIn(opened.db, { to: '2014-07-01' })).toEqual(['month', 'year']);
    expect(await countDays(opened.db, owner, {})).toEqual([
      { day: '2014-08-01', count: 1 },
      { day: '2014-07-31', count: 2 },
      { day: '2014-07', count: 1 },
      { day: '2014', count: 1 },
      { day: null, count: 1 },
    ]);
  });

  test('text is found in names, folders and cameras, in any case and any alphabet; wildcards are letters', async () => {
    await using opened = await testDatabase(engine);
    await keep(opened.db, [
      { name: 'Übung.jpg', local: null },
      { name: 'ÉTÉ 100%.jpg', local: null, folder: '/fotos/Ελλάδα' },
      { name: 'a_b.jpg', local: null, make: 'Canon', camera: 'PowerShot G2' },
      { name: 'axb.jpg', local: null },
    ]);
    expect(await namesIn(opened.db, { text: 'übUNG' })).toEqual(['Übung.jpg']);
    expect(await namesIn(opened.db, { text: 'u\u0308bung' })).toEqual(['Übung.jpg']);
    expect(await namesIn(opened.db, { text: 'ελλάδα' })).toEqual(['ÉTÉ 100%.jpg']);
    expect(await namesIn(opened.db, { text: '0%' })).toEqual(['ÉTÉ 100%.jpg']);
    expect(await namesIn(opened.db, { text: 'a_b' })).toEqual(['a_b.jpg']);
    expect(await namesIn(opened.db, { text: 'powershot' })).toEqual(['a_b.jpg']);
    expect(await namesIn(opened.db, { text: ' canon  G2 ' })).toEqual(['a_b.jpg']);
    expect(await namesIn(opened.db, { text: 'canon 100%' })).toEqual([]);
    expect(await namesIn(opened.db, { text: ' ' })).toHaveLength(4);
    expect(await namesIn(opened.db, { text: "'; drop table assets; --" })).toEqual([]);
  });

  test('cameras, the one that took most first', async () => {
    await using opened = await testDatabase(engine);
    await keep(opened.db, [
      { name: 'a.jpg', local: null, make: 'Canon', camera: 'PowerShot G2' },
      { name: 'b.jpg', local: null, make: 'Apple', camera: 'iPhone 6' },
      { name: 'c.jpg', local: null, make: 'Apple', camera: 'iPhone 6' },
      { name: 'd.jpg', local: null },
    ]);
    await opened.db
      .updateTable('capture_times')
      .set({ review: 'discarded' })
      .where('asset_id', '=', 'asset-000')
      .execute();
    const iphone = { model: 'iPhone 6', make: 'Apple', count: 2 };
    expect(await listCameras(opened.db, owner, 10)).toEqual([iphone]);
    await opened.db.updateTable('capture_times').set({ review: 'open' }).execute();
    expect(await listCameras(opened.db, owner, 10)).toEqual([
      iphone,
      { model: 'PowerShot G2', make: 'Canon', count: 1 },
    ]);
    expect(await namesIn(opened.db, { camera: 'PowerShot G2' })).toEqual(['a.jpg']);
    expect(await listCameras(opened.db, 'somebody', 10)).toEqual([]);
  });

  test('nobody sees what another owner has', async () => {
    await using opened = await testDatabase(engine);
    await keep(opened.db, [{ name: 'mine.jpg', local: '2020-01-01' }]);
    const others = await browseAssets(opened.db, 'somebody', {}, page);
    expect(others.items).toEqual([]);
    expect(await countDays(opened.db, 'somebody', {})).toEqual([]);
  });
});
