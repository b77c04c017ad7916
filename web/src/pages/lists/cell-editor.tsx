/** One value by the type of its field. Enter keeps it, Escape leaves it as it was. */
import { useRef, useState, type KeyboardEvent } from 'react';
import type { Field, Value } from '#contract/fields.ts';
import styles from './table.module.css';

type Props = {
  field: Field;
  value: Value | null;
  onKeep: (value: Value | null) => void;
  onLeave: () => void;
};

export function CellEditor(props: Props) {
  switch (props.field.type) {
    case 'boolean':
      return (
        <Choice
          {...props}
          options={['yes', 'no']}
          read={(text) => text === 'yes'}
          shown={yesOrNo(props.value)}
        />
      );
    case 'select':
      return (
        <Choice
          {...props}
          options={props.field.options}
          read={(text) => text}
          shown={typeof props.value === 'string' ? props.value : ''}
        />
      );
    case 'multi_select':
      return <Several {...props} />;
    case 'number':
    case 'duration':
      return <Line {...props} mode="decimal" read={readNumber} />;
    case 'text':
      return <Line {...props} mode="text" read={(text) => text} />;
  }
}

function yesOrNo(value: Value | null): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : '';
}

/** As people write numbers, with a comma or a point; undefined for what is none. */
function readNumber(text: string): number | undefined {
  const number = Number(text.replace(',', '.'));
  return Number.isFinite(number) ? number : undefined;
}

function Line({
  field,
  value,
  onKeep,
  onLeave,
  mode,
  read,
}: Props & { mode: 'text' | 'decimal'; read: (text: string) => Value | undefined }) {
  const [text, setText] = useState(value === null ? '' : String(value));
  const trimmed = text.trim();
  const meant = trimmed === '' ? null : read(trimmed);
  const ended = useRef(false);
  /** Once: what ends the editing takes the focus away, which ends it, too. */
  const end = (how: 'keep' | 'leave') => {
    if (ended.current) return;
    ended.current = true;
    if (how === 'leave' || meant === undefined || meant === value) onLeave();
    else onKeep(meant);
  };
  return (
    <input
      className={styles.input}
      aria-label={field.label}
      aria-invalid={meant === undefined}
      title={meant === undefined ? 'Write a number, such as 12 or 7.5' : undefined}
      inputMode={mode}
      maxLength={5000}
      // The cell that is edited is where the keyboard is.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => end('keep')}
      onKeyDown={(event) =>
        keys(
          event,
          () => meant !== undefined && end('keep'),
          () => end('leave'),
        )
      }
    />
  );
}

function Choice({
  field,
  onKeep,
  onLeave,
  options,
  read,
  shown,
}: Props & { options: readonly string[]; read: (text: string) => Value; shown: string }) {
  return (
    <select
      className={styles.input}
      aria-label={field.label}
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      value={shown}
      onChange={(event) => {
        const text = event.currentTarget.value;
        onKeep(text === '' ? null : read(text));
      }}
      onBlur={onLeave}
      onKeyDown={(event) => keys(event, onLeave, onLeave)}
    >
      <option value="">–</option>
      {shown !== '' && !options.includes(shown) && <option>{shown}</option>}
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}

function Several({ field, value, onKeep, onLeave }: Props) {
  const before: readonly string[] = Array.isArray(value) ? value : [];
  const [chosen, setChosen] = useState(before);
  const ended = useRef(false);
  /** Once: what ends the editing takes the focus away, which ends it, too. */
  const end = (how: 'keep' | 'leave') => {
    if (ended.current) return;
    ended.current = true;
    const changed = chosen.length !== before.length || !chosen.every((option) => before.includes(option));
    if (how === 'leave' || !changed) onLeave();
    else onKeep(chosen.length === 0 ? null : field.options.filter((option) => chosen.includes(option)));
  };
  return (
    <div
      className={styles.several}
      role="group"
      aria-label={field.label}
      onKeyDown={(event) =>
        keys(
          event,
          () => end('keep'),
          () => end('leave'),
        )
      }
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) end('keep');
      }}
    >
      {field.options.map((option, nth) => (
        <label key={option}>
          <input
            type="checkbox"
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus={nth === 0}
            checked={chosen.includes(option)}
            onChange={(event) =>
              setChosen(
                event.currentTarget.checked ? [...chosen, option] : chosen.filter((each) => each !== option),
              )
            }
          />
          {option}
        </label>
      ))}
    </div>
  );
}

function keys(event: KeyboardEvent, keep: () => void, leave: () => void): void {
  event.stopPropagation();
  if (event.key === 'Enter') keep();
  else if (event.key === 'Escape') leave();
  else return;
  event.preventDefault();
}
