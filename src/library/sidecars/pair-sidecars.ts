/** Which files of a folder speak about which: one look at the names, before anything is opened. */
import { isSidecar } from '#media/sidecar.ts';
import { takeoutJsonNames } from './takeout-names.ts';

export type Pairing = {
  /** The sidecars of a photo or video, in the order in which they are worth reading. */
  of: ReadonlyMap<string, readonly string[]>;
  /** The photos and videos that a sidecar speaks about; none for one whose photo is not there. */
  owners: ReadonlyMap<string, readonly string[]>;
};

/** Pairs the names of one folder. Takes time in proportion to their number. */
export function pairSidecars(names: Iterable<string>): Pairing {
  const media: string[] = [];
  const byKey = new Map<string, string>();
  const byStem = new Map<string, string[]>();
  let hasJson = false;
  for (const name of names) {
    if (!isSidecar(name)) {
      media.push(name);
      continue;
    }
    byKey.set(keyOf(name), name);
    if (isJson(name)) hasJson = true;
    else for (const stem of sidecarStems(name)) append(byStem, stem, name);
  }
  const of = new Map<string, string[]>();
  const owners = new Map<string, string[]>();
  if (byKey.size === 0) return { of, owners };
  const keys = new Set(media.map(keyOf));
  for (const sidecar of byKey.values()) {
    const version = versionOf(sidecar);
    if (version !== null && !keys.has(version.own)) append(byStem, version.original, sidecar);
  }
  for (const name of media) {
    const found = new Set([
      // x.jpg.xmp (darktable, digiKam) speaks of one file, x.xmp (Adobe) of all with that stem
      ...(byStem.get(keyOf(name)) ?? []),
      ...mediaStems(name).flatMap((stem) => byStem.get(stem) ?? []),
      ...(hasJson ? takeoutJson(name, byKey) : []),
    ]);
    if (found.size === 0) continue;
    of.set(name, [...found]);
    for (const sidecar of found) append(owners, sidecar, name);
  }
  return { of, owners };
}

/** The JSON among these that speaks of this photo: the first of the likely names that is there. */
export function takeoutJson(media: string, byKey: ReadonlyMap<string, string>): string[] {
  for (const wanted of takeoutJsonNames(media)) {
    const name = byKey.get(keyOf(wanted));
    if (name !== undefined) return [name];
  }
  return [];
}

/** File systems differ in case and in how they write accents; pairs are found all the same. */
export function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

export function isJson(name: string): boolean {
  return /\.json$/i.test(name);
}

/** The name without its last extension, and IMG_O4120.AAE as IMG_4120: the edit of the original. */
function sidecarStems(name: string): string[] {
  const stem = stemOf(name);
  const edited = /^img_o(\d{4,6})$/.exec(stem);
  return edited === null ? [stem] : [stem, `img_${edited[1]}`];
}

/**
 * DSC_0001_01.NEF.xmp is how darktable keeps a second version of DSC_0001.NEF, unless there is a DSC_0001_01.NEF.
 */
function versionOf(name: string): { own: string; original: string } | null {
  const { stem, extension } =
    /^(?<stem>.+)_\d{2}(?<extension>\.[a-z0-9]{2,4})\.xmp$/.exec(keyOf(name))?.groups ?? {};
  return stem === undefined || extension === undefined
    ? null
    : { own: keyOf(name).replace(/\.xmp$/, ''), original: `${stem}${extension}` };
}

/** IMG_E4120.JPG is the edited IMG_4120, whose IMG_4120.AAE says how; GL010123.LRV is the small GX010123.MP4. */
function mediaStems(name: string): string[] {
  const stem = stemOf(name);
  const edited = /^img_e(\d{4,6})$/.exec(stem);
  if (edited !== null) return [stem, `img_${edited[1]}`];
  const gopro = /^g[xhp](\d{6})$/.exec(stem);
  return gopro === null ? [stem] : [stem, `gl${gopro[1]}`];
}

function stemOf(name: string): string {
  return keyOf(name).replace(/(?!^)\.[^.]*$/u, '');
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
