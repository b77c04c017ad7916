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
    ['5. Mai 2019', '2019-05-05'],
    ['mai 2004', '2004-05'],
    ['14 juillet 1998', '1998-07-14'],
  ])('%s is %s', (text, local) => expect(read(text)).toEqual([local]));

  test('an order of day and month that nobody can tell gives both readings', () => {
    expect(read('5/6/2019')).toEqual(['2019-05-06', '2019-06-05']);
    expect(parseDate('5/6/2019').readings.map(({ words }) => words)).toEqual(['6 May 2019', '5 June 2019']);
  });

  test.each(
    [
      ['yesterday', '5 May', 'summer 2004', 'hello', '31 February 2019', '2019-13', '2019-02-30', ''],
      ['5 May 2019 3pm CST', 'May 5, 2019 - May 7, 2019', '5 May 2019 or so', '2019 Europe/Paris'],
    ].flat(),
  )('%j is not understood', (text) => expect(read(text)).toEqual([]));
});
