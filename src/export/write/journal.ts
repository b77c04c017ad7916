/** The journal of what exports wrote, as it is read and written by their jobs. */
import { sql } from 'kysely';
import type { ExportEnd, ExportPart } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { isAmong } from '#db/json-rows.ts';
import type { PlannedFile } from '#export/plan/plan.ts';
import type { Changes } from '#jobs/kinds.ts';
import type { Unfinished } from './write-copy.ts';

/** A line of a plan with what became of it. */
export type PlannedLine = {
  seq: number;
  asset_id: string;
  action: 'new' | 'changed' | 'same' | 'gone';
  name: string;
  source: string | null;
  target: string;
  size_bytes: number;
  planned: PlannedFile;
  outcome: LineOutcome;
};

/** What the jobs of an export did for one asset: kept with its line, for reports and for undo. */
export type LineOutcome = { exported?: Exported; undone?: Undone; removed?: RemovedSources };

export type Exported = {
  /** Where the copy stands, below the folder; for `gone` where it stood. */
  target: string;
  /** Sentences for a person. */
  warnings: string[];
  /** Files of earlier exports that it moved out of the way. */
  aside: SetAside[];
};

export type Undone = { removed: number; restored: number; left: string[] };
export type RemovedSources = { moved: number; left: string[] };

/** A file of an earlier export, and where it is kept: both below the folder, with `/`. */
export type SetAside = { export_id: string; path: string; kept: string };

/** A file that stands by the journal. */
export type StandingRow = {
  export_id: string;
  path: string;
  part: ExportPart;
  sha256: string;
  size_bytes: number;
  modified_at: string;
  recipe: string;
  written_at: string;
};

/** What is to be written down for one line when its item is settled. */
export type LineChanges = {
  seq: number;
  asset_id: string;
  recipe: string;
  exported: Exported;
  written: (Omit<Unfinished, 'file'> & { replaced: SetAside | null })[];
  ended: { export_id: string; path: string; because: ExportEnd }[];
  /** Folders that were made, below the target. */
  folders: string[];
};

/** Throws when there is no such line: the keys of the items were made from them. */
export async function plannedLine(db: Queryable, exportId: string, seq: number): Promise<PlannedLine> {
  const { plan_json, outcome_json, ...line } = await db
    .selectFrom('export_files')
    .select([
      'seq',
      'asset_id',
      'action',
      'name',
      'source',
      'target',
      'size_bytes',
      'plan_json',
      'outcome_json',
    ])
    .where('export_id', '=', exportId)
    .where('seq', '=', seq)
    .executeTakeFirstOrThrow();
  return {
    ...line,
    planned: JSON.parse(plan_json) as PlannedFile,
    outcome: JSON.parse(outcome_json ?? '{}') as LineOutcome,
  };
}

/** Everything that exports into this folder wrote for an asset and that stands there by the journal. */
export async function standingOf(
  db: Queryable,
  owner: string,
  folder: string,
  assetId: string,
): Promise<StandingRow[]> {
  return db
    .selectFrom('export_written')
    .select(['export_id', 'path', 'part', 'sha256', 'size_bytes', 'modified_at', 'recipe', 'written_at'])
    .where('owner', '=', owner)
    .where('folder', '=', folder)
    .where('asset_id', '=', assetId)
    .where('ended_at', 'is', null)
    .orderBy('written_at')
    .orderBy('path')
    .execute();
}

/** Whether the plan of an export gives this stem, with whatever extension, to somebody. */
export async function isStemPlanned(db: Queryable, exportId: string, stem: string): Promise<boolean> {
  const literally = stem.replaceAll(/[\\%_]/g, (wild) => `\\${wild}`);
  const planned = await db
    .selectFrom('export_files')
    .select('seq')
    .where('export_id', '=', exportId)
    .where(sql<boolean>`target like ${`${literally}.%`} escape '\\'`)
    .limit(1)
    .executeTakeFirst();
  return planned !== undefined;
}

