/** Where it was taken, as a time zone. */
import { Autocomplete, Button } from '@mantine/core';
import { useState } from 'react';
import type { DecisionToMake } from '#contract/decisions.ts';
import { count } from '../../words/numbers.ts';
import styles from './entries.module.css';

export const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
const offset = /^[+-]\d{2}:\d{2}$/;

export function ZoneEntry({ size, onSet }: { size: number; onSet: (decision: DecisionToMake) => void }) {
  const [zone, setZone] = useState('');
  const [keep, setKeep] = useState<'clock' | 'instant'>('clock');
  const wanted = offset.test(zone.trim())
    ? zone.trim()
    : zones.find((name) => name.toLowerCase() === zone.trim().toLowerCase().replaceAll(' ', '_'));
  return (
    <form
      className={styles.entry}
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== undefined) onSet({ kind: 'set_zone', zone: wanted, keep });
      }}
    >
      <Autocomplete
        label="Taken in the time zone"
        placeholder="Europe/Berlin or +02:00"
        data={zones}
        limit={8}
        value={zone}
        onChange={setZone}
        comboboxProps={{ withinPortal: false }}
        openOnFocus={false}
        selectFirstOptionOnChange
        error={isNoZone(zone) ? 'There is no such zone' : null}
        data-autofocus
      />
      <div className={styles.ways} role="radiogroup" aria-label="What was right">
        <label className={styles.way}>
          <input type="radio" name="keep" checked={keep === 'clock'} onChange={() => setKeep('clock')} />
          The clock was right, only its place was unknown
        </label>
        <label className={styles.way}>
          <input type="radio" name="keep" checked={keep === 'instant'} onChange={() => setKeep('instant')} />
          The moment was right: show it on the clock there
        </label>
      </div>
      <Button type="submit" disabled={wanted === undefined}>
        Set for {size === 1 ? 'it' : count(size)}
      </Button>
    </form>
  );
}

/** Said only when nothing that begins so, or holds it, can come of it. */
function isNoZone(typed: string): boolean {
  const part = typed.trim().toLowerCase();
  if (part.length < 3 || /^[+-]/.test(part)) return false;
  return !zones.some((name) => name.toLowerCase().includes(part));
}
