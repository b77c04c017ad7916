/** The only writer of evidence, capture times and tags: any number of assets in a handful of statements. */
import { sql } from 'kysely';
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import type { AssetTag } from '#contract/library.ts';
import type { ReviewState } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { insertRows, isAmong, type Column } from '#db/json-rows.ts';
import type { Judged } from './judge.ts';
import type { StoredAsset } from './stored-clues.ts';

export type JudgedAsset = {
  asset: StoredAsset;
  judged: Judged;
  /** There may be another half of its shot. */
  paired: boolean;
};

/** What is written of a judged asset: plain data, which may cross to another thread. */
export type JudgedRows = {
  id: string;
  owner: string;
  time: CaptureTime & {
    device: string | null;
    sort_key: string;
    rules_differ: 0 | 1;
    review: ReviewState;
    reviewed_at: string | null;
    doubt: string | null;
  };
  evidence: (Evidence & { location_id: string | null })[];
  tags: AssetTag[];
};

export function rowsOf({ asset, judged }: JudgedAsset): JudgedRows {
  const { decision, review, reviewed_at, doubt, tags } = judged;
  return {
    id: asset.id,
    owner: asset.asking.owner,
    time: {
      ...decision.capture_time,
      device: asset.asking.device,
      sort_key: decision.sort_key,
      rules_differ: decision.rules_differ ? 1 : 0,
      review,
      reviewed_at,
      doubt,
    },
    evidence: decision.evidence.map((piece, index) => ({
      location_id: asset.names[decision.given_by[index] ?? -1]?.id ?? null,
      ...piece,
    })),
    tags,
  };
}

export async function writeJudged(db: Queryable, all: readonly JudgedAsset[]): Promise<void> {
  await writeRows(db, all.map(rowsOf));
}

export async function writeRows(db: Queryable, all: readonly JudgedRows[]): Promise<void> {
  const ids = all.map(({ id }) => id);
  await db
    .deleteFrom('evidence')
    .where(isAmong(db, 'evidence.asset_id', ids))
    .execute();
  await insertRows(
    db,
    'evidence',
    evidenceColumns,
    all.flatMap(({ id, evidence }) =>
      evidence.map((piece, index) => ({ asset_id: id, seq: index + 1, ...piece })),
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
    all.map(({ id, owner, time }) => ({ asset_id: id, owner, ...time })),
    sql`on conflict (asset_id) do update set ${sql.join([...updates, revised])}`,
  );
  await writeTags(db, all);
}

async function writeTags(db: Queryable, all: readonly JudgedRows[]): Promise<void> {
  const ids = all.map(({ id }) => id);
  await db
    .deleteFrom('asset_tags')
    .where(isAmong(db, 'asset_tags.asset_id', ids))
    .execute();
  await insertRows(
    db,
    'asset_tags',
    { asset_id: 'text', tag: 'text', owner: 'text', source: 'text' },
    all.flatMap(({ id, owner, tags }) => tags.map((tag) => ({ asset_id: id, owner, ...tag }))),
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
