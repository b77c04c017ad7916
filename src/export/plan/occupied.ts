/** Which names the target has already. */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { ExportRefused } from '#export/export-refused.ts';
import { stemsOf, type Occupied } from '#export/names/layout.ts';
import { nameKey } from '#export/names/safe-name.ts';
import type { Standing } from './standing.ts';

/** Looks into the folders that the export goes to. Throws `ExportRefused` where one of them is none. */
export async function occupiedIn(
  folder: string,
  folders: ReadonlySet<string>,
  { written }: Standing,
): Promise<Occupied> {
  const names = new Set<string>();
  const stems = new Map<string, 'ours' | 'foreign'>();
  for (const below of folders) {
    for (const name of await namesIn(folder, below)) {
      const key = nameKey(below === '' ? name : `${below}/${name}`);
      const whose = written.has(key) ? 'ours' : 'foreign';
      names.add(key);
      for (const stem of stemsOf(key)) if (stems.get(stem) !== 'foreign') stems.set(stem, whose);
    }
  }
  return { names, stems };
}

/** None where the folder is not there yet. */
async function namesIn(top: string, below: string): Promise<string[]> {
  let folder = top;
  for (const part of below === '' ? [] : below.split('/')) {
    folder = path.join(folder, part);
    const stats = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw noFolder(folder, error);
    });
    if (stats === undefined) return [];
    // A link would lead out of the target: what is exported must stand in it.
    if (!stats.isDirectory()) throw noFolder(folder);
  }
  return readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    const message = `${folder} cannot be looked into (${cause.code}). Mend that, or choose another folder.`;
    throw new ExportRefused('folder_not_writable', message, { cause });
  });
}

function noFolder(folder: string, cause?: unknown): ExportRefused {
  return new ExportRefused(
    'folder_is_no_folder',
    `The export needs a folder ${folder}, and a file or a link of that name stands there. Move it away, or choose another template.`,
    { cause },
  );
}
