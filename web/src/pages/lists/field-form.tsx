/** One field, new or changed. */
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { limits, type Field, type NewField } from '#contract/fields.ts';
import { fieldTypes, isOfOptions, type FieldType } from '#contract/words.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { fieldTypeWords } from '../../words/list-words.ts';
import { countOf } from '../../words/numbers.ts';
import { useTyped, type Leaving } from './ask-before-leaving.tsx';
import { draftOf, OptionsEditor, optionsOf, renamedIn, type OptionsDraft } from './options-editor.tsx';
import { useFieldsRefresh } from './use-fields-refresh.ts';
import styles from './dialogs.module.css';

type Props = {
  listId: string;
  /** The one that is changed; null for a new one. */
  field: Field | null;
  /** What a new one begins with. */
  proposed: NewField | null;
  onKept: () => void;
  onDone: () => void;
  onBack: () => void;
  onTyped: Leaving['onTyped'];
};

export function FieldForm({ listId, field, proposed, onKept, onDone, onBack, onTyped }: Props) {
  // As it was when the form was opened: another window may change it while somebody types here.
  const [opened] = useState(field);
  const before = opened ?? proposed;
  const refresh = useFieldsRefresh();
  const [label, setLabel] = useState(before?.label ?? '');
  const [type, setType] = useState<FieldType>(before?.type ?? 'text');
  const [options, setOptions] = useState<OptionsDraft>(
    field === null ? { there: [], more: proposed?.options.join('\n') ?? '' } : draftOf(field.options),
  );
  const [instruction, setInstruction] = useState(before?.instruction ?? '');
  const [required, setRequired] = useState(before?.required ?? false);
  const add = useMutation(
    api.fields.add.mutationOptions({
      onSuccess() {
        onKept();
        onDone();
      },
      onSettled: refresh,
    }),
  );
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
  const hasOptions = isOfOptions(type);
  const wanted: NewField = {
    label: label.trim(),
    type,
    options: hasOptions ? optionsOf(options) : [],
    instruction: instruction.trim(),
    required,
  };
  const [shown] = useState(() => JSON.stringify([wanted, options]));
  useTyped(JSON.stringify([wanted, options]) !== shown, onTyped);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (opened === null) add.mutate({ id: listId, ...wanted });
    else {
      const renamed = hasOptions && isOfOptions(opened.type) ? renamedIn(options) : [];
      change.mutate({ id: listId, field_id: opened.id, ...differencesOf(opened, wanted), renamed });
    }
  };
  const error = add.error ?? change.error;
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label="Name"
        required
        data-autofocus
        maxLength={limits.label_characters}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <NativeSelect
        label="What its values are"
        data={fieldTypes.map((each) => ({ value: each, label: fieldTypeWords[each] }))}
        value={type}
        onChange={(event) => setType(event.currentTarget.value as FieldType)}
      />
      {hasOptions && <OptionsEditor draft={options} onChange={setOptions} />}
      <Textarea
        label="What the model is told about it"
        placeholder="From 1 for a beginner to 5 for a master"
        rows={2}
        maxLength={limits.description_characters}
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
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
      </div>
    </form>
  );
}

/** What was left as it is may have been changed by somebody else meanwhile, and is theirs. */
function differencesOf(before: Field, wanted: NewField): Partial<NewField> {
  const isSame = (key: keyof NewField) => JSON.stringify(before[key]) === JSON.stringify(wanted[key]);
  const differing = Object.entries(wanted).filter(([key]) => !isSame(key as keyof NewField));
  return Object.fromEntries(differing);
}
