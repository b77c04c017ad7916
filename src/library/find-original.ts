import { lstat } from 'node:fs/promises';
import { isoMilliseconds } from '#media/open-file.ts';
import type { AssetBytes } from './asset.ts';
import type { Storage } from './storage.ts';

/** The first place that still holds the file as it was read: same size, same time. Links are not followed. */
export async function findOriginal(
  storage: Storage,
  asset: Pick<AssetBytes, 'sha256' | 'extension' | 'places'>,
): Promise<string | undefined> {
  for (const place of asset.places) {
    const file = place.path ?? storage.originalPath(asset.sha256, asset.extension);
    try {
      const stats = await lstat(file, { bigint: true });
      const sameTime = place.path === null || isoMilliseconds(stats.mtimeNs) === place.modified_at;
      if (stats.isFile() && Number(stats.size) === place.size_bytes && sameTime) return file;
    } catch {
      // Gone or out of reach: the next place may do.
    }
  }
  return undefined;
}
