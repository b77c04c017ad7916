/** Cameras whose clock was wrong for a while, found in what is stored, and corrected as one decision. */
import { sql } from 'kysely';
import { shifted } from '#capture-time/person.ts';
import { wallMilliseconds } from '#capture-time/wall-clock.ts';
import { inWords } from '#capture-time/because.ts';
import type { DecisionReport } from '#contract/decisions.ts';
import type { ClockCorrection } from '#contract/review.ts';
import type { EvidenceSource, Precision, ZoneSource } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { cameraName } from '#library/doubt.ts';
import { cameraClocks } from './camera-clock.ts';
import { secondsInWords } from './decision-words.ts';
import { makeDecision, type Place } from './make-decision.ts';
import type { CameraFacts } from './prepare.ts';
import { wrongPeriods, type Witness, type WrongPeriod } from './wrong-clocks.ts';

const samplesShown = 6;

/** Clocks that the camera does not set, the surest first, and what a person calls them. */
const otherClocks = {
  'GPS:GPSDateTime': 'the GPS',
  'Takeout:photoTakenTime': 'Google Photos',
  filename_datetime: 'the file names',
} as const satisfies Partial<Record<EvidenceSource, string>>;
type OtherClock = keyof typeof otherClocks;

type Pair = CameraFacts & {
  asset_id: string;
  own_local: string;
  own_at: string | null;
  own_zone: ZoneSource | null;
  other: OtherClock;
  other_local: string;
  other_at: string | null;
  other_zone: ZoneSource | null;
};

/** Only assets of which nobody has said anything count: what was corrected or accepted is no question any more. */
export async function clockCorrections(db: Queryable, owner: string): Promise<ClockCorrection[]> {
  const corrections: ClockCorrection[] = [];
  for (const camera of await suspects(db, owner)) {
    const pairs = await pairsOf(db, owner, camera);
    for (const other of Object.keys(otherClocks) as OtherClock[]) {
      const periods = wrongPeriods(witnessesOf(pairs, other));
      for (const period of periods) corrections.push(await told(db, owner, camera, period, other));
      if (periods.length > 0) break; // the surest clock that finds a fault speaks for the camera
    }
  }
  return corrections.toSorted((one, other) => other.assets - one.assets);
}

/** Cameras of which several assets have two clocks that do not show the same minute. */
async function suspects(db: Queryable, owner: string): Promise<CameraFacts[]> {
  return pairs(db, owner)
    .select(['assets.camera_make as make', 'assets.camera_model as model', 'assets.camera_serial as serial'])
    .where(sql<boolean>`substr(own.at, 1, 16) <> substr(other.at, 1, 16)`)
    .groupBy(['assets.camera_make', 'assets.camera_model', 'assets.camera_serial'])
    .having((having) => having.fn.countAll(), '>=', 3)
    .execute();
}

async function pairsOf(db: Queryable, owner: string, camera: CameraFacts): Promise<Pair[]> {
  const rows = await ofCamera(pairs(db, owner), camera)
    .select(['own.asset_id', 'own.local as own_local', 'own.at as own_at', 'own.zone_source as own_zone'])
    .select(['other.source as other', 'other.local as other_local', 'other.at as other_at'])
    .select('other.zone_source as other_zone')
    .execute();
  return rows.map((row) => ({ ...camera, ...row }) as Pair);
}

function pairs(db: Queryable, owner: string) {
  return db
    .selectFrom('capture_times')
    .innerJoin('assets', 'assets.id', 'capture_times.asset_id')
    .innerJoin('evidence as own', 'own.asset_id', 'capture_times.asset_id')
    .innerJoin('evidence as other', 'other.asset_id', 'capture_times.asset_id')
    .where('capture_times.owner', '=', owner)
    .where('capture_times.review', '=', 'open')
    .where('assets.camera_model', 'is not', null)
    .where('own.source', 'in', cameraClocks)
    .where('own.local', 'is not', null)
    .where('other.source', 'in', Object.keys(otherClocks) as OtherClock[])
    .where('other.rejected', 'is', null)
    .where('other.local', 'is not', null)
    .where('other.precision', '=', 'second' satisfies Precision);
}

