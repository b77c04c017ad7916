/** One job in full: bar, figures, what came of its files, errors by cause. On the Import page and on its own. */
import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Job, JobItem, Progress } from '#contract/jobs.ts';
import { isGone } from '../api.ts';
import { clockOf, instantWords } from '../words/dates.ts';
import { count, countOf, percent, span } from '../words/numbers.ts';
import { itemWords, statusWords } from '../words/words.ts';
import { Bar } from './bar.tsx';
import { ErrorGroups } from './error-groups.tsx';
import { Icon } from './icons.tsx';
import { JobActions } from './job-actions.tsx';
import { hasEnded, useJob, useNextItem, useProgress } from './job-queries.ts';
import { JobResult } from './job-result.tsx';
import { useJobSpeed } from './job-speed.ts';
import { Empty, Failure } from './states.tsx';
import { StatusWord } from './status-word.tsx';
import styles from './job-panel.module.css';

export function JobPanel({ id, errors }: { id: string; errors: 'with errors' | 'errors elsewhere' }) {
  const job = useJob(id);
  const progress = useProgress(id);
  if (job.isError && job.data === undefined) {
    if (isGone(job.error)) return <NoSuchJob />;
    return <Failure level={2} what="The job" error={job.error} retry={() => void job.refetch()} />;
  }
  if (job.data === undefined || progress.data === undefined) return <PanelSkeleton />;
  return <Panel job={job.data} progress={progress.data} showErrors={errors === 'with errors'} />;
}

function Panel({ job, progress, showErrors }: { job: Job; progress: Progress; showErrors: boolean }) {
  const { status } = progress;
  const { tone } = statusWords[status];
  const failed = Math.max(job.failed, progress.error_count);
  // While a job runs its message is only that of the latest file; those stand below, by cause.
  const stuck = status === 'halted' || status === 'failed' ? job.error_message : null;
  const speed = useJobSpeed(progress);
  const next = useNextItem(job.id, speed.still);
  const reason = progress.status_reason ?? job.status_reason ?? stuck ?? whyItWaits(next);
  return (
    <section className={styles.panel} aria-label={job.label}>
      <header className={styles.head}>
        <div className={styles.title}>
          <h2 className={styles.name}>
            <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
              {job.label}
            </Link>
          </h2>
          <StatusWord status={status} />
        </div>
        <div className={styles.actions}>
          <JobActions id={job.id} kind={job.kind} status={status} failed={failed} />
        </div>
      </header>
      <Figures progress={progress} kind={job.kind} speed={speed.words} />
      <Bar part={progress.progress_current} total={progress.progress_total} label={job.label} tone={tone} />
      {!hasEnded(status) && (
        <p className={styles.now}>
          {status === 'running' && progress.current_filename}
          {status === 'pending' && 'Waiting for a free worker.'}
          {status === 'paused' &&
            job.resume_at !== null &&
            `Goes on by itself at ${instantWords(job.resume_at)}.`}
        </p>
      )}
      {reason !== null && (
        <p className={styles.reason} data-tone={tone}>
          <Icon name="warning" size={18} />
          {reason}
        </p>
      )}
      <JobResult job={job} failed={failed} summary={progress.summary} />
      {showErrors && failed > 0 && <ErrorGroups jobId={job.id} failed={failed} />}
    </section>
  );
}

/** Nothing while it is not known that the item met something. */
function whyItWaits(item: JobItem | undefined): string | null {
  if (item === undefined || item.error_message === null || item.run_after === null) return null;
  const again =
    Date.parse(item.run_after) > Date.now() ? `at ${clockOf(item.run_after)}` : 'when its turn comes';
  return `${item.error_message} Tried again ${again}.`;
}

type FiguresProps = { progress: Progress; kind: string; speed: readonly string[] };

function Figures({ progress, kind, speed }: FiguresProps) {
  const { progress_current: current, progress_total: total, elapsed_seconds: elapsed } = progress;
  const running = progress.status === 'running';
  return (
    <p className={styles.figures}>
      <strong>
        {count(current)} of {countOf(total, ...itemWords(kind))}
      </strong>
      <span>{percent(current, total)}</span>
      {speed.map((words) => (
        <span key={words}>{words}</span>
      ))}
      {!running && elapsed >= 1 && <span>{span(elapsed)} of work</span>}
    </p>
  );
}

function NoSuchJob() {
  return (
    <Empty
      level={2}
      icon="jobs"
      title="There is no such job"
      action={<Button renderRoot={(root) => <Link to="/jobs" {...root} />}>Show all jobs</Button>}
    >
      The address may be mistyped, or it belongs to another library.
    </Empty>
  );
}

function PanelSkeleton() {
  return (
    <section className={styles.panel} aria-label="The job is being loaded" aria-busy="true">
      <Skeleton height={28} width="40%" />
      <Skeleton height={18} width="60%" />
      <Skeleton height={8} />
      <Skeleton height={18} width="30%" />
      <Skeleton height={84} />
    </section>
  );
}
