/** What applies to the selection. */
import { Button, Menu, Modal } from '@mantine/core';
import { useState } from 'react';
import type { Field } from '#contract/fields.ts';
import type { List, ProcessWish, VideoView } from '#contract/saved-videos.ts';
import { Icon } from '../../parts/icons.tsx';
import { countOf } from '../../words/numbers.ts';
import { CellEditor } from './cell-editor.tsx';
import type { Selection } from './selection.ts';
import type { Edits } from './use-edits.ts';
import dialogs from './dialogs.module.css';
import styles from './list-page.module.css';

type Props = {
  list: List;
  view: VideoView;
  total: number;
  selection: Selection;
  edits: Edits;
  onProcess: (wish: ProcessWish, title: string) => void;
};

export function BulkBar({ list, view, total, selection, edits, onProcess }: Props) {
  const [field, setField] = useState<Field | null>(null);
  const many = selection.count(total);
  if (many === 0) return null;
  const target = selection.target(view);
  const what = countOf(many, 'video', 'videos');
  return (
    <div className={styles.bulk} role="region" aria-label="Selection">
      <strong aria-live="polite">{what} selected</strong>
      {list.fields.length > 0 && (
        <Menu shadow="md" position="top-start">
          <Menu.Target>
            <Button variant="default">Set a field</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {list.fields.map((each) => (
              <Menu.Item key={each.id} onClick={() => setField(each)}>
                {each.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {target.seqs !== undefined && (
        <Button
          variant="default"
          leftSection={<Icon name="retry" size={16} />}
          onClick={() => onProcess({ what: 'videos', seqs: target.seqs ?? [] }, `Process ${what} again`)}
        >
          Process again
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<Icon name="trash" size={16} />}
        onClick={() => void edits.remove(target).then(selection.clear)}
      >
        Take out
      </Button>
      <Button variant="subtle" onClick={selection.clear}>
        Select nothing
      </Button>
      <Modal
        opened={field !== null}
        onClose={() => setField(null)}
        title={`${field?.label ?? ''} of ${what}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {field !== null && (
          <div className={dialogs.form}>
            <CellEditor
              field={field}
              value={null}
              onLeave={() => undefined}
              onKeep={(value) => {
                setField(null);
                void edits.setMany(target, field, value === null ? { do: 'empty' } : { do: 'set', value });
              }}
            />
            <p className={dialogs.quiet}>
              Enter sets it for all of them. What you set, no model changes; “leave it to the model” takes your
              word back.
            </p>
            <div className={dialogs.buttons}>
              <Button
                variant="default"
                onClick={() => {
                  setField(null);
                  void edits.setMany(target, field, { do: 'empty' });
                }}
              >
                Empty it
              </Button>
              <Button
                variant="default"
                onClick={() => {
                  setField(null);
                  void edits.setMany(target, field, { do: 'release' });
                }}
              >
                Leave it to the model
              </Button>
            </div>
          </div>
        )}
      </Modal>
    </div>
  );
}
