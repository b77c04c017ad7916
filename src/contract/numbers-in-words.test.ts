import { expect, test } from 'vitest';
import { readMinutes, readNumber } from './numbers-in-words.ts';

test.each([
  ['12', 12],
  [' 7.5 ', 7.5],
  ['7,5', 7.5],
  ['.5', 0.5],
  ['12.', 12],
  ['-3e2', -300],
  ['-7,55', -7.55],
  ['0e5', 0],
  ['-0.00', -0],
  ['9007199254740991', 9_007_199_254_740_991],
  ['9007199254740993', undefined],
  ['-1e16', undefined],
  ['1e-400', undefined],
  ['-0.1e-400', undefined],
  ['1,234', undefined],
  ['0x10', undefined],
  ['1 2', undefined],
  ['', undefined],
  ['Infinity', undefined],
])('the number %j is %j', (text, number) => {
  expect(readNumber(text)).toBe(number);
});

test.each([
  ['12', 12],
  ['7,5', 7.5],
  ['12:30', 12.5],
  ['1:30:00', 90],
  ['PT1H2M', 62],
  ['45 min', 45],
  ['45 minutes', 45],
  ['45 min.', 45],
  ['1:2:3:4', undefined],
  ['soon', undefined],
])('the length %j is %j minutes', (text, minutes) => {
  expect(readMinutes(text)).toBe(minutes);
});

test('what is far too long is no number, and takes no time', () => {
  const long = `${'1'.repeat(1_000_000)}x`;
  expect([readNumber(long), readMinutes(long), readMinutes(' '.repeat(1_000_000) + 'x')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
