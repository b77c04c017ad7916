/** A cell that is edited. Enter keeps the value, and so does leaving the cell; Escape leaves it as it was. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Field, Value } from '#contract/fields.ts';
import { ValueInput } from './value-input.tsx';
import styles from './value-input.module.css';

type Props = {
  field: Field;
  value: Value | null;
  onKeep: (value: Value | null) => void;
  /** `lost`: something was typed that is no value of this field, and there is nobody any more to be asked. */
  onLeave: (how: 'as it was' | 'lost') => void;
};

export function CellEditor({ field, value, onKeep, onLeave }: Props) {
  const [meant, setMeant] = useState<Value | null | undefined>(value);
  // What ends the editing takes the focus away, which would end it once more.
  const ended = useRef(false);
  const pressed = useRef(false);
  const end = (now: Value | null | undefined) => {
    if (ended.current) return;
    ended.current = true;
    if (now === undefined) onLeave('lost');
    else if (isSame(now, value)) onLeave('as it was');
    else onKeep(now);
  };
  useEndWhenGone(() => end(meant));
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    pressed.current = true;
    const beginsLine = event.key === 'Enter' && event.shiftKey && field.type === 'text';
    if (beginsLine || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    if (event.key === 'Escape') end(value);
    else if (meant !== undefined) end(meant);
  };
  return (
    <div
      className={styles.cell}
      onKeyDown={onKeyDown}
      onPointerDown={() => {
        pressed.current = false;
      }}
      onBlur={(event) => {
        // What is no value stays open with its sentence until it is one, or is left with Escape.
        if (!event.currentTarget.contains(event.relatedTarget) && meant !== undefined) end(meant);
      }}
    >
      <ValueInput
        field={field}
        value={value}
        onChange={(now) => {
          setMeant(now);
          // One of several is chosen with one press; with the keys it may be passed on the way to another.
          if (isOneOfSeveral(field) && !pressed.current) end(now);
        }}
      />
    </div>
  );
}

/** A cell that is scrolled away, or whose row leaves the view, is left like any other. */
function useEndWhenGone(end: () => void): void {
  const latest = useRef(end);
  const isHere = useRef(false);
  useEffect(() => {
    latest.current = end;
  });
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
      // In development React takes everything away once and puts it back at once.
      queueMicrotask(() => {
        if (!isHere.current) latest.current();
      });
    };
  }, []);
}

function isOneOfSeveral({ type }: Field): boolean {
  return type === 'select' || type === 'boolean';
}

function isSame(one: Value | null, other: Value | null): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((option) => other.includes(option));
}
