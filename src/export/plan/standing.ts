/** What earlier exports left in a folder, by the journal and by a look at the files themselves. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Queryable } from '#db/database.ts';
import { nameKey } from '#export/names/safe-name.ts';

export type StandingCopy = {
  asset_id: string;
  export_id: string;
  path: string;
  size_bytes: number;
  modified_at: string;
  recipe: string;
  written_at: string;
  /** What was put behind its name. */
  number: number;
};

export type Standing = {
  /** Copies by asset, the newest first. */
  copies: Map<string, StandingCopy[]>;
  /** Every file of ours by `nameKey` of its path, copies and what goes along with them: when it was written. */
  written: Map<string, string>;
};

const rowsAtOnce = 500;

export async function standingFiles(db: Queryable, owner: string, folder: string): Promise<Standing> {
  const copies: StandingCopy[] = [];
  const written = new Map<string, string>();
  let last = { asset_id: '', export_id: '', path: '' };
  for (;;) {
    const rows = await db
      .selectFrom('export_written')
      .select(['asset_id', 'export_id', 'path', 'part', 'size_bytes', 'modified_at', 'recipe', 'written_at'])
      .where('owner', '=', owner)
      .where('folder', '=', folder)
      .where('ended_at', 'is', null)
      .where(sql<boolean>`(asset_id, export_id, path) > (${last.asset_id}, ${last.export_id}, ${last.path})`)
      .orderBy('asset_id')
      .orderBy('export_id')
      .orderBy('path')
      .limit(rowsAtOnce)
      .execute();
    for (const { part, ...row } of rows) {
      const key = nameKey(row.path);
      // Of two that were written under one name, the later one stands there.
      if ((written.get(key) ?? '') < row.written_at) written.set(key, row.written_at);
      if (part === 'copy') copies.push({ ...row, number: 0 });
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < rowsAtOnce) break;
    last = end;
    await othersTurn();
  }
  const standing = copies.filter((copy) => written.get(nameKey(copy.path)) === copy.written_at);
  await tellNumbers(db, standing);
  const newestFirst = standing.toSorted((one, other) => (one.written_at < other.written_at ? 1 : -1));
  return { copies: Map.groupBy(newestFirst, ({ asset_id }) => asset_id), written };
}

/** As the plans gave them. Most names have none. */
async function tellNumbers(db: Queryable, copies: readonly StandingCopy[]): Promise<void> {
  for (const [export_id, ofOne] of Map.groupBy(copies, (copy) => copy.export_id)) {
    const byAsset = new Map(ofOne.map((copy) => [copy.asset_id, copy]));
    for (let last = 0; ;) {
      const rows = await db
        .selectFrom('export_files')
        .select(['seq', 'asset_id', 'number'])
        .where('export_id', '=', export_id)
        .where('number', '>', 0)
        .where('seq', '>', last)
        .orderBy('seq')
        .limit(rowsAtOnce)
        .execute();
      for (const { asset_id, number } of rows) {
        const copy = byAsset.get(asset_id);
        if (copy !== undefined) copy.number = number;
      }
      const end = rows.at(-1);
      if (end === undefined || rows.length < rowsAtOnce) break;
      last = end.seq;
      await othersTurn();
    }
  }
}

/** What became of a copy: it stands as it was written, somebody changed it, or it is not there any more. */
export type Fate = 'stands' | 'changed' | 'missing';

/** FAT keeps every other second. Whoever changes a copy changes its size or sets its time to now. */
const sameTimeMs = 2000;

export async function fateOf(
  folder: string,
  copy: Pick<StandingCopy, 'path' | 'size_bytes' | 'modified_at'>,
): Promise<Fate> {
  const stats = await lstat(path.join(folder, copy.path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (stats === undefined) return 'missing';
  const sameTime = Math.abs(stats.mtimeMs - Date.parse(copy.modified_at)) <= sameTimeMs;
  return stats.isFile() && stats.size === copy.size_bytes && sameTime ? 'stands' : 'changed';
}
