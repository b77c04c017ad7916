/** Skipped files by reason, as the errors stand by cause: how many, why, and which. */
import { Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../api.ts';
import { count, countOf } from '../words/numbers.ts';
import { groupSkips } from './group-skips.ts';
import { FailureLine } from './states.tsx';
import styles from './error-groups.module.css';

const namesShown = 100;

export function SkipGroups({ jobId, skipped }: { jobId: string; skipped: number }) {
  const items = useQuery(
    api.jobs.items.queryOptions({
      input: { id: jobId, state: 'skipped', limit: 500 },
      queryKey: [...api.jobs.items.key(), 'skipped', jobId, skipped],
      placeholderData: keepPreviousData,
    }),
  );
  if (items.isError) return <FailureLine error={items.error} retry={() => void items.refetch()} />;
  if (items.data === undefined) return <Skeleton height={44} />;
  return (
    <section className={styles.groups} aria-label="Skipped files by reason">
      {groupSkips(items.data.items).map((group) => (
        <details key={group.because} className={styles.group} data-quiet="">
          <summary className={styles.cause}>
            <b>{count(group.items.length)}</b> {group.because}
          </summary>
          <ul className={styles.files}>
            {group.items.slice(0, namesShown).map((item) => (
              <li key={item.seq}>
                <span className={styles.name}>{item.label}</span>
                {item.skipped_because !== group.because && (
                  <span className={styles.message}>{item.skipped_because}</span>
                )}
              </li>
            ))}
            {group.items.length > namesShown && <li>and {count(group.items.length - namesShown)} more</li>}
          </ul>
        </details>
      ))}
      {items.data.next_cursor !== null && (
        <p className={styles.message}>
          Counted in the first {countOf(items.data.items.length, 'skipped file', 'skipped files')} of{' '}
          {count(skipped)}.
        </p>
      )}
    </section>
  );
}
