/**
 * The job kind `remove_sources`: originals whose verified copies stand move to a folder `.daybook-trash/` at the top of
 * the folder that was imported. Both are read again before; nothing is deleted, and the library goes on to know where
 * the bytes are.
 */
import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Kysely } from 'kysely';
import type { SummaryOf } from '#contract/job-summary.ts';
import type { Database } from '#db/schema.ts';
import { removeSourcesKind, type ExportInput } from '#export/plan/plan.ts';
import { tellLeft } from '#export/told.ts';
import { hashFile } from '#export/write/copy.ts';
import { endedInDatabase, inTarget } from '#export/write/export-causes.ts';
import {
  keepOutcome,
  plannedLine,
  standingOf,
  type LineOutcome,
  type PlannedLine,
  type StandingRow,
} from '#export/write/journal.ts';
import { makeFolders, moveToFreeName } from '#export/write/place-file.ts';
import { defineJobKind, type JobFacts } from '#jobs/kinds.ts';
import { ItemEnded, type Outcome } from '#jobs/outcome.ts';
import { importedRoot } from '#library/imported-root.ts';
import { exists, syncFolder, type Storage } from '#library/storage.ts';
import type { Working } from '#media/write-tags.ts';

export type RemoveSourcesParts = { db: Kysely<Database>; storage: Storage };

export const trashFolder = '.daybook-trash';

type Removal = {
  seq: number;
  outcome: LineOutcome;
  moved: { location_id: string; from: string; to: string }[];
};

export function removeSourcesJobKind({ db, storage }: RemoveSourcesParts) {
  return defineJobKind<ExportInput, Removal>({
    name: removeSourcesKind,

    async process(item, { job, signal, moves }): Promise<Outcome<Removal>> {
      return inTarget(storage, job.input.folder, async () => {
        const line = await plannedLine(db, job.input.export_id, Number(item.key));
        const result = await remove(line, job, { signal, moves });
        const { moved, left } = result.outcome.removed!;
        if (moved > 0) return { outcome: 'done', result };
        const because = left.length === 0 ? 'no original of it stands on this computer' : left.join(' ');
        return { outcome: 'skipped', because, result };
      });
    },

    async commit(changes, results, { input }) {
      for (const { result } of results) {
        try {
          for (const { location_id, from, to } of result.moved) {
            // Name and folder stay as they were met: they are evidence.
            await changes
              .updateTable('locations')
              .set({ path: to })
              .where('id', '=', location_id)
              .where('path', '=', from)
              .execute();
          }
          await keepOutcome(changes, input.export_id, result.seq, result.outcome);
        } catch (error) {
          await endedInDatabase(error);
        }
      }
    },

    async summarise(changes, job): Promise<Omit<SummaryOf<'remove_sources'>, 'kind'>> {
      let moved = 0;
      const left = await tellLeft(changes, job.input.export_id, ({ removed }) => {
        moved += removed?.moved ?? 0;
        return removed?.left ?? [];
      });
      return { moved, left, failed: job.failed, duration_seconds: job.elapsed_seconds };
    },
  });

  async function remove(
    line: PlannedLine,
    { owner, input: { folder } }: JobFacts<ExportInput>,
    working: Working,
  ): Promise<Removal> {
    const standing = await standingOf(db, owner, folder, line.asset_id);
    const copy = await verifiedCopy(folder, line, standing, working);
    const moved: Removal['moved'] = [];
    const left: string[] = [];
    for (const { id, path: from } of await locationsOf(line.asset_id)) {
      if (from.split(path.sep).includes(trashFolder)) continue;
      const root = await importedRoot(db, owner, from);
      if (root === undefined) {
        left.push(`${from} was left: the folder with which it was imported is not known.`);
        continue;
      }
      const top = root === from ? path.dirname(from) : root;
      const result = await moveToTrash(top, from, { sha256: line.planned.sha256, copy }, working);
      if ('left' in result) {
        left.push(result.left);
        continue;
      }
      moved.push({ location_id: id, from, to: result.to });
      left.push(...(await moveSidecars({ top, from, folder, line, standing }, working)));
    }
    return { seq: line.seq, moved, outcome: { ...line.outcome, removed: { moved: moved.length, left } } };
  }

  async function locationsOf(assetId: string): Promise<{ id: string; path: string }[]> {
    return db
      .selectFrom('locations')
      .select(['id', 'path'])
      .where('asset_id', '=', assetId)
      .where('path', 'is not', null)
      .where('gone_at', 'is', null)
      .orderBy('id')
      .$narrowType<{ path: string }>()
      .execute();
  }
}

