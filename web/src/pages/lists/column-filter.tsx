/** Which videos a column lets through, by what it holds; every change takes effect at once. */
import { Button, NativeSelect, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { limits } from '#contract/fields.ts';
import { readMinutes, readNumber } from '#contract/numbers-in-words.ts';
import { searchCharacters } from '#contract/page.ts';
import type { VideoFilter } from '#contract/saved-videos.ts';
import { liveStates, valueSources, videoStates, type FilterTest } from '#contract/words.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { sourceSigns } from '../../words/list-words.ts';
import { count } from '../../words/numbers.ts';
import type { Column } from './columns.ts';
import { filterValueWords } from './filter-words.ts';
import styles from './column-filter.module.css';

type Props = {
  listId: string;
  column: Column;
  filters: readonly VideoFilter[];
  onFilters: (filters: VideoFilter[]) => void;
};

export function ColumnFilter({ listId, column, filters, onFilters }: Props) {
  const valuesOf = (test: FilterTest) =>
    filters.find((filter) => filter.column === column.id && filter.test === test)?.values ?? [];
  const without = (...tests: readonly FilterTest[]) =>
    filters.filter((filter) => filter.column !== column.id || !tests.includes(filter.test));
  const set = (test: FilterTest, values: readonly string[]) =>
    onFilters([
      ...without(test),
      ...(values.length === 0 ? [] : [{ column: column.id, test, values: [...values] }]),
    ]);
  const standing = standingTests.find((test) =>
    filters.some((filter) => filter.column === column.id && filter.test === test),
  );
  const isFiltered = filters.some((filter) => filter.column === column.id);
  return (
    <div className={styles.form}>
      {column.compares === 'words' && (
        <Committed
          label="Contains"
          value={valuesOf('contains')[0] ?? ''}
          read={(text) => text}
          onCommit={(text) => set('contains', text === '' ? [] : [text])}
        />
      )}
      {(column.compares === 'values' || column.compares === 'options') && (
        <Values
          listId={listId}
          column={column}
          chosen={valuesOf('any_of')}
          onChoose={(values) => set('any_of', values)}
        />
      )}
      {(column.compares === 'number' || column.compares === 'seconds') && (
        <div className={styles.range}>
          {ends.map(({ test, label }) => (
            <Committed
              key={test}
              label={isMinutes(column) ? `${label}, in minutes` : label}
              value={shownNumber(column, valuesOf(test)[0])}
              read={(text) => readBound(column, text)}
              onCommit={(text) => set(test, text === '' ? [] : [text])}
            />
          ))}
        </div>
      )}
      {column.compares === 'day' && (
        <div className={styles.range}>
          {ends.map(({ test, label }) => (
            <TextInput
              key={test}
              type="date"
              size="xs"
              label={label}
              value={valuesOf(test)[0] ?? ''}
              onChange={(event) =>
                set(test, event.currentTarget.value === '' ? [] : [event.currentTarget.value])
              }
            />
          ))}
        </div>
      )}
      <NativeSelect
        size="xs"
        label="Show"
        value={standing ?? ''}
        data={[
          { value: '', label: 'With and without a value' },
          ...(column.field === null ? standingTests.slice(0, 2) : standingTests).map((test) => ({
            value: test,
            label: standingLabels[test],
          })),
        ]}
        onChange={(event) => {
          const wanted = standingTests.find((test) => test === event.currentTarget.value);
          const others = without(...standingTests);
          onFilters(
            wanted === undefined ? others : [...others, { column: column.id, test: wanted, values: [] }],
          );
        }}
      />
      {column.field !== null && (
        <fieldset className={styles.choices}>
          <legend>Given</legend>
          {valueSources.map((source) => (
            <Choice
              key={source}
              label={`${sourceSigns[source].sign} ${sourceSigns[source].word}`}
              chosen={valuesOf('source').includes(source)}
              onChoose={(on) => set('source', toggled(valuesOf('source'), source, on))}
            />
          ))}
        </fieldset>
      )}
      <Button
        size="xs"
        variant="default"
        disabled={!isFiltered}
        onClick={() => onFilters(filters.filter((filter) => filter.column !== column.id))}
      >
        Show all again
      </Button>
    </div>
  );
}

const ends = [
  { test: 'at_least', label: 'From' },
  { test: 'at_most', label: 'To' },
] as const;

const standingTests = ['filled', 'empty', 'failed', 'misfit'] as const;
const standingLabels: Record<(typeof standingTests)[number], string> = {
  filled: 'Only with a value',
  empty: 'Only empty',
  failed: 'Only where the model failed',
  misfit: 'Only what fits no longer',
};

function toggled(values: readonly string[], value: string, on: boolean): string[] {
  const others = values.filter((each) => each !== value);
  return on ? [...others, value] : others;
}

function isMinutes(column: Column): boolean {
  return column.compares === 'seconds' || column.field?.type === 'duration';
}

/** Columns of seconds are asked for in minutes. */
function shownNumber(column: Column, value: string | undefined): string {
  if (value === undefined) return '';
  return column.compares === 'seconds' ? String(Math.round(Number(value) / 0.6) / 100) : value;
}

/** Undefined for what is no number. */
function readBound(column: Column, text: string): string | undefined {
  const number = isMinutes(column) ? readMinutes(text) : readNumber(text);
  if (number === undefined) return undefined;
  return String(column.compares === 'seconds' ? Math.round(number * 60) : number);
}

type CommittedProps = {
  label: string;
  value: string;
  /** Undefined for what cannot be meant. */
  read: (text: string) => string | undefined;
  onCommit: (value: string) => void;
};

/** Takes effect with Enter, or when the field is left. */
function Committed({ label, value, read, onCommit }: CommittedProps) {
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setTyped(value);
  }
  const text = typed.trim();
  const meant = text === '' ? '' : read(text);
  const commit = () => {
    if (meant !== undefined && text !== value) onCommit(meant);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        commit();
      }}
    >
      <TextInput
        size="xs"
        label={label}
        maxLength={limits.filter_characters}
        value={typed}
        error={meant === undefined ? 'Such as 12 or 7.5' : undefined}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={commit}
      />
    </form>
  );
}

