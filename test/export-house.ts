/** A library with its jobs in this process, for tests of exports: imports, exports, undoes, and waits for each job. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rules } from '#capture-time/clues.ts';
import type { Job } from '#contract/jobs.ts';
import type { JobSummary, SummaryOf } from '#contract/job-summary.ts';
import { unfinishedStatuses } from '#contract/words.ts';
import { openDatabase } from '#db/database.ts';
import { exportJobKinds } from '#export/job-kinds.ts';
import type { ExportWish } from '#export/plan.ts';
import { planExport } from '#export/plan-export.ts';
import { removeSources, startExport, undoExport } from '#export/start-export.ts';
import { jobKinds } from '#jobs/kinds.ts';
import { openLedger } from '#jobs/ledger.ts';
import { startWorker } from '#jobs/worker.ts';
import { importJobKind } from '#library/import-kind.ts';
import { startImport } from '#library/start-import.ts';
import { openStorage } from '#library/storage.ts';
import { openMediaTools } from '#media/media-tools.ts';
import type { EmptyDatabase } from './empty-databases.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const owner = 'home';

export type Ended<Kind extends JobSummary['kind']> = Job & { summary: SummaryOf<Kind> };

export type ExportHouse = Awaited<ReturnType<typeof exportHouse>>;

const wished: Omit<ExportWish, 'folder'> = {
  template: '{year}/{date}_{time}{ext}',
  write_uncertain: false,
  set_aside_gone: false,
  which: { filter: {} },
};

/** Takes the database with it when it is disposed of. */
export async function exportHouse(database: EmptyDatabase, by: Partial<Rules> = {}) {
  await using opening = new AsyncDisposableStack();
  opening.use(database);
  const { db, engine } = opening.use(await openDatabase(database.address));
  const folder = opening.use(await temporaryFolder());
  const storage = await openStorage(path.join(folder.path, 'data'));
  const ledger = openLedger(db, engine, {
    halt_percent: 100,
    halt_minimum: 1_000_000,
    retries: 0,
    retry_delay_seconds: 0,
    lease_seconds: 30,
  });
  const tools = opening.use(await openMediaTools({ processes: 2, max_megapixels: 268, limit_seconds: 60 }));
  const rules = (): Rules => ({
    ...{ rule: 'earliest', min_year: 2000, home_zone: 'Europe/Berlin', now: Temporal.Now.instant() },
    ...by,
  });
  const faults: unknown[] = [];
  const worker = opening.use(
    await startWorker({
      ledger,
      kinds: jobKinds(importJobKind({ db, storage, tools, rules }), ...exportJobKinds({ db, storage, tools })),
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
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('.daybook'))
    .sort();
}
