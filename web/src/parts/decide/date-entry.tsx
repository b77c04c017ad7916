/** A date in free form, with what was understood before anything is decided. Both readings where it is ambiguous. */
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type KeyboardEvent, type Ref } from 'react';
import type { DecisionToMake, ParsedDate } from '#contract/decisions.ts';
import type { Precision } from '#contract/words.ts';
import { api, sentenceOf } from '../../api.ts';
import { wallClockWords } from '../../words/dates.ts';
import { count } from '../../words/numbers.ts';
import styles from './entries.module.css';

type Reading = ParsedDate['readings'][number];

type Props = {
  /** What it is set for, when more than one: "Set for 12". */
  size: number;
  /** All of a group at once, offered beside. */
  forAll: { size: number; onSet: (decision: DecisionToMake) => void } | null;
  onSet: (decision: DecisionToMake) => void;
  inputRef?: Ref<HTMLInputElement>;
  autoFocus?: boolean;
};

export function DateEntry({ size, forAll, onSet, inputRef, autoFocus }: Props) {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const text = typed.trim();
  const [settled] = useDebouncedValue(text, 150);
  const parsed = useQuery(
    api.decisions.parseDate.queryOptions({
      input: settled === '' ? skipToken : { text: settled },
      staleTime: Infinity,
      placeholderData: keepPreviousData,
    }),
  );
  const understood = useId();
  const readings = text === '' ? null : (parsed.data?.readings ?? null);

  const set = (reading: Reading, to: (decision: DecisionToMake) => void) => {
    setTyped('');
    to({ kind: 'set_time', local: reading.local, ...(reading.zone === null ? {} : { zone: reading.zone }) });
  };
  /** Enter may come before the preview: then the answer is waited for. */
  const setWhenRead = async (to: (decision: DecisionToMake) => void) => {
    const answer = await client.ensureQueryData(
      api.decisions.parseDate.queryOptions({ input: { text }, staleTime: Infinity }),
    );
    const [only, second] = answer.readings;
    if (only !== undefined && second === undefined) set(only, to);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') event.currentTarget.blur();
    if (event.key !== 'Enter' || text === '') return;
    event.preventDefault();
    if (!event.shiftKey) void setWhenRead(onSet);
    else if (forAll !== null) void setWhenRead(forAll.onSet);
  };

  return (
    <div className={styles.date}>
      <TextInput
        ref={inputRef}
        label="Taken on"
        placeholder="june 2004, 5/5/2019 3pm, 2012"
        value={typed}
        maxLength={100}
        autoComplete="off"
        data-autofocus={autoFocus || undefined}
        aria-describedby={understood}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <div id={understood} className={styles.understood} aria-live="polite">
        {text === '' && <span className={styles.hint}>A year or a month alone is enough.</span>}
        {text !== '' && parsed.isError && <span className={styles.bad}>{sentenceOf(parsed.error)}</span>}
        {readings?.length === 0 && (
          <span className={styles.bad}>
            {parsed.data?.problem ?? 'Not understood. Try “june 2004”, “5/5/2019 3pm” or “2012”.'}
          </span>
        )}
        {readings !== null && readings.length > 1 && (
          <span className={styles.hint}>
            This can be read in {count(readings.length)} ways. Which is meant?
          </span>
        )}
        {readings?.map((reading) => (
          <div key={reading.local} className={styles.reading}>
            <span>
              <b>{wallClockWords(reading.local, 'with weekday')}</b>{' '}
              <span className={styles.hint}>
                {precisionWords[reading.precision]}
                {reading.zone !== null && `, ${reading.zone}`}
              </span>
            </span>
            <span className={styles.readingButtons}>
              <Button size="compact-sm" onClick={() => set(reading, onSet)}>
                {size === 1 ? 'Set' : `Set for ${count(size)}`}
              </Button>
              {forAll !== null && (
                <Button size="compact-sm" variant="default" onClick={() => set(reading, forAll.onSet)}>
                  Set for all {count(forAll.size)}
                </Button>
              )}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

const precisionWords: Record<Precision, string> = {
  second: 'to the second',
  minute: 'to the minute',
  day: 'the day alone',
  month: 'the month alone',
  year: 'the year alone',
};
