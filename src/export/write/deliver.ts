/**
 * The last step of one line: earlier files are set aside, and what is ready in the work folder gets its name. Doing it
 * again after a death comes to the same: a file that has its name already holds the same bytes, and one that was set
 * aside stands where it is kept. What fails half way is taken back.
 */
import { lstat, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fateOf } from '#export/plan/standing.ts';
import { keptPath, mustStandThere } from '#export/work-folder.ts';
import { ItemEnded } from '#jobs/outcome.ts';
import { exists, syncFolder } from '#library/storage.ts';
import type { Working } from '#media/write-tags.ts';
import { hashFile } from './copy.ts';
import type { LineChanges, PlannedLine, SetAside, StandingRow } from './journal.ts';
import { makeFolders, moveToFreeName } from './place-file.ts';
import type { Prepared, Unfinished } from './write-copy.ts';

export type Delivery = {
  export_id: string;
  folder: string;
  line: PlannedLine;
  /** What stands of this asset by the journal. */
  standing: readonly StandingRow[];
  /** Whether the plan gives a name of this stem to somebody. */
  isPlanned: (stem: string) => Promise<boolean>;
  working: Working;
};

/** Gives the files their names, or others with the next free number where those were taken since the plan was made. */
export async function deliver(delivery: Delivery, { files, warnings }: Prepared): Promise<LineChanges> {
  const { line, isPlanned, working } = delivery;
  const said = [...warnings];
  try {
    working.signal.throwIfAborted();
    for (let number = 0; number <= mostNumbers; number += 1) {
      const named = await namedWith(number, line, files, isPlanned);
      const step = named && (await placeAll(delivery, named));
      if (step === undefined) continue;
      if (number > 0) said.push(`The name ${line.target} was taken meanwhile by a file that no export wrote.`);
      return { ...step, exported: { ...step.exported, warnings: [...said, ...step.exported.warnings] } };
    }
  } finally {
    // Those that were placed have left; what is still here stands under its name already, or is good for nothing.
    await Promise.allSettled(files.map(({ file }) => rm(file, { force: true })));
  }
  const message = `${line.target} and ${mostNumbers} numbers behind it are taken by other files. Move them away and retry.`;
  throw new ItemEnded({ outcome: 'failed', code: 'no_free_name', message });
}

const mostNumbers = 999;

async function namedWith(
  number: number,
  { target, planned }: PlannedLine,
  files: readonly Unfinished[],
  isPlanned: (stem: string) => Promise<boolean>,
): Promise<Unfinished[] | undefined> {
  if (number === 0) return [...files];
  const stem = target.slice(0, -(planned.extension.length + 1));
  const numbered = `${stem}_${String(number).padStart(3, '0')}`;
  if (await isPlanned(numbered)) return undefined;
  return files.map((file) => ({ ...file, path: numbered + file.path.slice(stem.length) }));
}

/**
 * `here`: the bytes stand under the name already. `ours`: the earlier file that it takes the place of does.
 * `taken`: something else does.
 */
type Look = 'free' | 'here' | 'ours' | 'taken';

/** Undefined, and nothing is changed, where a name is taken. */
async function placeAll(delivery: Delivery, files: readonly Unfinished[]): Promise<LineChanges | undefined> {
  const { export_id, folder, line } = delivery;
  const earlier = rowsInPlaceOf(line, delivery.standing);
  const looks: Look[] = [];
  for (const file of files) looks.push(await lookAt(delivery, file, earlier));
  if (looks.includes('taken')) return undefined;

  const isKept = (row: StandingRow) =>
    files.some(
      (file, index) => looks[index] === 'here' && file.path === row.path && file.sha256 === row.sha256,
    );
  const step = new Step(export_id, folder);
  await mustStandThere(folder);
  try {
    // Before anything is placed: afterwards, what stands under the name of an earlier file is the new one.
    for (const row of earlier) {
      if (files.some((file, index) => looks[index] !== 'here' && file.path === row.path))
        await step.setAside(row);
    }
    for (const [index, file] of files.entries()) {
      if (looks[index] !== 'here' && !(await step.place(file))) {
        await step.takeBack();
        return undefined;
      }
    }
    for (const row of earlier) if (!isKept(row) && !step.has(row)) await step.setAside(row);
  } catch (error) {
    await step.takeBack();
    throw error;
  }
  const written = files.filter(({ path }) => !earlier.some((row) => row.path === path && isKept(row)));
  const copy = files.find(({ part }) => part === 'copy');
  return step.changes(line, copy?.path ?? line.target, written);
}

