import { expect, test } from 'vitest';
import { nothing } from '../../parts/decide/use-selection.ts';
import { selectionFrom, selectionIn } from './selection-address.ts';

const ids = (count: number) => new Set(Array.from({ length: count }, (_, index) => `id-${index}`));

test.each([
  [undefined, nothing],
  ['id-0,id-1', { all: false, ids: ids(2) }],
  ['all', { all: true, ids: ids(0) }],
  ['all-but,id-0', { all: true, ids: ids(1) }],
])('a selection in the address, %j, is what it was', (text, selection) => {
  expect(selectionIn(selection)).toBe(text);
  expect(selectionFrom(text)).toEqual(selection);
});

test('a selection too long for an address is kept by the page alone', () => {
  expect(selectionIn({ all: false, ids: ids(41) })).toBeUndefined();
  expect(selectionIn({ all: true, ids: ids(41) })).toBeUndefined();
  expect(selectionIn({ all: false, ids: ids(40) })).toContain('id-39');
});
