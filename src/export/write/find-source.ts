/** Where the bytes of an original can be read now. */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Queryable } from '#db/database.ts';
import { ItemEnded } from '#jobs/outcome.ts';
import { findAssetBytes } from '#library/asset.ts';
import { importedRoot } from '#library/imported-root.ts';
import type { Storage } from '#library/storage.ts';
import { asMediaError } from '#media/open-file.ts';
import type { PlannedLine } from './journal.ts';

/**
 * The places that hold a file of the right size, the planned one first: whether its bytes are right is for the copy to
 * say. Throws `ItemEnded`: `source_missing` or `source_changed`; and the job halts when the folder that was imported
 * is gone as a whole.
 */
export async function findSources(
  { db, storage }: { db: Queryable; storage: Storage },
  owner: string,
  line: PlannedLine,
): Promise<string[]> {
  const asset = await findAssetBytes(db, owner, line.asset_id);
  const places = (asset?.places ?? []).map(
    (place) => place.path ?? storage.originalPath(line.planned.sha256, line.planned.extension),
  );
  const candidates = [...new Set([...(line.source === null ? [] : [line.source]), ...places])];
  const found: string[] = [];
  const others: string[] = [];
  for (const file of candidates) {
    const stats = await lstat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw asMediaError(error, file);
    });
    if (stats?.isFile() !== true) continue;
    (stats.size === line.size_bytes ? found : others).push(file);
  }
  if (found.length > 0) return found;
  if (others[0] !== undefined) throw sourceChanged(others[0]);
  for (const file of candidates) await mustBeConnected(db, owner, file);
  const message =
    candidates.length === 0
      ? `The library knows no place where ${line.name} stands any more: import it again.`
      : `${candidates[0]} is not there any more: put it back, or import it again from where it is.`;
  throw new ItemEnded({ outcome: 'failed', code: 'source_missing', message });
}

export function sourceChanged(source: string): ItemEnded {
  const message = `${source} does not hold the bytes that were imported: it was changed. Import it again, then export.`;
  return new ItemEnded({ outcome: 'failed', code: 'source_changed', message });
}

/** A folder that was imported and is gone as a whole, or is an empty mount point, is a disk that is not connected. */
async function mustBeConnected(db: Queryable, owner: string, file: string): Promise<void> {
  const root = await importedRoot(db, owner, file);
  if (root === undefined || root === file) return;
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' || error.code === 'ENOTDIR' ? [] : ['out of reach'],
  );
  if (names.length > 0) return;
  const reason = `The folder ${path.normalize(root)} is gone, or its disk is not connected. Connect it and resume; no file was given up.`;
  throw new ItemEnded({ outcome: 'stop_job', how: 'halt', reason });
}
