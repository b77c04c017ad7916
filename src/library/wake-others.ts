/** A kept asset may be what others were waiting for: its partner, undated neighbours, files of its device that day. */
import { placeInSeries, seriesBeside, stemAt, type Place } from '#capture-time/neighbours.ts';
import type { CaptureTime } from '#contract/capture-time.ts';
import type { ZoneSource } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { deviceZoneOf, isUndated, knowsItsZone, partnerOf, type Asking } from './others-of-asset.ts';
import type { Decided } from './decide-asset.ts';

/** Undated files in a row that a dated one may end. */
const longestRun = 200;
/** Files of one device and day without a zone that are decided again at once. */
const filesWoken = 20;
/** The same, after a change in the library: it comes once, so all of them are meant. */
const zonesWoken = 1000;

/** The assets that should be decided again, each once. In an import every one of them is met about once in all. */
export async function assetsToWake(db: Queryable, kept: Decided): Promise<string[]> {
  const { asking, capture_time } = kept;
  const woken = new Set<string>();
  const partner = await partnerOf(db, asking);
  if (partner !== null) woken.add(partner.id);
  const { local, source, zone_source } = capture_time;
  if (local?.includes('T') === true) {
    if (!isUndated(source)) for (const id of await undatedAround(db, asking, isUndated)) woken.add(id);
    if (knowsItsZone(zone_source)) for (const id of await withoutZone(db, asking, local)) woken.add(id);
  }
  woken.delete(asking.id);
  return [...woken];
}

/** What others are told of a capture time. */
export type ToldOthers = Pick<CaptureTime, 'at' | 'local' | 'zone' | 'zone_source' | 'source'>;

/**
 * The assets to decide again after one of the library was decided otherwise than before: only those for whom what
 * they were told is another now. Nearly always there are none, which costs no query.
 */
export async function assetsToWakeAfter(
  db: Queryable,
  asking: Asking,
  before: ToldOthers | null,
  now: ToldOthers,
  paired: boolean,
): Promise<string[]> {
  const woken = new Set<string>();
  const partner = paired ? await partnerOf(db, asking) : null;
  if (partner !== null) woken.add(partner.id);
  const clock = clockForOthers(now);
  if (clockForOthers(before) !== clock) {
    // A clock that is lost concerns only those that were placed by one: else a year that is believed no more would
    // wake every file of it two hundred times.
    for (const id of await undatedAround(db, asking, clock === null ? isPlaced : isUndated)) woken.add(id);
  }
  const zones = [zoneForOthers(before), zoneForOthers(now)];
  if (asking.device !== null && zones[0] !== zones[1]) {
    const days = new Set([before, now].flatMap((told) => (told?.local?.includes('T') ? [told.local] : [])));
    for (const day of days) {
      for (const id of await supposedZones(db, asking, day, ['home', 'device'], zonesWoken)) woken.add(id);
    }
  }
  woken.delete(asking.id);
  return [...woken];
}

/** The wall clock between which and another an undated neighbour is placed. */
function clockForOthers(told: ToldOthers | null): string | null {
  return told === null || isUndated(told.source) || !told.local?.includes('T') ? null : told.local;
}

/** What the files of the same device and day learn their zone from. */
function zoneForOthers(told: ToldOthers | null): string | null {
  if (told === null || !knowsItsZone(told.zone_source)) return null;
  return [told.at, told.local, told.zone].join(' ');
}

/** Of which sources the time of a file may be. */
type IsMeant = (source: string | null) => boolean;

function isPlaced(source: string | null): boolean {
  return source === 'neighbours';
}

/**
 * The undated files directly below and above in the count, up to the next dated ones: in its folder, and of its
 * camera in any folder; of its own name, and of those that the camera counts with it.
 */
