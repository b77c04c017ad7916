/** What applies to the selection. */
import { Button, Menu, Modal } from '@mantine/core';
import { useState } from 'react';
import type { Field, Value } from '#contract/fields.ts';
import type { List } from '#contract/lists.ts';
import type { ProcessWish } from '#contract/processing.ts';
import type { Target, ValueChange, VideoView } from '#contract/saved-videos.ts';
import { api } from '../../api.ts';
import { goToGrid } from '../../parts/go-to-grid.ts';
import { Icon } from '../../parts/icons.tsx';
import { countOf } from '../../words/numbers.ts';
import type { Selection } from './selection.ts';
import type { Edits } from './use-edits.ts';
import { ValueInput } from './value-input.tsx';
import { sayRefused } from '../../parts/say-refused.ts';
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
  const process = async () => {
    try {
      onProcess({ what: 'videos', seqs: await seqsOf(list.id, target) }, `Process ${what} again`);
    } catch (error) {
      sayRefused('Nothing was started', error);
    }
  };
  const selectNothing = () => {
    selection.clear();
    goToGrid();
  };
  const close = () => {
    setField(null);
    goToGrid();
  };
  return (
    <div className={styles.bulk} role="region" aria-label="Selection">
      <strong aria-live="polite">{what} selected</strong>
      {list.fields.length > 0 && (
        <Menu shadow="md" position="top-start">
          <Menu.Target>
            <Button variant="default">Set a field</Button>
          </Menu.Target>
          <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
            {list.fields.map((each) => (
              <Menu.Item key={each.id} onClick={() => setField(each)}>
                {each.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Button variant="default" leftSection={<Icon name="retry" size={16} />} onClick={() => void process()}>
        Process again
      </Button>
      <Button
        variant="default"
        leftSection={<Icon name="trash" size={16} />}
        onClick={() => void edits.remove(target).then(selectNothing)}
      >
        Take out
      </Button>
      <Button variant="subtle" onClick={selectNothing}>
        Select nothing
      </Button>
      <Modal
        opened={field !== null}
        onClose={close}
        // It was opened by a menu that is closed by now.
        returnFocus={false}
        title={`${field?.label ?? ''} of ${what}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {field !== null && (
          <SetMany
            field={field}
            onChange={(change) => {
              close();
              void edits.setMany(target, field, change);
            }}
          />
        )}
      </Modal>
    </div>
  );
}

/** A job is told the videos one by one, so that it works on those that were selected, whatever they become. */
async function seqsOf(id: string, { seqs, condition, except }: Target): Promise<number[]> {
  if (seqs !== undefined) return seqs;
  const found = await api.videos.seqs.call({ id, text: condition?.text, filters: condition?.filters });
  const not = new Set(except);
  return found.seqs.filter((seq) => !not.has(seq));
}

function SetMany({ field, onChange }: { field: Field; onChange: (change: ValueChange) => void }) {
  const [value, setValue] = useState<Value | null | undefined>(null);
  const chosen = Array.isArray(value) ? value : [];
  return (
    <form
      className={dialogs.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== null && value !== undefined) onChange({ do: 'set', value });
      }}
    >
      <ValueInput field={field} value={null} onChange={setValue} />
      <p className={dialogs.quiet}>
        What you set, no model changes. “Leave it to the model” takes your word back.
      </p>
      <div className={dialogs.buttons}>
        <Button type="submit" disabled={value === null || value === undefined}>
          {field.type === 'multi_select' ? 'Set just these' : 'Set it'}
        </Button>
        {field.type === 'multi_select' && (
          <>
            <Button
              variant="default"
              disabled={chosen.length === 0}
              onClick={() => onChange({ do: 'options', add: chosen, remove: [] })}
            >
              Add these
            </Button>
            <Button
              variant="default"
              disabled={chosen.length === 0}
              onClick={() => onChange({ do: 'options', add: [], remove: chosen })}
            >
              Take these away
            </Button>
          </>
        )}
        <Button variant="default" onClick={() => onChange({ do: 'empty' })}>
          Empty it
        </Button>
        <Button variant="default" onClick={() => onChange({ do: 'release' })}>
          Leave it to the model
        </Button>
      </div>
    </form>
  );
}
