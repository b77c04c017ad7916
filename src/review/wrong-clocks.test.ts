import { expect, test } from 'vitest';
import { wrongPeriods } from './wrong-clocks.ts';

const at = (day: number, seconds: number) => ({
  local: `2014-07-${String(day).padStart(2, '0')}T10:00:00`,
  seconds,
});

test('one hour behind for a week, right before and after: that week, by one hour', () => {
  const right = [1, 2, 3].map((day) => at(day, 5));
  const wrong = [5, 6, 7, 8].map((day) => at(day, 3600 - day * 10));
  const again = [20, 21, 22].map((day) => at(day, -3));
  expect(wrongPeriods([...again, ...wrong, ...right])).toEqual([
    {
      from: at(5, 0).local,
      to: at(8, 0).local,
      first_witness: at(5, 0).local,
      last_witness: at(8, 0).local,
      shift_seconds: 3600,
      witnesses: 4,
    },
  ]);
});

test('always wrong: nothing bounds the period; a clock never set is off by what it is off by', () => {
  const found = wrongPeriods([1, 2, 3].map((day) => at(day, 12_345_678)));
  expect(found).toMatchObject([{ from: null, to: null, shift_seconds: 12_345_678, witnesses: 3 }]);
});

test('two witnesses, lagging fixes and differences that are each their own prove nothing', () => {
  expect(wrongPeriods([at(1, 3600), at(2, 3600)])).toEqual([]);
  expect(wrongPeriods([1, 2, 3, 4].map((day) => at(day, 60 + day)))).toEqual([]);
  expect(wrongPeriods([at(1, 3600), at(2, 9000), at(3, -7200), at(4, 50_000)])).toEqual([]);
});
