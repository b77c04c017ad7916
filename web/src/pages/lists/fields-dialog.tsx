/** The fields of a list: added by hand or as a model proposes them, changed, moved, put away and brought back. */
import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Field, NewField } from '#contract/fields.ts';
import type { List } from '#contract/saved-videos.ts';
import { fieldTypes, type FieldType } from '#contract/words.ts';
import { api, sentenceOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { sayWithUndo } from '../../parts/say-with-undo.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { fieldTypeWords } from '../../words/list-words.ts';
import { countOf } from '../../words/numbers.ts';
import styles from './dialogs.module.css';

/** What is open: the list of fields, one of them, or a new one. */
export type FieldsOpen = 'all' | 'new' | { field_id: string } | null;

type Props = { list: List; open: FieldsOpen; onOpen: (open: FieldsOpen) => void };

export function FieldsDialog({ list, open, onOpen }: Props) {
  const field = typeof open === 'object' ? list.fields.find(({ id }) => id === open?.field_id) : undefined;
  return (
    <Modal
      opened={open !== null}
      onClose={() => onOpen(null)}
      title={field?.label ?? (open === 'new' ? 'New field' : 'Fields')}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {open === 'all' && <AllFields list={list} onOpen={onOpen} />}
      {open === 'new' && <FieldForm listId={list.id} field={null} onDone={() => onOpen('all')} />}
      {field !== undefined && (
        <FieldForm key={field.id} listId={list.id} field={field} onDone={() => onOpen('all')} />
      )}
    </Modal>
  );
}

function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: api.lists.key() }),
      client.invalidateQueries({ queryKey: api.videos.key() }),
    ]);
}

