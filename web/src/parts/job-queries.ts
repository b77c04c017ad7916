/**
 * What the page knows of jobs, and how often it asks: seldom while events arrive by themselves, to see that nothing was
 * missed and that time goes on. While a tab is hidden nothing is asked.
 */
import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Job, JobItem, Progress } from '#contract/jobs.ts';
import { isUnfinished, isWorkable, jobCommands, type JobCommand, type JobStatus } from '#contract/words.ts';
import { api, Unreachable } from '../api.ts';
import { useLive } from '../live.ts';
import { sayRefused } from './say-refused.ts';

type Pace = { running: number; resting: number; current: number };
const asking: Pace = { running: 700, resting: 4000, current: 2000 };
const listening: Pace = { running: 5000, resting: 30_000, current: 10_000 };

function usePace(): Pace {
  return useLive() ? listening : asking;
}

export function hasEnded(status: JobStatus): boolean {
  return !isUnfinished(status);
}

function interval({ running, resting }: Pace, status: JobStatus | undefined): number | false {
  if (status === undefined) return resting;
  if (isWorkable(status)) return running;
  return hasEnded(status) ? false : resting;
}

function useCurrent() {
  return useQuery(api.jobs.current.queryOptions({ input: {}, refetchInterval: usePace().current }));
}

/** The newest unfinished job: what a reloaded page picks up. */
export function useCurrentJob(): string | null {
  return useCurrent().data?.job_id ?? null;
}

/** True while nothing answers: asked by the same query that looks for the current job. */
export function useServerGone(): boolean {
  return useCurrent().error instanceof Unreachable;
}

export function useProgress(id: string) {
  const client = useQueryClient();
  const pace = usePace();
  const query = useQuery(
    api.jobs.progress.queryOptions({
      input: { id },
      refetchInterval: (q) => interval(pace, q.state.data?.status),
    }),
  );
  const status = query.data?.status;
  const before = useRef(status);
  useEffect(() => {
    // Whatever changed its status changed more than the progress: counters, the list of jobs, the library, exports.
    if (before.current !== undefined && before.current !== status) {
      void client.invalidateQueries({ queryKey: api.jobs.key() });
      void client.invalidateQueries({ queryKey: api.assets.key() });
      void client.invalidateQueries({ queryKey: api.exports.key() });
    }
    before.current = status;
  }, [client, status]);
  return query;
}

export function useJob(id: string | null) {
  const pace = usePace();
  return useQuery(
    api.jobs.get.queryOptions({
      input: id === null ? skipToken : { id },
      refetchInterval: (q) => interval(pace, q.state.data?.status),
    }),
  );
}

/** Jobs that still want something: to be worked, or a person to resume or cancel them. Of the newest hundred. */
export function useUnfinishedJobs(): number {
  const { resting } = usePace();
  const jobs = useQuery(api.jobs.list.queryOptions({ input: { limit: 100 }, refetchInterval: resting }));
  return jobs.data?.items.filter((job) => !hasEnded(job.status)).length ?? 0;
}

/** Of a job that stands still, the item that it tries next: it may wait for its time, and say why. */
export function useNextItem(id: string, still: boolean): JobItem | undefined {
  const { running } = usePace();
  const items = useQuery(
    api.jobs.items.queryOptions({
      input: { id, state: 'waiting', limit: 1 },
      enabled: still,
      refetchInterval: running,
    }),
  );
  return still ? items.data?.items[0] : undefined;
}

/** The failed items, read anew whenever their number grows. Five hundred are enough to see the causes. */
export function useFailedItems(id: string, failed: number) {
  return useQuery(
    api.jobs.items.queryOptions({
      input: { id, state: 'failed', limit: 500 },
      queryKey: [...api.jobs.items.key(), 'failed', id, failed],
      enabled: failed > 0,
      placeholderData: keepPreviousData,
    }),
  );
}

/** Whether the button is shown. A retry needs something that failed. */
export function allows(status: JobStatus, command: JobCommand, failed: number): boolean {
  const from: readonly JobStatus[] = jobCommands[command];
  return from.includes(status) && (command !== 'retry' || failed > 0);
}

const expected: Record<JobCommand, JobStatus> = {
  pause: 'paused',
  resume: 'running',
  cancel: 'cancelled',
  retry: 'running',
};

/** Takes effect on the page at once; if the server refuses, the page goes back and says why. */
export function useJobAction(id: string) {
  const client = useQueryClient();
  const progressKey = api.jobs.progress.queryKey({ input: { id } });
  const jobKey = api.jobs.get.queryKey({ input: { id } });
  return useMutation({
    mutationFn: (action: JobCommand) => api.jobs[action].call({ id }),
    async onMutate(action) {
      await client.cancelQueries({ queryKey: progressKey });
      await client.cancelQueries({ queryKey: jobKey });
      const before = { progress: client.getQueryData(progressKey), job: client.getQueryData(jobKey) };
      const status = expected[action];
      client.setQueryData(progressKey, (progress: Progress | undefined) => progress && { ...progress, status });
      client.setQueryData(jobKey, (job: Job | undefined) => job && { ...job, status });
      return before;
    },
    onError(error, action, before) {
      client.setQueryData(progressKey, before?.progress);
      client.setQueryData(jobKey, before?.job);
      sayRefused(`Could not ${action} the job`, error);
    },
    onSuccess: (job) => client.setQueryData(jobKey, job),
    onSettled: () => client.invalidateQueries({ queryKey: api.jobs.key() }),
  });
}
