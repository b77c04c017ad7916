/**
 * Which name each asset gets. Pure: the same assets, journal and target give the same names, and a name that an
 * earlier export gave stays as long as the asset would be called so, however many assets come or go beside it.
 *
 * Files of one shot (the film of a Live Photo, the RAW beside its JPEG) share a stem, and no other file has that stem,
 * whatever its extension: a sidecar that is named for a stem must speak of one shot.
 */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { MediaKind } from '#contract/words.ts';
import { nameKey } from './safe-name.ts';
import { wantedName, type Named, type Template } from './template.ts';

export type AssetToPlace = Named & {
  id: string;
  kind: MediaKind;
  /** Of the real type, without dot. */
  extension: string;
  at: string | null;
  /** See `capture_times.sort_key`. */
  sort_key: string;
  content_id: string | null;
  /** Where it was met, a few of the places. */
  places: readonly { folder: string; stem: string }[];
  /** The copy of an earlier export whose name it may keep. `number` as it was given then. */
  standing: { path: string; number: number } | null;
};

/** What stands in the target, by `nameKey`: whole paths, and paths cut at each of their dots. */
export type Occupied = {
  names: ReadonlySet<string>;
  /** `foreign`: no file of this library's exports. */
  stems: ReadonlyMap<string, 'ours' | 'foreign'>;
};

export type PlacedAsset = {
  id: string;
  /** Folder and name without extension. */
  stem: string;
  /** Below the target's folder, with `/`. */
  target: string;
  /** 0, or what stands behind the name because others have it. */
  number: number;
  /** A file that is not ours has the name that would have been next. */
  name_taken: boolean;
};

/** Files of one shot. */
export type Unit = {
  /** The photo, or what comes first. */
  lead: AssetToPlace;
  members: AssetToPlace[];
  folder: string;
  stem: string;
};

/** Assets that are looked at before others get their turn: a few milliseconds. */
const assetsAtOnce = 1000;

/** The shots in the order in which they are named: by instant with its fractions, then by original name. */
export async function unitsOf(assets: readonly AssetToPlace[], template: Template): Promise<Unit[]> {
  const units: Unit[] = [];
  const related = new Map<string, Unit[]>();
  const inOrder = assets.toSorted(inTime);
  // What stands together stays together, whatever comes; and a photo is there before its film.
  const ranks = Map.groupBy(inOrder, ({ kind, standing }) => `${standing === null ? 1 : 0} ${kind}`);
  const ranked = ['0 photo', '0 video', '1 photo', '1 video'].flatMap((rank) => ranks.get(rank) ?? []);
  for (const [index, asset] of ranked.entries()) {
    if (index % assetsAtOnce === 0) await othersTurn();
    const ties = tiesOf(asset);
    const unit = ties.flatMap((tie) => related.get(tie) ?? []).find((each) => belongs(asset, each));
    const joined = unit ?? { lead: asset, members: [], ...wantedName(template, asset) };
    if (unit === undefined) units.push(joined);
    joined.members.push(asset);
    // A photo leads its film, whichever began or came first.
    if (asset.kind === 'photo' && joined.lead.kind === 'video') {
      Object.assign(joined, { lead: asset, ...wantedName(template, asset) });
    }
    for (const tie of ties) {
      const known = related.get(tie);
      if (known === undefined) related.set(tie, [joined]);
      else if (!known.includes(joined) && known.length < mostRelated) known.push(joined);
    }
  }
  return inOneSpelling(units.toSorted((one, other) => inTime(one.lead, other.lead)));
}

/** Shots that share a name or an identifier and are looked at: the same burst of copies, not a whole library. */
const mostRelated = 16;

const names = new Intl.Collator('en', { numeric: true });

