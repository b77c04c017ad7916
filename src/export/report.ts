/** The report of an export, beside what it wrote: `report.csv` for people, `report.json` for programs. */
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { SummaryOf } from '#contract/job-summary.ts';
import type { ExportFile } from '#contract/exports.ts';
import type { Queryable } from '#db/database.ts';
import type { JobAtEnd } from '#jobs/kinds.ts';
import { everyFile, exportRow } from './exports.ts';
import { csvOf } from './plan-csv.ts';
import type { ExportInput } from './plan.ts';
import { reportFolder, standsThere } from './work-folder.ts';

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
  let report = await ReportFiles.open(folder, export_id, head).catch(() => null);
  const tell = async (lines: readonly ExportFile[]) => {
    for (const line of lines) count(tally, line);
    await report?.add(lines).catch(async () => {
      await report?.discard();
      report = null;
    });
  };
  let lines: ExportFile[] = [];
  for await (const line of everyFile(db, job.owner, export_id)) {
    lines.push(line);
    if (lines.length < linesAtOnce) continue;
    await tell(lines);
    lines = [];
  }
  await tell(lines);
  tally.report = (await report?.finish().catch(() => null)) ?? null;
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

/** Both files under unfinished names until they are whole. */
class ReportFiles {
  readonly #folder: string;
  readonly #csv: FileHandle;
  readonly #json: FileHandle;
  #isFirst = true;

  static async open(target: string, exportId: string, head: object): Promise<ReportFiles> {
    if (!(await standsThere(target))) throw new Error('The target is gone.');
    const folder = reportFolder(target, exportId);
    await mkdir(folder, { recursive: true });
    const report = new ReportFiles(
      folder,
      await open(unfinished(folder, 'csv'), 'w'),
      await open(unfinished(folder, 'json'), 'w'),
    );
    await report.#json.appendFile(`${JSON.stringify(head).slice(0, -1)},"files":[`);
    return report;
  }

  private constructor(folder: string, csv: FileHandle, json: FileHandle) {
    this.#folder = folder;
    this.#csv = csv;
    this.#json = json;
  }

  async add(lines: readonly ExportFile[]): Promise<void> {
    await this.#csv.appendFile(csvOf(lines, this.#isFirst));
    const objects = lines.map((line) => `\n${JSON.stringify(line)}`).join(',');
    if (lines.length > 0) await this.#json.appendFile(this.#isFirst ? objects : `,${objects}`);
    this.#isFirst = false;
  }

  /** Resolves to the folder in which they stand. */
  async finish(): Promise<string> {
    await this.#json.appendFile('\n]}\n');
    for (const [handle, ending] of [
      [this.#csv, 'csv'],
      [this.#json, 'json'],
    ] as const) {
      await handle.sync();
      await handle.close();
      await rename(unfinished(this.#folder, ending), path.join(this.#folder, `report.${ending}`));
    }
    return this.#folder;
  }

  async discard(): Promise<void> {
    await Promise.allSettled([this.#csv.close(), this.#json.close()]);
    await Promise.allSettled(['csv', 'json'].map((ending) => rm(unfinished(this.#folder, ending))));
  }
}

function unfinished(folder: string, ending: string): string {
  return path.join(folder, `.report.${ending}`);
}
