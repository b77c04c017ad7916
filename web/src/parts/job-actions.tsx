import { Button } from '@mantine/core';
import type { JobStatus } from '#contract/words.ts';
import { countOf } from '../words/numbers.ts';
import { cancellingWords, itemWords } from '../words/words.ts';
import { AskFirst } from './ask-first.tsx';
import { Icon } from './icons.tsx';
import { allows, useJobAction } from './job-queries.ts';

type Props = { id: string; kind: string; status: JobStatus; failed: number };

/** Pause, resume, cancel and retry: those that this job's status allows. */
export function JobActions({ id, kind, status, failed }: Props) {
  const [one, many] = itemWords(kind);
  const action = useJobAction(id);
  return (
    <>
      {allows(status, 'pause', failed) && (
        <Button
          variant="default"
          leftSection={<Icon name="pause" size={16} />}
          onClick={() => action.mutate('pause')}
        >
          Pause
        </Button>
      )}
      {allows(status, 'resume', failed) && (
        <Button leftSection={<Icon name="resume" size={16} />} onClick={() => action.mutate('resume')}>
          Resume
        </Button>
      )}
      {allows(status, 'retry', failed) && (
        <Button
          variant="default"
          leftSection={<Icon name="retry" size={16} />}
          onClick={() => action.mutate('retry')}
        >
          Retry {countOf(failed, `failed ${one}`, `failed ${many}`)}
        </Button>
      )}
      {allows(status, 'cancel', failed) && (
        <CancelButton kind={kind} onCancel={() => action.mutate('cancel')} />
      )}
    </>
  );
}

function CancelButton({ kind, onCancel }: { kind: string; onCancel: () => void }) {
  return (
    <AskFirst
      label="Cancel"
      icon={<Icon name="cancel" size={16} />}
      busy={false}
      name="Cancel the job?"
      yes="Cancel the job"
      no="Keep going"
      onYes={onCancel}
    >
      {cancellingWords(kind)}
    </AskFirst>
  );
}
