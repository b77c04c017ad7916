/**
 * The job kind `export`: one item is one line of a plan. Everything of it is made ready and verified in the work
 * folder, then it gets its name; the journal is written in the transaction that settles the item.
 */
import type { Kysely } from 'kysely';
import type { SummaryOf } from '#contract/job-summary.ts';
import type { Database } from '#db/schema.ts';
import { exportKind, type ExportInput } from '#export/plan/plan.ts';
import { standsThere, sweep, sweepOthers } from '#export/work-folder.ts';
import { defineJobKind, type JobFacts } from '#jobs/kinds.ts';
import { ItemEnded, type Outcome } from '#jobs/outcome.ts';
import type { Storage } from '#library/storage.ts';
import type { MediaTools } from '#media/media-tools.ts';
import type { Working } from '#media/write-tags.ts';
import { deliver, setAsideGone } from './deliver.ts';
import { endedInDatabase, inTarget } from './export-causes.ts';
import { findSources } from './find-source.ts';
import {
  isStemPlanned,
  plannedLine,
  standingOf,
  writeLine,
  type LineChanges,
  type PlannedLine,
} from './journal.ts';
import { writeReport } from './report.ts';
import { prepareCopy, type Prepared } from './write-copy.ts';

export type ExportParts = { db: Kysely<Database>; storage: Storage; tools: MediaTools };

export function exportJobKind({ db, storage, tools }: ExportParts) {
  /** Jobs that this process works on: the first item of each clears away what others left unfinished. */
  const begun = new Map<string, Promise<void>>();

  return defineJobKind<ExportInput, LineChanges>({
    name: exportKind,

    async process(item, { job, signal, moves }): Promise<Outcome<LineChanges>> {
      const { folder, export_id } = job.input;
      return inTarget(storage, folder, async () => {
        await begin(job);
        const line = await plannedLine(db, export_id, Number(item.key));
        if (line.action === 'same') return { outcome: 'skipped', because: 'stands there as it should' };
        return { outcome: 'done', result: await work(line, job, { signal, moves }) };
      });
    },

    async commit(changes, results, job) {
      const of = { ...job.input, owner: job.owner };
      for (const { result } of results) {
        await writeLine(changes, of, result).catch(endedInDatabase);
      }
    },

    async summarise(changes, job): Promise<Omit<SummaryOf<'export'>, 'kind'>> {
      begun.delete(job.id);
      const { folder, export_id } = job.input;
      if (await standsThere(folder)) await sweep(folder, export_id).catch(() => {});
      const tally = await writeReport(changes, job);
      return { ...tally, failed: job.failed, duration_seconds: job.elapsed_seconds };
    },
  });

  async function begin({ id, input }: JobFacts<ExportInput>): Promise<void> {
    const sweeping = begun.getOrInsertComputed(id, () => sweepOthers(input.folder, input.export_id));
    await sweeping.catch((error: unknown) => {
      begun.delete(id);
      throw error;
    });
  }

  async function work(
    line: PlannedLine,
    { owner, input: { export_id, folder } }: JobFacts<ExportInput>,
    working: Working,
  ): Promise<LineChanges> {
    const standing = await standingOf(db, owner, folder, line.asset_id);
    const isPlanned = (stem: string) => isStemPlanned(db, export_id, stem);
    const delivery = { export_id, folder, line, standing, isPlanned, working };
    if (line.action === 'gone') return setAsideGone(delivery);
    const prepared = await prepareFrom(await findSources({ db, storage }, owner, line), delivery);
    return deliver(delivery, prepared);
  }

  /** The first source that holds the bytes of the original; the others were changed. */
  async function prepareFrom(
    sources: readonly string[],
    { export_id, folder, line: { target, planned }, working }: Parameters<typeof deliver>[0],
  ): Promise<Prepared> {
    let last: unknown;
    for (const source of sources) {
      try {
        return await prepareCopy({ export_id, folder, source, target, planned }, tools, working);
      } catch (error) {
        if (!isSourceChanged(error)) throw error;
        last = error;
      }
    }
    throw last;
  }
}

function isSourceChanged(error: unknown): boolean {
  return (
    error instanceof ItemEnded && error.outcome.outcome === 'failed' && error.outcome.code === 'source_changed'
  );
}
