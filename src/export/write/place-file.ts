/** Putting finished files under their final names, and moving earlier ones away, without overwriting anything. */
import { link, lstat, mkdir, rename, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { workFolder } from '#export/work-folder.ts';
import { ItemEnded } from '#jobs/outcome.ts';
import { exists, syncFolder } from '#library/storage.ts';

/** File systems without hard links: FAT and exFAT, most network folders, some of FUSE. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']);

/**
 * Moves a file of ours to a name that nobody has; false, and nothing moved, where somebody has it. A link comes into
 * being or fails, whoever else is at work there. Where there are no links, two programs that want the same name in the
 * same moment may meet: the name is looked at first, and Daybook's own workers never want the same one.
 */
export async function moveToFreeName(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      // A run that died here had made the link and not yet taken the old name away.
      if (!(await isOneFile(from, to))) return false;
      await unlink(from);
      await syncFolder(path.dirname(to));
      return true;
    }
    if (!noLinks.has(code ?? '')) throw error;
    return renameToFreeName(from, to);
  }
  await unlink(from);
  await syncFolder(path.dirname(to));
  return true;
}

async function isOneFile(one: string, other: string): Promise<boolean> {
  const [first, second] = [await lstat(one), await lstat(other)];
  return first.isFile() && first.dev === second.dev && first.ino === second.ino;
}

/** The same where there are no links. */
export async function renameToFreeName(from: string, to: string): Promise<boolean> {
  if (await exists(to)) return false;
  await rename(from, to);
  await syncFolder(path.dirname(to));
  return true;
}

/**
 * Makes the folders of a path below `top` that are missing, and returns those it made, outermost first. A link or a
 * file in the way ends the item: what is written must stand in the target itself. The work folder is never made here:
 * where it is missing the disk was pulled, and making it would say that it is back.
 */
export async function makeFolders(top: string, below: string): Promise<string[]> {
  const made: string[] = [];
  const parts = below.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const each = parts.slice(0, depth).join('/');
    if (each === workFolder) continue;
    const folder = path.join(top, each);
    try {
      await mkdir(folder);
      await syncFolder(path.dirname(folder));
      made.push(each);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if ((await lstat(folder)).isDirectory()) continue;
      const message = `The export needs a folder ${folder}, and a file or link of that name stands there. Move it away and retry, or plan again with another template.`;
      throw new ItemEnded({ outcome: 'failed', code: 'folder_in_the_way', message }, { cause: error });
    }
  }
  return made;
}

/** Removes these folders as far as they are empty, innermost first, and returns those it removed. */
export async function removeEmptyFolders(top: string, folders: readonly string[]): Promise<string[]> {
  const removed: string[] = [];
  for (const below of folders.toSorted((one, other) => other.length - one.length)) {
    const gone = await rmdir(path.join(top, below)).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return true;
        // Something stands in it, as FreeBSD and macOS say it or as Linux does.
        if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST' || error.code === 'ENOTDIR') return false;
        throw error;
      },
    );
    if (gone) removed.push(below);
  }
  return removed;
}

/** Every folder that a path below the target lies in: `a/b/c.jpg` in `a` and `a/b`. */
export function foldersAround(below: string): string[] {
  const parts = below.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
