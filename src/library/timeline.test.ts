import { expect, test } from 'vitest';
import { timelineOf } from './timeline.ts';

const day = (date: string | null, count: number) => ({ day: date, count });

test('months are summed from their days and from what is known only to the month', () => {
  const timeline = timelineOf([
    day('2014-07-02', 3),
    day('2014-07-01', 5),
    day('2014-07', 2),
    day('2013', 4),
    day(null, 6),
  ]);
  expect(timeline).toMatchObject({
    total: 20,
    undated: 6,
    years: [{ year: '2013', count: 4 }],
    months: [{ month: '2014-07', count: 10, highest_day: 5 }],
    peaks: [],
    gaps: [],
  });
});

test('43,000 photos of one day are a peak; a hundred where every day has fifty are none', () => {
  const usual = Array.from({ length: 20 }, (_, index) =>
    day(`2019-03-${String(index + 1).padStart(2, '0')}`, 50),
  );
  expect(timelineOf([day('2019-04-01', 43_000), day('2019-03-30', 100), ...usual]).peaks).toEqual([
    { day: '2019-04-01', count: 43_000, usual: 50 },
  ]);
});

test('half a year without a photo is a gap', () => {
  const timeline = timelineOf([day('2020-02-01', 1), day('2019-07-31', 1), day('2019-02-01', 1)]);
  expect(timeline.gaps).toEqual([{ after: '2019-07', before: '2020-02', months: 6 }]);
});
