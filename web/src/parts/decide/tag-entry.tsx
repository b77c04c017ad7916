/** Tags to add or to remove, completed from those in use. */
import { Autocomplete, Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DecisionToMake } from '#contract/decisions.ts';
import { api } from '../../api.ts';
import { count } from '../../words/numbers.ts';
import styles from './entries.module.css';

/** The tags that begin so, the most used first. */
export function useTagCompletion(typed: string) {
  const [prefix] = useDebouncedValue(typed.trim().toLowerCase(), 120);
  return useQuery(
    api.review.tags.queryOptions({
      input: { prefix, limit: 20 },
      staleTime: 10_000,
      placeholderData: keepPreviousData,
    }),
  );
}

export function TagEntry({ size, onSet }: { size: number; onSet: (decision: DecisionToMake) => void }) {
  const [typed, setTyped] = useState('');
  const known = useTagCompletion(typed).data?.items ?? [];
  const tags = tagsIn(typed);
  const how = size === 1 ? '' : ` ${count(size)}`;
  const set = (way: 'add' | 'remove') => {
    if (tags.length > 0) onSet({ kind: 'tag', add: [], remove: [], [way]: tags });
  };
  return (
    <form
      className={styles.entry}
      onSubmit={(event) => {
        event.preventDefault();
        set('add');
      }}
    >
      <Autocomplete
        label="Tag"
        description="Several with commas between them"
        placeholder="holiday"
        data={known.map(({ tag }) => tag)}
        filter={({ options }) => options}
        openOnFocus={false}
        maxLength={500}
        value={typed}
        onChange={setTyped}
        comboboxProps={{ withinPortal: false }}
        data-autofocus
      />
      <div className={styles.quick}>
        <Button type="submit" disabled={tags.length === 0}>
          Add{how === '' ? '' : ` to${how}`}
        </Button>
        <Button variant="default" disabled={tags.length === 0} onClick={() => set('remove')}>
          Remove{how === '' ? '' : ` from${how}`}
        </Button>
      </div>
    </form>
  );
}

export function tagsIn(typed: string): string[] {
  const tags = typed.split(',').map((tag) => tag.trim().toLowerCase());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}
