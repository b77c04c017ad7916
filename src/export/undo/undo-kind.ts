/**
 * The job kind `undo_export`: what an export wrote is removed where it still is what it wrote and its original stands,
 * and what it set aside stands in its place again.
 */
import { unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Kysely } from 'kysely';
import type { SummaryOf } from '#contract/job-summary.ts';
import type { ExportEnd } from '#contract/words.ts';
import type { Database } from '#db/schema.ts';
import { undoExportKind, type ExportInput } from '#export/plan/plan.ts';
import { fateOf } from '#export/plan/standing.ts';
import { tellLeft } from '#export/told.ts';
import { hashFile } from '#export/write/copy.ts';
import { endedInDatabase, inTarget } from '#export/write/export-causes.ts';
import { findSources } from '#export/write/find-source.ts';
import {
  endRows,
  foldersMade,
  forgetFolders,
  keepOutcome,
  plannedLine,
  standAgain,
  standingOf,
  writtenBy,
  type LineOutcome,
  type PlannedLine,
  type SetAside,
  type StandingRow,
  writtenFile,
} from '#export/write/journal.ts';
import { foldersAround, makeFolders, moveToFreeName, removeEmptyFolders } from '#export/write/place-file.ts';
import { defineJobKind, type JobFacts } from '#jobs/kinds.ts';
import { ItemEnded, type Outcome } from '#jobs/outcome.ts';
import { exists, syncFolder, type Storage } from '#library/storage.ts';
import type { Working } from '#media/write-tags.ts';

export type UndoParts = { db: Kysely<Database>; storage: Storage };

type Undoing = {
  seq: number;
  outcome: LineOutcome;
  /** Rows of this export that stand no more. */
  ended: { export_id: string; path: string }[];
  restored: SetAside[];
  /** Folders that became empty and were removed. */
  folders: string[];
};

