/** What came of a job, in the words and pictures of its kind. A kind that has something to show adds its case. */
import type { JobSummary } from '#contract/job-summary.ts';
import type { Job } from '#contract/jobs.ts';
import { ExportResult, RemovalResult, UndoResult } from './export-results.tsx';
import { FreshTiles } from './fresh-tiles.tsx';
import { hasEnded } from './job-queries.ts';
import { Outcomes } from './outcomes.tsx';
import { RedateChanges } from './redate-changes.tsx';
import { Summary } from './summary.tsx';

/** `summary` is null until the job has ended. */
type Props = { job: Job; failed: number; summary: JobSummary | null };

export function JobResult({ job, failed, summary }: Props) {
  switch (job.kind) {
    case 'import': {
      const imported = summary?.kind === 'import' ? summary : null;
      return (
        <>
          <Outcomes job={job} failed={failed} summary={imported} />
          <FreshTiles jobId={job.id} moving={!hasEnded(job.status)} done={job.done} />
          {hasEnded(job.status) && <Summary job={job} summary={imported} />}
        </>
      );
    }
    case 'redate':
      return summary?.kind === 'redate' ? <RedateChanges report={summary} /> : null;
    case 'export':
      return <ExportResult jobId={job.id} summary={summary?.kind === 'export' ? summary : null} />;
    case 'undo_export':
      return <UndoResult jobId={job.id} summary={summary?.kind === 'undo_export' ? summary : null} />;
    case 'remove_sources':
      return <RemovalResult jobId={job.id} summary={summary?.kind === 'remove_sources' ? summary : null} />;
    default:
      return null;
  }
}
