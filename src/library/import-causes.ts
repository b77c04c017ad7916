/** What a fault of disk, folder or database means for an item of an import, and for its job. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDatabaseOutOfReach } from '#db/database.ts';
import { ItemEnded, type Ending } from '#jobs/outcome.ts';
import { MediaError } from '#media/media-facts.ts';

const sqliteFull = 13;
const postgresFull = '53100';

/** The data folder's disk is full, or PostgreSQL's; only freeing space helps, and then the job goes on by itself. */
export const full = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', postgresFull]);
/** Daybook may not write where it keeps its things: its folder belongs to another, or its disk went read-only. */
const closed = new Set(['EACCES', 'EPERM', 'EROFS']);
/** Faults of disks and networks that often pass. */
export const passing = new Set([
  'EIO',
  'EAGAIN',
  'EBUSY',
  'EMFILE',
  'ENFILE',
  'ESTALE',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'ENOTCONN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
]);

export const lookAgainAfterMs = 60_000;

/**
 * The ending that an error of reading or keeping a file stands for; undefined for one that says nothing about its
 * cause. `folders` are those the import was asked for: empty for uploads.
 */
export async function endingOf(
  error: unknown,
  folders: readonly string[],
  file: string,
): Promise<Ending | undefined> {
  if (error instanceof ItemEnded) return undefined; // says it already
  const code = codeOf(error);
  if (full.has(code)) return diskFull();
  if (error instanceof MediaError) {
    const gone =
      error.code === 'not_found' || error.code === 'unreadable' ? await goneFolder(folders, file) : undefined;
    if (gone !== undefined) return folderGone(gone);
    if (passing.has(code)) return { outcome: 'try_again', code: error.code, message: error.message };
    return { outcome: 'failed', code: error.code, message: error.message };
  }
  // What cannot be read came as a `MediaError`.
  if (closed.has(code)) return notPermitted(messageOf(error));
  if (passing.has(code)) return { outcome: 'try_again', code: code.toLowerCase(), message: messageOf(error) };
  if (isDatabaseOutOfReach(error)) {
    return { outcome: 'try_again', code: 'database_out_of_reach', message: messageOf(error) };
  }
  return undefined;
}

/** Of the data folder, or of its database. */
export function isDiskFull(error: unknown): boolean {
  return full.has(codeOf(error));
}

function diskFull(): Ending {
  return {
    outcome: 'stop_job',
    how: 'pause',
    reason:
      'The disk of the data folder is full. Free some space; Daybook looks again every minute and goes on by itself.',
    resume_at: new Date(Date.now() + lookAgainAfterMs),
  };
}

function notPermitted(how: string): Ending {
  return {
    outcome: 'stop_job',
    how: 'halt',
    reason: `Daybook may not write into its data folder (${how}). Give it the right to and resume; no file was given up.`,
  };
}

function folderGone(folder: string): Ending {
  return {
    outcome: 'stop_job',
    how: 'halt',
    reason: `The folder ${folder} is gone, or its disk is not connected. Connect it and resume; no file was given up.`,
  };
}

/**
 * The folder that was asked for and is not there any more. One that is there and has become empty is a mount point
 * whose disk is gone: the file that was listed in it a moment ago says so.
 */
async function goneFolder(folders: readonly string[], file: string): Promise<string | undefined> {
  const folder = folders.find((each) => file.startsWith(`${each}${path.sep}`));
  if (folder === undefined) return undefined;
  try {
    if (!(await stat(folder)).isDirectory()) return folder;
    return (await readdir(folder)).length === 0 ? folder : undefined;
  } catch (error) {
    return codeOf(error) === 'EACCES' ? undefined : folder;
  }
}

/** The code of the first cause that has one: of the system (`ENOSPC`), or of a database whose disk is full. */
export function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('errcode' in cause && (Number(cause.errcode) & 0xff) === sqliteFull) return 'SQLITE_FULL';
    if ('severity' in cause && 'code' in cause && cause.code === postgresFull) return postgresFull;
    if ('code' in cause && typeof cause.code === 'string' && /^E[A-Z0-9]+$/.test(cause.code)) return cause.code;
  }
  return '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
