/** The fields of a list: added by hand or as a model proposes them, changed, moved, put away and brought back. */
import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Field, NewField } from '#contract/fields.ts';
import type { List } from '#contract/lists.ts';
import { api } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { sayWithUndo } from '../../parts/say-with-undo.tsx';
import { countOf } from '../../words/numbers.ts';
import { useLeaving } from './ask-before-leaving.tsx';
import { FieldForm } from './field-form.tsx';
import { FieldInWords } from './field-in-words.tsx';
import { SuggestFields } from './suggest-fields.tsx';
import { useFieldsRefresh } from './use-fields-refresh.ts';
import { sayRefused } from '../../parts/say-refused.ts';
import styles from './dialogs.module.css';

/** What is open: all fields, one of them, or a new one, as it was proposed if it was. */
export type FieldsOpen = 'all' | { field_id: string } | { new: NewField | null } | null;

type Props = { list: List; open: FieldsOpen; onOpen: (open: FieldsOpen) => void };

export function FieldsDialog({ list, open, onOpen }: Props) {
  const { leave, onTyped, question } = useLeaving();
  /** Null until something is typed: then the list's own. */
  const [description, setDescription] = useState<string | null>(null);
  const [proposed, setProposed] = useState<readonly NewField[]>([]);
  const taken = (field: NewField) => setProposed((before) => before.filter((each) => each !== field));
  const edited = open !== null && open !== 'all' && 'field_id' in open ? open.field_id : null;
  const field = list.fields.find(({ id }) => id === edited);
  const wanted = open !== null && open !== 'all' && 'new' in open ? open : null;
  return (
    <Modal
      opened={open !== null}
      onClose={() => leave(() => onOpen(null))}
      closeOnClickOutside={false}
      title={field?.label ?? (wanted === null ? 'Fields' : 'New field')}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {question}
      {open === 'all' && (
        <AllFields
          list={list}
          onOpen={onOpen}
          description={description ?? list.description}
          onDescription={setDescription}
          proposed={proposed}
          onProposed={setProposed}
          onTaken={taken}
        />
      )}
      {wanted !== null && (
        <FieldForm
          listId={list.id}
          field={null}
          proposed={wanted.new}
          onKept={() => wanted.new !== null && taken(wanted.new)}
          onDone={() => onOpen('all')}
          onBack={() => leave(() => onOpen('all'))}
          onTyped={onTyped}
        />
      )}
      {edited !== null && field === undefined && (
        <div className={styles.form}>
          <p className={styles.quiet}>This field was put away meanwhile. Its values are kept with it.</p>
          <div className={styles.buttons}>
            <Button onClick={() => onOpen('all')}>Show all fields</Button>
          </div>
        </div>
      )}
      {field !== undefined && (
        <FieldForm
          key={field.id}
          listId={list.id}
          field={field}
          proposed={null}
          onKept={() => undefined}
          onDone={() => onOpen('all')}
          onBack={() => leave(() => onOpen('all'))}
          onTyped={onTyped}
        />
      )}
    </Modal>
  );
}

type AllFieldsProps = {
  list: List;
  onOpen: (open: FieldsOpen) => void;
  description: string;
  onDescription: (description: string) => void;
  proposed: readonly NewField[];
  onProposed: (fields: readonly NewField[]) => void;
  onTaken: (field: NewField) => void;
};

function AllFields({ list, onOpen, onTaken, ...suggested }: AllFieldsProps) {
  const refresh = useFieldsRefresh();
  const { id, fields } = list;
  const add = useMutation(api.fields.add.mutationOptions({ onSettled: refresh, onError: refused }));
  const restore = useMutation(api.fields.restore.mutationOptions({ onSettled: refresh, onError: refused }));
  const bringBack = (field: Field) => restore.mutate({ id, field_id: field.id });
  const take = async (field: NewField) => {
    await add.mutateAsync({ id, ...field });
    onTaken(field);
  };
  return (
    <div className={styles.form}>
      {fields.length === 0 && (
        <p className={styles.quiet}>
          A field is a column of your own: what you want to know of each video. The language model fills it, and
          what you type yourself it never touches.
        </p>
      )}
      <ul className={styles.fields} aria-label="Fields of the list">
        {fields.map((field, nth) => (
          <FieldLine
            key={field.id}
            listId={id}
            field={field}
            isLast={nth === fields.length - 1}
            onEdit={() => onOpen({ field_id: field.id })}
            onBringBack={bringBack}
          />
        ))}
      </ul>
      <div className={styles.buttons}>
        <Button onClick={() => onOpen({ new: null })}>New field</Button>
      </div>
      <SuggestFields
        list={list}
        {...suggested}
        // What was refused is told by then, and stays proposed.
        onTake={(field) => void take(field).catch(() => undefined)}
        onEdit={(field) => onOpen({ new: field })}
      />
      <PutAway listId={id} onBringBack={bringBack} />
    </div>
  );
}

type FieldLineProps = {
  listId: string;
  field: Field;
  isLast: boolean;
  onEdit: () => void;
  onBringBack: (field: Field) => void;
};

function FieldLine({ listId, field, isLast, onEdit, onBringBack }: FieldLineProps) {
  const refresh = useFieldsRefresh();
  const change = useMutation(api.fields.change.mutationOptions({ onSettled: refresh, onError: refused }));
  const remove = useMutation(
    api.fields.remove.mutationOptions({
      onSuccess: () => sayWithUndo(`The field ${field.label} was put away`, () => onBringBack(field)),
      onSettled: refresh,
      onError: refused,
    }),
  );
  const moveTo = (position: number) => change.mutate({ id: listId, field_id: field.id, position, renamed: [] });
  return (
    <li className={styles.field}>
      <FieldInWords field={field} />
      <Button
        size="compact-sm"
        variant="default"
        disabled={field.position === 0}
        aria-label={`Move ${field.label} up`}
        onClick={() => moveTo(field.position - 1)}
      >
        ↑
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isLast}
        aria-label={`Move ${field.label} down`}
        onClick={() => moveTo(field.position + 1)}
      >
        ↓
      </Button>
      <Button size="compact-sm" variant="default" aria-label={`Edit ${field.label}`} onClick={onEdit}>
        Edit
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        aria-label={`Put ${field.label} away`}
        onClick={() => remove.mutate({ id: listId, field_id: field.id })}
      >
        <Icon name="trash" size={16} />
      </Button>
    </li>
  );
}

/** Fields that can still come back, with their values. */
function PutAway({ listId, onBringBack }: { listId: string; onBringBack: (field: Field) => void }) {
  const fields = useQuery(api.fields.list.queryOptions({ input: { id: listId, deleted: true } }));
  const items = fields.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <details className={styles.quiet}>
      <summary>{countOf(items.length, 'field was put away', 'fields were put away')}</summary>
      <ul className={styles.fields}>
        {items.map((field) => (
          <li key={field.id} className={styles.field}>
            <FieldInWords field={field} />
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Bring back ${field.label}`}
              onClick={() => onBringBack(field)}
            >
              Bring back
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function refused(error: unknown): void {
  sayRefused('The fields stay as they are', error);
}