async function undatedAround(db: Queryable, asking: Asking, isMeant: IsMeant): Promise<string[]> {
  const [place] = asking.places;
  const own = place === undefined ? null : placeInSeries(place.stem);
  if (place === undefined || own === null) return [];
  // Without a device it dates nobody of another name.
  const beside = asking.device === null ? [] : seriesBeside(own.series, asking.device);
  const found: string[] = [];
  for (const ask of [besideInFolder(db, asking.owner, place.folder), besideOfCamera(db, asking)]) {
    for (const side of ['below', 'above'] as const) {
      const { run, next } = await undatedRun(ask, side, own, null, isMeant);
      found.push(...run);
      // Where its own name goes on with the next number, nothing is counted in between.
      if (next !== null && Math.abs(next - own.counter) === 1) continue;
      for (const series of beside) {
        found.push(...(await undatedRun(ask, side, { ...own, series }, next, isMeant)).run);
      }
    }
  }
  return found;
}

/** The undated files from there on, up to the first dated one, whose number is `next`, or to the number `end`. */
async function undatedRun(
  ask: AskBeside,
  side: 'below' | 'above',
  from: Place,
  end: number | null,
  isMeant: IsMeant,
): Promise<{ run: string[]; next: number | null }> {
  // One row tells in nearly all cases that there is nothing to do.
  for (const limit of [1, longestRun]) {
    const run: string[] = [];
    const rows = await ask(stemAt(from.series, from), side, limit);
    for (const { asset_id, stem, source } of rows) {
      const place = placeInSeries(stem);
      if (place?.series !== from.series || isPast(place.counter, end, side)) return { run, next: null };
      if (!isMeant(source)) return { run, next: place.counter };
      run.push(asset_id);
    }
    if (rows.length < limit || limit === longestRun) return { run, next: null };
  }
  return { run: [], next: null };
}

function isPast(counter: number, end: number | null, side: 'below' | 'above'): boolean {
  return end !== null && (side === 'below' ? counter < end : counter > end);
}

type Beside = { asset_id: string; stem: string; source: string | null };
type AskBeside = (stem: string, side: 'below' | 'above', limit: number) => Promise<Beside[]>;

function besideInFolder(db: Queryable, owner: string, folder: string): AskBeside {
  return (stem, side, limit) => {
    const rows = db
      .selectFrom('locations')
      .innerJoin('capture_times', 'capture_times.asset_id', 'locations.asset_id')
      .select(['locations.asset_id', 'locations.stem', 'capture_times.source'])
      .where('locations.owner', '=', owner)
      .where('locations.folder', '=', folder)
      .limit(limit);
    return side === 'below'
      ? rows.where('locations.stem', '<', stem).orderBy('locations.stem', 'desc').execute()
      : rows.where('locations.stem', '>', stem).orderBy('locations.stem').execute();
  };
}

function besideOfCamera(db: Queryable, { owner, device }: Asking): AskBeside {
  return async (stem, side, limit) => {
    if (device === null) return [];
    const rows = db
      .selectFrom('assets')
      .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
      .select(['assets.id as asset_id', 'assets.stem', 'capture_times.source'])
      .where('assets.owner', '=', owner)
      .where('assets.device', '=', device)
      .limit(limit);
    return side === 'below'
      ? rows.where('assets.stem', '<', stem).orderBy('assets.stem', 'desc').execute()
      : rows.where('assets.stem', '>', stem).orderBy('assets.stem').execute();
  };
}

/** Files of the same device and day that were supposed to be at home, where its files agree on another place. */
async function withoutZone(db: Queryable, asking: Asking, local: string): Promise<string[]> {
  const ids = await supposedZones(db, asking, local, ['home'], filesWoken);
  if (ids.length === 0 || (await deviceZoneOf(db, { ...asking, id: '' }, local)) === null) return [];
  return ids;
}

/** Files of the same device and day whose zone is one of these suppositions. */
async function supposedZones(
  db: Queryable,
  { owner, device }: Asking,
  local: string,
  zone_sources: readonly ZoneSource[],
  limit: number,
): Promise<string[]> {
  if (device === null) return [];
  const day = local.slice(0, 10);
  const rows = await db
    .selectFrom('capture_times')
    .select('asset_id')
    .where('owner', '=', owner)
    .where('device', '=', device)
    .where('zone_source', 'in', zone_sources)
    .where('sort_key', '>=', `${day}T`)
    .where('sort_key', '<', `${day}U`)
    .limit(limit)
    .execute();
  return rows.map(({ asset_id }) => asset_id);
}
