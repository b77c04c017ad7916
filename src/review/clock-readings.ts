/** What is stored about the clocks of each camera: its own, and every other that tells of the same shot. */
import { sql } from 'kysely';
import { cameraClockOf, cameraClocks } from '#library/camera-clock.ts';
import { ofCamera, type CameraFacts } from '#library/clock-corrections.ts';
import { deviceOf } from '#library/others-of-asset.ts';
import { wallClockIn, wallMilliseconds } from '#capture-time/wall-clock.ts';
import { zoneAt } from '#capture-time/zones.ts';
import type { Evidence } from '#contract/capture-time.ts';
import type { EvidenceSource, ZoneSource } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { isAmong } from '#db/json-rows.ts';
import type { SureShot } from './shared-moments.ts';
import type { Slices } from './slices.ts';
import type { Witness } from './wrong-clocks.ts';
import { minutesEast } from './wrong-zones.ts';

/** Clocks that the camera does not set, the surest first, and what a person calls them. */
export const otherClocks = {
  'GPS:GPSDateTime': 'the GPS',
  'Takeout:photoTakenTime': 'Google Photos',
  filename_datetime: 'the file names',
} as const satisfies Partial<Record<EvidenceSource, string>>;
export type OtherClock = keyof typeof otherClocks;
export const otherClockOrder = Object.keys(otherClocks) as OtherClock[];

/** A shot by the clock of its device; where the zone is known, the moment, else null. */
type DeviceShot = { wall: number; folder: string; at: number | null; zone: string | null };

export type CameraReadings = {
  camera: CameraFacts;
  /** Shots of which nobody has said anything; what was corrected or accepted is no question any more. */
  witnesses: Record<OtherClock, Witness[]>;
  open: DeviceShot[];
  /** Of the shots that can prove that their clock is set by where they are: how many there are, and how many do. */
  provable: number;
  proven: number;
  /** All whose zone is known and that nobody corrected: what other devices are compared with. */
  sure: SureShot[];
};

/** Every camera of which a model is known. */
export async function camerasOf(db: Queryable, owner: string): Promise<CameraFacts[]> {
  return db
    .selectFrom('assets')
    .select(['camera_make as make', 'camera_model as model', 'camera_serial as serial'])
    .distinct()
    .where('owner', '=', owner)
    .where('camera_model', 'is not', null)
    .orderBy('camera_make')
    .orderBy('camera_model')
    .orderBy('camera_serial')
    .execute();
}

/** Other requests wait for as many: 10 ms. */
const assetsAtOnce = 250;

export async function readClocks(
  db: Queryable,
  owner: string,
  camera: CameraFacts,
  slices: Slices,
): Promise<CameraReadings> {
  const readings: CameraReadings = {
    camera,
    witnesses: { 'GPS:GPSDateTime': [], 'Takeout:photoTakenTime': [], filename_datetime: [] },
    open: [],
    provable: 0,
    proven: 0,
    sure: [],
  };
  for (let last = { stem: '', id: '' }; ;) {
    const shots = await nextShots(db, owner, camera, last);
    for (const shot of shots) take(readings, shot);
    const end = shots.at(-1);
    if (end === undefined || shots.length < assetsAtOnce) return readings;
    last = end;
    await slices.pause();
  }
}

type Piece = Pick<Evidence, 'source' | 'local' | 'at' | 'zone' | 'zone_source' | 'precision' | 'rejected'>;
type Shot = {
  id: string;
  stem: string;
  gps_latitude: number | null;
  gps_longitude: number | null;
  review: string;
  chosen: EvidenceSource | null;
  folder: string;
  pieces: Piece[];
};

/** In the order of the index by device. */
async function nextShots(
  db: Queryable,
  owner: string,
  camera: CameraFacts,
  last: { stem: string; id: string },
): Promise<Shot[]> {
  const rows = await ofCamera(
    db
      .selectFrom('assets')
      .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
      .where('assets.owner', '=', owner)
      .where('assets.device', '=', deviceOf(camera))
      .where(sql<boolean>`(assets.stem, assets.id) > (${last.stem}, ${last.id})`),
    camera,
  )
    .select(['assets.id', 'assets.stem', 'assets.gps_latitude', 'assets.gps_longitude'])
    .select(['capture_times.review', 'capture_times.source as chosen'])
    .orderBy('assets.stem')
    .orderBy('assets.id')
    .limit(assetsAtOnce)
    .execute();
  const ids = rows.map(({ id }) => id);
  const pieces = await db
    .selectFrom('evidence')
    .select(['asset_id', 'source', 'local', 'at', 'zone', 'zone_source', 'precision', 'rejected'])
    .where(isAmong(db, 'evidence.asset_id', ids))
    .where('source', 'in', [...cameraClocks, ...otherClockOrder])
    .where('local', 'is not', null)
    .orderBy('asset_id')
    .orderBy('seq')
    .execute();
  const folders = await db
    .selectFrom('locations')
    .select(['asset_id', (select) => select.fn.min('folder').as('folder')])
    .where(isAmong(db, 'locations.asset_id', ids))
    .groupBy('asset_id')
    .execute();
  const piecesOf = Map.groupBy(pieces, ({ asset_id }) => asset_id);
  const folderOf = new Map(folders.map(({ asset_id, folder }) => [asset_id, folder]));
  return rows.map((row) => ({
    ...row,
    folder: folderOf.get(row.id) ?? '',
    pieces: piecesOf.get(row.id) ?? [],
  }));
}

