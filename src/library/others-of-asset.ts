/**
 * What other assets tell about one: the other half of its shot, its neighbours in the camera's count, and where its
 * device was that day. Every question follows an index and reads a bounded number of rows.
 */
import type { Evidence } from '#contract/capture-time.ts';
import type { MediaKind, ZoneSource } from '#contract/words.ts';
import { commonZone, type DeviceZone } from '#capture-time/device-zone.ts';
import { betweenNeighbours, placeInSeries, seriesBeside, stemAt } from '#capture-time/neighbours.ts';
import type { Queryable } from '#db/database.ts';
import { isAmong } from '#db/json-rows.ts';

/** Who asks. */
export type Asking = {
  id: string;
  owner: string;
  kind: MediaKind;
  content_id: string | null;
  device: string | null;
  /** Folder and stem of its locations. */
  places: readonly { folder: string; stem: string }[];
};

/** Make, model and serial number as one word; null where neither model nor number is known. */
export function deviceOf(camera: {
  make: string | null;
  model: string | null;
  serial: string | null;
}): string | null {
  if (camera.model === null && camera.serial === null) return null;
  return [camera.make, camera.model, camera.serial].map((part) => (part ?? '').trim().toLowerCase()).join('|');
}

/** The name as twins and series are found by: one form of accents, lower case, no extension. */
export function stemOf(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/(?!^)\.[^.]*$/u, '');
}

export function contentIdOf(time_tags: Readonly<Record<string, string>>): string | null {
  const id = time_tags['MakerNotes:ContentIdentifier'] ?? time_tags['Keys:ContentIdentifier'];
  return id === undefined || id.trim() === '' ? null : id.trim();
}

/** Places of one asset that are looked at: a file copied into hundreds of folders has no more partners than in a few. */
const placesLookedAt = 5;

export type Partner = { id: string; certain: boolean };

/** The photo of a film or the film of a photo: by content identifier, or the only one of its folder and stem. */
export async function partnerOf(db: Queryable, asking: Asking): Promise<Partner | null> {
  const { id, owner, kind, content_id } = asking;
  if (content_id !== null) {
    const [other] = await db
      .selectFrom('assets')
      .select('id')
      .where('owner', '=', owner)
      .where('content_id', '=', content_id)
      .where('kind', '!=', kind)
      .orderBy('id')
      .limit(1)
      .execute();
    if (other !== undefined) return { id: other.id, certain: true };
  }
  for (const { folder, stem } of asking.places.slice(0, placesLookedAt)) {
    const others = await db
      .selectFrom('locations')
      .innerJoin('assets', 'assets.id', 'locations.asset_id')
      .select(['assets.id', 'assets.content_id'])
      .distinct()
      .where('locations.owner', '=', owner)
      .where('locations.folder', '=', folder)
      .where('locations.stem', '=', stem)
      .where('assets.kind', '!=', kind)
      .where('assets.id', '!=', id)
      .limit(2)
      .execute();
    const [other] = others;
    // Two files of that name are one too many to know which of them belongs to this one.
    if (other === undefined || others.length > 1) continue;
    if (other.content_id === null || content_id === null) return { id: other.id, certain: false };
  }
  return null;
}

/** Which of many assets `partnerOf` may find one for: the few that share folder and stem with another, or have an id. */
export async function mayHavePartner(db: Queryable, assets: readonly Asking[]): Promise<ReadonlySet<string>> {
  const ids = assets.map(({ id }) => id);
  const twins = await db
    .selectFrom('locations as own')
    .innerJoin('locations as other', (join) =>
      join
        .onRef('other.owner', '=', 'own.owner')
        .onRef('other.folder', '=', 'own.folder')
        .onRef('other.stem', '=', 'own.stem')
        .onRef('other.asset_id', '!=', 'own.asset_id'),
    )
    .select('own.asset_id')
    .distinct()
    .where(isAmong(db, 'own.asset_id', ids))
    .execute();
  const named = assets.filter(({ content_id }) => content_id !== null);
  return new Set([...twins.map(({ asset_id }) => asset_id), ...named.map(({ id }) => id)]);
}

/** What the bytes of an asset said, as it stands in its evidence. */
export async function evidenceOfBytes(db: Queryable, assetId: string): Promise<Evidence[]> {
  return db
    .selectFrom('evidence')
    .select(['source', 'raw', 'at', 'local', 'zone', 'zone_source', 'precision', 'weight', 'rejected'])
    .where('asset_id', '=', assetId)
    .where('location_id', 'is', null)
    .where('source', 'not in', ['person', 'partner', 'neighbours'])
    .orderBy('seq')
    .execute();
}

