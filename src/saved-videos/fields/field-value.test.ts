/** What fits a field, in words and typed; what is written is read back as the same. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldChange, NewField, type Value } from '#contract/fields.ts';
import type { FieldType } from '#contract/words.ts';
import { fitValue, readValue, sortKeyOf, writeValue, type FieldShape } from './field-value.ts';

const options = ['Beginner', 'Very advanced', 'a; b', 'say "x"', 'c, d', 'Über'];
const of = (type: FieldType): FieldShape => ({
  type,
  options: type === 'select' || type === 'multi_select' ? options : [],
});
const fits = (value: Value | null) => ({ fits: true, value });

test.each<[FieldType, string, Value | null]>([
  ['text', '  some words ', 'some words'],
  ['text', '   ', null],
  ['select', 'beginner', 'Beginner'],
  ['select', 'U\u0308BER', 'Über'],
  ['select', 'ｖｅｒｙ\r\nadvanced', 'Very advanced'],
  ['multi_select', 'Very advanced; beginner', ['Beginner', 'Very advanced']],
  ['multi_select', 'Beginner, Very advanced', ['Beginner', 'Very advanced']],
  ['multi_select', 'c, d', ['c, d']],
  ['multi_select', '"a; b"; "say ""x"""', ['a; b', 'say "x"']],
  ['multi_select', ' ; ', null],
  ['number', '12.5', 12.5],
  ['number', '-3', -3],
  ['number', '12,5', 12.5],
  ['number', '1e3', 1000],
  ['duration', '12.5', 12.5],
  ['duration', '1:30:00', 90],
  ['duration', '12:30', 12.5],
  ['duration', 'PT1H2M30S', 62.5],
  ['duration', '45 min', 45],
  ['boolean', 'Yes', true],
  ['boolean', '0', false],
])('%s reads “%s” as %j', (type, text, value) => {
  expect(readValue(of(type), text)).toEqual(fits(value));
});

test.each<[FieldType, string]>([
  ['select', 'Expert'],
  ['select', 'uber'],
  ['multi_select', 'Beginner; Expert'],
  ['number', '1,234'],
  ['number', 'twelve'],
  ['number', '0x10'],
  ['number', 'Infinity'],
  ['number', '1e999'],
  ['number', '9007199254740993'],
  ['number', '1e-400'],
  ['duration', '-1'],
  ['duration', '1:2'],
  ['duration', 'PT'],
  ['boolean', 'perhaps'],
  ['text', 'x'.repeat(5001)],
])('%s does not take “%s”, and says what it takes', (type, text) => {
  expect(readValue(of(type), text)).toMatchObject({
    fits: false,
    message: expect.stringMatching(/\w{3}.*\.$/),
  });
});

test.each<[FieldType, string]>([
  ['number', `${'0'.repeat(100)}5`],
  ['number', `${'1'.repeat(1_000_000)}x`],
  ['number', `${' '.repeat(1_000_000)}5`],
  ['duration', `1${' '.repeat(1_000_000)}x`],
  ['duration', `1${' min'.repeat(250_000)}`],
  ['boolean', `yes${' '.repeat(1_000_000)}x`],
  ['select', `a${'\u0301\u0327'.repeat(500_000)}`],
  ['multi_select', 'Beginner;'.repeat(100_000)],
  ['multi_select', Array.from({ length: 9000 }, (_, nth) => `b${nth}`).join('; ')],
  ['multi_select', `"${'" '.repeat(40_000)}`],
])('%s reads a long cell at one go, or not at all', (type, text) => {
  // What is read letter by letter again and again takes minutes here, and the test ends before.
  const read = readValue(of(type), text);
  expect(read).toEqual(text.trim() === '5' ? fits(5) : { fits: false, message: expect.any(String) });
});

test.each<[FieldType, unknown]>([
  ['text', 5],
  ['select', ['Beginner']],
  ['multi_select', 'Beginner'],
  ['multi_select', ['Beginner', 5]],
  ['number', '5'],
  ['number', Number.NaN],
  ['number', 2 ** 53],
  ['boolean', 'true'],
  ['duration', { minutes: 5 }],
])('%s does not take %j: typed values are not guessed at', (type, value) => {
  expect(fitValue(of(type), value).fits).toBe(false);
});

test('a text keeps no NUL and no half of a pair, which a database would refuse', () => {
  expect(fitValue(of('text'), 'a\0b\uD800')).toEqual(fits('a\uFFFDb\uFFFD'));
});

test.each([
  ['バス', 'パス'],
  ['पिता', 'पता'],
])('an option %s is not another one %s', (one, other) => {
  expect(fitValue({ type: 'select', options: [other] }, one).fits).toBe(false);
  const both: FieldShape = { type: 'multi_select', options: [one, other] };
  expect(readValue(both, `${other}; ${one}`)).toEqual(fits([one, other]));
});

test('names of columns and options stand on one line, and hold what a database and a file can hold', () => {
  const given = { label: ' a\r\n\tb\u0085\0c\uD800 ', type: 'select', options: ['x\ry', '\uD83Cz'] };
  expect(NewField.parse(given)).toMatchObject({ label: 'a b c\uFFFD', options: ['x y', '\uFFFDz'] });
  expect(NewField.safeParse({ ...given, label: '\r\n\0' }).success).toBe(false);
  expect(FieldChange.parse({ renamed: [{ from: 'x\ry', to: 'x\ry' }] }).renamed).toEqual([
    { from: 'x\ry', to: 'x y' },
  ]);
});

test('options sort in the order of their owner', () => {
  const keys = ['Beginner', 'Very advanced', 'a; b'].map((option) => sortKeyOf(of('select'), option));
  expect([...keys].sort()).toEqual(keys);
});

const anyValue = fc.oneof(
  fc.record({
    type: fc.constant<FieldType>('text'),
    value: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  }),
  fc.record({ type: fc.constant<FieldType>('select'), value: fc.constantFrom(...options) }),
  fc.record({ type: fc.constant<FieldType>('multi_select'), value: fc.subarray(options, { minLength: 1 }) }),
  fc.record({
    type: fc.constant<FieldType>('number'),
    value: fc.double({ noNaN: true, max: 2 ** 53 - 1, min: 1 - 2 ** 53 }),
  }),
  fc.record({
    type: fc.constant<FieldType>('duration'),
    value: fc.double({ min: 0, max: 80_000, noNaN: true }),
  }),
  fc.record({ type: fc.constant<FieldType>('boolean'), value: fc.boolean() }),
);

test('what is written in words is read back as the same value', () => {
  fc.assert(
    fc.property(anyValue, ({ type, value }) => {
      const fitted = fitValue(of(type), value);
      if (!fitted.fits || fitted.value === null) return;
      const read = readValue(of(type), writeValue(fitted.value));
      // -0 is written as 0.
      expect(JSON.stringify(read)).toBe(JSON.stringify(fitted));
    }),
    { seed: 6, numRuns: 1000 },
  );
});
