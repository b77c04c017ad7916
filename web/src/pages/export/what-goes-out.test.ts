import { expect, test } from 'vitest';
import { ExportSearch, whatGoesOut, whichOf } from './what-goes-out.ts';

const noState = { __TSR_index: 0 };

test('an address without anything is the whole library; one with a filter is what the library shows', () => {
  expect(whatGoesOut({}, noState)).toEqual({ what: 'library' });
  const filtered = whatGoesOut({ tag: 'italy' }, noState);
  expect(filtered).toEqual({ what: 'filter', filter: { tag: 'italy' } });
  expect(whichOf(filtered)).toEqual({ filter: { tag: 'italy' } });
});

test('a selection goes along with the entry of the history', () => {
  const selected = whatGoesOut({ selected: 2 }, { ...noState, asset_ids: ['a', 'b'] });
  expect(whichOf(selected)).toEqual({ asset_ids: ['a', 'b'] });
});

test('an address of a selection that came from elsewhere is not taken for the whole library', () => {
  expect(whatGoesOut({ selected: 2 }, noState)).toEqual({ what: 'forgotten selection', size: 2 });
});

test('what makes no sense in the address is dropped', () => {
  expect(ExportSearch.parse({ selected: 'many', tag: 'italy', at: '2014' })).toEqual({ tag: 'italy' });
});
