/** From an accepted plan to its job, to its undo, and to the removal of its sources. */
import path from 'node:path';
import type { Kysely } from 'kysely';
import type { Job } from '#contract/jobs.ts';
import { isUnfinished, type ExportAction } from '#contract/words.ts';
import type { Database } from '#db/schema.ts';
import { ExportRefused } from '#export/export-refused.ts';
import { exportRow, workedOn, type ExportRow } from '#export/exports.ts';
import { makeWorkFolder } from '#export/work-folder.ts';
import type { Ledger, NewItem } from '#jobs/ledger.ts';
import type { Storage } from '#library/storage.ts';
import { refuseBusy, refuseOutdated, refuseVanished } from './may-export.ts';
import { exportKind, removeSourcesKind, undoExportKind, type ExportInput, type KeptWish } from './plan.ts';
import { checkTarget } from './target.ts';

export type ExportJobs = { db: Kysely<Database>; ledger: Ledger; storage: Storage };

/** Accepts a plan: its job writes what the plan says. Throws `ExportRefused`. */
export async function startExport(place: ExportJobs, owner: string, id: string): Promise<Job> {
  const row = await exportRow(place.db, owner, id);
  if (row.job_id !== null) {
    throw new ExportRefused('already_started', 'This plan was started already. Plan again for another export.');
  }
  const { set_aside_gone } = JSON.parse(row.wish_json) as KeptWish;
  const items = await itemsWith(place, id, workedOn(set_aside_gone));
  if (items.length === 0) {
    throw new ExportRefused('nothing_to_do', `Nothing is to be done: everything stands in ${row.folder}.`);
  }
  await refuseBusy(place.db, owner, row.folder);
  await refuseOutdated(place.db, owner, row);
  const target = await checkTarget(place, owner, row.folder);
  await refuseVanished(place.db, owner, target);
  const { free_bytes } = target;
  if (free_bytes !== null && row.total_bytes > free_bytes) {
    throw new ExportRefused(
      'not_enough_space',
      `${inGigabytes(row.total_bytes)} are to be copied and ${row.folder} has ${inGigabytes(free_bytes)} free. Make room, or export a part: one year, one tag.`,
    );
  }
  const label = `Export of ${many(items.length, 'file')} to ${path.basename(row.folder)}`;
  await makeTarget(row.folder);
  return begin(place, owner, row, 'job_id', { kind: exportKind, label, items });
}

/** From here on its work folder tells that the target is there: the job stops where it is missing. */
async function makeTarget(folder: string): Promise<void> {
  try {
    await makeWorkFolder(folder);
  } catch (cause) {
    const how = cause instanceof Error ? cause.message : String(cause);
    throw new ExportRefused(
      'folder_not_writable',
      `Daybook may not write into ${folder} (${how}). Give it the right to, or choose another folder.`,
      { cause },
    );
  }
}

/** Takes back what an export wrote, where it was not changed since. Throws `ExportRefused`. */
export async function undoExport(place: ExportJobs, owner: string, id: string): Promise<Job> {
  const row = await exportRow(place.db, owner, id);
  await refuseUnended(place, owner, row, 'taken back');
  const items = await itemsToUndo(place, id);
  if (items.length === 0) {
    throw new ExportRefused('nothing_to_do', 'Nothing that this export wrote stands there any more.');
  }
  const label = `Undo of the export of ${many(items.length, 'file')} to ${path.basename(row.folder)}`;
  return begin(place, owner, row, 'undo_job_id', { kind: undoExportKind, label, items });
}

/** Moves the sources of verified copies to a trash folder. Throws `ExportRefused`. */
export async function removeSources(place: ExportJobs, owner: string, id: string): Promise<Job> {
  const row = await exportRow(place.db, owner, id);
  await refuseUnended(place, owner, row, 'relied on');
  const items = await itemsWithCopies(place, id);
  if (items.length === 0) {
    throw new ExportRefused(
      'nothing_to_do',
      'No copy of this export stands whose source is a file of this computer.',
    );
  }
  const label = `Removal of ${many(items.length, 'source')} of the export to ${path.basename(row.folder)}`;
  return begin(place, owner, row, 'remove_job_id', { kind: removeSourcesKind, label, items });
}

