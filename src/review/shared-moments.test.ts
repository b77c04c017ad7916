import { describe, expect, test } from 'vitest';
import { twoPhotographers, type Journey } from '../../test/fixtures/two-photographers.ts';
import { logBinomialTail } from './binomial-tail.ts';
import { sharedPeriods, type CameraShot, type SureShot } from './shared-moments.ts';
import { Slices } from './slices.ts';

const begin = Date.UTC(2014, 6, 1);
const day = 86_400;
const hour = 3600;
const journey: Journey = { seed: 1, days: 7, scenes_a_day: 15, interest: 0.6, together: true };

/** A camera whose clock stands `late` seconds behind. */
const camera = (shots: readonly number[], late: number, folder = 'camera'): CameraShot[] =>
  shots.map((seconds) => ({ wall: begin + (seconds - late) * 1000, folder }));
const phone = (shots: readonly number[], folder = 'phone'): SureShot[] =>
  shots.map((seconds) => {
    const wall = begin + seconds * 1000;
    return { wall, at: wall - 2 * hour * 1000, zone: 'Europe/Berlin', folder };
  });
const periodsOf = (own: CameraShot[], other: SureShot[], comparisons: number) =>
  sharedPeriods(own, other, comparisons, new Slices());
const later = (shots: readonly number[], days: number) => shots.map((seconds) => seconds + days * day);
const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

describe('a camera and a phone on the same journey', () => {
  test.each([hour, -7 * hour, 2 * hour + 17 * 60, -9 * 60])(
    '%i s late is found to the minute',
    async (late) => {
      for (const seed of seeds.slice(0, 10)) {
        const { one, other } = twoPhotographers({ ...journey, seed });
        const [period, ...more] = await periodsOf(camera(one, late), phone(other), 4);
        expect(more).toEqual([]);
        expect(Math.abs((period?.seconds ?? 0) - late)).toBeLessThanOrEqual(100);
        expect(period?.matches.length).toBeGreaterThanOrEqual(8);
        expect(period?.matches[0]?.zone).toBe('Europe/Berlin');
        // The stretch it is told for is the journey, but for what nothing shows at its ends.
        const whole = (one.at(-1) ?? 0) - (one[0] ?? 0);
        expect(((period?.to ?? 0) - (period?.from ?? 0)) / 1000 / whole).toBeGreaterThan(0.6);
      }
    },
  );

  test('that is right, or minutes off as most are, is left alone', async () => {
    for (const seed of seeds) {
      const { one, other } = twoPhotographers({ ...journey, seed });
      for (const late of [0, 100, -200])
        expect(await periodsOf(camera(one, late), phone(other), 4)).toEqual([]);
    }
  });

  test('the one week of years in which it was wrong is found, and nothing else is touched', async () => {
    const weeks = Array.from({ length: 12 }, (_, week) => {
      const drawn = twoPhotographers({ ...journey, seed: 100 + week });
      return { one: later(drawn.one, week * 60), other: later(drawn.other, week * 60) };
    });
    const shots = weeks.flatMap(({ one }, week) => camera(one, week === 5 ? 6 * hour : 0));
    const periods = await periodsOf(shots, phone(weeks.flatMap(({ other }) => other)), 4);
    expect(periods).toHaveLength(1);
    const [{ from, to, seconds } = { from: 0, to: 0, seconds: 0 }] = periods;
    expect(Math.abs(seconds - 6 * hour)).toBeLessThanOrEqual(100);
    const wrong = camera(weeks[5]?.one ?? [], 6 * hour).map(({ wall }) => wall);
    expect(from).toBeGreaterThanOrEqual(wrong[0] ?? 0);
    expect(to).toBeLessThanOrEqual(wrong.at(-1) ?? 0);
  });

  test('two journeys, off by another time on each, are two periods', async () => {
    const [first, second] = [7, 8].map((seed) => twoPhotographers({ ...journey, seed }));
    const shots = [...camera(first?.one ?? [], hour), ...camera(later(second?.one ?? [], 30), -3 * hour)];
    const periods = await periodsOf(
      shots,
      phone([...(first?.other ?? []), ...later(second?.other ?? [], 30)]),
      4,
    );
    expect(periods.map(({ seconds }) => Math.round(seconds / 300) * 300)).toEqual([hour, -3 * hour]);
  });

  test('a clock that was never set is years away: found in a shared folder, and only there', async () => {
    const { one, other } = twoPhotographers({ ...journey, seed: 3 });
    const late = 9 * 365 * day + 5 * hour + 432;
    const [period, ...more] = await periodsOf(camera(one, late, 'Italy'), phone(other, 'Italy'), 4);
    expect(more).toEqual([]);
    expect(Math.abs((period?.seconds ?? 0) - late)).toBeLessThanOrEqual(100);
    expect(await periodsOf(camera(one, late, 'Italy'), phone(other, 'Phone'), 4)).toEqual([]);
  });
});

describe('chance', () => {
  test('two people at different places on the same days prove nothing, however many days', async () => {
    for (const seed of seeds) {
      for (const days of [1, 7, 30]) {
        const { one, other } = twoPhotographers({ ...journey, seed, days, together: false });
        expect(await periodsOf(camera(one, 0), phone(other), 1)).toEqual([]);
        const far = camera(one, 9 * 365 * day, 'Italy');
        expect(await periodsOf(far, phone(other, 'Italy'), 1)).toEqual([]);
      }
    }
  });

  test('one afternoon together is too little, however much it looks like it', async () => {
    for (const seed of seeds) {
      const { one, other } = twoPhotographers({ ...journey, seed, days: 1, scenes_a_day: 40 });
      expect(await periodsOf(camera(one, hour), phone(other), 1)).toEqual([]);
    }
  });

  test('a camera that takes a picture every quarter of an hour fits everywhere, and so nowhere', async () => {
    const { other } = twoPhotographers(journey);
    const timed = Array.from({ length: 7 * 96 }, (_, index) => index * 900);
    expect(await periodsOf(camera(timed, 0), phone(other), 1)).toEqual([]);
  });

  test('a burst of hundreds is one moment', async () => {
    const burst = Array.from({ length: 500 }, (_, index) => 12 * hour + index);
    const two = [...burst, ...burst.map((seconds) => seconds + 3 * day)];
    expect(await periodsOf(camera(two, hour), phone(two), 1)).toEqual([]);
  });

  test('the tail of the binomial distribution is that of its sum', () => {
    expect(logBinomialTail(10, 0.5, 0)).toBe(0);
    expect(logBinomialTail(10, 0.5, 11)).toBe(Number.NEGATIVE_INFINITY);
    expect(Math.exp(logBinomialTail(3, 0.5, 2))).toBeCloseTo(0.5);
    expect(Math.exp(logBinomialTail(10, 0.1, 3))).toBeCloseTo(0.0701908);
    expect(logBinomialTail(2000, 0.01, 200) / Math.LN10).toBeCloseTo(-126.98, 1);
  });
});
