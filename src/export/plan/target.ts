/** The folder that an export writes into: which ones are refused, and how much room there is. */
import { constants } from 'node:fs';
import { access, lstat, realpath, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Kysely } from 'kysely';
import type { Database } from '#db/schema.ts';
import { ExportRefused } from '#export/export-refused.ts';
import { importKind, ImportInput } from '#library/import-input.ts';
import type { Storage } from '#library/storage.ts';

export type ExportPlace = { db: Kysely<Database>; storage: Storage };

export type Target = {
  /** Absolute, links resolved. */
  folder: string;
  is_there: boolean;
  /** Null where the system does not tell. */
  free_bytes: number | null;
  /** Folders below it from which was imported, with `/`: nothing may be written into them. */
  sources_inside: string[];
};

/** Of the folder alone: below it come up to eight folders and a name. */
const longestFolderBytes = 1024;

/** Looks and writes nothing. Throws `ExportRefused`. */
export async function checkTarget(place: ExportPlace, owner: string, asked: string): Promise<Target> {
  if (!path.isAbsolute(asked) || asked.includes('\0')) {
    throw new ExportRefused(
      'folder_not_whole',
      `${asked} is not a whole path. Write it from the root, such as /media/archive.`,
    );
  }
  if (Buffer.byteLength(asked) > longestFolderBytes) {
    throw new ExportRefused('folder_not_whole', 'The path of the folder is too long. Choose a shorter one.');
  }
  const { folder, standing } = await resolvedTarget(path.resolve(asked));
  refuseSystem(folder);
  await refuseLibrary(folder, place.storage.folder);
  const sources_inside = await refuseSources(place, owner, [path.resolve(asked), folder]);
  await refuseUnwritable(folder, standing);
  return { folder, is_there: standing === folder, free_bytes: await freeBytes(standing), sources_inside };
}

/** Free for this user where the path or its deepest existing parent stands. */
async function freeBytes(standing: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(standing);
    // Some network folders call themselves larger than a number can count.
    return Math.min(bavail * bsize, Number.MAX_SAFE_INTEGER);
  } catch {
    return null;
  }
}

/** The path with its links resolved, and the deepest part of it that exists. Throws `ExportRefused`. */
export async function resolvedTarget(asked: string): Promise<{ folder: string; standing: string }> {
  const missing: string[] = [];
  for (let part = asked; ; part = path.dirname(part)) {
    const real = await realpath(part).catch((error: NodeJS.ErrnoException) => whyNot(part, error));
    if (real !== undefined) return { folder: path.join(real, ...missing), standing: real };
    missing.unshift(path.basename(part));
  }
}

/** Undefined where nothing stands, so that its parent is asked. */
async function whyNot(part: string, error: NodeJS.ErrnoException): Promise<undefined> {
  const { code } = error;
  if (code === 'ENOTDIR') {
    throw new ExportRefused('folder_is_no_folder', `${part} cannot be a folder: a part of it is a file.`);
  }
  if (code === 'ENOENT') {
    const stands = await lstat(part).then(
      () => true,
      () => false,
    );
    if (!stands) return undefined;
  }
  const why = code === 'ENOENT' || code === 'ELOOP' ? 'it is a link that leads nowhere' : String(code);
  throw new ExportRefused('folder_not_writable', `${part} cannot be used: ${why}. Choose another folder.`, {
    cause: error,
  });
}

/** What belongs to the system itself. Removable disks stand below `/run/media` on many. */
const systemFolders: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  win32: [String.raw`C:\Windows`, String.raw`C:\Program Files`, String.raw`C:\Program Files (x86)`],
  darwin: ['/System', '/Library', '/Applications', '/bin', '/sbin', '/usr', '/dev', '/private/etc', '/cores'],
};
const systemFoldersElsewhere = [
  '/proc',
  '/sys',
  '/dev',
  '/boot',
  '/etc',
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/run',
  '/snap',
  '/var/lib',
  '/var/log',
];
const removableDisks = '/run/media';

