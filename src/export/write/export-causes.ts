/** What a fault of disk, folder or database means for an item of an export, and for its job. */
import { standsThere } from '#export/work-folder.ts';
import { ItemEnded, type Ending, type Outcome } from '#jobs/outcome.ts';
import { codeOf, endingOf, full, isDiskFull, lookAgainAfterMs, passing } from '#library/import-causes.ts';
import type { Storage } from '#library/storage.ts';
import { MediaError } from '#media/media-facts.ts';

/**
 * Works on an item between looks at what the data folder and the target allow: a cause of either ends it as what it
 * means for the job.
 */
export async function inTarget<Value>(
  storage: Storage,
  target: string,
  act: () => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  try {
    await storage.reserve.hold();
  } catch (error) {
    if (isDiskFull(error)) await storage.reserve.giveUp();
    return endedInDatabase(error);
  }
  if (!(await standsThere(target))) return targetGone(target);
  try {
    return await act();
  } catch (error) {
    const ending = await endingInTarget(error, target);
    if (ending === undefined) throw error;
    // The ledger needs room to write that there is none; target and data folder may share a disk.
    if (isDiskFull(error)) await storage.reserve.giveUp();
    return ending;
  }
}

/** Throws what an error of the database, or of the data folder, means for an item; itself where that is nothing. */
export async function endedInDatabase(cause: unknown): Promise<never> {
  const ending = await endingOf(cause, [], '');
  throw ending === undefined ? cause : new ItemEnded(ending, { cause });
}

/** The disk can only be read, or Daybook may not write there. */
const closed = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * The ending that an error of working in the target stands for; undefined for one that says nothing about its cause.
 * What cannot be read of a source comes as a `MediaError`.
 */
async function endingInTarget(error: unknown, target: string): Promise<Ending | undefined> {
  if (error instanceof ItemEnded) return undefined; // says it already
  if (!(await standsThere(target))) return targetGone(target);
  const code = codeOf(error);
  if (error instanceof MediaError) {
    const again = passing.has(code);
    return { outcome: again ? 'try_again' : 'failed', code: error.code, message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (full.has(code)) return targetFull(target);
  if (closed.has(code)) return targetClosed(target, message);
  if (code === 'EFBIG') {
    return {
      outcome: 'failed',
      code: 'too_large_for_target',
      message: `The file is larger than the file system of ${target} can hold (4 GB on FAT). Export to a disk with another file system.`,
    };
  }
  if (code === 'ENAMETOOLONG' || code === 'EINVAL' || code === 'EILSEQ') {
    return {
      outcome: 'failed',
      code: 'name_refused_by_target',
      message: `The file system of ${target} does not take the name (${code}). Plan again with a shorter template.`,
    };
  }
  return endingOf(error, [], '');
}

function targetGone(target: string): Ending {
  return {
    outcome: 'stop_job',
    how: 'halt',
    reason: `The folder ${target} is gone, or its disk is not connected. Connect it and resume; no file was given up.`,
  };
}

function targetFull(target: string): Ending {
  return {
    outcome: 'stop_job',
    how: 'pause',
    reason: `The disk of ${target} is full. Free some space; the export looks again every minute and goes on by itself.`,
    resume_at: new Date(Date.now() + lookAgainAfterMs),
  };
}

function targetClosed(target: string, how: string): Ending {
  return {
    outcome: 'stop_job',
    how: 'halt',
    reason: `Daybook may not write into ${target} (${how}). Give it the right to, or make the disk writable, and resume; no file was given up.`,
  };
}
