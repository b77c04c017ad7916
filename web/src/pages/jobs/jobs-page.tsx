import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Job } from '#contract/jobs.ts';
import { isWorkable } from '#contract/words.ts';
import { api } from '../../api.ts';
import { useLive } from '../../live.ts';
import { Bar } from '../../parts/bar.tsx';
import { hasEnded } from '../../parts/job-queries.ts';
import { Empty, Failure, FailureLine } from '../../parts/states.tsx';
import { StatusWord } from '../../parts/status-word.tsx';
import { instantWords } from '../../words/dates.ts';
import { count, span } from '../../words/numbers.ts';
import { kindWord, statusWords } from '../../words/words.ts';
import { WorkerLine } from './worker-line.tsx';
import styles from './jobs-page.module.css';

export function JobsPage() {
  const live = useLive();
  const jobs = useInfiniteQuery(
    api.jobs.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: 50, cursor }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
      refetchInterval: (query) => {
        if (live) return 30_000;
        const pages = query.state.data?.pages;
        return pages?.some((page) => page.items.some((job) => isWorkable(job.status))) ? 1500 : 8000;
      },
    }),
  );
  const all = jobs.data?.pages.flatMap((page) => page.items);
  if (all === undefined && jobs.isError) {
    return <Failure level={1} what="The jobs" error={jobs.error} retry={() => void jobs.refetch()} />;
  }
  if (all?.length === 0) return <NoJobs />;
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>Jobs</h1>
      <WorkerLine />
      {jobs.isError && <FailureLine error={jobs.error} retry={() => void jobs.refetch()} />}
      <div className={styles.table} role="table" aria-label="Jobs" aria-busy={all === undefined}>
        <div className={styles.head} role="row">
          {['Job', 'Status', 'Done', 'Skipped', 'Failed', 'Duration', 'Started'].map((name) => (
            <span key={name} role="columnheader" className={styles.cell}>
              {name}
            </span>
          ))}
        </div>
        {all === undefined
          ? Array.from({ length: 8 }, (_, index) => <Skeleton key={index} height={52} my={6} />)
          : all.map((job) => <JobRow key={job.id} job={job} />)}
      </div>
      {jobs.hasNextPage && (
        <Button variant="default" loading={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
          Show older jobs
        </Button>
      )}
    </div>
  );
}

function JobRow({ job }: { job: Job }) {
  const current = job.done + job.skipped + job.failed;
  return (
    <div className={styles.row} role="row">
      <span className={styles.name} role="cell">
        <Link to="/jobs/$jobId" params={{ jobId: job.id }} className={styles.link}>
          {job.label}
        </Link>
        <small>{kindWord(job.kind)}</small>
      </span>
      <span className={styles.status} role="cell">
        <StatusWord status={job.status} />
        {!hasEnded(job.status) && (
          <Bar part={current} total={job.total} label={job.label} tone={statusWords[job.status].tone} />
        )}
      </span>
      <Figure name="Done" value={`${count(job.done)} of ${count(job.total)}`} bad={false} />
      <Figure name="Skipped" value={job.skipped === 0 ? '–' : count(job.skipped)} bad={false} />
      <Figure name="Failed" value={job.failed === 0 ? '–' : count(job.failed)} bad={job.failed > 0} />
      <Figure name="Duration" value={job.started_at === null ? '–' : span(job.elapsed_seconds)} bad={false} />
      <Figure name="Started" value={instantWords(job.started_at ?? job.created_at)} bad={false} />
    </div>
  );
}

function Figure({ name, value, bad }: { name: string; value: string; bad: boolean }) {
  return (
    <span className={styles.figure} role="cell" data-name={name} data-bad={bad || undefined}>
      {value}
    </span>
  );
}

function NoJobs() {
  return (
    <Empty
      level={1}
      icon="jobs"
      title="No job has run yet"
      action={<Button renderRoot={(root) => <Link to="/import" {...root} />}>Import photos</Button>}
    >
      Every import is a job. It stands here with its progress, what came of each file, and what failed and why.
    </Empty>
  );
}
