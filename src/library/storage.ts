/**
 * The folders under `DAYBOOK_DATA`: `originals/ab/cd/<sha256>.<ext>` uploaded files, never written again;
 * `thumbnails/ab/cd/<sha256>.webp`; `video-pictures/ab/cd/<sha256 of the video's id>.jpg`; `unfinished/` in each of
 * these two, what is being written; `incoming/<id>` uploads on their way; `list-files/`, files of lists while they are
 * read in; `reserve`, see `disk-reserve.ts`.
 */
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DiskReserve } from './disk-reserve.ts';

export type Storage = {
  folder: string;
  incoming: string;
  /** Files of lists on their way in: whoever puts one here removes it, and `sweepUnfinished` after a death in the middle. */
  listFiles: string;
  incomingPath(uploadId: string): string;
  originalPath(sha256: string, extension: string): string;
  /** The original of these bytes, whatever its extension; undefined when it is not here. */
  findOriginal(sha256: string): Promise<string | undefined>;
  thumbnailPath(sha256: string): string;
  /** The picture of a saved video. */
  videoPicturePath(youtubeId: string): string;
  /** Writes a thumbnail or picture whole or not at all: a reader never sees half of it. */
  writeWhole(file: string, bytes: Uint8Array): Promise<void>;
  /** Removes what writers left unfinished that died in the middle. */
  sweepUnfinished(): Promise<void>;
  reserve: DiskReserve;
};

/** Folders of small files that are written whole. */
const writtenWhole = ['thumbnails', 'video-pictures'];

/** Creates the folders that are missing. Rejects with a sentence when the data folder cannot be used. */
export async function openStorage(folder: string): Promise<Storage> {
  const incoming = path.join(folder, 'incoming');
  const listFiles = path.join(folder, 'list-files');
  const unfinished = [...writtenWhole.map((name) => path.join(folder, name, 'unfinished')), listFiles];
  try {
    for (const each of [incoming, path.join(folder, 'originals'), ...unfinished]) {
      await makeFolder(each);
    }
  } catch (cause) {
    throw new Error(
      `The data folder ${folder} cannot be written. Choose another with DAYBOOK_DATA, or give yourself the right to write there.`,
      { cause },
    );
  }
  return {
    folder,
    incoming,
    listFiles,
    incomingPath: (uploadId) => path.join(incoming, safeName(uploadId)),
    originalPath: (sha256, extension) => sharded(path.join(folder, 'originals'), sha256, safeName(extension)),
    async findOriginal(sha256) {
      const place = path.dirname(sharded(path.join(folder, 'originals'), sha256, 'any'));
      const names = (await exists(place)) ? await readdir(place) : [];
      const name = names.find((candidate) => candidate.startsWith(`${sha256}.`));
      return name === undefined ? undefined : path.join(place, name);
    },
    thumbnailPath: (sha256) => sharded(path.join(folder, 'thumbnails'), sha256, 'webp'),
    // By hash: two ids may differ in capitals alone, which not every file system keeps apart.
    videoPicturePath: (youtubeId) =>
      sharded(path.join(folder, 'video-pictures'), createHash('sha256').update(youtubeId).digest('hex'), 'jpg'),
    async writeWhole(file, bytes) {
      const [name = ''] = path.relative(folder, file).split(path.sep);
      await writeThrough(path.join(folder, name, 'unfinished', randomUUID()), file, bytes);
    },
    async sweepUnfinished() {
      const before = Date.now() - writtenWithinMs;
      for (const each of unfinished) {
        for (const name of await readdir(each)) {
          const file = path.join(each, name);
          const stats = await stat(file).catch(() => undefined); // perhaps finished by now
          if (stats !== undefined && stats.mtimeMs < before) await rm(file, { force: true });
        }
      }
    },
    reserve: new DiskReserve(folder),
  };
}

/** No writer takes so long for a picture, on whatever disk; a file of a list is read in within a minute or two. */
const writtenWithinMs = 3_600_000;

/** Moves a finished upload to its place. Doing it again, or for bytes that already stand there, changes nothing. */
export async function moveIntoOriginals(from: string, to: string): Promise<void> {
  if (await exists(to)) {
    if (from !== to) await rm(from, { force: true });
    return;
  }
  await makeFolder(path.dirname(to));
  await syncFile(from);
  await rename(from, to);
  await syncFolder(path.dirname(to));
}

/** Both on one disk: one folder for all that is unfinished can be swept, 65,536 cannot. */
async function writeThrough(unfinished: string, file: string, bytes: Uint8Array): Promise<void> {
  try {
    const handle = await inFolder(unfinished, () => open(unfinished, 'wx'));
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await inFolder(file, () => rename(unfinished, file));
  } catch (error) {
    // On a full disk each try would else leave what it could write, for an hour.
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
}

/** Makes the folder of a file only when it turns out to be missing. */
async function inFolder<Value>(file: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(path.dirname(file));
    return act();
  }
}

/** As `mkdir` with `recursive`, which asks for ever where the system takes no folders: below /proc, for example. */
async function makeFolder(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  if (parent !== folder && !(await isFolder(parent))) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    if (!(await isFolder(folder))) throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() === true;
}

export async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    // A disk that stumbles has not said that the file is gone.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Two levels of 256 folders keep each folder small with a million files. */
function sharded(folder: string, sha256: string, extension: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`Not a SHA-256: ${sha256}`);
  return path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), `${sha256}.${extension}`);
}

/** Ids and extensions are ours, but they pass through requests and tables: no path may be built from them. */
function safeName(name: string): string {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(name)) throw new Error(`Not a name of ours: ${JSON.stringify(name)}`);
  return name;
}

export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself survive a power cut. Windows has no such call and does not need it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform !== 'win32') await syncFile(folder);
}
