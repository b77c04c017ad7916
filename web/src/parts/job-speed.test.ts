import { expect, test } from 'vitest';
import { standsStill } from './job-speed.ts';

const at = (progress_current: number, elapsed_seconds: number) => ({
  job_id: 'a',
  status: 'running' as const,
  status_reason: null,
  progress_current,
  progress_total: 1000,
  progress_percent: 0,
  current_filename: null,
  error_count: 0,
  elapsed_seconds,
  eta_seconds: null,
  summary: null,
});

test('a quick job stands still after a quarter of a minute without an item', () => {
  const moved = { at: 100, seconds: 10 };
  expect(standsStill(at(100, 24), moved)).toBeNull();
  expect(standsStill(at(100, 56), moved)).toBe(46);
});

test('a job that takes half a minute for each item does not stand still after one', () => {
  const moved = { at: 4, seconds: 120 };
  expect(standsStill(at(4, 200), moved)).toBeNull();
  expect(standsStill(at(4, 300), moved)).toBe(180);
});

test('the first item has a minute', () => {
  const moved = { at: 0, seconds: 0 };
  expect(standsStill(at(0, 59), moved)).toBeNull();
  expect(standsStill(at(0, 61), moved)).toBe(61);
});
