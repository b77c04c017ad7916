import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, numberKey, textKey } from './sort-key.ts';

const inBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));

test('keys of numbers stand in the order of the numbers', () => {
  const number = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(0, -0, 5e-324, -5e-324));
  fc.assert(
    fc.property(number, number, (one, other) => {
      const order = one === other ? 0 : one < other ? -1 : 1;
      expect(inBytes(numberKey(one), numberKey(other))).toBe(order);
    }),
    { seed: 6, numRuns: 2000 },
  );
});

test('a million marks behind a letter are taken away at one go', () => {
  expect(fold(`U${'\u0301\u0327'.repeat(500_000)}ber`)).toBe('uber');
});

test('texts stand in natural order, without case and accents', () => {
  const given = ['part 10', 'Part 2', 'Ärger', 'part 02 b', 'zebra', 'arg', 'PART 1'];
  expect([...given].sort((one, other) => inBytes(textKey(one), textKey(other)))).toEqual([
    'arg',
    'Ärger',
    'PART 1',
    'Part 2',
    'part 02 b',
    'part 10',
    'zebra',
  ]);
});

test('a key is never longer than an index takes', () => {
  expect(Buffer.byteLength(textKey('1 '.repeat(5000)))).toBeLessThanOrEqual(800);
  expect(Buffer.byteLength(textKey('🎹'.repeat(5000)))).toBeLessThanOrEqual(800);
  expect(textKey('x'.repeat(199) + '🎹').isWellFormed()).toBe(true);
});

test('the ways to write the same letter are folded into one', () => {
  expect(fold('u\u0308BER')).toBe(fold('Über'));
  expect(fold('ÉTÉ')).toBe('ete');
  expect(fold('ﬁne')).toBe('fine');
});

test('letters that only look bold, and marks such as ™, are found and sorted as the letters they stand for', () => {
  expect(fold('𝗧𝗵𝗲 𝗕𝗲𝘀𝘁 𝗞𝗻𝗼𝘁𝘀™')).toBe('the best knotstm');
  expect(textKey('𝗭𝗲𝗯𝗿𝗮')).toBe(textKey('zebra'));
});

test.each([
  ['バス', 'パス'],
  ['पिता', 'पता'],
  ['กา', 'กำ'],
])('a mark that makes another word of it stays: %s is not %s', (one, other) => {
  expect(fold(one)).not.toBe(fold(other));
});
