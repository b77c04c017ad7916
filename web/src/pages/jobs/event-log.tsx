/** What happened to a job, oldest first: everything but its progress. */
import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { historyDays } from '#contract/jobs.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { eventWords } from '../../words/event-words.ts';
import { instantWords } from '../../words/dates.ts';
import styles from './event-log.module.css';

export function EventLog({ jobId }: { jobId: string }) {
  const history = useInfiniteQuery(
    api.jobs.history.infiniteOptions({
      input: (after: number | undefined) => ({ id: jobId, without: 'progress' as const, after }),
      initialPageParam: undefined,
      // `total` counts what is left after `after`, so it tells whether this page was the last.
      getNextPageParam: (page) => (page.total > page.events.length ? page.events.at(-1)?.seq : undefined),
    }),
  );
  if (history.data === undefined) {
    if (history.isError) return <FailureLine error={history.error} retry={() => void history.refetch()} />;
    return <Skeleton height={60} />;
  }
  const events = history.data.pages.flatMap((page) => page.events);
  if (events.length === 0)
    return <p className={styles.more}>It is kept for {historyDays} days after the end of a job.</p>;
  return (
    <>
      <ol className={styles.log} aria-label="What happened">
        {events.map((event) => {
          const { what, more } = eventWords(event);
          return (
            <li key={event.seq} className={styles.event}>
              <time dateTime={event.at}>{instantWords(event.at)}</time>
              <span>{what}</span>
              <span className={styles.more} title={more}>
                {more}
              </span>
            </li>
          );
        })}
      </ol>
      {history.hasNextPage && (
        <Button
          variant="default"
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Show later events
        </Button>
      )}
    </>
  );
}
