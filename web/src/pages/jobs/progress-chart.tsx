/** How the job went on over its running time: a steep line is a fast job, a flat one a slow job. Pauses take no room. */
import { useQuery } from '@tanstack/react-query';
import type { CurvePoint, Job } from '#contract/jobs.ts';
import { api } from '../../api.ts';
import { hasEnded } from '../../parts/job-queries.ts';
import { count, span } from '../../words/numbers.ts';
import styles from './progress-chart.module.css';

const width = 600;
const height = 90;

export function ProgressChart({ job }: { job: Job }) {
  const curve = useQuery(
    api.jobs.curve.queryOptions({
      input: { id: job.id },
      refetchInterval: hasEnded(job.status) ? false : 5000,
    }),
  );
  const points = curve.data?.points ?? [];
  const last = points.at(-1);
  // Two points are no curve, and a job of a second has nothing to tell.
  if (last === undefined || points.length < 3 || last.ran_ms < 2000) return null;
  const spoken = `${count(last.finished)} of ${count(job.total)} files after ${span(last.ran_ms / 1000)} of work`;
  return (
    <figure className={styles.chart}>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={spoken}>
        <polyline className={styles.finished} points={line(points, last.ran_ms, job.total, 'finished')} />
        {last.failed > 0 && (
          <polyline className={styles.failed} points={line(points, last.ran_ms, job.total, 'failed')} />
        )}
      </svg>
      <figcaption className={styles.caption}>
        <span>Progress over {span(last.ran_ms / 1000)} of work</span>
        {last.failed > 0 && <span className={styles.failedWord}>– failed</span>}
      </figcaption>
    </figure>
  );
}

function line(
  points: readonly CurvePoint[],
  ranMs: number,
  total: number,
  what: 'finished' | 'failed',
): string {
  const at = (ran: number, value: number) =>
    `${((ran / ranMs) * width).toFixed(1)},${(height - (value / total) * height).toFixed(1)}`;
  return [at(0, 0), ...points.map((point) => at(point.ran_ms, point[what]))].join(' ');
}
