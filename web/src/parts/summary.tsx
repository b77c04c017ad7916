import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ImportSummary } from '#contract/job-summary.ts';
import type { Job } from '#contract/jobs.ts';
import { countOf } from '../words/numbers.ts';
import styles from './summary.module.css';

/** The end of an import in sentences, and where to go from here. */
export function Summary({ job, summary }: { job: Job; summary: ImportSummary | null }) {
  const doubtful = summary === null ? 0 : summary.confidence_counts.low + summary.confidence_counts.none;
  return (
    <div className={styles.summary}>
      <p className={styles.sentence}>{sentences(job, summary, doubtful).join(' ')}</p>
      <div className={styles.buttons}>
        {job.done > 0 && (
          <Button renderRoot={(root) => <Link to="/library" search={{ job_id: job.id }} {...root} />}>
            See them in the library
          </Button>
        )}
        {summary !== null && summary.confidence_counts.low > 0 && (
          <Button
            variant="default"
            renderRoot={(root) => (
              <Link to="/library" search={{ job_id: job.id, confidence: 'low' }} {...root} />
            )}
          >
            Look at the doubtful ones
          </Button>
        )}
        {job.skipped > 0 && (
          <Button
            variant="default"
            renderRoot={(root) => (
              <Link to="/jobs/$jobId" params={{ jobId: job.id }} search={{ state: 'skipped' }} {...root} />
            )}
          >
            See what was skipped
          </Button>
        )}
        {job.failed > 0 && (
          <Button
            variant="default"
            renderRoot={(root) => (
              <Link to="/jobs/$jobId" params={{ jobId: job.id }} search={{ state: 'failed' }} {...root} />
            )}
          >
            See what failed
          </Button>
        )}
      </div>
    </div>
  );
}

function sentences(job: Job, summary: ImportSummary | null, doubtful: number): string[] {
  const said: string[] = [];
  if (job.status === 'cancelled') said.push('Cancelled.');
  const dated = summary === null ? 0 : job.done - summary.confidence_counts.none;
  if (dated > 0) said.push(`${countOf(dated, 'file', 'files')} dated and in the library.`);
  else if (job.done > 0) {
    said.push(
      `${countOf(job.done, 'file', 'files')} in the library${summary === null ? '' : ', none of them dated'}.`,
    );
  }
  if (doubtful > 0) said.push(`${countOf(doubtful, 'wants', 'want')} a look.`);
  if (job.skipped > 0) said.push(`${countOf(job.skipped, 'file was', 'files were')} skipped.`);
  if (job.failed > 0) said.push(`${countOf(job.failed, 'file', 'files')} could not be read.`);
  if (said.length === 0) said.push('There was nothing to do.');
  return said;
}
