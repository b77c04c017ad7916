import { expect, test } from 'vitest';
import { borrowBuffer, giveBackBuffer } from './read-buffers.ts';

test('a buffer is lent again only after it was given back', () => {
  const first = borrowBuffer(2_000_000);
  expect(first.length).toBeGreaterThanOrEqual(2_000_000);
  const second = borrowBuffer(2_000_000);
  expect(second.buffer).not.toBe(first.buffer);
  giveBackBuffer(first.subarray(0, 100));
  expect(borrowBuffer(1_500_000).buffer).toBe(first.buffer);
});

test('one that is given back twice is lent once', () => {
  const buffer = borrowBuffer(3_000_000);
  giveBackBuffer(buffer);
  giveBackBuffer(buffer);
  expect(borrowBuffer(3_000_000).buffer).toBe(buffer.buffer);
  expect(borrowBuffer(3_000_000).buffer).not.toBe(buffer.buffer);
});

test('one that is too small gives way to a larger one, and very large ones are not kept', () => {
  const small = borrowBuffer(1000);
  giveBackBuffer(small);
  const large = borrowBuffer(9_000_000);
  expect(large.length).toBeGreaterThanOrEqual(9_000_000);
  expect(borrowBuffer(1000).buffer).not.toBe(small.buffer);
  const huge = borrowBuffer(40_000_000);
  expect(huge.length).toBe(40_000_000);
  giveBackBuffer(huge);
  expect(borrowBuffer(40_000_000).buffer).not.toBe(huge.buffer);
});

test('bytes that were never lent are left alone', () => {
  const own = Buffer.alloc(1_100_000);
  giveBackBuffer(own);
  expect(borrowBuffer(1_100_000).buffer).not.toBe(own.buffer);
});