export function undoExportJobKind({ db, storage }: UndoParts) {
  return defineJobKind<ExportInput, Undoing>({
    name: undoExportKind,

    async process(item, { job, signal, moves }): Promise<Outcome<Undoing>> {
      return inTarget(storage, job.input.folder, async () => {
        const line = await plannedLine(db, job.input.export_id, Number(item.key));
        const result = await undo(line, job, { signal, moves });
        const { left, removed, restored } = result.outcome.undone!;
        if (left.length === 0 || removed + restored > 0) return { outcome: 'done', result };
        return { outcome: 'skipped', because: left.join(' '), result };
      });
    },

    async commit(changes, results, { owner, input: { export_id, folder } }) {
      const now = new Date().toISOString();
      for (const { result } of results) {
        try {
          const undone = result.ended.map((row) => ({ ...row, because: 'undone' as const }));
          await endRows(changes, undone, now);
          await standAgain(changes, result.restored);
          await forgetFolders(changes, owner, folder, result.folders);
          await keepOutcome(changes, export_id, result.seq, result.outcome);
        } catch (error) {
          await endedInDatabase(error);
        }
      }
    },

    async summarise(changes, job): Promise<Omit<SummaryOf<'undo_export'>, 'kind'>> {
      const counts = { removed: 0, restored: 0 };
      const left = await tellLeft(changes, job.input.export_id, ({ undone }) => {
        counts.removed += undone?.removed ?? 0;
        counts.restored += undone?.restored ?? 0;
        return undone?.left ?? [];
      });
      return { ...counts, left, failed: job.failed, duration_seconds: job.elapsed_seconds };
    },
  });

  async function undo(
    line: PlannedLine,
    { owner, input: { export_id, folder } }: JobFacts<ExportInput>,
    working: Working,
  ): Promise<Undoing> {
    const left: string[] = [];
    const ended: Undoing['ended'] = [];
    let removed = 0;
    const rows = await writtenBy(db, export_id, line.asset_id);
    const kept = await whyKept(owner, folder, line, rows);
    if (kept !== null) {
      const undone = { removed: 0, restored: 0, left: [kept] };
      return { seq: line.seq, ended, restored: [], folders: [], outcome: { ...line.outcome, undone } };
    }
    for (const row of rows) {
      // What a later export moved away is kept by that one, and undoing that must not bring it back any more.
      if (isMovedAway(row)) ended.push(row);
      if (row.ended_because !== null) continue;
      const fate = (await isBackAgain(folder, line, row, working))
        ? 'missing'
        : await remove(folder, row, working);
      if (fate === 'changed')
        left.push(`${row.path} was changed since it was written, so it was left where it stands.`);
      else ended.push(row);
      if (fate === 'removed') removed += 1;
    }

    const restored: SetAside[] = [];
    const standing = await standingOf(db, owner, folder, line.asset_id);
    const isWrittenAnew = standing.some((row) => row.part === 'copy' && row.export_id !== export_id);
    if (!rows.some(isMovedAway) && !isWrittenAnew) {
      for (const aside of line.outcome.exported?.aside ?? []) {
        // Its own export was undone meanwhile: it stays where it is kept.
        if (!isMovedAway(await writtenFile(db, aside))) continue;
        const why = await restore(folder, aside);
        if (why === null) restored.push(aside);
        else left.push(why);
      }
    }
    return {
      seq: line.seq,
      ended: ended.map(({ export_id, path }) => ({ export_id, path })),
      restored,
      folders: await removeFolders(owner, folder, [...rows, ...restored.map(({ kept }) => ({ path: kept }))]),
      outcome: { ...line.outcome, undone: { removed, restored: restored.length, left } },
    };
  }

  /** A run that died had put back what stood there before, under the same name. */
  async function isBackAgain(
    folder: string,
    line: PlannedLine,
    { path: below }: StandingRow,
    working: Working,
  ): Promise<boolean> {
    const aside = line.outcome.exported?.aside.find(({ path }) => path === below);
    if (aside === undefined) return false;
    const earlier = await writtenFile(db, aside);
    if (!isMovedAway(earlier) || (await fateOf(folder, earlier)) !== 'stands') return false;
    return (await hashFile(path.join(folder, below), working)).sha256 === earlier.sha256;
  }

  /** Whoever removed the sources and emptied their trash, or lost their disk, has no other file than the copy. */
  async function whyKept(
    owner: string,
    folder: string,
    line: PlannedLine,
    rows: Awaited<ReturnType<typeof writtenBy>>,
  ): Promise<string | null> {
    const copy = rows.find(({ part, ended_because }) => part === 'copy' && ended_because === null);
    if (copy === undefined || (await fateOf(folder, copy)) !== 'stands') return null;
    try {
      await findSources({ db, storage }, owner, line);
      return null;
    } catch (error) {
      // A disk that is not connected halts the job: with it, everything may be well.
      if (!(error instanceof ItemEnded) || error.outcome.outcome !== 'failed') throw error;
      return `${copy.path} was left, because it may be the only one there is: ${error.outcome.message}`;
    }
  }

  /** Only those that exports made, and the places of what was kept. */
  async function removeFolders(
    owner: string,
    folder: string,
    emptied: readonly { path: string }[],
  ): Promise<string[]> {
    const around = new Set(emptied.flatMap(({ path }) => foldersAround(path)));
    const made = await foldersMade(db, owner, folder, [...around]);
    const kept = [...around].filter((each) => each.startsWith('.daybook/replaced/'));
    const removed = await removeEmptyFolders(folder, [...made, ...kept]);
    return removed.filter((each) => made.includes(each));
  }
}

function isMovedAway({ ended_because }: { ended_because: ExportEnd | null }): boolean {
  return ended_because === 'replaced' || ended_because === 'set_aside';
}

/** Missing, too, when a run that died had removed it already. */
async function remove(
  folder: string,
  row: StandingRow,
  working: Working,
): Promise<'removed' | 'changed' | 'missing'> {
  const fate = await fateOf(folder, row);
  if (fate !== 'stands') return fate;
  const file = path.join(folder, row.path);
  if ((await hashFile(file, working)).sha256 !== row.sha256) return 'changed';
  await unlink(file);
  // Another item, whose file was the last one there, may have removed the folder by now.
  await syncFolder(path.dirname(file)).catch(unlessMissing);
  return 'removed';
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

const mostTries = 5;

/** Null when it stands in its place again, also from a run that died; else why not. */
async function restore(folder: string, { path: below, kept }: SetAside): Promise<string | null> {
  const [from, to] = [path.join(folder, kept), path.join(folder, below)];
  if (!(await exists(from))) {
    return (await exists(to)) ? null : `${below} cannot be put back: ${kept} is not there any more.`;
  }
  for (let tries = 1; ; tries += 1) {
    await makeFolders(folder, below);
    try {
      if (await moveToFreeName(from, to)) return null;
      break;
    } catch (error) {
      // Another item may have found the folder empty in between, and removed it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === mostTries) throw error;
    }
  }
  return `${below} cannot be put back, because another file has its name now: it is kept as ${kept}.`;
}