/** A copy that does not belong any more moves out of the archive, with what stands beside it. */
export async function setAsideGone({ export_id, folder, line, standing }: Delivery): Promise<LineChanges> {
  const step = new Step(export_id, folder);
  await mustStandThere(folder);
  try {
    for (const row of rowsInPlaceOf(line, standing)) await step.setAside(row);
  } catch (error) {
    await step.takeBack();
    throw error;
  }
  return step.changes(line, line.target, []);
}

/** The earlier copy and what stands beside it under its stem. */
function rowsInPlaceOf({ planned: { was } }: PlannedLine, standing: readonly StandingRow[]): StandingRow[] {
  if (was === null) return [];
  const stem = was.path.slice(0, -path.posix.extname(was.path).length);
  return standing.filter(
    (row) => row.path === was.path || (row.part !== 'copy' && row.path.startsWith(`${stem}.`)),
  );
}

async function lookAt(
  { folder, working }: Delivery,
  file: Unfinished,
  earlier: readonly StandingRow[],
): Promise<Look> {
  const final = path.join(folder, file.path);
  const stats = await lstat(final).catch((error: NodeJS.ErrnoException) => {
    // A file in place of a folder is for `makeFolders` to tell.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (stats === undefined) return 'free';
  if (stats.isFile() && stats.size === file.size_bytes) {
    if ((await hashFile(final, working)).sha256 === file.sha256) return 'here';
  }
  const row = earlier.find(({ path }) => path === file.path);
  return row !== undefined && (await fateOf(folder, row)) === 'stands' ? 'ours' : 'taken';
}

/** What was moved so far, with the way back. */
class Step {
  readonly #exportId: string;
  readonly #folder: string;
  readonly #folders: string[] = [];
  readonly #aside: SetAside[] = [];
  readonly #ended: LineChanges['ended'] = [];
  readonly #warnings: string[] = [];
  readonly #seen = new Set<StandingRow>();
  /** In the order in which they were made. */
  readonly #moves: { from: string; to: string }[] = [];

  constructor(exportId: string, folder: string) {
    this.#exportId = exportId;
    this.#folder = folder;
  }

  has(row: StandingRow): boolean {
    return this.#seen.has(row);
  }

  /** False where somebody took the name in the meantime. */
  async place(file: Unfinished): Promise<boolean> {
    const to = path.join(this.#folder, file.path);
    this.#folders.push(...(await makeFolders(this.#folder, file.path)));
    if (!(await moveToFreeName(file.file, to))) return false;
    this.#moves.push({ from: file.file, to });
    return true;
  }

  /** One that somebody changed since is left alone, and stays in the journal as what it was. */
  async setAside(row: StandingRow): Promise<void> {
    this.#seen.add(row);
    const { export_id, path: below } = row;
    const kept = keptPath(this.#exportId, below);
    const to = path.join(this.#folder, kept);
    if (!(await exists(to))) {
      const fate = await fateOf(this.#folder, row);
      if (fate === 'missing') {
        this.#ended.push({ export_id, path: below, because: 'missing' });
        return;
      }
      if (fate === 'changed') {
        this.#warnings.push(`${below} was changed since it was written, so it was left where it stands.`);
        return;
      }
      await makeFolders(this.#folder, kept);
      const from = path.join(this.#folder, below);
      await rename(from, to);
      this.#moves.push({ from, to });
      await syncFolder(path.dirname(to));
      await syncFolder(path.dirname(from));
    }
    this.#aside.push({ export_id, path: below, kept });
  }

  /** As far as the disk allows: what it does not is found in its place when the item is worked again. */
  async takeBack(): Promise<void> {
    for (const { from, to } of this.#moves.toReversed()) await rename(to, from).catch(() => {});
    this.#moves.length = 0;
  }

  changes(line: PlannedLine, target: string, written: readonly Unfinished[]): LineChanges {
    const because = line.action === 'gone' ? 'set_aside' : 'replaced';
    const aside = this.#aside;
    return {
      seq: line.seq,
      asset_id: line.asset_id,
      recipe: line.planned.recipe,
      exported: { target, warnings: this.#warnings, aside },
      written: written.map(({ file: _, ...kept }) => ({
        ...kept,
        replaced:
          aside.find(({ path }) => path === kept.path) ?? (kept.part === 'copy' ? (aside[0] ?? null) : null),
      })),
      ended: [...this.#ended, ...aside.map(({ export_id, path }) => ({ export_id, path, because }) as const)],
      folders: this.#folders,
    };
  }
}