async function refuseUnended(
  { db, ledger }: ExportJobs,
  owner: string,
  row: ExportRow,
  doing: string,
): Promise<void> {
  if (row.job_id === null) {
    throw new ExportRefused('not_started', `This plan was not started, so there is nothing to be ${doing}.`);
  }
  const { status } = await ledger.get({ id: row.job_id, owner });
  if (isUnfinished(status)) {
    throw new ExportRefused(
      'folder_busy',
      `This export is not finished. Let it finish, or cancel it; then it can be ${doing}.`,
    );
  }
  await refuseBusy(db, owner, row.folder);
}

// ── Jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

type JobColumn = 'job_id' | 'undo_job_id' | 'remove_job_id';

/** Job and the note of it in one transaction: of two who start at once, one is refused. */
async function begin(
  { db, ledger }: ExportJobs,
  owner: string,
  row: ExportRow,
  column: JobColumn,
  job: { kind: string; label: string; items: NewItem[] },
): Promise<Job> {
  const input: ExportInput = { export_id: row.id, folder: row.folder };
  const id = await db.transaction().execute(async (changes) => {
    const job_id = await ledger.create({ owner, ...job, input, in_order: true }, changes);
    const { numUpdatedRows } = await changes
      .updateTable('exports')
      .set({ [column]: job_id })
      .where('id', '=', row.id)
      .where(column, row[column] === null ? 'is' : '=', row[column])
      // A plan that is being forgotten.
      .where('counts_json', '!=', '')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) {
      throw new ExportRefused('already_started', 'Another request has started this at the same moment.');
    }
    return job_id;
  });
  return ledger.get({ id, owner });
}

async function itemsWith(
  { db }: ExportJobs,
  exportId: string,
  actions: readonly ExportAction[],
): Promise<NewItem[]> {
  const rows = await db
    .selectFrom('export_files')
    .select(['seq', 'target'])
    .where('export_id', '=', exportId)
    .where('action', 'in', actions)
    .orderBy('seq')
    .execute();
  return rows.map(itemOf);
}

function itemOf({ seq, target }: { seq: number; target: string }): NewItem {
  return { key: String(seq), label: target };
}

/**
 * Lines of which this export put something under its final name that stands there or that a later one moved away, or
 * that it set aside.
 */
async function itemsToUndo({ db }: ExportJobs, exportId: string): Promise<NewItem[]> {
  const rows = await db
    .selectFrom('export_files')
    .select(['seq', 'target'])
    .where('export_id', '=', exportId)
    .where((where) =>
      where.or([
        where('asset_id', 'in', (written) =>
          written
            .selectFrom('export_written')
            .select('asset_id')
            .where('export_id', '=', exportId)
            .where((row) =>
              row.or([row('ended_at', 'is', null), row('ended_because', 'in', ['replaced', 'set_aside'])]),
            ),
        ),
        where.and([
          where('action', '=', 'gone'),
          where('outcome_json', 'is not', null),
          where('outcome_json', 'not like', '%"undone":%'),
        ]),
      ]),
    )
    .orderBy('seq')
    .execute();
  return rows.map(itemOf);
}

/** Lines whose verified copy stands, by this export or an earlier one, and whose original has a path. */
async function itemsWithCopies({ db }: ExportJobs, exportId: string): Promise<NewItem[]> {
  const rows = await db
    .selectFrom('export_files')
    .innerJoin('exports', 'exports.id', 'export_files.export_id')
    .select(['export_files.seq', 'export_files.target'])
    .where('export_files.export_id', '=', exportId)
    .where('export_files.action', '!=', 'gone')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('export_written')
          .select('export_written.path')
          .whereRef('export_written.owner', '=', 'exports.owner')
          .whereRef('export_written.folder', '=', 'exports.folder')
          .whereRef('export_written.asset_id', '=', 'export_files.asset_id')
          .where('export_written.part', '=', 'copy')
          .where('export_written.ended_at', 'is', null),
      ),
    )
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('locations')
          .select('locations.id')
          .whereRef('locations.asset_id', '=', 'export_files.asset_id')
          .where('locations.path', 'is not', null)
          .where('locations.gone_at', 'is', null),
      ),
    )
    .orderBy('export_files.seq')
    .execute();
  return rows.map(itemOf);
}

function many(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toLocaleString('en', { maximumFractionDigits: bytes < 1e10 ? 2 : 0 })} GB`;
}
