/** The lines of an export whose items failed, for a report. */
import { onlyOwner, type App } from '#app.ts';

export type FailedLine = { source: string | null; target: string; code: string; message: string };

export async function failedLines(app: App, jobId: string): Promise<FailedLine[]> {
  const failed: FailedLine[] = [];
  let cursor: string | undefined;
  do {
    const page = await app.ledger.items({
      job: { id: jobId, owner: onlyOwner },
      state: 'failed',
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const sources = await sourcesOf(
      app,
      jobId,
      page.items.map(({ key }) => Number(key)),
    );
    for (const { key, label, error_code, error_message } of page.items) {
      failed.push({
        source: sources.get(Number(key)) ?? null,
        target: label,
        code: error_code ?? 'unknown',
        message: error_message ?? '',
      });
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return failed;
}

async function sourcesOf(
  app: App,
  jobId: string,
  seqs: readonly number[],
): Promise<Map<number, string | null>> {
  if (seqs.length === 0) return new Map();
  const rows = await app.db
    .selectFrom('export_files')
    .innerJoin('exports', 'exports.id', 'export_files.export_id')
    .select(['export_files.seq', 'export_files.source'])
    .where('exports.owner', '=', onlyOwner)
    .where((where) => where.or([where('exports.job_id', '=', jobId), where('exports.undo_job_id', '=', jobId)]))
    .where('export_files.seq', 'in', seqs)
    .execute();
  return new Map(rows.map(({ seq, source }) => [seq, source]));
}
