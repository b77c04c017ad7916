/** Starting the job that finds out about videos, after showing what it would cost. */
import { Button, Modal, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Estimate, ProcessWish } from '#contract/saved-videos.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { count, countOf } from '../../words/numbers.ts';
import styles from './dialogs.module.css';

type Props = {
  id: string;
  /** What shall be done, and its name; null while nothing is asked. */
  wish: ProcessWish | null;
  title: string;
  onClose: () => void;
};

export function ProcessDialog({ id, wish, title, onClose }: Props) {
  return (
    <Modal opened={wish !== null} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      {wish !== null && <Costs id={id} wish={wish} onClose={onClose} />}
    </Modal>
  );
}

function Costs({ id, wish, onClose }: { id: string; wish: ProcessWish; onClose: () => void }) {
  const client = useQueryClient();
  const estimate = useQuery(api.processing.estimate.queryOptions({ input: { id, wish }, staleTime: 0 }));
  const start = useMutation(
    api.processing.start.mutationOptions({
      async onSuccess() {
        onClose();
        await Promise.all([
          client.invalidateQueries({ queryKey: api.lists.key() }),
          client.invalidateQueries({ queryKey: api.jobs.key() }),
        ]);
      },
    }),
  );
  if (estimate.isError) return <FailureLine error={estimate.error} retry={() => void estimate.refetch()} />;
  if (estimate.data === undefined) {
    return <Skeleton height={160} aria-label="The cost is being estimated" />;
  }
  const nothing = estimate.data.videos === 0;
  return (
    <div className={styles.form}>
      <Cost estimate={estimate.data} />
      {start.isError && <FailureLine error={start.error} retry={null} />}
      <div className={styles.buttons}>
        <Button
          data-autofocus
          disabled={nothing}
          loading={start.isPending}
          onClick={() => start.mutate({ id, wish })}
        >
          {nothing ? 'Nothing to do' : 'Start'}
        </Button>
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
      </div>
    </div>
  );
}

/** What it would cost in sentences, which know what is missing and what is a guess. */
function Cost({ estimate: { quota, sentences } }: { estimate: Estimate }) {
  return (
    <>
      <ul className={styles.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {quota.key_set && (
        <QuotaMeter used={quota.used_units} limit={quota.limit_units} left={quota.left_units} />
      )}
    </>
  );
}

function QuotaMeter({ used, limit, left }: { used: number; limit: number; left: number }) {
  const share = limit === 0 ? 100 : Math.min(100, (100 * used) / limit);
  return (
    <div>
      <div
        className={styles.meter}
        role="meter"
        aria-label="Quota of YouTube used today"
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={used}
      >
        <span style={{ width: `${share}%` }} />
      </div>
      <p className={styles.quiet}>
        {count(left)} of {countOf(limit, 'unit', 'units')} left today
      </p>
    </div>
  );
}
