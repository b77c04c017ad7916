/** The library by months, for the strip beside the grid. */
import type { Timeline } from '#contract/library.ts';
import { dateWords } from '../../words/dates.ts';
import { count } from '../../words/numbers.ts';
import type { Section } from './layout.ts';

/** `section` is the first of the month; for a month without pictures, the next older one. `month` is '' for undated. */
export type Month = { month: string; count: number; section: number };

/** The years that have room: a label takes about a thirtieth of the height. */
export function yearLabels(months: readonly Month[]): { year: string; index: number }[] {
  const labels: { year: string; index: number }[] = [];
  for (const [index, { month }] of months.entries()) {
    const year = month.slice(0, 4);
    const begins = month !== '' && months[index - 1]?.month.slice(0, 4) !== year;
    if (begins && index - (labels.at(-1)?.index ?? -Infinity) >= months.length / 30)
      labels.push({ year, index });
  }
  return labels;
}

/** Every month from the newest to the oldest, empty ones too; at the end, under '', what is undated. */
export function monthsOf(sections: readonly Section[]): Month[] {
  const months: Month[] = [];
  for (const [section, { day, count: size }] of sections.entries()) {
    const month = day === null ? '' : `${day}-01`.slice(0, 'YYYY-MM'.length);
    let last = months.at(-1);
    if (last !== undefined && last.month !== '' && month !== '') {
      for (let empty = monthBefore(last.month); empty > month; empty = monthBefore(empty)) {
        months.push({ month: empty, count: 0, section });
      }
    }
    last = months.at(-1);
    if (last?.month === month) last.count += size;
    else months.push({ month, count: size, section });
  }
  return months;
}

/** What looks wrong about the timeline: where it stands among the months, and the day to go to. */
export type Oddity = { kind: 'peak' | 'gap'; sentence: string; from: number; to: number; section: number };

export function odditiesOf(
  timeline: Timeline | null,
  months: readonly Month[],
  sections: readonly Section[],
): Oddity[] {
  const indexOf = (month: string) => months.findIndex((one) => one.month === month);
  const peaks = (timeline?.peaks ?? []).map(({ day, count: size, usual }) => ({
    kind: 'peak' as const,
    sentence: `${count(size)} pictures on ${dateWords(day, 'without weekday')}, ${count(usual)} on a usual day`,
    from: indexOf(day.slice(0, 'YYYY-MM'.length)),
    to: indexOf(day.slice(0, 'YYYY-MM'.length)) + 1,
    section: sections.findIndex((section) => section.day === day),
  }));
  const gaps = (timeline?.gaps ?? []).map(({ after, before, months: size }) => ({
    kind: 'gap' as const,
    sentence: `Nothing for ${count(size)} months between ${dateWords(after, 'without weekday')} and ${dateWords(before, 'without weekday')}`,
    from: indexOf(before) + 1,
    to: indexOf(after),
    section: months[indexOf(after)]?.section ?? -1,
  }));
  // The counts may be a moment older or newer than the days.
  return [...peaks, ...gaps].filter(({ from, to, section }) => section >= 0 && from >= 0 && to > from);
}

function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const before = number === 1 ? [year - 1, 12] : [year, number - 1];
  return `${String(before[0]).padStart(4, '0')}-${String(before[1]).padStart(2, '0')}`;
}
