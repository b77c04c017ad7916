/** The running job, at the foot of every page: name, bar, rate, time left, pause. It opens the job. */
import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Job, Progress } from '#contract/jobs.ts';
import { pauseUploads, goOn, useUploads } from '../uploads/uploads.ts';
import { count, percent, span } from '../words/numbers.ts';
import { statusWords } from '../words/words.ts';
import { Bar } from './bar.tsx';
import { Icon } from './icons.tsx';
import {
  allows,
  hasEnded,
  useCurrentJob,
  useJob,
  useJobAction,
  useProgress,
  useServerGone,
} from './job-queries.ts';
import { useJobSpeed } from './job-speed.ts';
import styles from './running-strip.module.css';

export function RunningStrip() {
  const current = useCurrentJob();
  const gone = useServerGone();
  return (
    <footer className={styles.place} aria-label="Running now">
      {gone && (
        <p className={styles.gone} role="alert">
          <Icon name="warning" size={18} />
          Daybook does not answer. What is shown may be old; this goes away by itself when it is back.
        </p>
      )}
      <UploadStrip />
      {current !== null && <JobStrip key={current} id={current} />}
    </footer>
  );
}

function JobStrip({ id }: { id: string }) {
  const progress = useProgress(id).data;
  const job = useJob(id).data;
  if (progress === undefined || job === undefined || hasEnded(progress.status)) return null;
  return <UnfinishedJob job={job} progress={progress} />;
}

function UnfinishedJob({ job, progress }: { job: Job; progress: Progress }) {
  const { id } = job;
  const action = useJobAction(id);
  const speed = useJobSpeed(progress);
  const { word, tone } = statusWords[progress.status];
  const moving = progress.status === 'running';
  const canPause = allows(progress.status, 'pause', 0);
  return (
    <div className={styles.strip}>
      <Link to="/jobs/$jobId" params={{ jobId: id }} className={styles.name} data-tone={tone}>
        {job.label}
        {!moving && ` – ${word}`}
      </Link>
      <div className={styles.bar}>
        <Bar part={progress.progress_current} total={progress.progress_total} label={job.label} tone={tone} />
      </div>
      <span className={styles.figures}>
        <span>{percent(progress.progress_current, progress.progress_total)}</span>
        {(moving ? speed.words : []).map((words, nth, all) => (
          <span key={words} className={nth < all.length - 1 ? styles.wide : undefined}>
            {words}
          </span>
        ))}
      </span>
      <ActionIcon
        variant="subtle"
        size="lg"
        aria-label={canPause ? 'Pause the job' : 'Resume the job'}
        onClick={() => action.mutate(canPause ? 'pause' : 'resume')}
      >
        <Icon name={canPause ? 'pause' : 'resume'} size={18} />
      </ActionIcon>
    </div>
  );
}

function UploadStrip() {
  const uploads = useUploads();
  if (uploads.phase !== 'sending' && uploads.phase !== 'paused') return null;
  const sending = uploads.phase === 'sending';
  const speed = uploads.bytesArrived / Math.max(1, uploads.seconds);
  return (
    <div className={styles.strip}>
      <Link to="/import" className={styles.name} data-tone={sending ? 'running' : 'warn'}>
        {sending ? 'Uploading' : 'Upload paused:'} {count(uploads.arrived)} of {count(uploads.total)} files
      </Link>
      <div className={styles.bar}>
        <Bar
          part={uploads.bytesArrived}
          total={uploads.bytes}
          label="Upload"
          tone={sending ? 'running' : 'warn'}
        />
      </div>
      <span className={styles.figures}>
        <span>{percent(uploads.bytesArrived, uploads.bytes)}</span>
        {sending && speed > 0 && <span>{span((uploads.bytes - uploads.bytesArrived) / speed)} left</span>}
      </span>
      <ActionIcon
        variant="subtle"
        size="lg"
        aria-label={sending ? 'Pause the upload' : 'Resume the upload'}
        onClick={sending ? pauseUploads : goOn}
      >
        <Icon name={sending ? 'pause' : 'resume'} size={18} />
      </ActionIcon>
    </div>
  );
}
