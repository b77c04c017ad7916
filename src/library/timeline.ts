import type { Timeline } from '#contract/library.ts';
import type { DayCount } from './browse.ts';

/** From this many assets on, a day may be a peak: fewer is a birthday. */
const peakFrom = 100;
/** … when it has this many times as many as the middle one of all days that have any. */
const peakTimes = 10;
const gapFromMonths = 6;

/** A bar per month, newest first, with the days that have suspiciously many and the times that have none. */
export function timelineOf(days: readonly DayCount[]): Timeline {
  const dated = days.flatMap(({ day, count }) => (day === null ? [] : [{ day, count }]));
  const whole = dated.filter(({ day }) => day.length === 10);
  const usual = median(whole.map(({ count }) => count));
  const months = new Map<string, { month: string; count: number; highest_day: number }>();
  for (const { day, count } of dated.filter(({ day }) => day.length >= 7)) {
    const key = day.slice(0, 7);
    const month = months.get(key) ?? { month: key, count: 0, highest_day: 0 };
    month.count += count;
    if (day.length === 10) month.highest_day = Math.max(month.highest_day, count);
    months.set(key, month);
  }
  const inOrder = [...months.values()].toSorted((one, other) => (one.month < other.month ? 1 : -1));
  return {
    total: days.reduce((sum, { count }) => sum + count, 0),
    undated: days.find(({ day }) => day === null)?.count ?? 0,
    years: dated.filter(({ day }) => day.length === 4).map(({ day, count }) => ({ year: day, count })),
    months: inOrder,
    peaks: whole
      .filter(({ count }) => count >= peakFrom && count >= peakTimes * usual)
      .map(({ day, count }) => ({ day, count, usual })),
    gaps: gapsBetween(inOrder.map(({ month }) => month)),
  };
}

function gapsBetween(newestFirst: readonly string[]): Timeline['gaps'] {
  return newestFirst.slice(1).flatMap((after, index) => {
    const before = newestFirst[index] ?? after;
    const months = monthNumber(before) - monthNumber(after) - 1;
    return months >= gapFromMonths ? [{ after, before, months }] : [];
  });
}

function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
}

function median(counts: readonly number[]): number {
  return counts.toSorted((one, other) => one - other)[Math.floor((counts.length - 1) / 2)] ?? 0;
}