function take(readings: CameraReadings, { gps_latitude, gps_longitude, review, chosen, folder, pieces }: Shot) {
  const own = cameraClockOf(pieces);
  if (own === undefined || own.local === null || own.local.length < 19) return;
  const position =
    gps_latitude === null || gps_longitude === null
      ? null
      : { latitude: gps_latitude, longitude: gps_longitude };
  const place = zoneAt(position);
  const isOpen = review === 'open';
  for (const clock of isOpen ? otherClockOrder : []) {
    const other = pieces.find(({ source }) => source === clock);
    const witness = other === undefined ? null : witnessOf(own, other, place);
    if (witness !== null) readings.witnesses[clock].push(witness);
  }
  // The header of a film may be UTC or not; whether people were together is told by the clocks of photos.
  if (own.source === 'QuickTime:CreateDate') return;
  const wall = wallMilliseconds(own.local);
  const at = own.at === null || !isKnown(own.zone_source) ? null : momentOf(own.at);
  const shot = { wall, folder, at, zone: at === null ? null : own.zone };
  if (isOpen) readings.open.push(shot);
  const proof = proofOf(own, pieces, place);
  if (proof !== null) {
    readings.provable += 1;
    if (proof) readings.proven += 1;
  }
  if (chosen !== 'person' && at !== null && own.zone !== null && proof !== false) {
    // The place knows its summers; an offset is what it was that day.
    readings.sure.push({ wall, folder, at, zone: proof === true && place !== null ? place : own.zone });
  }
}

/** Zones that the camera wrote beside its own time. */
const ownTags: ReadonlySet<ZoneSource | null> = new Set([
  'offset_tag',
  'time_zone_tag',
  'creation_date',
  'written',
]);

/** Null where the two clocks cannot be compared. */
function witnessOf(own: Piece, other: Piece, place: string | null): Witness | null {
  if (other.rejected !== null || other.precision !== 'second' || other.local === null || own.local === null) {
    return null;
  }
  return other.source === 'filename_datetime' ? byName(own, other) : byMoment(own, other, place);
}

/** A name is a wall clock like the camera's own, or a moment like a header in UTC. */
function byName(own: Piece, name: Piece): Witness | null {
  const { local } = own;
  if (local === null || name.local === null) return null;
  const at = name.at === null || !isKnown(own.zone_source) ? null : momentOf(name.at);
  if (own.zone_source === 'standard' || name.zone_source === 'standard') {
    if (at === null || own.at === null) return null;
    return { local, seconds: Math.round((at - momentOf(own.at)) / 1000), taken: null, tag_seconds: 0 };
  }
  return {
    local,
    seconds: Math.round((wallMilliseconds(name.local) - wallMilliseconds(local)) / 1000),
    taken: at === null || own.zone === null ? null : { at, zone: own.zone },
    tag_seconds: 0,
  };
}

/** GPS and Google know the moment; beside a wall clock and no place the difference is the zone and no fault. */
function byMoment(own: Piece, other: Piece, place: string | null): Witness | null {
  const zone = place ?? (isKnown(own.zone_source) ? own.zone : null);
  if (zone === null || other.at === null || own.local === null) return null;
  const at = momentOf(other.at);
  const there = wallMilliseconds(wallClockIn(Temporal.Instant.fromEpochMilliseconds(at), zone));
  const tag = ownTags.has(own.zone_source) ? own.zone : null;
  return {
    local: own.local,
    seconds: Math.round((there - wallMilliseconds(own.local)) / 1000),
    // A header in UTC, and nothing that says where it was.
    taken: own.zone_source === 'standard' ? null : { at, zone },
    tag_seconds: tag === null ? 0 : (minutesEast(zone, at) - minutesEast(tag, at)) * 60,
  };
}

function momentOf(at: string): number {
  return Temporal.Instant.from(at).epochMilliseconds;
}

function isKnown(zone_source: ZoneSource | null): boolean {
  return zone_source !== null && zone_source !== 'home';
}

const gpsLagMs = 5 * 60_000;

/**
 * Whether a shot with a position shows that the network or the satellites set the clock: its own zone is that of the
 * place, and the satellites tell the same time. Null where it carries neither.
 */
function proofOf(own: Piece, pieces: readonly Piece[], place: string | null): boolean | null {
  if (place === null || own.at === null) return null;
  const at = momentOf(own.at);
  const tag = ownTags.has(own.zone_source) ? own.zone : null;
  const gps = pieces.find(({ source, rejected }) => source === 'GPS:GPSDateTime' && rejected === null);
  const isHere = tag === null ? null : minutesEast(tag, at) === minutesEast(place, at);
  const fix = gps?.at ?? null;
  const isNow = fix === null ? null : Math.abs(momentOf(fix) - at) <= gpsLagMs;
  return isHere === null && isNow === null ? null : isHere !== false && isNow !== false;
}

const leastProofs = 5;
const provenShare = 0.9;

/** A device whose clock is set by where it is: a phone. */
export function isSure({ provable, proven }: CameraReadings): boolean {
  return proven >= leastProofs && proven >= provenShare * provable;
}
