import { expect, test } from 'vitest';
import { printable } from './printable.ts';

test('nothing in a name can reach the terminal as a command or turn the line around', () => {
  expect(printable('\u001b[31mred\u001b[2J\u0007.jpg')).toBe('\\u{1b}[31mred\\u{1b}[2J\\u{7}.jpg');
  expect(printable('photo\u202egpj.exe')).toBe('photo\\u{202e}gpj.exe');
  expect(printable('two\nlines')).toBe('two\\u{a}lines');
  expect(printable('öüó 東京 🌅 é.jpg')).toBe('öüó 東京 🌅 é.jpg');
});
