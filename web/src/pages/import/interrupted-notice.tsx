/** After a reload: what was cut off, and that dropping the same files goes on where it stopped. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AskFirst } from '../../parts/ask-first.tsx';
import { useCurrentJob } from '../../parts/job-queries.ts';
import { FailureLine } from '../../parts/states.tsx';
import {
  discardInterrupted,
  importWaiting,
  interruptedUploads,
  useUploads,
  type Interrupted,
} from '../../uploads/uploads.ts';
import { count, countOf } from '../../words/numbers.ts';
import styles from './import-notice.module.css';

const queryKey = ['interrupted uploads'];
const lookAgainMs = 2000;

export function InterruptedNotice() {
  const { phase } = useUploads();
  const client = useQueryClient();
  // A job that ends may leave uploads behind: a cancelled one gives back what it had not come to.
  const current = useCurrentJob();
  const interrupted = useQuery({
    queryKey: [...queryKey, current],
    queryFn: interruptedUploads,
    enabled: phase === 'idle',
    staleTime: 0,
    // Files that the cancelled job had in hand are given back a moment after the others.
    refetchInterval: ({ state }) => (state.data ? lookAgainMs : false),
  }).data;
  const again = () => client.invalidateQueries({ queryKey });
  const take = useMutation({
    mutationFn: importWaiting,
    onSettled: again,
  });
  const discard = useMutation({ mutationFn: discardInterrupted, onSettled: again });
  const fault = take.error ?? discard.error;
  if (phase !== 'idle' || interrupted === null || interrupted === undefined) return null;
  const { total, arrived, halfway } = interrupted;
  const whole = arrived.length === total;
  return (
    <section className={styles.notice} aria-label="Interrupted upload">
      <div>
        <h2 className={styles.title}>
          {whole
            ? `${countOf(total, 'uploaded file waits', 'uploaded files wait')} to be imported`
            : `An upload of ${countOf(total, 'file', 'files')} was interrupted`}
        </h2>
        <p className={styles.text}>
          {whole && total === 1 && 'It arrived whole, but no import has taken it into the library.'}
          {whole && total > 1 && 'They arrived whole, but no import has taken them into the library.'}
          {!whole && arrived.length > 0 && `${count(arrived.length)} arrived. `}
          {halfway > 0 && `${count(halfway)} stopped half-way. `}
          {!whole &&
            'Drop the same files or folder again: what has arrived is not sent twice, and the rest goes on where it stopped.'}
        </p>
      </div>
      <div className={styles.buttons}>
        {arrived.length > 0 && (
          <Button
            loading={take.isPending}
            onClick={() => take.mutate()}
            aria-label={whole ? 'Import the uploaded files' : undefined}
          >
            {whole ? 'Import' : `Import the ${count(arrived.length)} that arrived`}
          </Button>
        )}
        <ForgetButton interrupted={interrupted} busy={discard.isPending} onForget={discard.mutate} />
      </div>
      {fault !== null && <FailureLine error={fault} retry={null} />}
    </section>
  );
}

type ForgetProps = {
  interrupted: Interrupted;
  busy: boolean;
  onForget: (interrupted: Interrupted) => void;
};

function ForgetButton({ interrupted, busy, onForget }: ForgetProps) {
  const { arrived, halfway } = interrupted;
  const gone = [
    ...(arrived.length > 0 ? [countOf(arrived.length, 'file that arrived', 'files that arrived')] : []),
    ...(halfway > 0 ? [countOf(halfway, 'file that stopped half-way', 'files that stopped half-way')] : []),
  ].join(' and ');
  return (
    <AskFirst
      label="Forget it"
      icon={null}
      busy={busy}
      name="Forget the upload?"
      yes={`Discard ${countOf(arrived.length + halfway, 'file', 'files')}`}
      no="Keep"
      onYes={() => onForget(interrupted)}
    >
      {gone} will be deleted from Daybook. The originals stay where they are.
    </AskFirst>
  );
}