type ValuesProps = {
  listId: string;
  column: Column;
  chosen: readonly string[];
  onChoose: (values: string[]) => void;
};

/** More than these are found by typing. */
const valuesShown = 50;
const restMs = 200;

function Values({ listId, column, chosen, onChoose }: ValuesProps) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), restMs);
  const found = useQuery(
    api.videos.values.queryOptions({
      input: { id: listId, column: column.id, limit: valuesShown, ...(text === '' ? {} : { text }) },
      staleTime: 10_000,
    }),
  );
  if (found.isError) return <FailureLine error={found.error} retry={() => void found.refetch()} />;
  const counts = new Map(found.data?.items.map(({ value, count: size }) => [value, size]));
  const fixed = optionsOf(column).filter((option) =>
    filterValueWords(column, option).toLowerCase().includes(text.toLowerCase()),
  );
  // Options in the order of their owner, then what stands there besides; what is chosen stays in sight.
  const values = [...new Set([...fixed, ...counts.keys(), ...(text === '' ? chosen : [])])];
  return (
    <fieldset className={styles.choices}>
      <legend className="unseen">Values</legend>
      {(values.length > 8 || typed !== '') && (
        <TextInput
          size="xs"
          aria-label={`Find a value of ${column.label}`}
          placeholder="Find a value"
          maxLength={searchCharacters}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      {found.data === undefined && fixed.length === 0 && <Skeleton height={90} />}
      <div className={styles.values}>
        {values.map((value) => (
          <Choice
            key={value}
            label={filterValueWords(column, value)}
            count={counts.get(value)}
            chosen={chosen.includes(value)}
            onChoose={(on) => onChoose(toggled(chosen, value, on))}
          />
        ))}
      </div>
      {found.data !== undefined && values.length === 0 && <p className={styles.quiet}>Nothing fits.</p>}
    </fieldset>
  );
}

function optionsOf(column: Column): readonly string[] {
  if (column.id === 'state') return videoStates;
  if (column.id === 'live_state') return liveStates;
  if (column.field?.type === 'boolean') return ['true', 'false'];
  return column.field?.options ?? [];
}

type ChoiceProps = {
  label: string;
  count?: number | undefined;
  chosen: boolean;
  onChoose: (chosen: boolean) => void;
};

function Choice(props: ChoiceProps) {
  return (
    <label className={styles.choice}>
      <input
        type="checkbox"
        checked={props.chosen}
        onChange={(event) => props.onChoose(event.currentTarget.checked)}
      />
      <span className={styles.words}>{props.label}</span>
      {props.count !== undefined && <span className={styles.quiet}>{count(props.count)}</span>}
    </label>
  );
}