export async function writeLine(
  changes: Changes,
  of: { export_id: string; owner: string; folder: string },
  line: LineChanges,
): Promise<void> {
  const { export_id, owner, folder } = of;
  const now = new Date().toISOString();
  await endRows(changes, line.ended, now);
  for (const { replaced, ...file } of line.written) {
    await changes
      .insertInto('export_written')
      .values({
        ...file,
        export_id,
        owner,
        folder,
        asset_id: line.asset_id,
        recipe: line.recipe,
        replaced_json: replaced && JSON.stringify(replaced),
        written_at: now,
      })
      .execute();
  }
  for (const path of line.folders) {
    await changes
      .insertInto('export_folders')
      .values({ owner, folder, path })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await keepOutcome(changes, export_id, line.seq, { exported: line.exported });
}

export async function keepOutcome(
  changes: Changes,
  exportId: string,
  seq: number,
  outcome: LineOutcome,
): Promise<void> {
  await changes
    .updateTable('export_files')
    .set({ outcome_json: JSON.stringify(outcome) })
    .where('export_id', '=', exportId)
    .where('seq', '=', seq)
    .execute();
}

export async function endRows(
  changes: Changes,
  rows: readonly { export_id: string; path: string; because: ExportEnd }[],
  now: string,
): Promise<void> {
  for (const { export_id, path, because } of rows) {
    await changes
      .updateTable('export_written')
      .set({ ended_at: now, ended_because: because })
      .where('export_id', '=', export_id)
      .where('path', '=', path)
      .execute();
  }
}

/** Everything that one export wrote for an asset, also what stands no more. */
export async function writtenBy(
  db: Queryable,
  exportId: string,
  assetId: string,
): Promise<(StandingRow & { ended_because: ExportEnd | null })[]> {
  return db
    .selectFrom('export_written')
    .select(['export_id', 'path', 'part', 'sha256', 'size_bytes', 'modified_at', 'recipe', 'written_at'])
    .select('ended_because')
    .where('export_id', '=', exportId)
    .where('asset_id', '=', assetId)
    .orderBy('path')
    .execute();
}

/** One of the files that exports wrote, also when it stands no more. */
export async function writtenFile(
  db: Queryable,
  { export_id, path }: { export_id: string; path: string },
): Promise<
  Pick<StandingRow, 'path' | 'sha256' | 'size_bytes' | 'modified_at'> & { ended_because: ExportEnd | null }
> {
  return db
    .selectFrom('export_written')
    .select(['path', 'sha256', 'size_bytes', 'modified_at', 'ended_because'])
    .where('export_id', '=', export_id)
    .where('path', '=', path)
    .executeTakeFirstOrThrow();
}

/** Files that were set aside stand again. */
export async function standAgain(
  changes: Changes,
  rows: readonly { export_id: string; path: string }[],
): Promise<void> {
  for (const { export_id, path } of rows) {
    await changes
      .updateTable('export_written')
      .set({ ended_at: null, ended_because: null })
      .where('export_id', '=', export_id)
      .where('path', '=', path)
      .execute();
  }
}

/** Those of these folders that exports made. */
export async function foldersMade(
  db: Queryable,
  owner: string,
  folder: string,
  paths: readonly string[],
): Promise<string[]> {
  const rows = await db
    .selectFrom('export_folders')
    .select('path')
    .where('owner', '=', owner)
    .where('folder', '=', folder)
    .where(isAmong(db, 'path', paths))
    .execute();
  return rows.map(({ path }) => path);
}

export async function forgetFolders(
  changes: Changes,
  owner: string,
  folder: string,
  paths: readonly string[],
): Promise<void> {
  if (paths.length === 0) return;
  await changes
    .deleteFrom('export_folders')
    .where('owner', '=', owner)
    .where('folder', '=', folder)
    .where(isAmong(changes, 'path', paths))
    .execute();
}
