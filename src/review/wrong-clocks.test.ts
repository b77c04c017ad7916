import { describe, expect, test } from 'vitest';
import { rightPeriods, wrongPeriods, type Witness } from './wrong-clocks.ts';
import { zoneFaultInWords } from './wrong-zones.ts';

const home = 'America/New_York';
const at = (day: number, seconds: number, more: Partial<Witness> = {}): Witness => ({
  local: `2014-07-${String(day).padStart(2, '0')}T10:00:00`,
  seconds,
  taken: null,
  tag_seconds: 0,
  ...more,
});
/** Taken in a zone, by a clock that is behind by so many seconds. */
const inZone = (zone: string, seconds: number, more: Partial<Witness> = {}) => {
  return [1, 2, 3, 4].map((day) => {
    const witness = at(day, seconds, more);
    const there = Temporal.PlainDateTime.from(witness.local).add({ seconds });
    return { ...witness, taken: { at: there.toZonedDateTime(zone).epochMilliseconds, zone } };
  });
};

test('one hour behind for a week, right before and after: that week, by one hour', () => {
  const right = [1, 2, 3].map((day) => at(day, 5));
  const wrong = [5, 6, 7, 8].map((day) => at(day, 3600 - day * 10));
  const again = [20, 21, 22].map((day) => at(day, -3));
  const all = [...again, ...wrong, ...right];
  expect(wrongPeriods(all, home)).toMatchObject([
    { from: at(5, 0).local, to: at(8, 0).local, shift_seconds: 3600, run: wrong, zone: null },
  ]);
  expect(rightPeriods(all)).toMatchObject([
    { first: at(1, 0).local, last: at(3, 0).local },
    { first: at(20, 0).local, last: at(22, 0).local },
  ]);
});

test('always wrong: nothing bounds the period; a clock never set is off by what it is off by', () => {
  const found = wrongPeriods(
    [1, 2, 3].map((day) => at(day, 12_345_678)),
    home,
  );
  expect(found).toMatchObject([{ from: null, to: null, shift_seconds: 12_345_678, zone: null }]);
});

test('one fix that lags in between is no new period', () => {
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => at(day, day === 4 ? 3100 : 3600));
  expect(wrongPeriods(days, home)).toMatchObject([{ from: null, to: null, shift_seconds: 3600 }]);
});

test('two witnesses, lagging fixes and differences that are each their own prove nothing', () => {
  expect(wrongPeriods([at(1, 3600), at(2, 3600)], home)).toEqual([]);
  const lagging = [1, 2, 3, 4].map((day) => at(day, 60 + day));
  expect(wrongPeriods(lagging, home)).toEqual([]);
  expect(wrongPeriods([at(1, 3600), at(2, 9000), at(3, -7200), at(4, 50_000)], home)).toEqual([]);
});

test('a hundred thousand witnesses are looked at once each', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => at(1 + (index % 28), 3600));
  expect(wrongPeriods(many, home)).toMatchObject([{ shift_seconds: 3600 }]);
});

describe('a wrong zone is told as a zone', () => {
  test.each([
    [
      'forgotten summer time',
      'Europe/Berlin',
      3600,
      '+01:00',
      'on winter time (UTC+1) while the photos were taken in summer time (UTC+2)',
    ],
    [
      'left at home',
      'Europe/Berlin',
      6 * 3600,
      home,
      'on the time of America/New_York (UTC−4) while the photos were taken in UTC+2',
    ],
    ['another zone', 'Asia/Tokyo', -2 * 3600, '+11:00', 'on UTC+11 while the photos were taken in UTC+9'],
    ['half hours', 'Asia/Kathmandu', 900, '+05:30', 'on UTC+5:30 while the photos were taken in UTC+5:45'],
    [
      'UTC',
      'Europe/Lisbon',
      3600,
      '+00:00',
      'on winter time (UTC) while the photos were taken in summer time (UTC+1)',
    ],
  ])('%s: taken in %s, %i s behind', (_, taken, seconds, clock, words) => {
    const [period] = wrongPeriods(inZone(taken, seconds), home);
    expect(period?.zone).toEqual({ clock, taken });
    const moment = period?.run[0]?.taken?.at ?? 0;
    expect(zoneFaultInWords({ clock, taken }, { at: moment, tag_seconds: 0, home_zone: home })).toBe(
      `its clock was ${words}`,
    );
  });

  test('a right clock with a wrong zone beside it is that, and no shift', () => {
    const run = inZone('Europe/Berlin', 0, { tag_seconds: 3600 });
    const [period] = wrongPeriods(run, home);
    expect(period).toMatchObject({
      shift_seconds: 0,
      zone: { clock: 'Europe/Berlin', taken: 'Europe/Berlin' },
    });
    const words = { at: run[0]?.taken?.at ?? 0, tag_seconds: 3600, home_zone: home };
    expect(zoneFaultInWords({ clock: 'Europe/Berlin', taken: 'Europe/Berlin' }, words)).toBe(
      'its zone was set to UTC+1 while the photos were taken in UTC+2, and its clock was right',
    );
  });

  test.each([
    ['no whole quarter hour', inZone('Europe/Berlin', 1000)],
    ['no zone of the world', inZone('Europe/Berlin', 45 * 60)],
    ['farther than zones are', inZone('Europe/Berlin', 24 * 3600)],
    ['nobody knows where', [1, 2, 3].map((day) => at(day, 3600))],
    ['two places, an hour apart', [...inZone('Europe/Berlin', 3600), ...inZone('Europe/London', 3600)]],
  ])('%s is told as a shift', (_, run) => {
    expect(wrongPeriods(run, home)).toMatchObject([{ zone: null }]);
  });
});
