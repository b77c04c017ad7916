import { expect, test } from 'vitest';
import { readGoogleError } from './api-fault.ts';

const messageOf = (message: string) => readGoogleError({ error: { message } }).message;

test('links are taken out of a message', () => {
  expect(messageOf('Enable it by visiting <a href="https://x.example">the console</a>.')).toBe(
    'Enable it by visiting the console.',
  );
});

test.each([
  ['34.5s', 34.5],
  ['31536000s', 86_400],
  ['99999999999999999999999s', 86_400],
  ['soon', null],
])('“again in %s” is waited for, but never longer than a day', (retryDelay, seconds) => {
  expect(readGoogleError({ error: { details: [{ retryDelay }] } }).retry_seconds).toBe(seconds);
});

test('a message of any length is cut, and reading it takes no time', () => {
  expect(messageOf('word '.repeat(1000))).toHaveLength(299);
  expect(messageOf('<'.repeat(2_000_000)).length).toBeLessThanOrEqual(300);
});
