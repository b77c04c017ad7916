/**
 * What a search of the library reads: for each asset its camera and every name under which it was met, in lower case,
 * in a table of their own. A search is one pass over that table with the engine's own `like`.
 *
 * Measured at 100,000 assets on SQLite (`node bench/search.ts`): the pass itself takes 15 to 30 ms, where `lower()`
 * over the columns of assets and locations took 2 to 4 s.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '#db/database.ts';
import { insertRows, isAmong } from '#db/json-rows.ts';

/** A file copied into thousands of folders is found by the first hundred. */
const placesRead = 100;
/** More words than these in a search are left out. */
const wordsHeard = 10;

/** Writes the words of assets anew. To be called when they, or locations of them, are new. */
export async function keepWords(db: Queryable, assetIds: readonly string[]): Promise<void> {
  const assets = await db
    .selectFrom('assets')
    .select(['id', 'owner', 'camera_make', 'camera_model'])
    .where(isAmong(db, 'assets.id', assetIds))
    .execute();
  const places = await db
    .selectFrom('locations')
    .select(['asset_id', 'folder', 'name'])
    .where(isAmong(db, 'locations.asset_id', assetIds))
    .orderBy('id')
    .execute();
  const met = Map.groupBy(places, ({ asset_id }) => asset_id);
  await insertRows(
    db,
    'asset_words',
    { asset_id: 'text', owner: 'text', words: 'text' },
    assets.map(({ id, owner, camera_make, camera_model }) => ({
      asset_id: id,
      owner,
      words: wordsOf({ make: camera_make, model: camera_model }, met.get(id)?.slice(0, placesRead) ?? []),
    })),
    sql`on conflict (asset_id) do update set words = excluded.words`,
  );
}

type Place = { folder: string; name: string };

export function wordsOf(
  camera: { make: string | null; model: string | null },
  places: readonly Place[],
): string {
  const lines = [
    [camera.make, camera.model].filter((part) => part !== null).join(' '),
    ...places.map(({ folder, name }) => `${folder}/${name}`),
  ];
  return inOneForm(lines.join('\n'));
}

/** Whether an asset has every word of a text somewhere in its words, as a part of one of them at least. */
export function hasWords(owner: string, text: string): RawBuilder<boolean> {
  const wanted = inOneForm(text).trim().split(/\s+/).slice(0, wordsHeard);
  const each = wanted.map((word) => {
    const pattern = `%${word.replaceAll(/[\\%_]/g, (wild) => `\\${wild}`)}%`;
    return sql`words like ${pattern} escape '\\'`;
  });
  return sql<boolean>`capture_times.asset_id in (
    select asset_id from asset_words where owner = ${owner} and ${sql.join(each, sql` and `)}
  )`;
}

/** "Übung" is found by "übung", also as a Mac spells it (u and two dots). */
function inOneForm(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