/** Which file it is, whatever its name. */
type Inode = { dev: number; ino: number };

/** Of those that stand by the journal the newest. Throws `ItemEnded` unless it holds what was verified. */
async function verifiedCopy(
  folder: string,
  line: PlannedLine,
  standing: readonly StandingRow[],
  working: Working,
): Promise<Inode> {
  const row = standing.findLast(({ part }) => part === 'copy');
  if (row === undefined) {
    throw notVerified(`No copy of ${line.name} stands in ${folder}, so its original was left.`);
  }
  const file = path.join(folder, row.path);
  if (!(await exists(file))) {
    throw notVerified(`The copy ${file} is gone, so its original was left. Export it again.`);
  }
  if ((await hashFile(file, working)).sha256 === row.sha256) return lstat(file);
  throw notVerified(`The copy ${file} was changed since it was verified, so its original was left.`);
}

function notVerified(message: string): ItemEnded {
  return new ItemEnded({ outcome: 'failed', code: 'copy_not_verified', message });
}

type Removing = {
  top: string;
  from: string;
  folder: string;
  line: PlannedLine;
  standing: readonly StandingRow[];
};

/** Sidecars that went out as they are go along, so that the next export finds them beside the original. */
async function moveSidecars(
  { top, from, folder, line, standing }: Removing,
  working: Working,
): Promise<string[]> {
  const left: string[] = [];
  for (const { source, target } of line.planned.companions) {
    const row = standing.find((each) => each.part === 'companion' && each.path === target);
    if (row === undefined || path.dirname(source) !== path.dirname(from) || !(await exists(source))) continue;
    const copy = await lstat(path.join(folder, row.path));
    const result = await moveToTrash(top, source, { sha256: row.sha256, copy }, working);
    if ('left' in result) left.push(result.left);
  }
  return left;
}

async function moveToTrash(
  top: string,
  from: string,
  { sha256, copy }: { sha256: string; copy: Inode },
  working: Working,
): Promise<{ to: string } | { left: string }> {
  const below = path.relative(top, from).split(path.sep).join('/');
  const trashed = `${trashFolder}/${below}`;
  const to = path.join(top, trashed);
  if (!(await exists(from))) {
    // A run that died had moved it already.
    const isMoved = (await exists(to)) && (await hashFile(to, working)).sha256 === sha256;
    return isMoved ? { to } : { left: `${from} is not there any more.` };
  }
  const stats = await lstat(from);
  if (!stats.isFile()) return { left: `${from} was left: it is no file any more.` };
  if (stats.dev === copy.dev && stats.ino === copy.ino) {
    return { left: `${from} was left: it and its copy are one file under two names.` };
  }
  if (stats.dev !== (await lstat(await realpath(top))).dev) {
    return { left: `${from} was left: it is on another disk than ${top}, where the trash folder would be.` };
  }
  if ((await hashFile(from, working)).sha256 !== sha256) {
    return { left: `${from} was left: it does not hold the bytes of its copy’s original.` };
  }
  try {
    return await move(top, from, trashed);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!['EACCES', 'EPERM', 'EROFS', 'EXDEV'].includes(code ?? '')) throw error;
    return { left: `${from} was left: Daybook may not move it (${code}).` };
  }
}

async function move(top: string, from: string, trashed: string): Promise<{ to: string } | { left: string }> {
  await makeFolders(top, trashed);
  const { dir, name, ext } = path.posix.parse(trashed);
  for (let number = 0; number <= mostNumbers; number += 1) {
    const ending = number === 0 ? '' : `_${String(number).padStart(3, '0')}`;
    const to = path.join(top, dir, `${name}${ending}${ext}`);
    if (!(await moveToFreeName(from, to))) continue;
    await syncFolder(path.dirname(from));
    return { to };
  }
  return { left: `${from} was left: its name in the trash folder is taken.` };
}

const mostNumbers = 99;
