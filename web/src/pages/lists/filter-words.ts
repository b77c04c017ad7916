/** Filters of a list in words. */
import type { VideoFilter } from '#contract/saved-videos.ts';
import { sourceSigns, videoStateWords, liveStateWords } from '../../words/list-words.ts';
import { dateWords } from '../../words/dates.ts';
import { videoLength } from '../../words/numbers.ts';
import type { Column } from './columns.ts';

/** One value as the filters have it: `true`, `2024-05-01`, `90`. */
export function filterValueWords(column: Pick<Column, 'id' | 'compares' | 'field'>, value: string): string {
  if (column.field?.type === 'boolean') return value === 'true' ? 'yes' : 'no';
  if (column.field?.type === 'duration') return `${value} min`;
  if (column.compares === 'day') return dateWords(value, 'short');
  if (column.compares === 'seconds') return videoLength(Number(value));
  const words: Record<string, string | undefined> =
    column.id === 'state' ? stateWords : column.id === 'live_state' ? liveStateWords : {};
  return words[value] ?? value;
}

const stateWords = Object.fromEntries(
  Object.entries(videoStateWords).map(([state, { word }]) => [state, word]),
);

/** "Level: Beginner or Advanced", "Length from 10:00", "Published is empty". */
export function filterWords(filter: VideoFilter, column: Column | undefined): string {
  if (column === undefined) return 'A column that is gone';
  const { label } = column;
  const values = filter.values.map((value) => filterValueWords(column, value));
  switch (filter.test) {
    case 'contains':
      return `${label} contains ${anyOf(filter.values.map((value) => `“${value}”`))}`;
    case 'any_of':
      return `${label}: ${anyOf(values)}`;
    case 'none_of':
      return `${label}: not ${anyOf(values)}`;
    case 'at_least':
      return `${label} from ${anyOf(values)}`;
    case 'at_most':
      return `${label} up to ${anyOf(values)}`;
    case 'source':
      return `${label} ${anyOf(filter.values.map(sourceWord))}`;
    case 'empty':
    case 'filled':
    case 'failed':
    case 'misfit':
      return `${label} ${standingWords[filter.test]}`;
  }
}

const standingWords = {
  filled: 'has a value',
  empty: 'is empty',
  failed: 'failed',
  misfit: 'fits no longer',
} as const;

function sourceWord(value: string): string {
  const signs: Record<string, { word: string } | undefined> = sourceSigns;
  return signs[value]?.word ?? value;
}

const list = new Intl.ListFormat('en', { type: 'disjunction' });

function anyOf(words: readonly string[]): string {
  return list.format(words);
}