function inTime(one: AssetToPlace, other: AssetToPlace): number {
  return (
    compare(one.at ?? one.local ?? '', other.at ?? other.local ?? '') ||
    compare(one.sort_key, other.sort_key) ||
    names.compare(one.name, other.name) ||
    compare(one.name, other.name) ||
    compare(one.id, other.id)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function tiesOf({ content_id, places }: AssetToPlace): string[] {
  const beside = places.map(({ folder, stem }) => `beside\0${folder}\0${stem}`);
  return content_id === null ? beside : [`content\0${content_id}`, ...beside];
}

/** Two files that share a name alone were taken within a minute, or they are of two shots. */
const sameShotMs = 60_000;

function belongs(asset: AssetToPlace, { lead, members }: Unit): boolean {
  if (members.some(({ extension }) => extension === asset.extension)) return false;
  if (asset.content_id !== null && lead.content_id !== null) return asset.content_id === lead.content_id;
  if (asset.at === null || lead.at === null) return asset.local === lead.local;
  return Math.abs(Date.parse(asset.at) - Date.parse(lead.at)) <= sameShotMs;
}

/** `Paris/2019` and `paris/2018` are one folder on some systems, so they are on all. */
function inOneSpelling(units: readonly Unit[]): Unit[] {
  const spelled = new Map<string, string>();
  const asSpelled = (folder: string): string => {
    if (folder === '') return '';
    const key = nameKey(folder);
    const known = spelled.get(key);
    if (known !== undefined) return known;
    const above = folderOf(folder);
    const whole = asSpelled(above) + folder.slice(above.length);
    spelled.set(key, whole);
    return whole;
  };
  // As they stand in the target already.
  for (const { members } of units) {
    for (const { standing } of members) if (standing !== null) asSpelled(folderOf(standing.path));
  }
  return units.map((unit) => ({ ...unit, folder: asSpelled(unit.folder) }));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** Every folder that the units go to. */
export function foldersOf(units: readonly Unit[]): Set<string> {
  return new Set(units.map(({ folder }) => folder));
}

/** Names for all of them, in the order of the units. */
export async function placeUnits(units: readonly Unit[], occupied: Occupied): Promise<PlacedAsset[]> {
  const board = new Board(units, occupied);
  const placed = new Map<string, PlacedAsset>();
  for (const [index, unit] of units.entries()) {
    if (index % assetsAtOnce === 0) await othersTurn();
    for (const asset of unit.members) {
      const kept = keptName(unit, asset);
      if (kept === undefined || !board.keep(unit, kept)) continue;
      placed.set(asset.id, { id: asset.id, ...kept, name_taken: false });
    }
  }
  for (const [index, unit] of units.entries()) {
    if (index % assetsAtOnce === 0) await othersTurn();
    for (const asset of unit.members) {
      if (!placed.has(asset.id)) placed.set(asset.id, board.place(unit, asset));
    }
  }
  return units.flatMap(({ members }) => members.flatMap(({ id }) => placed.get(id) ?? []));
}

/** Put behind a name that was taken between plan and copy. It begins with 0, which no word but {subsec} does. */
const writersNumber = /^(?:_0\d\d)?$/u;

/** The name it has, if that is what it would be called: a folder or date that was corrected moves it. */
function keptName(unit: Unit, { standing, extension }: AssetToPlace) {
  if (standing === null || !nameKey(standing.path).endsWith(`.${extension}`)) return undefined;
  const stem = standing.path.slice(0, -(extension.length + 1));
  const wanted = nameKey(numbered(pathOf(unit), standing.number));
  const key = nameKey(stem);
  if (!key.startsWith(wanted) || !writersNumber.test(key.slice(wanted.length))) return undefined;
  return { stem, target: standing.path, number: standing.number };
}

class Board {
  readonly #occupied: Occupied;
  readonly #folders: ReadonlySet<string>;
  /** Which shot has a stem. */
  readonly #claims = new Map<string, Unit>();
  readonly #stemOf = new Map<Unit, { stem: string; number: number }>();
  /** Where to look on among equal names, so that 10,000 of them are not looked through 10,000 times. */
  readonly #next = new Map<string, number>();
  readonly #given = new Set<string>();

  constructor(units: readonly Unit[], occupied: Occupied) {
    this.#occupied = occupied;
    this.#folders = everyFolderKey(units);
  }

  /** False where another has the name already. */
  keep(unit: Unit, { stem, target }: { stem: string; target: string }): boolean {
    const holder = this.#claims.get(nameKey(stem)) ?? unit;
    if (holder !== unit || this.#given.has(nameKey(target))) return false;
    this.#claims.set(nameKey(stem), unit);
    this.#given.add(nameKey(target));
    return true;
  }

  place(unit: Unit, asset: AssetToPlace): PlacedAsset {
    const shared = this.#stemOf.get(unit) ?? this.#claimedBy(unit);
    const beside = shared === undefined ? undefined : `${shared.stem}.${asset.extension}`;
    if (shared !== undefined && beside !== undefined && this.#isFree(beside)) {
      return this.#give(asset, shared.stem, shared.number, false);
    }
    const wanted = pathOf(unit);
    const key = nameKey(wanted);
    let nameTaken = false;
    for (let number = this.#next.get(key) ?? 0; ; number += 1) {
      const stem = numbered(wanted, number);
      const stemKey = nameKey(stem);
      const stands = this.#occupied.stems.get(stemKey);
      if (stands === 'foreign') nameTaken = true;
      if (stands !== undefined || this.#claims.has(stemKey) || this.#folders.has(stemKey)) continue;
      this.#next.set(key, number + 1);
      this.#claims.set(stemKey, unit);
      if (!this.#stemOf.has(unit)) this.#stemOf.set(unit, { stem, number });
      return this.#give(asset, stem, number, nameTaken);
    }
  }

  /** The stem that another file of the shot kept. */
  #claimedBy(unit: Unit): { stem: string; number: number } | undefined {
    for (const { standing, extension } of unit.members) {
      if (standing === null) continue;
      const stem = standing.path.slice(0, -(extension.length + 1));
      if (this.#claims.get(nameKey(stem)) === unit) return { stem, number: standing.number };
    }
    return undefined;
  }

  #isFree(target: string): boolean {
    const key = nameKey(target);
    return !this.#occupied.names.has(key) && !this.#given.has(key);
  }

  #give(asset: AssetToPlace, stem: string, number: number, name_taken: boolean): PlacedAsset {
    const target = `${stem}.${asset.extension}`;
    this.#given.add(nameKey(target));
    return { id: asset.id, stem, target, number, name_taken };
  }
}

/** A file must not be called as a folder is that others go to, also with an extension: `2019.jpg/`. */
function everyFolderKey(units: readonly Unit[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const folder of foldersOf(units)) {
    const parts = nameKey(folder).split('/');
    for (let end = 1; end <= parts.length; end += 1) {
      for (const stem of stemsOf(parts.slice(0, end).join('/'))) keys.add(stem);
    }
  }
  return keys;
}

/** A path whole and cut at each dot of its last part: `a/b.jpg.xmp`, `a/b.jpg`, `a/b`. */
export function stemsOf(path: string): string[] {
  const stems = [path];
  const from = path.lastIndexOf('/') + 1;
  for (let dot = path.lastIndexOf('.'); dot > from; dot = path.lastIndexOf('.', dot - 1)) {
    stems.push(path.slice(0, dot));
  }
  return stems;
}

function pathOf({ folder, stem }: Pick<Unit, 'folder' | 'stem'>): string {
  return folder === '' ? stem : `${folder}/${stem}`;
}

function numbered(path: string, number: number): string {
  return number === 0 ? path : `${path}_${String(number).padStart(3, '0')}`;
}
