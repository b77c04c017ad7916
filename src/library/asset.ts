import type { Rules } from '#capture-time/clues.ts';
import { shownPiece, standing } from '#capture-time/standing.ts';
import type { Asset, Location } from '#contract/library.ts';
import type { Queryable } from '#db/database.ts';

/** One asset with all its evidence and every name it was met under; undefined when this owner has none of that id. */
export async function findAsset(
  db: Queryable,
  owner: string,
  id: string,
  rules: Rules,
): Promise<Asset | undefined> {
  const row = await db
    .selectFrom('assets')
    .select([
      'id',
      'sha256',
      'dhash',
      'size_bytes',
      'mime_type',
      'kind',
      'width',
      'height',
      'duration_seconds',
      'has_thumbnail',
      'camera_make',
      'camera_model',
      'camera_serial',
      'lens',
      'gps_latitude',
      'gps_longitude',
      'added_at',
      'warnings_json',
    ])
    .where('owner', '=', owner)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { has_thumbnail, warnings_json, ...asset } = row;
  const [taken, evidence, locations, tags] = await Promise.all([
    db
      .selectFrom('capture_times')
      .select(['at', 'local', 'zone', 'zone_source', 'source', 'precision', 'confidence', 'because'])
      .select(['review', 'reviewed_at', 'rules_differ', 'doubt'])
      .where('asset_id', '=', id)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('evidence')
      .select(['source', 'raw', 'at', 'local', 'zone', 'zone_source', 'precision', 'weight', 'rejected'])
      .where('asset_id', '=', id)
      .orderBy('seq')
      .execute(),
    locationsOf(db, id),
    db.selectFrom('asset_tags').select(['tag', 'source']).where('asset_id', '=', id).orderBy('tag').execute(),
  ]);
  const { review, reviewed_at, rules_differ, doubt, ...capture_time } = taken;
  const shown = shownPiece(evidence, capture_time);
  return {
    ...asset,
    has_thumbnail: has_thumbnail === 1,
    warnings: JSON.parse(warnings_json),
    capture_time,
    evidence: evidence.map((piece) => ({ ...piece, ...standing(piece, shown, rules.home_zone) })),
    locations,
    review,
    reviewed_at,
    rules_differ: rules_differ === 1,
    doubt,
    tags,
  };
}

async function locationsOf(db: Queryable, assetId: string): Promise<Location[]> {
  return db
    .selectFrom('locations')
    .select(['id', 'path', 'name', 'folder', 'modified_at', 'first_seen_at', 'job_id'])
    .where('asset_id', '=', assetId)
    .where('gone_at', 'is', null)
    .orderBy('first_seen_at')
    .orderBy('id')
    .limit(1000)
    .execute();
}

/** What is needed to send the bytes of an asset: where they may stand, in the order to try. */
export type AssetBytes = {
  sha256: string;
  extension: string;
  mime_type: string;
  name: string;
  has_thumbnail: boolean;
  places: { path: string | null; size_bytes: number; modified_at: string | null }[];
};

export async function findAssetBytes(
  db: Queryable,
  owner: string,
  id: string,
): Promise<AssetBytes | undefined> {
  const asset = await db
    .selectFrom('assets')
    .select(['sha256', 'extension', 'mime_type', 'name', 'has_thumbnail'])
    .where('owner', '=', owner)
    .where('id', '=', id)
    .executeTakeFirst();
  if (asset === undefined) return undefined;
  const places = await db
    .selectFrom('locations')
    .select(['path', 'size_bytes', 'modified_at'])
    .where('asset_id', '=', id)
    .where('gone_at', 'is', null)
    .orderBy('first_seen_at')
    .limit(100)
    .execute();
  return { ...asset, has_thumbnail: asset.has_thumbnail === 1, places };
}
