/** The only writer of evidence, capture times and tags: any number of assets in a handful of statements. */
import { sql } from 'kysely';
import type { Queryable } from '#db/database.ts';
import { insertRows, isAmong, type Column } from '#db/json-rows.ts';
import type { Judged } from './judge.ts';
import type { StoredAsset } from './stored-clues.ts';

export type JudgedAsset = { asset: StoredAsset; judged: Judged };

export async function writeJudged(db: Queryable, all: readonly JudgedAsset[]): Promise<void> {
  const ids = all.map(({ asset }) => asset.id);
  await db
    .deleteFrom('evidence')
    .where(isAmong(db, 'evidence.asset_id', ids))
    .execute();
  await insertRows(
    db,
    'evidence',
    evidenceColumns,
    all.flatMap(({ asset, judged: { decision } }) =>
      decision.evidence.map((piece, index) => ({
        asset_id: asset.id,
        seq: index + 1,
        location_id: asset.names[decision.given_by[index] ?? -1]?.id ?? null,
        ...piece,
      })),
    ),
  );
  const updates = Object.keys(captureTimeColumns)
    .filter((name) => name !== 'asset_id')
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`);
  const revised = sql`revision = capture_times.revision + 1`;
  await insertRows(
    db,
    'capture_times',
    captureTimeColumns,
    all.map(({ asset, judged: { decision, review, reviewed_at, doubt } }) => ({
      ...decision.capture_time,
      asset_id: asset.id,
      owner: asset.asking.owner,
      device: asset.asking.device,
      sort_key: decision.sort_key,
      rules_differ: decision.rules_differ ? 1 : 0,
      review,
      reviewed_at,
      doubt,
    })),
    sql`on conflict (asset_id) do update set ${sql.join([...updates, revised])}`,
  );
  await writeTags(db, all);
}

async function writeTags(db: Queryable, all: readonly JudgedAsset[]): Promise<void> {
  const ids = all.map(({ asset }) => asset.id);
  await db
    .deleteFrom('asset_tags')
    .where(isAmong(db, 'asset_tags.asset_id', ids))
    .execute();
  await insertRows(
    db,
    'asset_tags',
    { asset_id: 'text', tag: 'text', owner: 'text', source: 'text' },
    all.flatMap(({ asset, judged: { tags } }) =>
      tags.map((tag) => ({ asset_id: asset.id, owner: asset.asking.owner, ...tag })),
    ),
  );
}

const evidenceColumns = {
  asset_id: 'text',
  seq: 'integer',
  location_id: 'text',
  source: 'text',
  raw: 'text',
  at: 'text',
  local: 'text',
  zone: 'text',
  zone_source: 'text',
  precision: 'text',
  weight: 'integer',
  rejected: 'text',
} as const satisfies Record<string, Column>;

const captureTimeColumns = {
  asset_id: 'text',
  owner: 'text',
  device: 'text',
  at: 'text',
  local: 'text',
  zone: 'text',
  zone_source: 'text',
  source: 'text',
  precision: 'text',
  confidence: 'text',
  because: 'text',
  sort_key: 'text',
  rules_differ: 'integer',
  review: 'text',
  reviewed_at: 'text',
  doubt: 'text',
} as const satisfies Record<string, Column>;
