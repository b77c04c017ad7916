/** How far the clock was off, to the minute. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DecisionToMake } from '#contract/decisions.ts';
import { count } from '../../words/numbers.ts';
import styles from './entries.module.css';

const parts = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
] as const;
const usual = [
  ['−1 h', -3600],
  ['+1 h', 3600],
  ['−12 h', -43_200],
  ['+12 h', 43_200],
] as const;
const farthestSeconds = 10 * 366 * 86_400;

export function ShiftEntry({ size, onSet }: { size: number; onSet: (decision: DecisionToMake) => void }) {
  const [amounts, setAmounts] = useState({ days: '', hours: '', minutes: '' });
  const [later, setLater] = useState(true);
  const amount = parts.reduce(
    (sum, [name, seconds]) => sum + Math.abs(Number(amounts[name]) || 0) * seconds,
    0,
  );
  const seconds = Math.round(later ? amount : -amount);
  const allowed = seconds !== 0 && Math.abs(seconds) <= farthestSeconds;
  return (
    <form
      className={styles.entry}
      onSubmit={(event) => {
        event.preventDefault();
        if (allowed) onSet({ kind: 'shift', seconds });
      }}
    >
      <p className={styles.question}>The clock was off by</p>
      <div className={styles.quick}>
        {usual.map(([name, seconds]) => (
          <Button
            key={name}
            size="compact-sm"
            variant="default"
            onClick={() => onSet({ kind: 'shift', seconds })}
          >
            {name}
          </Button>
        ))}
      </div>
      <div className={styles.amounts}>
        {parts.map(([name]) => (
          <TextInput
            key={name}
            type="number"
            min={0}
            label={name}
            value={amounts[name]}
            data-autofocus={name === 'hours' || undefined}
            onChange={({ currentTarget: { value } }) => setAmounts((before) => ({ ...before, [name]: value }))}
          />
        ))}
      </div>
      <div className={styles.ways} role="radiogroup" aria-label="Which way">
        {[true, false].map((way) => (
          <label key={String(way)} className={styles.way}>
            <input type="radio" name="way" checked={later === way} onChange={() => setLater(way)} />
            {way ? 'make it later' : 'make it earlier'}
          </label>
        ))}
      </div>
      <Button type="submit" disabled={!allowed}>
        Shift {size === 1 ? 'it' : count(size)}
      </Button>
    </form>
  );
}
