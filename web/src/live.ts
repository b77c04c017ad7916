/** Keeps what the page knows of jobs up to date by their events. While that works, the queries hardly need to ask. */
import { useSyncExternalStore } from 'react';
import type { InfiniteData } from '@tanstack/react-query';
import type { Job, JobEvent, Progress } from '#contract/jobs.ts';
import { isUnfinished } from '#contract/words.ts';
import { api, queryClient } from './api.ts';
import { LiveStream, usualPauseMs } from './live-stream.ts';

let live = false;
const listeners = new Set<() => void>();

/** For the life of the page. */
export function startLive(): void {
  const stream = new LiveStream({
    address: `${window.location.origin.replace(/^http/, 'ws')}/api/live`,
    onLive: setLive,
    onEvents: takeIn,
    pauseMs: usualPauseMs,
  });
  window.addEventListener('online', () => stream.hurry());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') stream.hurry();
  });
}

/** Whether events arrive now; if not, the page asks by itself. */
export function useLive(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => live,
  );
}

function setLive(now: boolean): void {
  live = now;
  for (const listener of listeners) listener();
  // Live: something may have happened between the last answer and the first event. Not live: is the server gone?
  void queryClient.invalidateQueries({ queryKey: now ? api.jobs.key() : api.jobs.current.key() });
}

type Page = { items: Job[]; next_cursor: string | null };

function takeIn(job: Job, events: readonly JobEvent[]): void {
  const progressKey = api.jobs.progress.queryKey({ input: { id: job.id } });
  const jobKey = api.jobs.get.queryKey({ input: { id: job.id } });
  // An answer on its way is older than this.
  void queryClient.cancelQueries({ queryKey: jobKey });
  queryClient.setQueryData(jobKey, job);
  queryClient.setQueriesData<Page | InfiniteData<Page>>({ queryKey: api.jobs.list.key() }, (list) =>
    list === undefined ? undefined : withJob(list, job),
  );
  if (isUnfinished(job.status)) {
    void queryClient.cancelQueries({ queryKey: progressKey });
    queryClient.setQueryData(progressKey, progressOf(job));
  } else {
    // The summary comes with the answer, not with the event.
    void queryClient.invalidateQueries({ queryKey: progressKey });
  }

  const told = events.filter(({ kind }) => kind !== 'progress');
  if (told.length === 0) return;
  void queryClient.invalidateQueries({ queryKey: api.jobs.current.key() });
  void queryClient.invalidateQueries({ queryKey: api.jobs.history.key({ input: { id: job.id } }) });
  // Whoever looks at a list learns that a job works on it, wherever that was started.
  if (job.kind === 'enrich') void queryClient.invalidateQueries({ queryKey: api.lists.key() });
  if (told.some(({ kind }) => kind === 'created')) {
    void queryClient.invalidateQueries({ queryKey: api.jobs.list.key() });
  }
}

function withJob(list: Page | InfiniteData<Page>, job: Job): Page | InfiniteData<Page> {
  const inPage = (page: Page) => ({
    ...page,
    items: page.items.map((each) => (each.id === job.id ? job : each)),
  });
  return 'pages' in list ? { ...list, pages: list.pages.map(inPage) } : inPage(list);
}

function progressOf(job: Job): Progress {
  const finished = job.done + job.skipped + job.failed;
  return {
    job_id: job.id,
    status: job.status,
    status_reason: job.status_reason,
    progress_current: finished,
    progress_total: job.total,
    progress_percent: Math.floor((finished / job.total) * 1000) / 10,
    current_filename: job.current_item,
    error_count: job.failed,
    elapsed_seconds: job.elapsed_seconds,
    eta_seconds: job.eta_seconds,
    summary: null,
  };
}
