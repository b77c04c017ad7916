import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDate, readOffset } from './read-date.ts';

const seed = 20_260_501;

describe('readDate', () => {
  it.each([
    ['2021:09:27 07:13:47', '2021-09-27T07:13:47', null, 'second'],
    ['2021-09-27T07:13:47.05+02:00', '2021-09-27T07:13:47.05', '+02:00', 'second'],
    ['2020:04:17 10:03:48-06:00', '2020-04-17T10:03:48', '-06:00', 'second'],
    ['2002:07:13 15:58:28Z', '2002-07-13T15:58:28', 'UTC', 'second'],
    ['2017:05:29 17:19:21-0400', '2017-05-29T17:19:21', '-04:00', 'second'],
    ['2019:04:24 22:24:00+02:00 DST', '2019-04-24T22:24:00', '+02:00', 'second'],
    ['2012-05-03T13:36:11-04:00', '2012-05-03T13:36:11', '-04:00', 'second'],
    ['2014:07:15 06:57:34.1234567891', '2014-07-15T06:57:34.123456789', null, 'second'],
    ['2000/01/01 00:00:00', '2000-01-01T00:00:00', null, 'second'],
    ['2019:07:14 09:21', '2019-07-14T09:21', null, 'minute'],
    ['2011:10:22', '2011-10-22', null, 'day'],
    ['2011:10', '2011-10', null, 'month'],
    ['2010', '2010', null, 'year'],
    ['1601:06:06 16:39:33', '1601-06-06T16:39:33', null, 'second'],
    ['2024:02:29 00:00:00', '2024-02-29T00:00:00', null, 'second'],
  ])('%s', (raw, local, offset, precision) => {
    expect(readDate(raw)).toEqual({ local, offset, precision, fault: null });
  });

  it.each([
    ['0000:00:00 00:00:00', 'zeros'],
    ['0000-00-00T00:00:00Z', 'zeros'],
    ['    :  :     :  :  ', 'impossible_date'],
    ['200X:0X:0X 0X:0X:0X', 'impossible_date'],
    [':07:04 16:24:01', 'impossible_date'],
    ['2021:02:30 10:00:00', 'impossible_date'],
    ['2021:13:01 10:00:00', 'impossible_date'],
    ['2021:00:00 00:00:00', 'impossible_date'],
    ['2021:10:10 25:00:00', 'impossible_date'],
    ['1999:99:99 99:99:99', 'impossible_date'],
    ['03/04/2010 10:00:00', 'impossible_date'],
    ['ne led 28 10:54:20 2024', 'impossible_date'],
    ['', 'impossible_date'],
  ])('refuses “%s”: %s', (raw, fault) => {
    expect(readDate(raw)).toEqual({ fault });
  });

  it('never throws, whatever stands there', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789:-/ T.Z+'.split('')), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), digits), (raw) => {
        readDate(raw);
        readOffset(raw);
      }),
      { seed, numRuns: 5000 },
    );
  });
});

describe('readOffset', () => {
  it.each([
    ['+02:00', '+02:00'],
    ['-0330', '-03:30'],
    ['+5', '+05:00'],
    ['Z', 'UTC'],
    ['+14:00', '+14:00'],
    [' +01:00 ', '+01:00'],
    ['+14:15', null],
    ['+02:75', null],
    ['   :  ', null],
    ['--:--', null],
    ['CST', null],
    ['', null],
  ])('“%s”', (raw, offset) => {
    expect(readOffset(raw)).toBe(offset);
  });
});
