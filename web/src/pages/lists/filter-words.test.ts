import { expect, test } from 'vitest';
import type { VideoFilter } from '#contract/saved-videos.ts';
import { valueSources, videoStates } from '#contract/words.ts';
import type { Column, Compares } from './columns.ts';
import { filterWords } from './filter-words.ts';

const column = (id: string, label: string, compares: Compares): Column => ({
  id,
  label,
  compares,
  width: 100,
  field: null,
});
const yesOrNo: Column = {
  ...column('f1', 'Seen', 'options'),
  field: {
    id: 'f1',
    label: 'Seen',
    type: 'boolean',
    options: [],
    instruction: '',
    required: false,
    position: 0,
  },
};

test.each<[Column, Omit<VideoFilter, 'column'>, string]>([
  [
    column('title', 'Title', 'words'),
    { test: 'contains', values: ['oak', 'ash'] },
    'Title contains “oak” or “ash”',
  ],
  [column('state', 'State', 'options'), { test: 'any_of', values: ['region_locked'] }, 'State: not here'],
  [column('state', 'State', 'options'), { test: 'none_of', values: ['gone'] }, 'State: not gone'],
  [yesOrNo, { test: 'any_of', values: ['true', 'false'] }, 'Seen: yes or no'],
  [column('duration_seconds', 'Length', 'seconds'), { test: 'at_least', values: ['300'] }, 'Length from 5:00'],
  [column('seq', 'No.', 'number'), { test: 'at_most', values: ['12'] }, 'No. up to 12'],
  [yesOrNo, { test: 'misfit', values: [] }, 'Seen fits no longer'],
])('a filter is told in words: %#', (of, filter, words) => {
  expect(filterWords({ column: of.id, ...filter }, of)).toBe(words);
});

test('every state and source has its word, and a column that is gone is told as that', () => {
  const states = filterWords(
    { column: 'state', test: 'any_of', values: [...videoStates] },
    column('state', 'State', 'options'),
  );
  expect(states).not.toContain('_');
  const sources = filterWords({ column: 'f1', test: 'source', values: [...valueSources] }, yesOrNo);
  expect(sources).toBe('Seen by the model, by a person, or from a file');
  expect(filterWords({ column: 'f9', test: 'empty', values: [] }, undefined)).toBe('A column that is gone');
});
