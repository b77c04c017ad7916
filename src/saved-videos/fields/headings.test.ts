import { expect, test } from 'vitest';
import { labelKey, readHeadings } from './headings.ts';

const labels = new Map([[labelKey('Practice time'), 'f1']]);

test.each<[string, unknown]>([
  ['Practice\r\n time', { field_id: 'f1' }],
  ['ＰＲＡＣＴＩＣＥ time', { field_id: 'f1' }],
  ['Duration-Seconds', { column: 'duration_seconds' }],
  ['Video  URL', { column: 'url' }],
  ['', undefined],
  ['゙', undefined],
  ['constructor', undefined],
])('the heading %j means %j', (heading, meaning) => {
  expect(readHeadings([heading], labels)).toEqual([meaning]);
});
