/** Which assets a correction of a camera's clock is about: those there when it was made, and those that come later. */
import type { Transaction } from 'kysely';
import type { TimeSpokenOf } from '#capture-time/person.ts';
import type { Evidence } from '#contract/capture-time.ts';
import type { DecisionKind } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { engineOf, insertRows, isAmong } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import { asTheDeviceToldIt, cameraClockOf, cameraClocks } from './camera-clock.ts';

export type CameraFacts = { make: string | null; model: string | null; serial: string | null };

/** Wall clocks of the camera, the last one included. */
export type ClockPeriod = { from: string; to: string };

/** Rows of `assets` of this very camera. */
export function ofCamera<Query extends { where(column: never, operator: never, value: never): Query }>(
  query: Query,
  camera: CameraFacts,
): Query {
  const columns = {
    'assets.camera_make': camera.make,
    'assets.camera_model': camera.model,
    'assets.camera_serial': camera.serial,
  };
  return Object.entries(columns).reduce(
    (some, [column, value]) =>
      some.where(column as never, (value === null ? 'is' : '=') as never, value as never),
    query,
  );
}

export type ClockShot = Evidence & { asset_id: string; name: string };

/** What the clock of the camera said of each shot that it places in a period, in order. */
export async function shotsOfClock(
  db: Queryable,
  owner: string,
  camera: CameraFacts,
  period: ClockPeriod,
): Promise<ClockShot[]> {
  const rows = await ofCamera(
    db
      .selectFrom('assets')
      .innerJoin('evidence', 'evidence.asset_id', 'assets.id')
      .where('assets.owner', '=', owner)
      .where('evidence.source', 'in', cameraClocks)
      .where('evidence.local', 'is not', null),
    camera,
  )
    .select(['evidence.asset_id', 'assets.name', ...evidenceColumns])
    .orderBy('evidence.asset_id')
    .orderBy('evidence.seq')
    .execute();
  const shots = [...Map.groupBy(rows, ({ asset_id }) => asset_id).values()].flatMap((pieces) => {
    const clock = cameraClockOf(pieces);
    return clock !== undefined && isWithin(clock.local, period) ? [clock] : [];
  });
  return shots.toSorted((one, other) => ((one.local ?? '') < (other.local ?? '') ? -1 : 1));
}

const evidenceColumns = [
  'evidence.source',
  'evidence.raw',
  'evidence.at',
  'evidence.local',
  'evidence.zone',
  'evidence.zone_source',
  'evidence.precision',
  'evidence.weight',
  'evidence.rejected',
] as const;

function isWithin(local: string | null, { from, to }: ClockPeriod): boolean {
  return local !== null && local >= from && local <= to;
}

/**
 * Assets that were met after the clock of their camera was corrected belong to every correction of a period in which
 * their clock lies, to those taken back as well, so that undo and redo are about them, too. Those of which a person has
 * said something are left alone. Returns which ones now have to be decided again.
 */
export async function joinClockCorrections(
  transaction: Transaction<Database>,
  owner: string,
  asset_ids: readonly string[],
): Promise<string[]> {
  const corrections = await correctionsOf(transaction, owner);
  if (corrections.length === 0 || asset_ids.length === 0) return [];
  const assets = await transaction
    .selectFrom('assets')
    .select(['id', 'camera_make as make', 'camera_model as model', 'camera_serial as serial'])
    .where(isAmong(transaction, 'assets.id', asset_ids))
    .orderBy('id')
    .execute();
  const concerned = assets.flatMap((asset) => {
    const own = corrections.filter(({ about }) => isSameCamera(about.camera, asset));
    return own.length === 0 ? [] : [{ id: asset.id, own }];
  });
  if (concerned.length === 0) return [];
  const ids = concerned.map(({ id }) => id);
  const clocks = await clocksOf(transaction, ids);
  const known = await decisionsAbout(transaction, ids);
  const joined = concerned.flatMap(({ id, own }) => {
    const [clock, decisions] = [clocks.get(id), known.get(id) ?? []];
    if (clock === undefined || decisions.some(({ kind }) => speaksOfTime.has(kind))) return [];
    const basis: TimeSpokenOf = asTheDeviceToldIt(clock);
    const value_json = JSON.stringify({ basis });
    return own
      .filter(({ about }) => isWithin(clock.local, about))
      .filter((correction) => !decisions.some((decision) => decision.id === correction.id))
      .map((correction) => ({ asset_id: id, decision_id: correction.id, value_json }));
  });
  const columns = { asset_id: 'text', decision_id: 'text', value_json: 'text' } as const;
  await insertRows(transaction, 'decision_assets', columns, joined);
  return [...new Set(joined.map(({ asset_id }) => asset_id))];
}

async function correctionsOf(db: Queryable, owner: string) {
  const rows = await db
    .selectFrom('decisions')
    .select(['id', 'data_json'])
    .where('owner', '=', owner)
    .where('kind', '=', 'correct_clock')
    .execute();
  // `review/make-decision.ts` wrote it.
  return rows.map(({ id, data_json }) => ({ id, about: JSON.parse(data_json) as About }));
}

type About = { camera: CameraFacts } & ClockPeriod;

async function clocksOf(db: Queryable, ids: readonly string[]): Promise<Map<string, Evidence>> {
  const rows = await db
    .selectFrom('evidence')
    .select(['evidence.asset_id', ...evidenceColumns])
    .where(isAmong(db, 'evidence.asset_id', ids))
    .where('source', 'in', cameraClocks)
    .orderBy('evidence.asset_id')
    .orderBy('evidence.seq')
    .execute();
  const clocks = [...Map.groupBy(rows, ({ asset_id }) => asset_id)].flatMap(([id, pieces]) => {
    const clock = cameraClockOf(pieces);
    return clock === undefined ? [] : [[id, clock] as const];
  });
  return new Map(clocks);
}

/** Those taken back, too: they may be let stand again. */
async function decisionsAbout(db: Queryable, ids: readonly string[]) {
  const rows = await db
    .selectFrom('decision_assets')
    .innerJoin('decisions', 'decisions.id', 'decision_assets.decision_id')
    .select(['decision_assets.asset_id', 'decisions.id', 'decisions.kind'])
    .where(isAmong(db, 'decision_assets.asset_id', ids))
    .execute();
  return Map.groupBy(rows, ({ asset_id }) => asset_id);
}

/** What a person says about the time of an asset itself. */
const speaksOfTime: ReadonlySet<DecisionKind> = new Set(['choose', 'set_time', 'shift', 'set_zone', 'accept']);

function isSameCamera(one: CameraFacts, other: CameraFacts): boolean {
  return one.make === other.make && one.model === other.model && one.serial === other.serial;
}

/**
 * Before an import writes: decisions of this owner wait until it is committed, and it waits for one that is being
 * written. Otherwise an asset and a correction that do not see each other would both be kept, and never meet. SQLite
 * writes one at a time anyway.
 */
export async function holdDecisions(transaction: Transaction<Database>, owner: string): Promise<void> {
  if (engineOf(transaction) === 'sqlite') return;
  await transaction
    .insertInto('libraries')
    .values({ owner })
    .onConflict((conflict) => conflict.column('owner').doNothing())
    .execute();
  await transaction.selectFrom('libraries').select('owner').where('owner', '=', owner).forShare().execute();
}

/** The other side: before a decision is changed, the imports that are being written are waited for. */
export async function waitForImports(transaction: Transaction<Database>, owner: string): Promise<void> {
  if (engineOf(transaction) === 'sqlite') return;
  await transaction.selectFrom('libraries').select('owner').where('owner', '=', owner).forUpdate().execute();
}
