/** What a list is called and about, and whether the model may watch its videos. */
import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { List } from '#contract/lists.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { useLeaving, useTyped, type Leaving } from './ask-before-leaving.tsx';
import { NamingFields, namingOf } from './naming.tsx';
import styles from './dialogs.module.css';

type Props = { list: List; opened: boolean; onClose: () => void };

export function ListSettings({ list, opened, onClose }: Props) {
  const { leave, onTyped, question } = useLeaving();
  return (
    <Modal
      opened={opened}
      onClose={() => leave(onClose)}
      closeOnClickOutside={false}
      title="Settings of the list"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {question}
      {opened && <Settings list={list} onClose={onClose} onBack={() => leave(onClose)} onTyped={onTyped} />}
    </Modal>
  );
}

type SettingsProps = Omit<Props, 'opened'> & { onBack: () => void; onTyped: Leaving['onTyped'] };

function Settings({ list, onClose, onBack, onTyped }: SettingsProps) {
  const client = useQueryClient();
  const enrichment = useQuery(api.processing.enrichment.queryOptions({ staleTime: 60_000 }));
  // As the dialog was opened with it: another window may change the list while somebody types here.
  const [before] = useState(list);
  const [naming, setNaming] = useState({ name: before.name, description: before.description });
  const named = namingOf(naming);
  const [watch, setWatch] = useState(before.watch_videos);
  useTyped(
    naming.name !== before.name || naming.description !== before.description || watch !== before.watch_videos,
    onTyped,
  );
  const change = useMutation(
    api.lists.change.mutationOptions({
      async onSuccess() {
        onClose();
        await client.invalidateQueries({ queryKey: api.lists.key() });
      },
    }),
  );
  const model = enrichment.data?.model;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (named === null) return;
        // What was left as it is may have been changed by somebody else meanwhile, and is theirs.
        change.mutate({
          id: list.id,
          ...(named.name === before.name ? {} : { name: named.name }),
          ...(named.description === before.description ? {} : { description: named.description }),
          ...(watch === before.watch_videos ? {} : { watch_videos: watch }),
        });
      }}
    >
      <NamingFields value={naming} onChange={setNaming} />
      <label className={styles.check}>
        <input type="checkbox" checked={watch} onChange={(event) => setWatch(event.currentTarget.checked)} />
        <span>
          The model may watch the videos of this list
          <br />
          <span className={styles.quiet}>
            It then sees and hears what no description tells. That costs far more tokens and takes longer; the
            cost is shown before each job.
            {model !== undefined && !model.can_watch && ' No model that can watch videos is set now.'}
          </span>
        </span>
      </label>
      {change.isError && <FailureLine error={change.error} retry={null} />}
      <div className={styles.buttons}>
        <Button type="submit" loading={change.isPending} disabled={named === null}>
          Keep the changes
        </Button>
        <Button variant="default" onClick={onBack}>
          Not now
        </Button>
      </div>
    </form>
  );
}
