import { expect, test } from 'vitest';
import { sortedBy } from './view.ts';

const up = (column: string) => ({ column, direction: 'asc' as const });
const down = (column: string) => ({ column, direction: 'desc' as const });

test('a press on a heading sorts by it alone: upwards, downwards, as added', () => {
  const first = sortedBy([up('channel')], 'title', false);
  expect(first).toEqual([up('title')]);
  const second = sortedBy(first, 'title', false);
  expect(second).toEqual([down('title')]);
  expect(sortedBy(second, 'title', false)).toEqual([]);
});

test('with Shift what sorts already stays in its place, and three are kept at the most', () => {
  expect(sortedBy([up('channel')], 'title', true)).toEqual([up('channel'), up('title')]);
  expect(sortedBy([up('channel'), up('title')], 'channel', true)).toEqual([down('channel'), up('title')]);
  expect(sortedBy([down('channel'), up('title')], 'channel', true)).toEqual([up('title')]);
  expect(sortedBy([up('a'), up('b'), up('c')], 'd', true)).toEqual([up('b'), up('c'), up('d')]);
});
