/** One value by the type of its field. */
import { useState } from 'react';
import { limits, type Field, type Value } from '#contract/fields.ts';
import { readMinutes, readNumber } from '#contract/numbers-in-words.ts';
import styles from './value-input.module.css';

type Props = {
  field: Field;
  /** What stands there when it is first shown. */
  value: Value | null;
  /** Null for empty, undefined for what is no value of this field. */
  onChange: (value: Value | null | undefined) => void;
};

export function ValueInput(props: Props) {
  switch (props.field.type) {
    case 'boolean':
      return <Choice {...props} options={['yes', 'no']} />;
    case 'select':
      return <Choice {...props} options={props.field.options} />;
    case 'multi_select':
      return <Several {...props} />;
    case 'number':
    case 'duration':
      return <NumberLine {...props} />;
    case 'text':
      return <Text {...props} />;
  }
}

/** In a cell at the lower edge of the table, what is higher than the row would lie out of sight. */
function intoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function NumberLine({ field, value, onChange }: Props) {
  const [text, setText] = useState(value === null ? '' : String(value));
  const { read, sentence } = field.type === 'duration' ? lengths : numbers;
  const isNone = text.trim() !== '' && read(text) === undefined;
  return (
    <>
      <input
        className={styles.input}
        aria-label={field.label}
        aria-invalid={isNone}
        aria-describedby={isNone ? 'value-input-fault' : undefined}
        inputMode={field.type === 'duration' ? 'text' : 'decimal'}
        // Whoever asked for it is about to type.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        data-autofocus
        value={text}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          onChange(typed.trim() === '' ? null : read(typed));
        }}
      />
      {isNone && (
        <span ref={intoSight} id="value-input-fault" role="alert" className={styles.fault}>
          {sentence}
        </span>
      )}
    </>
  );
}

const numbers = { read: readNumber, sentence: 'Write a number, such as 12 or 7.5.' };
const lengths = { read: readMinutes, sentence: 'Write minutes, such as 7.5, or 1:30:00.' };

/** Several lines: Shift and Enter begins one. */
function Text({ field, value, onChange }: Props) {
  const [text, setText] = useState(typeof value === 'string' ? value : '');
  return (
    <textarea
      ref={intoSight}
      className={`${styles.input} ${styles.text}`}
      aria-label={field.label}
      rows={3}
      maxLength={limits.text_characters}
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      data-autofocus
      value={text}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        onChange(typed.trim() === '' ? null : typed.trim());
      }}
    />
  );
}

function Choice({ field, value, onChange, options }: Props & { options: readonly string[] }) {
  const [shown, setShown] = useState(typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value ?? ''));
  return (
    <select
      className={styles.input}
      aria-label={field.label}
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      data-autofocus
      value={shown}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        setShown(chosen);
        if (chosen === '') onChange(null);
        else onChange(field.type === 'boolean' ? chosen === 'yes' : chosen);
      }}
    >
      <option value="">–</option>
      {shown !== '' && !options.includes(shown) && <option>{shown}</option>}
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}

function Several({ field, value, onChange }: Props) {
  const [chosen, setChosen] = useState<readonly string[]>(Array.isArray(value) ? value : []);
  const choose = (option: string, on: boolean) => {
    const after = field.options.filter((each) => (each === option ? on : chosen.includes(each)));
    setChosen(after);
    onChange(after.length === 0 ? null : after);
  };
  return (
    <div ref={intoSight} className={styles.several} role="group" aria-label={field.label}>
      {field.options.map((option, nth) => (
        <label key={option}>
          <input
            type="checkbox"
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus={nth === 0}
            data-autofocus={nth === 0 || undefined}
            checked={chosen.includes(option)}
            onChange={(event) => choose(option, event.currentTarget.checked)}
          />
          {option}
        </label>
      ))}
    </div>
  );
}
