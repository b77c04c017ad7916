import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isSystemName } from '#contract/system-names.ts';

/** A file to import: where it is, and what a person calls it. */
export type FoundFile = { path: string; name: string };

/** A path that was asked for and cannot be read: nothing is imported until that is mended. */
export class PathRefused extends Error {
  readonly path: string;
  constructor(refused: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = refused;
  }
}

export type WalkOptions = {
  /** Daybook's own folder: what it made of photos is no photo of the owner's. Null where none is open. */
  leaveOut: string | null;
  /** Told of each folder below that cannot be read; it is passed over. */
  onUnreadable: (folder: string, error: unknown) => void;
};

/**
 * Every file at or below the paths, in no particular order, each once. Links are not followed; hidden and system
 * files are left out below a folder, but a file that was named itself is taken. Rejects with `PathRefused` for a path
 * that was asked for and is not there, or lies inside `leaveOut`.
 */
export async function walk(paths: readonly string[], options: WalkOptions): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const asked of paths) {
    const start = path.resolve(asked);
    const kind = await kindOf(start);
    const leaveOut = options.leaveOut && (await asSeenFrom(start, options.leaveOut));
    if (kind === 'file') found.set(start, { path: start, name: path.basename(start) });
    else {
      const below = await filesBelow(start, leaveOut, options.onUnreadable);
      below.forEach((file, index) => found.set(identityOf(file, `${start} ${index}`), file));
    }
  }
  return [...found.values()];
}

/**
 * Names that are not UTF-8 reach us with U+FFFD for what could not be read, so two of them may look the same: each
 * stays a file of its own and is told that it cannot be opened.
 */
function identityOf(file: FoundFile, place: string): string {
  return file.path.includes('\u{FFFD}') ? `${file.path} ${place}` : file.path;
}

async function kindOf(start: string): Promise<'file' | 'folder'> {
  let stats;
  try {
    stats = await lstat(start);
  } catch (cause) {
    throw new PathRefused(start, `${start} cannot be read: is the path right, and the disk connected?`, {
      cause,
    });
  }
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  throw new PathRefused(start, `${start} is neither a file nor a folder; links are not followed.`);
}

/** The path of Daybook's folder below `start`, whichever links lead to either. Throws when `start` is inside it. */
async function asSeenFrom(start: string, folder: string): Promise<string> {
  const [realStart, realFolder] = await Promise.all([realpath(start), realpath(folder)]);
  if (`${realStart}${path.sep}`.startsWith(`${realFolder}${path.sep}`)) {
    throw new PathRefused(start, `${start} is inside Daybook’s own data folder, which is not imported.`);
  }
  return path.join(start, path.relative(realStart, realFolder));
}

async function filesBelow(
  start: string,
  leaveOut: string | null,
  onUnreadable: WalkOptions['onUnreadable'],
): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  const folders = [start];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      if (folder === start) {
        throw new PathRefused(start, `${start} may not be read. Give this user the right to read it.`, {
          cause: error,
        });
      }
      const { code } = error as NodeJS.ErrnoException;
      // A disk that stumbles may answer the next time; with its folder left out, nobody would ask for those files again.
      if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOENT') {
        throw new PathRefused(folder, `${folder} cannot be read (${code}). Check its disk and import again.`, {
          cause: error,
        });
      }
      onUnreadable(folder, error);
      continue;
    }
    for (const entry of entries) {
      if (isSystemName(entry.name)) continue;
      const full = path.join(folder, entry.name);
      if (entry.isDirectory() && full !== leaveOut) folders.push(full);
      if (entry.isFile()) files.push({ path: full, name: entry.name });
    }
  }
  return files;
}
