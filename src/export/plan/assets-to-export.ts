/** The assets that an export is asked for, a page at a time. Discarded ones are never among them. */
import { sql } from 'kysely';
import type { Confidence, MediaKind, Precision } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { isAmong } from '#db/json-rows.ts';
import { filtered } from '#library/browse.ts';
import type { ExportWish } from './plan.ts';

type Which = ExportWish['which'];

export type AssetToExport = {
  id: string;
  sha256: string;
  size_bytes: number;
  mime_type: string;
  extension: string;
  kind: MediaKind;
  name: string;
  camera_make: string | null;
  camera_model: string | null;
  content_id: string | null;
  time_tags_json: string;
  keywords_json: string;
  at: string | null;
  local: string | null;
  zone: string | null;
  precision: Precision | null;
  confidence: Confidence;
  sort_key: string;
  /** In the order of the alphabet. */
  tags: string[];
  /** Folders and stems under which it was met. */
  places: { folder: string; stem: string }[];
};

const pageOfAssets = 250;

/** In the order of their times. What changes meanwhile may be missed, or come twice. */
export async function* assetsToExport(
  db: Queryable,
  owner: string,
  which: Which,
): AsyncGenerator<AssetToExport[]> {
  if ('asset_ids' in which) {
    for (let start = 0; start < which.asset_ids.length; start += pageOfAssets) {
      yield await assetsOf(db, owner, which, which.asset_ids.slice(start, start + pageOfAssets));
    }
    return;
  }
  let last = { sort_key: '', id: '' };
  for (;;) {
    const rows = await asked(db, owner, which)
      .where(sql<boolean>`(capture_times.sort_key, capture_times.asset_id) > (${last.sort_key}, ${last.id})`)
      .orderBy('capture_times.sort_key')
      .orderBy('capture_times.asset_id')
      .limit(pageOfAssets)
      .execute();
    yield await withTagsAndPlaces(db, rows);
    const end = rows.at(-1);
    if (end === undefined || rows.length < pageOfAssets) return;
    last = end;
  }
}

/** Those of these ids that are asked for. */
export async function assetsOf(
  db: Queryable,
  owner: string,
  which: Which,
  ids: readonly string[],
): Promise<AssetToExport[]> {
  const rows = await asked(db, owner, which)
    .where(isAmong(db, 'capture_times.asset_id', ids))
    .execute();
  return withTagsAndPlaces(db, rows);
}

/** How many there are, and of how many bytes. */
export async function sizeOfAsked(
  db: Queryable,
  owner: string,
  which: Which,
): Promise<{ files: number; total_bytes: number }> {
  let query = notDiscarded(db, owner, which);
  if ('asset_ids' in which) query = query.where(isAmong(db, 'capture_times.asset_id', which.asset_ids));
  const { files, total_bytes } = await query
    .select(({ fn }) => [fn.countAll().as('files'), fn.sum('assets.size_bytes').as('total_bytes')])
    .executeTakeFirstOrThrow();
  return { files: Number(files), total_bytes: Number(total_bytes) };
}

function notDiscarded(db: Queryable, owner: string, which: Which) {
  return filtered(db, owner, 'filter' in which ? which.filter : {}).where(
    'capture_times.review',
    '!=',
    'discarded',
  );
}

function asked(db: Queryable, owner: string, which: Which) {
  return notDiscarded(db, owner, which)
    .select(['assets.id', 'assets.sha256', 'assets.size_bytes', 'assets.mime_type', 'assets.extension'])
    .select(['assets.kind', 'assets.name', 'assets.camera_make', 'assets.camera_model'])
    .select(['assets.content_id', 'assets.time_tags_json', 'assets.keywords_json'])
    .select(['capture_times.at', 'capture_times.local', 'capture_times.zone', 'capture_times.precision'])
    .select(['capture_times.confidence', 'capture_times.sort_key']);
}

/** Copied into hundreds of folders, a file has no more partners than in a few. */
const placesLookedAt = 5;

async function withTagsAndPlaces(
  db: Queryable,
  rows: readonly Omit<AssetToExport, 'tags' | 'places'>[],
): Promise<AssetToExport[]> {
  const ids = rows.map(({ id }) => id);
  const tags = await db
    .selectFrom('asset_tags')
    .select(['asset_id', 'tag'])
    .where(isAmong(db, 'asset_tags.asset_id', ids))
    .orderBy('tag')
    .execute();
  const places = await db
    .selectFrom('locations')
    .select(['asset_id', 'folder', 'stem'])
    .where(isAmong(db, 'locations.asset_id', ids))
    .where('gone_at', 'is', null)
    .orderBy('first_seen_at')
    .orderBy('id')
    .execute();
  const tagsOf = Map.groupBy(tags, ({ asset_id }) => asset_id);
  const placesOf = Map.groupBy(places, ({ asset_id }) => asset_id);
  return rows.map((row) => ({
    ...row,
    tags: (tagsOf.get(row.id) ?? []).map(({ tag }) => tag),
    places: (placesOf.get(row.id) ?? []).slice(0, placesLookedAt).map(({ folder, stem }) => ({ folder, stem })),
  }));
}

export type OriginalPlace = { path: string | null; size_bytes: number; modified_at: string | null };

/** Of one asset that are looked at. */
const mostPlaces = 100;

/** Where the originals of these assets may stand, by id, in the order to try. */
export async function placesOfOriginals(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, OriginalPlace[]>> {
  const rows = await db
    .selectFrom('locations')
    .select(['asset_id', 'path', 'size_bytes', 'modified_at'])
    .where(isAmong(db, 'locations.asset_id', ids))
    .where('gone_at', 'is', null)
    .orderBy('first_seen_at')
    .orderBy('id')
    .execute();
  const places = new Map<string, OriginalPlace[]>();
  for (const { asset_id, ...place } of rows) {
    const known = places.get(asset_id);
    if (known === undefined) places.set(asset_id, [place]);
    else if (known.length < mostPlaces) known.push(place);
  }
  return places;
}
