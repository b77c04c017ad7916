import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameKey, safeFolder, safeStem } from './safe-name.ts';

/** Texts as they come from names, tags and cameras: any Unicode, halves of pairs, and what systems dislike. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        '..',
        '.',
        ' ',
        '/',
        '\\',
        'CON',
        'nul',
        'LPT1',
        ':',
        '\u202e',
        '\0',
        '\n',
        'e\u0301',
        '😀',
      ),
      {
        maxLength: 40,
      },
    )
    .map((parts) => parts.join('')),
);

function expectSafe(name: string): void {
  expect(name).not.toBe('');
  expect(name.isWellFormed()).toBe(true);
  expect(name).toBe(name.normalize('NFC'));
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(name.normalize('NFD').length).toBeLessThanOrEqual(255);
  // eslint-disable-next-line no-control-regex
  expect(name).not.toMatch(/[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f]/u);
  expect(name).not.toMatch(/^[\s.]|[\s.]$/u);
  expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d) *(\.|$)/iu);
}

test('whatever comes in, the name is safe on every system, is not empty, and leads nowhere else', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expectSafe(safeFolder(text));
      expectSafe(safeStem(text));
    }),
    { numRuns: 5000, seed: 20190505 },
  );
});

test('a safe name stays as it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const name = safeStem(text);
      expect(safeStem(name)).toBe(name);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test.each([
  ['IMG_1234', 'IMG_1234'],
  ['Été à Köln 😀', 'Été à Köln 😀'],
  ['..', '_'],
  ['', '_'],
  ['  ', '_'],
  ['.hidden', '_hidden'],
  ['ends with a dot.', 'ends with a dot'],
  ['a/b\\c:d', 'a_b_c_d'],
  ['con', '_con'],
  ['NUL.txt', '_NUL.txt'],
  ['COM¹', '_COM¹'],
  ['console', 'console'],
  ['thumbs.db', '_thumbs.db'],
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['half \ud83d', 'half _'],
])('%j becomes %j', (text, name) => {
  expect(safeStem(text)).toBe(name);
});

test('a long name is cut between what a person sees as characters', () => {
  const family = '👨‍👩‍👧‍👦';
  const name = safeStem(family.repeat(40));
  expect(name).toBe(family.repeat(Math.floor(199 / Buffer.byteLength(family))));
});

test('names that some system takes for one have one key', () => {
  expect(nameKey('Été.JPG')).toBe(nameKey('e\u0301te\u0301.jpg'));
  expect(nameKey('STRASSE')).toBe(nameKey('straße'));
  expect(nameKey('ſ')).toBe(nameKey('S'));
  expect(nameKey('a')).not.toBe(nameKey('b'));
});
