/** Failed files by cause: one heading for each cause with its count and sentence, the names underneath. */
import { Skeleton } from '@mantine/core';
import { count, countOf } from '../words/numbers.ts';
import { errorHeading } from '../words/words.ts';
import { groupErrors } from './group-errors.ts';
import { useFailedItems } from './job-queries.ts';
import { FailureLine } from './states.tsx';
import styles from './error-groups.module.css';

const namesShown = 100;

export function ErrorGroups({ jobId, failed }: { jobId: string; failed: number }) {
  const items = useFailedItems(jobId, failed);
  if (items.isError) return <FailureLine error={items.error} retry={() => void items.refetch()} />;
  if (items.data === undefined) return <Skeleton height={44} />;
  const partial = items.data.next_cursor !== null;
  return (
    <section className={styles.groups} aria-label="Errors by cause">
      {groupErrors(items.data.items).map((group) => (
        <details key={group.code} className={styles.group}>
          <summary className={styles.cause}>
            <b>{count(group.items.length)}</b> {errorHeading(group.code)}
          </summary>
          <ul className={styles.files}>
            {group.items.slice(0, namesShown).map((item) => (
              <li key={item.seq}>
                <span className={styles.name}>{item.label}</span>
                <span className={styles.message}>{item.error_message}</span>
              </li>
            ))}
            {group.items.length > namesShown && <li>and {count(group.items.length - namesShown)} more</li>}
          </ul>
        </details>
      ))}
      {partial && (
        <p className={styles.message}>
          Counted in the first {countOf(items.data.items.length, 'failed file', 'failed files')} of{' '}
          {count(failed)}.
        </p>
      )}
    </section>
  );
}
