import type { NewField } from '#contract/fields.ts';
import { fieldTypeWords } from '../../words/list-words.ts';
import styles from './dialogs.module.css';

/** "Level – one of several: Beginner, Advanced". */
export function FieldInWords({ field }: { field: NewField }) {
  const { label, type, options, instruction } = field;
  return (
    <span>
      <span className={styles.label}>{label}</span>{' '}
      <span className={styles.quiet}>
        {fieldTypeWords[type]}
        {options.length > 0 && `: ${options.join(', ')}`}
        {instruction !== '' && ` – ${instruction}`}
      </span>
    </span>
  );
}
