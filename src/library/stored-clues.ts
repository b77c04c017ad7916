/** Everything stored about assets that bears on their time, read for many at once. No file is opened. */
import { sql } from 'kysely';
import type { Clues, NameClues } from '#capture-time/clues.ts';
import type { Queryable } from '#db/database.ts';
import type { SidecarFacts } from '#media/read-sidecar.ts';
import { engineOf, isAmong } from '#db/json-rows.ts';
import type { StandingDecision } from './fold.ts';
import { ImportInput } from './import-input.ts';
import type { Asking } from './others-of-asset.ts';
import type { NamedPlace } from './name-tags.ts';
import { sidecarsFrom } from './stored-sidecars.ts';

export type StoredAsset = {
  id: string;
  /** As whom it asks others. */
  asking: Asking;
  clues: Clues;
  /** Of the file, and of the sidecars beside it. */
  keywords: string[];
  /** Oldest first. */
  names: (Omit<NameClues, 'sidecars'> & NamedPlace & { id: string; stem: string; sidecars: SidecarFacts[] })[];
  /** What a person decided and did not take back, in order. */
  decisions: StandingDecision[];
};

/** A file copied into thousands of folders says nothing more than in the first hundred. */
const namesHeard = 100;

/**
 * Assets in the order of their ids; ids that are not there are left out. In a transaction of PostgreSQL they stay
 * locked, so that who decides later sees what was decided before (SQLite writes one at a time anyway).
 */
export async function readStored(db: Queryable, owner: string, ids: readonly string[]): Promise<StoredAsset[]> {
  const rows = await db
    .selectFrom('assets')
    .select(['id', 'kind', 'camera_make', 'camera_model', 'gps_latitude', 'gps_longitude', 'time_tags_json'])
    .select(['device', 'content_id', 'keywords_json'])
    .where(isAmong(db, 'assets.id', ids))
    .orderBy('id')
    .$if(engineOf(db) === 'postgres' && db.isTransaction, (query) => query.forUpdate())
    .execute();
  const names = await namesOf(db, ids);
  const decisions = await readDecisions(db, ids);
  return rows.map(
    ({ camera_make, camera_model, gps_latitude, gps_longitude, time_tags_json, keywords_json, ...asset }) => {
      const met = names.get(asset.id) ?? [];
      const beside = met.flatMap(({ sidecars }) => sidecars.flatMap(({ keywords }) => keywords ?? []));
      return {
        id: asset.id,
        asking: { ...asset, owner, places: met.map(({ folder, stem }) => ({ folder, stem })) },
        clues: {
          time_tags: JSON.parse(time_tags_json) as Record<string, string>,
          gps:
            gps_latitude === null || gps_longitude === null
              ? null
              : { latitude: gps_latitude, longitude: gps_longitude },
          kind: asset.kind,
          camera: { make: camera_make, model: camera_model },
        },
        keywords: [...(JSON.parse(keywords_json) as string[]), ...beside],
        names: met,
        decisions: decisions.get(asset.id) ?? [],
      };
    },
  );
}

async function namesOf(db: Queryable, ids: readonly string[]): Promise<Map<string, StoredAsset['names']>> {
  const rows = await db
    .selectFrom('locations')
    .select([
      'id',
      'asset_id',
      'name',
      'folder',
      'stem',
      'path',
      'job_id',
      'modified_at',
      'first_seen_at as met_at',
    ])
    .select('sidecars_json')
    .where(isAmong(db, 'locations.asset_id', ids))
    .orderBy('first_seen_at')
    .orderBy('id')
    .execute();
  const asked = await askedBy(db, [
    ...new Set(rows.flatMap(({ job_id }) => (job_id === null ? [] : [job_id]))),
  ]);
  const byAsset = new Map<string, StoredAsset['names']>();
  for (const { asset_id, job_id, path, sidecars_json, ...name } of rows) {
    const names = byAsset.get(asset_id) ?? [];
    byAsset.set(asset_id, names);
    if (names.length >= namesHeard) continue;
    names.push({
      ...name,
      asked: path === null ? null : (asked.get(job_id ?? '') ?? []),
      sidecars: sidecarsFrom(sidecars_json),
    });
  }
  return byAsset;
}

/** Which folders and files each of these imports was asked for. */
async function askedBy(db: Queryable, jobs: string[]): Promise<Map<string, readonly string[]>> {
  if (jobs.length === 0) return new Map();
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'input_json'])
    .where(isAmong(db, 'jobs.id', jobs))
    .execute();
  return new Map(
    rows.map(({ id, input_json }) => {
      const input = ImportInput.safeParse(JSON.parse(input_json));
      return [id, input.data?.from === 'paths' ? input.data.paths : []];
    }),
  );
}

/** What stands, in order, by asset. */
export async function readDecisions(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, StandingDecision[]>> {
  const rows = await db
    .selectFrom('decision_assets')
    .innerJoin('decisions', 'decisions.id', 'decision_assets.decision_id')
    .select(['decision_assets.asset_id', 'decision_assets.value_json'])
    .select(['decisions.at', 'decisions.kind', 'decisions.data_json'])
    .where(isAmong(db, 'decision_assets.asset_id', ids))
    .where('decisions.undone_at', 'is', null)
    .orderBy(sql`decisions.seq`)
    .execute();
  const byAsset = new Map<string, StandingDecision[]>();
  for (const { asset_id, at, kind, data_json, value_json } of rows) {
    const decisions = byAsset.get(asset_id) ?? [];
    byAsset.set(asset_id, decisions);
    // Both were written by `review/make-decision.ts` in the shape that belongs to the kind.
    const value: unknown = value_json === null ? null : JSON.parse(value_json);
    decisions.push({ at, kind, data: JSON.parse(data_json) as unknown, value } as StandingDecision);
  }
  return byAsset;
}