/** Rows read on each side. Undated files between two dated ones are seldom more. */
const neighboursRead = 50;

/** A time between the neighbours: those of its folder, then those of its camera in any folder. */
export async function neighboursOf(db: Queryable, asking: Asking): Promise<Evidence | null> {
  for (const place of asking.places.slice(0, placesLookedAt)) {
    const around = await bothSides(place.stem, asking.device, (stem, side) => {
      const rows = dated(db)
        .innerJoin('locations', 'locations.asset_id', 'assets.id')
        .select('locations.stem')
        .where('locations.owner', '=', asking.owner)
        .where('locations.folder', '=', place.folder)
        .limit(neighboursRead);
      return side === 'below'
        ? rows.where('locations.stem', '<', stem).orderBy('locations.stem', 'desc').execute()
        : rows.where('locations.stem', '>', stem).orderBy('locations.stem').execute();
    });
    const found = betweenNeighbours({ stem: place.stem, device: asking.device }, around);
    if (found !== null) return found;
  }
  const [first] = asking.places;
  if (asking.device === null || first === undefined) return null;
  const around = await bothSides(first.stem, asking.device, (stem, side) => {
    const rows = dated(db)
      .select('assets.stem')
      .where('assets.owner', '=', asking.owner)
      .where('assets.device', '=', asking.device)
      .limit(neighboursRead);
    return side === 'below'
      ? rows.where('assets.stem', '<', stem).orderBy('assets.stem', 'desc').execute()
      : rows.where('assets.stem', '>', stem).orderBy('assets.stem').execute();
  });
  return betweenNeighbours({ stem: first.stem, device: asking.device }, around);
}

type Row = { name: string; local: string | null; source: string | null; device: string | null; stem: string };

function dated(db: Queryable) {
  return db
    .selectFrom('assets')
    .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
    .select(['assets.name', 'capture_times.local', 'capture_times.source', 'assets.device']);
}

/** In its own series, and in those that the camera counts with it. */
async function bothSides(
  stem: string,
  device: string | null,
  ask: (stem: string, side: 'below' | 'above') => Promise<Row[]>,
) {
  const own = placeInSeries(stem);
  if (own === null) return [];
  const rows: Row[] = [];
  for (const series of [own.series, ...seriesBeside(own.series, device)]) {
    const there = stemAt(series, own);
    rows.push(...(await ask(there, 'below')), ...(await ask(there, 'above')));
  }
  return rows.flatMap(({ local, source, ...row }) =>
    local?.includes('T') === true && !isUndated(source) ? [{ ...row, local }] : [],
  );
}

/** Nothing but the time of a file, or its neighbours, says when it was taken. */
export function isUndated(source: string | null): boolean {
  return source === null || source === 'File:FileModifyDate' || source === 'neighbours';
}

/** Zones that an asset knew by itself. */
const ownZones: readonly ZoneSource[] = [
  'offset_tag',
  'time_zone_tag',
  'creation_date',
  'gps_position',
  'written',
  'utc_difference',
];

export function knowsItsZone(zone_source: ZoneSource | null): boolean {
  return zone_source !== null && ownZones.includes(zone_source);
}

const filesOfADay = 20;

/** Where the device was on the day of this wall clock, by its other files. */
export async function deviceZoneOf(
  db: Queryable,
  asking: Pick<Asking, 'id' | 'owner' | 'device'>,
  local: string,
): Promise<DeviceZone | null> {
  if (asking.device === null) return null;
  const day = local.slice(0, 10);
  const files = await db
    .selectFrom('capture_times')
    .select(['at', 'local', 'zone'])
    .where('owner', '=', asking.owner)
    .where('device', '=', asking.device)
    .where('zone_source', 'in', ownZones)
    // A zone that a person gave is that asset's alone: lent to others, it would stay with them when it is taken back.
    .where((file) => file.or([file('source', '!=', 'person'), file('zone_source', '!=', 'written')]))
    .where('sort_key', '>=', `${day}T`)
    .where('sort_key', '<', `${day}U`)
    .where('asset_id', '!=', asking.id)
    .limit(filesOfADay)
    .execute();
  return commonZone(
    files.flatMap(({ at, local, zone }) =>
      at !== null && local !== null && zone !== null ? [{ at, local, zone }] : [],
    ),
  );
}