function refuseSystem(folder: string): void {
  const isRoot = path.dirname(folder) === folder;
  const own = systemFolders[process.platform] ?? systemFoldersElsewhere;
  if (!isRoot && (isInside(folder, removableDisks) || !own.some((system) => isIn(folder, system)))) return;
  throw new ExportRefused(
    'folder_of_the_system',
    isRoot
      ? `${folder} is the whole computer or disk. Choose a folder in it, such as ${path.join(folder, 'archive')}.`
      : `${folder} belongs to the system. Choose a folder of your own.`,
  );
}

async function refuseLibrary(folder: string, data: string): Promise<void> {
  const library = await realpath(data);
  if (!isIn(folder, library) && !isIn(library, folder)) return;
  throw new ExportRefused(
    'folder_of_the_library',
    isIn(folder, library)
      ? `${folder} is inside Daybook’s own data folder ${library}. Choose a folder outside it.`
      : `${folder} holds Daybook’s own data folder ${library}. Choose a folder beside it.`,
  );
}

/** Refuses a target where imported files stand; gives the imported folders that stand below it. */
async function refuseSources(
  { db }: ExportPlace,
  owner: string,
  spellings: readonly string[],
): Promise<string[]> {
  const target = spellings.at(-1) ?? '';
  const sources = await importedFolders(db, owner);
  const around = sources.find((source) => isIn(target, source));
  const holding = await db
    .selectFrom('locations')
    .select('folder')
    .where('owner', '=', owner)
    .where('folder', 'in', [...new Set(spellings)])
    .where('path', 'is not', null)
    .where('gone_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (around !== undefined || holding !== undefined) {
    throw new ExportRefused(
      'folder_of_sources',
      `${target} is inside ${around ?? holding?.folder}, from where photos were imported. An archive among its own sources would be imported with them: choose a folder elsewhere.`,
    );
  }
  return sources
    .filter((source) => isInside(source, target))
    .map((source) => path.relative(target, source).split(path.sep).join('/'));
}

/** Every folder that an import was asked for, links resolved; single files are left out. */
async function importedFolders(db: Kysely<Database>, owner: string): Promise<string[]> {
  const jobs = await db
    .selectFrom('jobs')
    .select('input_json')
    .distinct()
    .where('owner', '=', owner)
    .where('kind', '=', importKind)
    .execute();
  const asked = new Set<string>();
  for (const { input_json } of jobs) {
    const input = ImportInput.safeParse(JSON.parse(input_json));
    if (input.success && input.data.from === 'paths') for (const each of input.data.paths) asked.add(each);
  }
  const folders: string[] = [];
  for (const each of asked) {
    const isFile = await lstat(each).then(
      (stats) => stats.isFile(),
      () => false,
    );
    // One that is not there now, because its disk is not connected, may come back.
    if (!isFile) folders.push(await realpath(each).catch(() => each));
  }
  return folders;
}

async function refuseUnwritable(folder: string, standing: string): Promise<void> {
  const stats = await lstat(standing);
  if (!stats.isDirectory()) {
    throw new ExportRefused(
      'folder_is_no_folder',
      `${standing} is not a folder. Choose a folder; it need not exist yet.`,
    );
  }
  try {
    await access(standing, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const readOnly = (cause as NodeJS.ErrnoException).code === 'EROFS';
    throw new ExportRefused(
      'folder_not_writable',
      readOnly
        ? `${folder} is on a disk that can only be read. Choose a folder on another one.`
        : `Daybook may not write into ${standing}. Give it the right to, or choose another folder.`,
      { cause },
    );
  }
}

/** The same folder, or below it. */
function isIn(folder: string, around: string): boolean {
  return folder === around || isInside(folder, around);
}

function isInside(folder: string, around: string): boolean {
  const relative = path.relative(around, folder);
  return (
    relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
  );
}
