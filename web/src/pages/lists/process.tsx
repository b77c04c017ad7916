/** Starting the job that finds out about videos, after showing what it would cost. */
import { Button, Modal, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProcessWish } from '#contract/processing.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { Cost } from './cost.tsx';
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
          client.invalidateQueries({ queryKey: api.processing.key() }),
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
