import { expect, test } from 'vitest';
import { monthsOf, yearLabels } from './months.ts';

test('months without pictures are there, and lead to the next older picture', () => {
  const months = monthsOf([
    { day: '2020-02-10', count: 3 },
    { day: '2020-02-01', count: 1 },
    { day: '2019-11-30', count: 2 },
    { day: null, count: 5 },
  ]);
  expect(months).toEqual([
    { month: '2020-02', count: 4, section: 0 },
    { month: '2020-01', count: 0, section: 2 },
    { month: '2019-12', count: 0, section: 2 },
    { month: '2019-11', count: 2, section: 2 },
    { month: '', count: 5, section: 3 },
  ]);
});

test('a date known to the month or year stands at its month, or at the January of its year', () => {
  const months = monthsOf([
    { day: '2019-02-01', count: 1 },
    { day: '2019-02', count: 1 },
    { day: '2019', count: 1 },
  ]);
  expect(months.map(({ month, count }) => [month, count])).toEqual([
    ['2019-02', 2],
    ['2019-01', 1],
  ]);
});

test('years are labelled where they begin, and only where there is room', () => {
  const months = monthsOf([
    { day: '2020-01-15', count: 1 },
    { day: '2000-01-15', count: 1 },
  ]);
  const labels = yearLabels(months);
  expect(labels[0]).toEqual({ year: '2020', index: 0 });
  expect(labels.length).toBeLessThanOrEqual(30);
  for (const { year, index } of labels) expect(months[index]?.month.startsWith(year)).toBe(true);
});
