/** Fields that a model proposes from a plain description; each is looked at and changed before it is taken. */
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { limits, type NewField } from '#contract/fields.ts';
import type { List } from '#contract/lists.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { FieldInWords } from './field-in-words.tsx';
import styles from './dialogs.module.css';

type Props = {
  list: List;
  /** What a person wants to know. Like what was proposed, it outlives the dialog. */
  description: string;
  onDescription: (description: string) => void;
  /** Those that were proposed and not taken yet. */
  proposed: readonly NewField[];
  onProposed: (fields: readonly NewField[]) => void;
  onTake: (field: NewField) => void;
  onEdit: (field: NewField) => void;
};

export function SuggestFields(props: Props) {
  const { list, description, onDescription, proposed, onProposed, onTake, onEdit } = props;
  const enrichment = useQuery(api.processing.enrichment.queryOptions({ staleTime: 60_000 }));
  const suggest = useMutation(
    api.fields.suggest.mutationOptions({ onSuccess: ({ fields }) => onProposed(fields) }),
  );
  if (enrichment.data === undefined) return null;
  if (enrichment.data.model.provider === 'off') {
    return <p className={styles.quiet}>{enrichment.data.model.sentence}</p>;
  }
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
        maxLength={limits.description_characters}
        value={description}
        onChange={(event) => onDescription(event.currentTarget.value)}
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
      {suggest.data?.fields.length === 0 && (
        <p className={styles.quiet}>
          {suggest.data.model} proposes nothing that the list does not have. Say it in other words.
        </p>
      )}
      <ul className={styles.fields} aria-label="Proposed fields">
        {proposed.map((field) => (
          <li key={field.label} className={styles.field}>
            <FieldInWords field={field} />
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Change first: ${field.label}`}
              onClick={() => onEdit(field)}
            >
              Change first
            </Button>
            <Button size="compact-sm" aria-label={`Take it: ${field.label}`} onClick={() => onTake(field)}>
              Take it
            </Button>
          </li>
        ))}
      </ul>
    </form>
  );
}
