/** ● 901 high ◐ 214 medium ○ 71 low – 9 none 12 skipped 9 failed: each opens what it counts. */
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ConfidenceCounts, ImportSummary } from '#contract/job-summary.ts';
import type { Job } from '#contract/jobs.ts';
import { confidences } from '#contract/words.ts';
import { api } from '../api.ts';
import { count } from '../words/numbers.ts';
import { ConfidenceMark } from './confidence.tsx';
import { hasEnded } from './job-queries.ts';
import styles from './outcomes.module.css';

type Props = { job: Job; failed: number; summary: ImportSummary | null };

export function Outcomes({ job, failed, summary }: Props) {
  const counted = useConfidenceCounts(job, summary === null);
  const counts = summary?.confidence_counts ?? counted;
  return (
    <ul className={styles.outcomes} aria-label="What came of the files">
      {confidences.map((confidence) => (
        <li key={confidence}>
          <Link to="/library" search={{ job_id: job.id, confidence }} className={styles.outcome}>
            <b>{counts === null ? '…' : count(counts[confidence])}</b>
            <ConfidenceMark confidence={confidence} on="page" />
          </Link>
        </li>
      ))}
      {job.skipped > 0 && (
        <li>
          <Link
            to="/jobs/$jobId"
            params={{ jobId: job.id }}
            search={{ state: 'skipped' }}
            className={styles.outcome}
          >
            <b>{count(job.skipped)}</b> skipped
          </Link>
        </li>
      )}
      {failed > 0 && (
        <li>
          <Link
            to="/jobs/$jobId"
            params={{ jobId: job.id }}
            search={{ state: 'failed' }}
            className={styles.outcome}
            data-bad=""
          >
            <b>{count(failed)}</b> failed
          </Link>
        </li>
      )}
    </ul>
  );
}

/**
 * While a job runs its progress holds no counts by confidence, so they are counted by the library. That costs more
 * the larger the job is; the next count waits twenty times as long as the last one took.
 */
function useConfidenceCounts(job: Job, wanted: boolean): ConfidenceCounts | null {
  const results = useQueries({
    queries: confidences.map((confidence) => ({
      queryKey: [...api.assets.days.key(), 'count', job.id, confidence],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const before = performance.now();
        const { total } = await api.assets.days.call({ job_id: job.id, confidence }, { signal });
        return { total, tookMs: performance.now() - before };
      },
      enabled: wanted,
      refetchInterval: (query: { state: { data?: { tookMs: number } } }) =>
        hasEnded(job.status) ? (false as const) : Math.max(2000, 20 * (query.state.data?.tookMs ?? 0)),
    })),
  });
  const totals = results.map((result) => result.data?.total);
  const [high, medium, low, none] = totals;
  if (high === undefined || medium === undefined || low === undefined || none === undefined) return null;
  return { high, medium, low, none };
}
