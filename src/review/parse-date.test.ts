import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDate } from './parse-date.ts';

const read = (text: string) =>
  parseDate(text).readings.map(({ local, zone }) => (zone === null ? local : `${local} ${zone}`));

describe('dates as people type them', () => {
  test.each([
    ['june 2004', '2004-06'],
    ['June, 2004', '2004-06'],
    ['5/5/2019 3pm', '2019-05-05T15:00'],
    ['2019', '2019'],
    ['1999-12', '1999-12'],
    ['12/1999', '1999-12'],
    ['4 July 2018', '2018-07-04'],
    ['July 4th, 2018', '2018-07-04'],
    ['Sunday 5 May 2019', '2019-05-05'],
    ['2019-05-05 10:20:30.5', '2019-05-05T10:20:30.5'],
    ['2019:05:05 10:20:30', '2019-05-05T10:20:30'],
    ['2019-05-05T10:00:00Z', '2019-05-05T10:00:00 UTC'],
    ['5 May 2019 15:00 +02:00', '2019-05-05T15:00 +02:00'],
    ['5 May 2019 15:00 Europe/Paris', '2019-05-05T15:00 Europe/Paris'],
    ['13/6/2019', '2019-06-13'],
    ['5/5/19', '2019-05-05'],
    ['5 June 04', '2004-06-05'],
    ['5. Mai 2019', '2019-05-05'],
    ['mai 2004', '2004-05'],
    ['14 juillet 1998', '1998-07-14'],
  ])('%s is %s', (text, local) => expect(read(text)).toEqual([local]));

  test('an order of day and month that nobody can tell gives both readings', () => {
    expect(read('5/6/2019')).toEqual(['2019-05-06', '2019-06-05']);
    expect(parseDate('5/6/2019').readings.map(({ words }) => words)).toEqual(['6 May 2019', '5 June 2019']);
    expect(parseDate('5/6/2019').problem).toBe(
      '“5/6/2019” may be 6 May 2019 or 5 June 2019: write the month as a word, or the year first.',
    );
  });

  test.each([
    ['5 May', '“5 May” has no year: add it, as in 5 May 2019.'],
    ['May 5th 3pm', '“May 5th 3pm” has no year: add it, as in 5 May 2019.'],
    ['5. Mai', '“5. Mai” has no year: add it, as in 5 May 2019.'],
    ['24.12.', '“24.12.” has no year: add it, as in 24 December 2019.'],
    ['5/5', '“5/5” has no year: add it, as in 5 May 2019.'],
    ['August', '“August” has no year: add it, as in August 2019.'],
    ['May 19', '“May 19” may be a day or a year: write the year in full, as in 19 May 2019 or May 2019.'],
    ['May 98', '“May 98” has no full year: write all of it, as in May 1998.'],
    ['10:30', '“10:30” has no day: add it, as in 5 May 2019 15:00.'],
    ['Sunday', '“Sunday” has no date: add day, month and year, as in 5 May 2019.'],
    ['Christmas', '“Christmas” is not the same day everywhere: write the day, as in 25 December 2019.'],
    [
      'Weihnachten 2004',
      '“Weihnachten 2004” is not the same day everywhere: write the day, as in 25 December 2019.',
    ],
    ['summer 2004', '“summer 2004” is a season: write a month or the year, as in July 2004 or 2004.'],
    ['the 1990s', '“the 1990s” is ten years: write one of them, as in 1995.'],
    ['yesterday', '“yesterday” depends on the day it is read: write the day itself, as in 5 May 2019.'],
    ['today 15:30', '“today 15:30” depends on the day it is read: write the day itself, as in 5 May 2019.'],
    ['12 days ago', '“12 days ago” depends on the day it is read: write the day itself, as in 5 May 2019.'],
    [
      'May 5, 2019 - May 7, 2019',
      '“May 5, 2019 - May 7, 2019” is more than one day: write one of them, or the month or year that holds them.',
    ],
    [
      '5 May 2019 3pm CST',
      '“5 May 2019 3pm CST” names a zone by letters that mean several: write it like +02:00, UTC or Europe/Paris.',
    ],
    [
      '2019 Europe/Paris',
      '“2019 Europe/Paris” names a zone and no time of day: add one, as in 5 May 2019 15:00 Europe/Paris.',
    ],
    ['31 February 2019', '“31 February 2019” is not in the calendar: look at the day, the month and the time.'],
    ['2019-13', '“2019-13” is not in the calendar: look at the day, the month and the time.'],
    ['2019-02-30', '“2019-02-30” is not in the calendar: look at the day, the month and the time.'],
    ['', 'Write a date, like 5 May 2019 15:00, June 2004 or 2019.'],
    ['hello', '“hello” is not understood as a date. Write it like 5 May 2019 15:00, June 2004 or 2019.'],
    [
      '5 May 2019 or so',
      '“5 May 2019 or so” is not understood as a date. Write it like 5 May 2019 15:00, June 2004 or 2019.',
    ],
  ])('%j is refused with what to add', (text, problem) => {
    expect(parseDate(text)).toEqual({ readings: [], problem });
  });

  test('whatever is typed, there is one reading or a sentence that says what to do', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const { readings, problem } = parseDate(text);
        expect(problem === null).toBe(readings.length === 1);
        if (problem !== null) expect(problem).toMatch(/\.$/);
        // No year is made up: each one stands in the text, whole or as its last two digits.
        for (const { local } of readings) expect(text).toContain(local.slice(2, 4));
      }),
      { seed: 4, numRuns: 3000 },
    );
  });
});

const words =
  '5 05 19 31 98 2019 1998 May mai June juillet Sunday today ago days 3pm 10:30 at the of Christmas summer CST +02:00 Z Europe/Paris - / .';
const word = fc.constantFrom(...words.split(' '));
const typed = fc.oneof(
  fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' ')),
  fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join('')),
  fc.string({ maxLength: 20 }),
);
