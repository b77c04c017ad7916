/** Tags that names give: of the folders in which an asset was met, and `{a,b}` in its file name. */
import path from 'node:path';
import { monthWord } from '#capture-time/names/months.ts';
import type { AssetTag } from '#contract/library.ts';

export type NamedPlace = {
  name: string;
  /** As met: an absolute path, or relative within an upload. */
  folder: string;
  /** Folders and files that were asked for: what lies above them is this computer's business. Null for an upload. */
  asked: readonly string[] | null;
};

const longestTag = 60;

/** Lower-cased, without doubles, folders first; a tag in a file name goes before the same one of a folder. */
export function tagsOfNames(places: readonly NamedPlace[]): AssetTag[] {
  const tags = new Map<string, AssetTag>();
  for (const place of places) {
    for (const tag of foldersBelow(place).flatMap(folderTag)) tags.set(tag, { tag, source: 'folder' });
  }
  for (const { name } of places) {
    for (const tag of bracedTags(name)) tags.set(tag, { tag, source: 'name' });
  }
  return [...tags.values()];
}

/** `{a,b}` in `beach {Italy, summer 2014}.jpg`: `italy`, `summer 2014`. */
export function bracedTags(name: string): string[] {
  const braces = name.normalize('NFC').matchAll(/\{([^{}]{1,200})\}/gu);
  return [...braces].flatMap(([, inside = '']) => inside.split(',').map(asTag)).filter((tag) => tag !== '');
}

/** The tag of one folder name, or none where the name was given by a device, a program or the calendar. */
export function folderTag(folder: string): string[] {
  const tag = asTag(withoutDate(folder.normalize('NFC').replaceAll('_', ' ')));
  if (tag.length < 2 || !/\p{L}/u.test(tag) || madeByDevices.test(tag) || namesNothing.has(tag)) return [];
  return [tag];
}

export function asTag(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim().toLowerCase().slice(0, longestTag).trim();
}

function foldersBelow({ folder, asked }: NamedPlace): string[] {
  if (asked === null) return folder.split(/[/\\]/u);
  // The deepest folder asked for that holds it; its own name counts, as someone chose it for what is inside.
  const root = asked
    .filter((each) => folder === each || folder.startsWith(each.endsWith(path.sep) ? each : each + path.sep))
    .toSorted((one, other) => other.length - one.length)[0];
  // A file asked for by name: the folder it lies in.
  if (root === undefined) return [path.basename(folder)];
  return [path.basename(root), ...path.relative(root, folder).split(path.sep)];
}

const month = `(?:${monthWord})`;
const day = String.raw`(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?`;
const year = String.raw`(?:19|20)\d{2}`;
/** Dates as folders carry them, at the start or the end of the name: they are evidence, not tags. */
const dates = [
  String.raw`${year}[-. ]?(?:0[1-9]|1[0-2])[-. ]?(?:0[1-9]|[12]\d|3[01])`,
  String.raw`${day}[-. ]\d{1,2}[-. ]${year}`,
  String.raw`${year}[-. ](?:0?[1-9]|1[0-2])`,
  String.raw`${year},? ${month}(?:,? ${day})?`,
  String.raw`(?:${day}\.? )?${month}(?: ${day})?,? ${year}`,
  month,
  year,
].join('|');
const dateAtStart = new RegExp(String.raw`^(?:${dates})(?=$|[^\p{L}\p{N}])[-–—.,: ]*`, 'iu');
const dateAtEnd = new RegExp(String.raw`(?:^|[-–—.,: (]+)(?:${dates})\)?$`, 'iu');

function withoutDate(folder: string): string {
  return folder.trim().replace(dateAtStart, '').replace(dateAtEnd, '').trim();
}

/** `100APPLE`, `101_PANA`, `DCIM`, `IMG_1234`, a UUID, a hash. */
const madeByDevices =
  /^(?:\d{3}[ _-]?[a-z]{2,6}\d{0,2}|dcim|img[ -]?\d+|dsc[nf]?[ -]?\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,})$/u;

/** Words of systems, programs and people in a hurry that say nothing about a picture. */
const namesNothing: ReadonlySet<string> = new Set(
  `
  camera, camera roll, camera uploads, kamera, private, misc, media, mnt, volumes, home, users, data,
  storage, emulated, sdcard, sd card, internal storage, phone, card, disk, photo, photos, my photos,
  picture, pictures, my pictures, image, images, video, videos, my videos, movies, pics, fotos, foto,
  bilder, filme, photos and videos, photo library, documents, downloads, download, desktop, temp,
  tmp, cache, thumbnails, originals, masters, backup, backups, import, imports, export, exports,
  upload, uploads, incoming, archive, new, old, unsorted, unknown, stuff, various, other, others,
  to sort, sort, undated, new folder, untitled folder, untitled, neuer ordner, nouveau dossier,
  nueva carpeta, takeout, google photos, google fotos, photos from, fotos de, fotos von,
  icloud photos, whatsapp images, whatsapp video, sent, received, failed, files, folder, album,
  albums
  `
    .split(',')
    .map((word) => word.trim()),
);