function ofCamera<Query extends { where(column: never, operator: never, value: never): Query }>(
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

/** One witness per asset: by instants where both zones are known, by wall clocks where a name tells one. */
function witnessesOf(all: readonly Pair[], clock: OtherClock): Witness[] {
  const byAsset = new Map<string, Witness>();
  for (const { asset_id, own_local, own_at, own_zone, other, other_local, other_at, other_zone } of all) {
    if (other !== clock || byAsset.has(asset_id) || own_local.length < 19) continue;
    const byInstant = isKnown(own_zone) && isKnown(other_zone) && own_at !== null && other_at !== null;
    // A wall clock beside a UTC clock, and no place: the difference is the zone and no fault.
    if (!byInstant && other !== 'filename_datetime') continue;
    const milliseconds = byInstant
      ? Temporal.Instant.from(other_at).epochMilliseconds - Temporal.Instant.from(own_at).epochMilliseconds
      : wallMilliseconds(other_local) - wallMilliseconds(own_local);
    byAsset.set(asset_id, { local: own_local, seconds: Math.round(milliseconds / 1000) });
  }
  return [...byAsset.values()];
}

function isKnown(zone_source: ZoneSource | null): boolean {
  return zone_source !== null && zone_source !== 'home';
}

async function told(
  db: Queryable,
  owner: string,
  camera: CameraFacts,
  period: WrongPeriod,
  other: OtherClock,
): Promise<ClockCorrection> {
  const { shift_seconds, witnesses } = period;
  const from = period.from ?? firstClock;
  const to = period.to ?? lastClock;
  const shots = await shotsOf(db, owner, camera, from, to);
  const amount = secondsInWords(Math.abs(shift_seconds)).slice(1);
  const wrong = `its clock was ${amount} ${shift_seconds > 0 ? 'behind' : 'ahead of'} ${otherClocks[other]}`;
  const days = [period.first_witness, period.last_witness].map((local) => inWords(local.slice(0, 10)));
  const when = days[0] === days[1] ? days[0] : days.join(' – ');
  return {
    camera,
    from,
    to,
    shift_seconds,
    sentence: `${shots.length.toLocaleString('en')} from ${cameraName(camera)}: ${wrong}, ${when}`,
    witnesses,
    assets: shots.length,
    samples: shots.slice(0, samplesShown).map(({ asset_id, name, ...clock }) => ({
      asset_id,
      name,
      before: clock.local,
      after: shifted(clock, shift_seconds)?.local ?? clock.local,
    })),
  };
}

/** Where nothing bounds a period. */
const firstClock = '0001-01-01';
const lastClock = '9999-12-31';

/** Assets that this camera's clock places in a period, one row each. */
async function shotsOf(db: Queryable, owner: string, camera: CameraFacts, from: string, to: string) {
  const rows = await ofCamera(
    db
      .selectFrom('assets')
      .innerJoin('evidence', 'evidence.asset_id', 'assets.id')
      .where('assets.owner', '=', owner)
      .where('evidence.source', 'in', cameraClocks)
      .where('evidence.local', '>=', from)
      .where('evidence.local', '<=', to),
    camera,
  )
    .select(['evidence.asset_id', 'assets.name', 'evidence.local', 'evidence.at', 'evidence.zone'])
    .select(['evidence.zone_source', 'evidence.source', 'evidence.precision'])
    .orderBy('evidence.local')
    .orderBy('evidence.asset_id')
    .execute();
  const first = new Map<string, (typeof rows)[number]>();
  for (const row of rows.toSorted(bySource)) if (!first.has(row.asset_id)) first.set(row.asset_id, row);
  return [...first.values()].toSorted((one, other) => ((one.local ?? '') < (other.local ?? '') ? -1 : 1));
}

const clockOrder: readonly EvidenceSource[] = cameraClocks;

function bySource(one: { source: EvidenceSource }, other: { source: EvidenceSource }): number {
  return clockOrder.indexOf(one.source) - clockOrder.indexOf(other.source);
}

/** A decision like any other. What a person said of one of the assets itself stays. */
export async function correctClock(
  place: Place,
  owner: string,
  wish: { camera: CameraFacts; from: string; to: string; shift_seconds: number },
): Promise<DecisionReport> {
  const shots = await shotsOf(place.db, owner, wish.camera, wish.from, wish.to);
  const asset_ids = shots.map(({ asset_id }) => asset_id);
  return makeDecision(place, owner, { asset_ids }, { kind: 'correct_clock', data: wish });
}
