/** The report of an export, beside what it wrote: `report.csv` for people, `report.json` for programs. */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { ExportFile } from '#contract/exports.ts';
import type { SummaryOf } from '#contract/job-summary.ts';
import type { Queryable } from '#db/database.ts';
import { everyFile, exportRow } from '#export/exports.ts';
import { csvOf } from '#export/plan/plan-csv.ts';
import type { ExportInput } from '#export/plan/plan.ts';
import { mustStandThere, reportFolder } from '#export/work-folder.ts';
import type { JobAtEnd } from '#jobs/kinds.ts';
import { makeFolders } from './place-file.ts';

export type ExportTally = Omit<SummaryOf<'export'>, 'kind' | 'failed' | 'duration_seconds'>;

const mostExamples = 10;
const linesAtOnce = 500;

/**
 * Counts what became of every line and writes the report. A report that cannot be written, because the disk is full or
 * gone by now, keeps no export from ending.
 */
export async function writeReport(db: Queryable, job: JobAtEnd<ExportInput>): Promise<ExportTally> {
  const { export_id, folder } = job.input;
  const row = await exportRow(db, job.owner, export_id);
  const warnings = { count: 0, examples: [] };
  const tally: ExportTally = { new: 0, changed: 0, same: 0, gone: 0, bytes: 0, warnings, report: null };
  const { done, failed, elapsed_seconds } = job;
  const head = {
    id: export_id,
    folder,
    created_at: row.created_at,
    ended_at: new Date().toISOString(),
    wish: JSON.parse(row.wish_json) as unknown,
    done,
    failed,
    elapsed_seconds,
  };
  await using report = new ReportFiles(reportFolder(folder, export_id));
  await report.begin(folder, head);
  const tell = async (lines: readonly ExportFile[]) => {
    for (const line of lines) count(tally, line);
    await report.add(lines);
  };
  let lines: ExportFile[] = [];
  for await (const line of everyFile(db, job.owner, export_id)) {
    lines.push(line);
    if (lines.length < linesAtOnce) continue;
    await tell(lines);
    lines = [];
  }
  await tell(lines);
  tally.report = await report.finish();
  return tally;
}

function count(tally: ExportTally, { action, state, size_bytes, name, warnings }: ExportFile): void {
  if (state === 'failed') return;
  tally[action] += 1;
  if (action === 'new' || action === 'changed') tally.bytes += size_bytes;
  if (warnings.length === 0) return;
  tally.warnings.count += 1;
  if (tally.warnings.examples.length === mostExamples) return;
  tally.warnings.examples.push({ name, message: warnings.join(' ') });
}

const endings = ['csv', 'json'] as const;

/** Both files under unfinished names until they are whole. The first fault ends the writing, and is nobody else's. */
class ReportFiles {
  readonly #folder: string;
  readonly #handles: Partial<Record<(typeof endings)[number], FileHandle>> = {};
  #isBroken = false;
  #isFirst = true;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async begin(target: string, head: object): Promise<void> {
    await this.#unlessBroken(async () => {
      await mustStandThere(target);
      const below = path.relative(target, this.#folder).split(path.sep);
      await makeFolders(target, [...below, 'report'].join('/'));
      for (const ending of endings) this.#handles[ending] = await open(this.#unfinished(ending), 'w');
      await this.#handles.json?.appendFile(`${JSON.stringify(head).slice(0, -1)},"files":[`);
    });
  }

  async add(lines: readonly ExportFile[]): Promise<void> {
    await this.#unlessBroken(async () => {
      await this.#handles.csv?.appendFile(csvOf(lines, this.#isFirst));
      const objects = lines.map((line) => `\n${JSON.stringify(line)}`).join(',');
      if (lines.length > 0) await this.#handles.json?.appendFile(this.#isFirst ? objects : `,${objects}`);
      this.#isFirst = false;
    });
  }

  /** Resolves to the folder in which they stand, or to null when they could not be written. */
  async finish(): Promise<string | null> {
    await this.#unlessBroken(async () => {
      await this.#handles.json?.appendFile('\n]}\n');
      for (const ending of endings) {
        await this.#handles[ending]?.sync();
        await this.#handles[ending]?.close();
        await rename(this.#unfinished(ending), path.join(this.#folder, `report.${ending}`));
      }
    });
    return this.#isBroken ? null : this.#folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(Object.values(this.#handles).map((handle) => handle.close()));
    await Promise.allSettled(endings.map((ending) => rm(this.#unfinished(ending), { force: true })));
  }

  async #unlessBroken(act: () => Promise<void>): Promise<void> {
    if (this.#isBroken) return;
    await act().catch(() => {
      this.#isBroken = true;
    });
  }

  #unfinished(ending: (typeof endings)[number]): string {
    return path.join(this.#folder, `.report.${ending}`);
  }
}
