import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { leftEmpty, neutralise, restore } from './formula.ts';

test.each([
  '=1+1',
  '+49 30',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1',
  "'=1",
  "''@x",
  leftEmpty,
  `'${leftEmpty}`,
])('%j, which would be run or read as our sign, goes out behind an apostrophe and comes back', (text) => {
  expect(neutralise(text)).toBe(`'${text}`);
  expect(restore(neutralise(text))).toBe(text);
});

test.each(['', 'words', "'quoted'", "it's", '1-2', ' =x', '5', `${leftEmpty}.`, `so ${leftEmpty}`])(
  '%j goes out and in as it is',
  (text) => {
    expect(neutralise(text)).toBe(text);
    expect(restore(text)).toBe(text);
  },
);

test('every text comes back, and none goes out that begins like a formula or is our sign', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom("'", '=', '+', '-', '@', '\t', 'x', '＝', leftEmpty))
      .map((letters) => letters.join('')),
  );
  fc.assert(
    fc.property(text, (each) => {
      expect(restore(neutralise(each))).toBe(each);
      expect(neutralise(each)).not.toMatch(/^[=+\-@\t\r\n]/);
      expect(neutralise(each)).not.toBe(leftEmpty);
    }),
    { seed: 6, numRuns: 2000 },
  );
});
