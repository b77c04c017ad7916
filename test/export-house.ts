/** A library with its jobs in this process, for tests of exports: imports, exports, undoes, and waits for each job. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rules } from '#capture-time/clues.ts';
import type { JobSummary, SummaryOf } from '#contract/job-summary.ts';
import type { Job } from '#contract/jobs.ts';
import { unfinishedStatuses } from '#contract/words.ts';
import { openDatabase } from '#db/database.ts';
import { removeSourcesJobKind } from '#export/undo/remove-sources-kind.ts';
import { undoExportJobKind } from '#export/undo/undo-kind.ts';
import { exportJobKind } from '#export/write/export-kind.ts';
import { planExport } from '#export/plan/plan-export.ts';
import type { ExportWish } from '#export/plan/plan.ts';
import { removeSources, startExport, undoExport } from '#export/plan/start-export.ts';
import { usual } from '#jobs/fixture-effects.ts';
import { jobKinds } from '#jobs/kinds.ts';
import { openLedger } from '#jobs/ledger.ts';
import { startWorker } from '#jobs/worker.ts';
import { importJobKind } from '#library/import-kind.ts';
import { startImport } from '#library/start-import.ts';
import { openStorage } from '#library/storage.ts';
import { openMediaTools, type MediaTools } from '#media/media-tools.ts';
import { isoMilliseconds } from '#media/open-file.ts';
import { makeDecision, type Target } from '#review/make-decision.ts';
import type { PreparedDecision } from '#review/prepare.ts';
import type { EmptyDatabase } from './empty-databases.ts';
import { filesBelow, hashOf } from './faults/soundness.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const owner = 'home';

export const openTestTools = () => openMediaTools({ processes: 2, max_megapixels: 268, limit_seconds: 60 });

export type Ended<Kind extends JobSummary['kind']> = Job & { summary: SummaryOf<Kind> };

export type ExportHouse = Awaited<ReturnType<typeof exportHouse>>;

const wished: Omit<ExportWish, 'folder'> = {
  template: '{year}/{date}_{time}{ext}',
  write_uncertain: false,
  set_aside_gone: false,
  which: { filter: {} },
};

export type HouseOptions = {
  /** It goes with the house. */
  database: EmptyDatabase;
  /** They stay, for the next house: starting ExifTool takes most of the time of a small test. */
  tools: MediaTools;
  rules?: Partial<Rules>;
  /** For data, sources and archive; it stays. Left out: one of its own. */
  folder?: string;
};

