import { expect, test } from 'vitest';
import { moved } from './columns.ts';

const columns = (words: string) =>
  words.split(' ').map((word) => ({ id: word.replace('-', ''), shown: !word.startsWith('-') }));

test('a column moves past the next one that is shown, and those hidden between stay behind', () => {
  expect(moved(columns('title channel -language -seq rank'), 'rank', -1).join(' ')).toBe(
    'title rank channel language seq',
  );
  expect(moved(columns('title channel -language -seq rank'), 'channel', 1).join(' ')).toBe(
    'title language seq rank channel',
  );
});

test('nothing moves before the title, or beyond the last that is shown', () => {
  const all = columns('title -seq channel -language');
  expect(moved(all, 'channel', -1).join(' ')).toBe('title seq channel language');
  expect(moved(all, 'channel', 1).join(' ')).toBe('title seq channel language');
});
