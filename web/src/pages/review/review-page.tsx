/** What waits for a person: on the left as groups, the one that settles most first; on the right the current one. */
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { api } from '../../api.ts';
import { useUndoKeys } from '../../parts/decide/use-undo-keys.ts';
import { isForPage } from '../../parts/keys.tsx';
import { useReviewQueue } from '../../parts/review-queue.ts';
import { Empty, Failure } from '../../parts/states.tsx';
import { ClockView } from './clock-view.tsx';
import { entriesOf, type Entry } from './entries.ts';
import { GroupView } from './group-view.tsx';
import { Queue } from './queue.tsx';
import styles from './review-page.module.css';

export function ReviewPage() {
  const queue = useReviewQueue();
  const clocks = useQuery(api.review.clockCorrections.queryOptions({ input: {}, staleTime: 30_000 }));
  const entries = useMemo(
    () => entriesOf(clocks.data?.items ?? [], queue.data?.groups ?? []),
    [clocks.data, queue.data],
  );
  const { entry, opened, open } = useEntry(entries);
  useUndoKeys('with plain z');
  useArrows(entries, entry, open);

  return (
    <div className={styles.page} data-opened={opened || undefined}>
      <h1 className="unseen">Review</h1>
      {queue.isPending && <ReviewSkeleton />}
      {queue.isError && queue.data === undefined && (
        <div className={styles.whole}>
          <Failure level={2} what="The queue" error={queue.error} retry={() => void queue.refetch()} />
        </div>
      )}
      {queue.data !== undefined && (
        <>
          {entry === null ? (
            <NothingWaits />
          ) : (
            <>
              <Queue total={queue.data.total} entries={entries} current={entry} onOpen={open} />
              <div className={styles.current}>
                {entry.kind === 'group' ? (
                  <GroupView key={entry.key} group={entry.group} onBack={() => open(null)} />
                ) : (
                  <ClockView key={entry.key} correction={entry.correction} onBack={() => open(null)} />
                )}
              </div>
            </>
          )}
        </>
      )}
    </div>
  );
}

/** The one in the address; when that is settled and gone, the one that took its place in the queue. */
function useEntry(entries: readonly Entry[]) {
  const wanted = useSearch({ from: '/review', select: (search) => search.group });
  const navigate = useNavigate({ from: '/review' });
  const [last, setLast] = useState(0);
  const found = entries.findIndex(({ key }) => key === wanted);
  const index = found >= 0 ? found : wanted === undefined ? 0 : Math.min(last, entries.length - 1);
  if (found >= 0 && found !== last) setLast(found);
  const open = useCallback(
    (entry: Entry | null) =>
      void navigate({ search: { group: entry?.key, asset: undefined }, replace: true, resetScroll: false }),
    [navigate],
  );
  return { entry: entries[index] ?? null, opened: wanted !== undefined, open };
}

/** Up and down move through the queue. */
function useArrows(entries: readonly Entry[], current: Entry | null, open: (entry: Entry) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step === undefined || event.shiftKey || !isForPage(event)) return;
      event.preventDefault();
      const next = entries[entries.findIndex(({ key }) => key === current?.key) + step];
      if (next !== undefined) open(next);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [entries, current, open]);
}

function NothingWaits() {
  const days = useQuery(api.assets.days.queryOptions({ input: {} }));
  const empty = days.data?.total === 0;
  return (
    <div className={styles.whole}>
      {empty ? (
        <Empty
          level={2}
          icon="review"
          title="Nothing to review yet"
          action={<Button renderRoot={(root) => <Link to="/import" {...root} />}>Import photos</Button>}
        >
          Pictures whose date is in doubt wait here in groups, so that one answer settles many of them.
        </Empty>
      ) : (
        <Empty
          level={2}
          icon="done"
          title="Nothing waits for you"
          action={<Button renderRoot={(root) => <Link to="/library" {...root} />}>Open the library</Button>}
        >
          Every picture stands where it belongs, as far as anybody can tell. What you decided can still be
          undone: press z.
        </Empty>
      )}
    </div>
  );
}

function ReviewSkeleton() {
  return (
    <div className={styles.skeleton} aria-busy="true" aria-label="The queue is being loaded">
      <div>
        {[1, 2, 3, 4, 5].map((row) => (
          <Skeleton key={row} height={132} mb={10} />
        ))}
      </div>
      <div>
        <Skeleton height={28} width="60%" mb={12} />
        <Skeleton height={84} mb={16} />
        <Skeleton height={420} />
      </div>
    </div>
  );
}