export async function exportHouse({ database, tools, rules: by = {}, folder: given }: HouseOptions) {
  await using opening = new AsyncDisposableStack();
  opening.use(database);
  const { db, engine } = opening.use(await openDatabase(database.address));
  const folder = given === undefined ? opening.use(await temporaryFolder()) : { path: given };
  const storage = await openStorage(path.join(folder.path, 'data'));
  const ledger = openLedger(db, engine, {
    ...usual,
    halt_minimum: 1_000_000,
    retries: 0,
    retry_delay_seconds: 0,
  });
  const parts = { db, storage, tools };
  const rules = (): Rules => ({
    rule: 'earliest',
    min_year: 2000,
    home_zone: 'Europe/Berlin',
    now: Temporal.Now.instant(),
    ...by,
  });
  const faults: unknown[] = [];
  const worker = opening.use(
    await startWorker({
      ledger,
      kinds: jobKinds(
        importJobKind({ ...parts, rules }),
        exportJobKind(parts),
        undoExportJobKind(parts),
        removeSourcesJobKind(parts),
      ),
      role: 'test',
      concurrency: 3,
      settle_group: 10,
      item_limit_seconds: 120,
      onFault: (doing, error) => faults.push([doing, error]),
      onUnresponsive: ({ label }) => faults.push(`${label} cannot be stopped`),
    }),
  );
  const opened = opening.move();
  const place = { db, ledger, storage };

  /** Where it stands when it goes on no more by itself. */
  async function ended<Kind extends JobSummary['kind']>({ id }: Job, _: Kind): Promise<Ended<Kind>> {
    worker.wake();
    for (;;) {
      const job = await ledger.get({ id, owner });
      const { summary } = await ledger.progress({ id, owner });
      const goesOn = (unfinishedStatuses as readonly string[]).includes(job.status);
      if (!goesOn || job.status === 'paused' || job.status === 'halted') {
        return { ...job, summary: summary as SummaryOf<Kind> };
      }
      await sleep(10);
    }
  }

  return {
    ...place,
    tools,
    rules,
    worker,
    /** What the worker had to log. */
    faults,
    folder: folder.path,
    sources: path.join(folder.path, 'photos'),
    target: path.join(folder.path, 'archive'),
    ended,

    async import(source: string): Promise<Ended<'import'>> {
      return ended(await startImport(place, owner, { paths: [source] }), 'import');
    },
    async plan(wish: Partial<ExportWish> = {}): Promise<string> {
      return planExport(place, owner, { ...wished, folder: path.join(folder.path, 'archive'), ...wish });
    },
    async decide(target: Target, decision: PreparedDecision): Promise<void> {
      await makeDecision({ db, rules }, owner, target, decision);
    },
    /** The asset that was met under this name. */
    async assetOf(name: string): Promise<string> {
      const { asset_id } = await db
        .selectFrom('locations')
        .select('asset_id')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return asset_id;
    },
    async export(wish: Partial<ExportWish> = {}): Promise<Ended<'export'> & { export_id: string }> {
      const export_id = await this.plan(wish);
      return { export_id, ...(await ended(await startExport(place, owner, export_id), 'export')) };
    },
    async undo(id: string): Promise<Ended<'undo_export'>> {
      return ended(await undoExport(place, owner, id), 'undo_export');
    },
    async removeSources(id: string): Promise<Ended<'remove_sources'>> {
      return ended(await removeSources(place, owner, id), 'remove_sources');
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

/** The archive as a person sees it: files without the work folder, in order. */
export async function archiveIn(folder: string): Promise<string[]> {
  const files = (await filesBelow(folder)).map((file) => path.relative(folder, file).split(path.sep).join('/'));
  return files.filter((file) => !file.startsWith('.daybook/')).sort();
}

/** Name, bytes and file time of every file of an archive: equal for two trees that cannot be told apart. */
export async function printOf(folder: string): Promise<string[]> {
  const files = await archiveIn(folder);
  return Promise.all(
    files.map(async (file) => {
      const { mtimeNs } = await lstat(path.join(folder, file), { bigint: true });
      return `${file} ${await hashOf(path.join(folder, file))} ${isoMilliseconds(mtimeNs)}`;
    }),
  );
}

/** Where journal and tree differ: every file stands in one row, with its bytes, and every row has its file. */
export async function journalFaults({ db }: Pick<ExportHouse, 'db'>, target: string): Promise<string[]> {
  const rows = await db
    .selectFrom('export_written')
    .selectAll()
    .where('folder', '=', target)
    .where('ended_at', 'is', null)
    .execute();
  const faults: string[] = [];
  for (const { path: below, sha256, size_bytes, modified_at } of rows) {
    const file = path.join(target, below);
    const stats = await lstat(file, { bigint: true }).catch(() => undefined);
    if (stats === undefined) faults.push(`${below} stands in the journal alone.`);
    else if ((await hashOf(file)) !== sha256) faults.push(`${below} holds other bytes than the journal says.`);
    else if (Number(stats.size) !== size_bytes) faults.push(`${below} has another size than the journal says.`);
    else if (isoMilliseconds(stats.mtimeNs) !== modified_at) faults.push(`${below} has another file time.`);
  }
  const written = Map.groupBy(rows, ({ path }) => path);
  for (const file of await archiveIn(target)) {
    const times = written.get(file)?.length ?? 0;
    if (times !== 1) faults.push(`${file} stands in ${times} rows of the journal.`);
  }
  return faults;
}
