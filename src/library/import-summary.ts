import type { ConfidenceCounts, ImportSummary } from '#contract/job-summary.ts';
import type { Queryable } from '#db/database.ts';

/** The part of a job's summary that only the library knows: how sure its new assets are, and how many are met twice. */
export async function summariseImport(
  db: Queryable,
  job: { id: string },
): Promise<Pick<ImportSummary, 'confidence_counts' | 'duplicate_groups'>> {
  const confidence_counts: ConfidenceCounts = { high: 0, medium: 0, low: 0, none: 0 };
  const rows = await db
    .selectFrom('assets')
    .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
    .where('assets.job_id', '=', job.id)
    .select(['capture_times.confidence', (select) => select.fn.countAll<number>().as('count')])
    .groupBy('capture_times.confidence')
    .execute();
  for (const { confidence, count } of rows) confidence_counts[confidence] = count;
  const { duplicate_groups } = await db
    .selectFrom((groups) =>
      groups
        .selectFrom('locations')
        .select('asset_id')
        .where('gone_at', 'is', null)
        .where('asset_id', 'in', (met) =>
          met.selectFrom('locations').select('asset_id').where('job_id', '=', job.id),
        )
        .groupBy('asset_id')
        .having((having) => having.fn.countAll(), '>', 1)
        .as('met_twice'),
    )
    .select((select) => select.fn.countAll<number>().as('duplicate_groups'))
    .executeTakeFirstOrThrow();
  return { confidence_counts, duplicate_groups };
}
