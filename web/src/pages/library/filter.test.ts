import { expect, test } from 'vitest';
import { filterOf, type LibrarySearch } from './filter.ts';

test('an address that was passed around may carry what is not ours: the API is not asked for it', () => {
  const search = { tag: 'italy', at: '2014-07-01', fbclid: 'x', utm_source: 'y' } as LibrarySearch;
  expect(filterOf(search)).toEqual({ tag: 'italy' });
});
