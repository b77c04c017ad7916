import { describe, expect, test } from 'vitest';
import { clockWords, dateWords, dayHeading, distanceWords, readWallClock, wallClockWords } from './dates.ts';

describe('wall clocks in words', () => {
  test('a day-only date never shows a time', () => {
    expect(clockWords('2017-12-18')).toBeNull();
    expect(wallClockWords('2017-12-18', 'without weekday')).toBe(dateWords('2017-12-18', 'without weekday'));
    expect(wallClockWords('2017-12-18', 'without weekday')).not.toMatch(/\d:\d/);
  });

  test('a month shows no day, a year no month', () => {
    expect(dateWords('2017-12', 'with weekday')).not.toContain('1,');
    expect(dateWords('2017', 'with weekday')).toBe('2017');
    expect(dayHeading('2017-12')).toContain('day not known');
    expect(dayHeading(null)).toBe('No date');
  });

  test('the clock is shown as it stands, whatever the zone of the browser', () => {
    // 02:30 on this night does not exist in Berlin; the camera said it all the same.
    expect(clockWords('2020-03-29T02:30:00')).toContain('30');
    expect(clockWords('2020-03-29T02:30:00')).toMatch(/0?2:30/);
  });

  test('what cannot be read is shown as it came', () => {
    expect(readWallClock('yesterday')).toBeNull();
    expect(wallClockWords('yesterday', 'short')).toBe('yesterday');
  });

  test('sub-seconds are read and not shown', () => {
    expect(clockWords('2020-05-05T10:20:30.123')).toBe(clockWords('2020-05-05T10:20:30'));
  });
});

test('distances in words', () => {
  expect(distanceWords(0.4)).toBe('the same');
  expect(distanceWords(3600)).toBe('1 hour later');
  expect(distanceWords(-7380)).toBe('2 h 3 min earlier');
  expect(distanceWords(7195)).toBe('2 hours later');
  expect(distanceWords(-3 * 86_400)).toBe('3 days earlier');
  expect(distanceWords(11 * 365.25 * 86_400)).toBe('11 years later');
});
