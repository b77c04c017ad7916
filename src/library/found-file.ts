/** From the key of an item to the file it stands for, on this computer or uploaded. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Queryable } from '#db/database.ts';
import { MediaError } from '#media/media-facts.ts';
import { isoMilliseconds } from '#media/open-file.ts';
import type { FoundSidecar } from './sidecars/sidecar-folders.ts';
import { exists, type Storage } from './storage.ts';
import { sidecarsFrom } from './stored-sidecars.ts';

/** How an asset was met: what a location keeps. */
export type Meeting = {
  /** Null for an upload. */
  path: string | null;
  /** Null for a path. */
  upload_id: string | null;
  name: string;
  folder: string;
  modified_at: string | null;
};

/** Where a file stands and what it is called there. */
export type Place = Pick<Meeting, 'folder' | 'name'>;

/** `sha256`: of the bytes as they arrived, for an upload; null where only reading will tell. */
export type FileToRead = { meeting: Meeting; read_from: string; sha256: string | null };

/** A path is its own key. Nothing is touched but the folder's name. */
export function fileAtPath(key: string): FileToRead {
  const meeting = {
    path: key,
    upload_id: null,
    name: path.basename(key),
    folder: path.dirname(key),
    modified_at: null,
  };
  return { meeting, read_from: key, sha256: null };
}

/**
 * An upload is read from `incoming/`, or from its place in `originals/` when a worker died between the move and the
 * commit. Throws `MediaError` when its bytes are nowhere.
 */
export async function fileOfUpload(
  db: Queryable,
  storage: Storage,
  owner: string,
  id: string,
): Promise<FileToRead> {
  const { name, folder, modified_at, sha256 } = await uploadRow(db, owner, id);
  const meeting = { path: null, upload_id: id, name, folder, modified_at };
  const incoming = storage.incomingPath(id);
  if (await exists(incoming)) return { meeting, read_from: incoming, sha256 };
  const moved = sha256 === null ? undefined : await storage.findOriginal(sha256);
  if (moved === undefined) {
    throw new MediaError(
      'not_found',
      'The uploaded bytes are missing from the data folder: upload the file again.',
    );
  }
  return { meeting, read_from: moved, sha256 };
}

/** Throws `MediaError` when the upload is no longer there. */
export async function placeOfUpload(db: Queryable, owner: string, id: string): Promise<Place> {
  const { name, folder } = await uploadRow(db, owner, id);
  return { name, folder };
}

async function uploadRow(db: Queryable, owner: string, id: string) {
  const upload = await db
    .selectFrom('uploads')
    .select(['name', 'folder', 'modified_at', 'sha256'])
    .where('owner', '=', owner)
    .where('id', '=', id)
    .executeTakeFirst();
  if (upload === undefined)
    throw new MediaError('not_found', 'The upload is no longer there: upload the file again.');
  return upload;
}

/**
 * Is this path known, and its file untouched since it was read? Then it need not be read again: size and
 * modification time in milliseconds are both as they were, and those of its sidecars.
 */
export async function isKnownUnchanged(
  db: Queryable,
  owner: string,
  file: string,
  sidecars: readonly FoundSidecar[],
): Promise<boolean> {
  const known = await db
    .selectFrom('locations')
    .select(['size_bytes', 'modified_at', 'sidecars_json'])
    .where('owner', '=', owner)
    .where('path', '=', file)
    .where('gone_at', 'is', null)
    .executeTakeFirst();
  if (known === undefined) return false;
  try {
    const stats = await lstat(file, { bigint: true });
    const modified = isoMilliseconds(stats.mtimeNs);
    if (Number(stats.size) !== known.size_bytes || modified !== known.modified_at) return false;
    const read = sidecarsFrom(known.sidecars_json);
    for (const { name, read_from } of sidecars) {
      const saved = isoMilliseconds((await lstat(read_from, { bigint: true })).mtimeNs);
      if (!read.some((sidecar) => sidecar.name === name && sidecar.modified_at === saved)) return false;
    }
    return true;
  } catch {
    return false; // reading it will say what is wrong
  }
}
