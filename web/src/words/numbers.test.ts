import { expect, test } from 'vitest';
import { byteSize, coordinates, percent, rate, span, videoLength } from './numbers.ts';

test('spans of time name the two coarsest units that say something', () => {
  expect(span(0.2)).toBe('0 s');
  expect(span(59.4)).toBe('59 s');
  expect(span(59.6)).toBe('1 min');
  expect(span(157)).toBe('2 min 37 s');
  expect(span(3600 * 3 + 300 + 7)).toBe('3 h 5 min');
  expect(span(86_400 * 4 + 120)).toBe('4 d');
});

test('it is not a hundred percent before the last one is done', () => {
  expect(percent(99_999, 100_000)).toBe('99 %');
  expect(percent(100_000, 100_000)).toBe('100 %');
  expect(percent(0, 0)).toBe('0 %');
});

test('sizes, rates and lengths are human', () => {
  expect(byteSize(0)).toBe('0 bytes');
  expect(byteSize(3_123_456)).toMatch(/^3.1 MB$/);
  expect(byteSize(48_000_000)).toBe('48 MB');
  expect(rate(0, 10)).toBeNull();
  expect(rate(230, 10)).toBe('23/s');
  expect(rate(2, 60)).toBe('2/min');
  expect(videoLength(7)).toBe('0:07');
  expect(videoLength(3765)).toBe('1:02:45');
});

test('a place is told by its half of the world, not by a sign', () => {
  const [latitude, longitude] = coordinates(-33.856784, 151.21529).split(', ');
  expect(latitude).toMatch(/^33\D85678° S$/);
  expect(longitude).toMatch(/^151\D21529° E$/);
});
