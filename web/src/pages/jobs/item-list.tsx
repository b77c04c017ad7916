/** The files of a job in the order of work: virtual, so that a job of a hundred thousand scrolls like one of ten. */
import { Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { JobItem } from '#contract/jobs.ts';
import type { ItemState } from '#contract/words.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { errorHeading, itemWords, stateWord } from '../../words/words.ts';
import styles from './item-list.module.css';

const rowHeight = 44;

type Props = { jobId: string; kind: string; state: ItemState | undefined; settled: number };

export function ItemList({ jobId, kind, state, settled }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const items = useInfiniteQuery(
    api.jobs.items.infiniteOptions({
      input: (cursor: string | undefined) => ({ id: jobId, state, limit: 200, cursor }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),
  );
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  // The virtualizer hands out functions that change without telling; this component is never memoised.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length + (items.hasNextPage ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = items;
  useEffect(() => {
    if (last >= rows.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  // While the job runs the states change; the pages that are loaded are read anew as it moves on, not by the clock.
  const step = Math.floor(settled / 25);
  const seen = useRef(step);
  useEffect(() => {
    if (seen.current !== step) void refetch();
    seen.current = step;
  }, [step, refetch]);

  if (items.isError && rows.length === 0) {
    return <FailureLine error={items.error} retry={() => void items.refetch()} />;
  }
  if (items.data === undefined) {
    return (
      <div className={styles.list} aria-busy="true">
        {Array.from({ length: 10 }, (_, index) => (
          <Skeleton key={index} height={24} m={10} width={`${40 + ((index * 17) % 40)}%`} />
        ))}
      </div>
    );
  }
  if (rows.length === 0) {
    return (
      <p className={styles.nothing}>
        No {itemWords(kind)[0]} of this job is {state === undefined ? 'here' : stateWord(kind, state)}.
      </p>
    );
  }
  return (
    // A list that scrolls by itself must take the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div
      ref={scroller}
      className={styles.list}
      tabIndex={0}
      role="list"
      aria-label={`The ${itemWords(kind)[1]} of the job`}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {visible.map(({ index, start }) => (
          <ItemRow key={index} kind={kind} item={rows[index]} top={start} />
        ))}
      </div>
    </div>
  );
}

function ItemRow({ kind, item, top }: { kind: string; item: JobItem | undefined; top: number }) {
  const why =
    item === undefined
      ? ''
      : item.state === 'failed'
        ? (item.error_message ?? errorHeading(item.error_code))
        : (item.skipped_because ?? '');
  return (
    <div className={styles.row} role="listitem" style={{ transform: `translateY(${top}px)` }}>
      {item === undefined ? (
        <Skeleton height={16} width="50%" />
      ) : (
        <>
          <span className={styles.state} data-state={item.state}>
            {stateWord(kind, item.state)}
          </span>
          <span className={styles.name} title={item.label}>
            {item.label}
          </span>
          <span className={styles.why} title={why}>
            {why}
          </span>
        </>
      )}
    </div>
  );
}
