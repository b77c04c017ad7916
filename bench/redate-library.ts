/** A library as imports leave it: rows only, no files. */
import type { Kysely } from 'kysely';
import { insertRows, type Column } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import type { Rules } from '#capture-time/clues.ts';
import { wordsOf } from '#library/asset-words.ts';
import { decideAssets } from '#library/decide-asset.ts';
import { deviceOf, stemOf } from '#library/others-of-asset.ts';

const atOnce = 1000;

/** Before anything is decided. A tenth from a messenger, a fifth with a position, the rest with a camera's clock alone or with its name. */
export async function drawLibrary(db: Kysely<Database>, owner: string, assets: number): Promise<void> {
  for (let start = 0; start < assets; start += atOnce) {
    const drawn = Array.from({ length: Math.min(atOnce, assets - start) }, (_, index) =>
      draw(start + index, owner),
    );
    await db.transaction().execute(async (transaction) => {
      await insertRows(
        transaction,
        'assets',
        assetColumns,
        drawn.map(({ asset }) => asset),
      );
      await insertRows(
        transaction,
        'locations',
        locationColumns,
        drawn.map(({ location }) => location),
      );
      await insertRows(
        transaction,
        'asset_words',
        { asset_id: 'text', owner: 'text', words: 'text' },
        drawn.map(({ words }) => words),
      );
    });
  }
}

/** Decides what was drawn, in the order in which it was drawn. */
export async function decideLibrary(db: Kysely<Database>, owner: string, rules: Rules): Promise<void> {
  const rows = await db.selectFrom('assets').select('id').orderBy('id').execute();
  const ids = rows.map(({ id }) => id);
  for (let start = 0; start < ids.length; start += atOnce) {
    const some = ids.slice(start, start + atOnce);
    await db.transaction().execute((transaction) => decideAssets(transaction, owner, some, rules));
  }
}

const assetColumns = {
  id: 'text',
  owner: 'text',
  sha256: 'text',
  size_bytes: 'integer',
  mime_type: 'text',
  extension: 'text',
  kind: 'text',
  has_thumbnail: 'integer',
  name: 'text',
  camera_make: 'text',
  camera_model: 'text',
  device: 'text',
  stem: 'text',
  gps_latitude: 'integer',
  gps_longitude: 'integer',
  time_tags_json: 'text',
  warnings_json: 'text',
  added_at: 'text',
} as const satisfies Record<string, Column>;
const locationColumns = {
  id: 'text',
  owner: 'text',
  asset_id: 'text',
  path: 'text',
  name: 'text',
  folder: 'text',
  stem: 'text',
  size_bytes: 'integer',
  modified_at: 'text',
  first_seen_at: 'text',
  last_seen_at: 'text',
} as const satisfies Record<string, Column>;

/** Of no bytes: only the shape and that each has its own matter. */
export function hashOf(index: number): string {
  return index.toString(16).padStart(64, '0');
}

function draw(index: number, owner: string) {
  const taken = Temporal.PlainDateTime.from('2012-01-01T08:00:00').add({ minutes: index * 37 });
  const exif = taken.toString({ smallestUnit: 'second' }).replaceAll('-', ':').replace('T', ' ');
  const digits = taken.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '').replace('T', '_');
  const fromMessenger = index % 10 === 0;
  const placed = index % 5 === 1;
  const name = fromMessenger
    ? `IMG-${digits.slice(0, 8)}-WA${String(index % 10_000).padStart(4, '0')}.jpg`
    : index % 2 === 0
      ? `IMG_${digits}.jpg`
      : `DSC_${String(index % 10_000).padStart(4, '0')}.jpg`;
  const id = `asset-${String(index).padStart(8, '0')}`;
  // Where a phone was says nothing about the cameras.
  const model = placed ? 'Phone' : `Camera ${index % 7}`;
  const camera = fromMessenger ? { make: null, model: null } : { make: 'Canon', model };
  const common = { owner, name, stem: stemOf(name), size_bytes: 4_000_000 };
  const folder = `/photos/Trip ${index % 100}/${index}`;
  return {
    words: { asset_id: id, owner, words: wordsOf(camera, [{ folder, name }]) },
    asset: {
      ...common,
      id,
      sha256: hashOf(index),
      mime_type: 'image/jpeg',
      extension: 'jpg',
      kind: 'photo',
      has_thumbnail: 1,
      camera_make: camera.make,
      camera_model: camera.model,
      device: deviceOf({ ...camera, serial: null }),
      gps_latitude: placed ? 48 : null,
      gps_longitude: placed ? 11 : null,
      time_tags_json: fromMessenger
        ? '{}'
        : JSON.stringify({ 'EXIF:DateTimeOriginal': exif, 'EXIF:CreateDate': exif, 'EXIF:ModifyDate': exif }),
      warnings_json: '[]',
      added_at: '2026-01-01T00:00:00.000Z',
    },
    location: {
      ...common,
      id: `location-${index}`,
      asset_id: id,
      path: `/photos/${index % 100}/${index}/${name}`,
      folder,
      modified_at: '2020-01-01T00:00:00.000Z',
      first_seen_at: '2026-01-01T00:00:00.000Z',
      last_seen_at: '2026-01-01T00:00:00.000Z',
    },
  };
}