function AllFields({ list, onOpen }: { list: List; onOpen: (open: FieldsOpen) => void }) {
  const refresh = useRefresh();
  const change = useMutation(api.fields.change.mutationOptions({ onSettled: refresh, onError: refused }));
  const restore = useMutation(api.fields.restore.mutationOptions({ onSettled: refresh, onError: refused }));
  const remove = useMutation(
    api.fields.remove.mutationOptions({
      onSuccess: (field, { id }) =>
        sayWithUndo(`The field ${field.label} was put away`, () => restore.mutate({ id, field_id: field.id })),
      onSettled: refresh,
      onError: refused,
    }),
  );
  const { id, fields } = list;
  return (
    <div className={styles.form}>
      {fields.length === 0 && (
        <p className={styles.quiet}>
          A field is a column of your own: what you want to know of each video. The language model fills it, and
          what you type yourself it never touches.
        </p>
      )}
      <ul className={styles.fields}>
        {fields.map((field, nth) => (
          <li key={field.id} className={styles.field}>
            <span>
              <span className={styles.label}>{field.label}</span>{' '}
              <span className={styles.quiet}>
                {fieldTypeWords[field.type]}
                {field.options.length > 0 && `: ${field.options.join(', ')}`}
              </span>
            </span>
            <Button
              size="compact-sm"
              variant="default"
              disabled={nth === 0}
              aria-label={`Move ${field.label} up`}
              onClick={() => change.mutate({ id, field_id: field.id, position: nth - 1, renamed: [] })}
            >
              ↑
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              disabled={nth === fields.length - 1}
              aria-label={`Move ${field.label} down`}
              onClick={() => change.mutate({ id, field_id: field.id, position: nth + 1, renamed: [] })}
            >
              ↓
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Edit ${field.label}`}
              onClick={() => onOpen({ field_id: field.id })}
            >
              Edit
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={`Put ${field.label} away`}
              onClick={() => remove.mutate({ id, field_id: field.id })}
            >
              <Icon name="trash" size={16} />
            </Button>
          </li>
        ))}
      </ul>
      <div className={styles.buttons}>
        <Button onClick={() => onOpen('new')}>New field</Button>
      </div>
      <Suggest list={list} />
    </div>
  );
}

function Suggest({ list }: { list: List }) {
  const refresh = useRefresh();
  const enrichment = useQuery(api.processing.enrichment.queryOptions({ staleTime: 60_000 }));
  const [description, setDescription] = useState(list.description);
  const [taken, setTaken] = useState<readonly string[]>([]);
  const suggest = useMutation(api.fields.suggest.mutationOptions());
  const add = useMutation(
    api.fields.add.mutationOptions({
      onSuccess: (field) => setTaken((before) => [...before, field.label]),
      onSettled: refresh,
      onError: refused,
    }),
  );
  if (enrichment.data === undefined) return null;
  if (enrichment.data.model.provider === 'off') {
    return <p className={styles.quiet}>{enrichment.data.model.sentence}</p>;
  }
  const proposed = suggest.data?.fields.filter(({ label }) => !taken.includes(label)) ?? [];
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        suggest.mutate({ id: list.id, description: description.trim() });
      }}
    >
      <Textarea
        label="Or say what you want to know, and let the model propose fields"
        placeholder="How hard it is, which tools it needs, and whether it is worth watching twice"
        rows={2}
        maxLength={2000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <div className={styles.buttons}>
        <Button
          type="submit"
          variant="default"
          loading={suggest.isPending}
          disabled={description.trim() === ''}
        >
          Propose fields
        </Button>
      </div>
      {suggest.isError && <FailureLine error={suggest.error} retry={null} />}
      <ul className={styles.fields} aria-label="Proposed fields">
        {proposed.map((field) => (
          <li key={field.label} className={styles.field}>
            <span>
              <span className={styles.label}>{field.label}</span>{' '}
              <span className={styles.quiet}>
                {fieldTypeWords[field.type]}
                {field.options.length > 0 && `: ${field.options.join(', ')}`}
                {field.instruction !== '' && ` – ${field.instruction}`}
              </span>
            </span>
            <Button size="compact-sm" onClick={() => add.mutate({ id: list.id, ...field })}>
              Take it
            </Button>
          </li>
        ))}
      </ul>
    </form>
  );
}

type FormProps = { listId: string; field: Field | null; onDone: () => void };

function FieldForm({ listId, field, onDone }: FormProps) {
  const refresh = useRefresh();
  const [label, setLabel] = useState(field?.label ?? '');
  const [type, setType] = useState<FieldType>(field?.type ?? 'text');
  const [options, setOptions] = useState(field?.options.join('\n') ?? '');
  const [instruction, setInstruction] = useState(field?.instruction ?? '');
  const [required, setRequired] = useState(field?.required ?? false);
  const add = useMutation(api.fields.add.mutationOptions({ onSuccess: onDone, onSettled: refresh }));
  const change = useMutation(
    api.fields.change.mutationOptions({
      onSuccess({ misfits, converted }) {
        if (misfits + converted > 0) {
          notifications.show({
            title: 'The field was changed',
            message: `${countOf(converted, 'value is', 'values are')} written otherwise now; ${countOf(misfits, 'value fits', 'values fit')} no longer and ${misfits === 1 ? 'is' : 'are'} marked.`,
          });
        }
        onDone();
      },
      onSettled: refresh,
    }),
  );
  const hasOptions = type === 'select' || type === 'multi_select';
  const lines = options
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const wanted: NewField = {
    label: label.trim(),
    type,
    options: hasOptions ? [...new Set(lines)] : [],
    instruction: instruction.trim(),
    required,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (field === null) add.mutate({ id: listId, ...wanted });
    else
      change.mutate({ id: listId, field_id: field.id, ...wanted, renamed: renamed(field, lines, hasOptions) });
  };
  const error = add.error ?? change.error;
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label="Name"
        required
        data-autofocus
        maxLength={100}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <NativeSelect
        label="What its values are"
        data={fieldTypes.map((each) => ({ value: each, label: fieldTypeWords[each] }))}
        value={type}
        onChange={(event) => setType(event.currentTarget.value as FieldType)}
      />
      {hasOptions && (
        <Textarea
          label="Options, one in each line"
          description={
            field === null
              ? undefined
              : 'A line that is changed renames its option, and its values follow. Values of an option that is taken out are kept and marked.'
          }
          rows={5}
          value={options}
          onChange={(event) => setOptions(event.currentTarget.value)}
        />
      )}
      <Textarea
        label="What the model is told about it"
        placeholder="From 1 for a beginner to 5 for a master"
        rows={2}
        maxLength={2000}
        value={instruction}
        onChange={(event) => setInstruction(event.currentTarget.value)}
      />
      <label className={styles.buttons}>
        <input
          type="checkbox"
          checked={required}
          onChange={(event) => setRequired(event.currentTarget.checked)}
        />
        The model must give a value
      </label>
      {error !== null && <FailureLine error={error} retry={null} />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          loading={add.isPending || change.isPending}
          disabled={wanted.label === '' || (hasOptions && wanted.options.length === 0)}
        >
          {field === null ? 'Add the field' : 'Keep the changes'}
        </Button>
        <Button variant="default" onClick={onDone}>
          Back
        </Button>
      </div>
    </form>
  );
}

/** With as many lines as before, a line that differs is the same option under another name. */
function renamed(field: Field, lines: readonly string[], hasOptions: boolean) {
  if (!hasOptions || lines.length !== field.options.length) return [];
  return field.options
    .map((from, nth) => ({ from, to: lines[nth] ?? from }))
    .filter(({ from, to }) => from !== to && !lines.includes(from) && !field.options.includes(to));
}

function refused(error: unknown): void {
  notifications.show({ color: 'red', title: 'The fields stay as they are', message: sentenceOf(error) });
}
