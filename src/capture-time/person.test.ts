import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutFault, type TimeSpokenOf } from './person.ts';

const clock = (local: string, more: Partial<TimeSpokenOf> = {}): TimeSpokenOf => ({
  local,
  at: null,
  zone: null,
  zone_source: null,
  source: 'EXIF:DateTimeOriginal',
  precision: 'second',
  ...more,
});
const inBerlin = { shift_seconds: 3600, zone: { clock: '+01:00', taken: 'Europe/Berlin' } };

describe('a clock that stood in another zone', () => {
  it('is read there and told here, with its moment; sub-seconds stay as they were written', () => {
    expect(withoutFault(clock('2014-07-01T11:00:00.10'), inBerlin)).toMatchObject({
      local: '2014-07-01T12:00:00.10',
      at: '2014-07-01T10:00:00.100Z',
      zone: 'Europe/Berlin',
      zone_source: 'written',
    });
  });

  it('was right in winter, when both zones are the same', () => {
    expect(withoutFault(clock('2014-01-01T11:00:00'), inBerlin)).toMatchObject({
      local: '2014-01-01T11:00:00',
      at: '2014-01-01T10:00:00.000Z',
    });
  });

  it('of minutes stays one of minutes, and crosses midnight', () => {
    const time = clock('2014-06-30T23:30', { precision: 'minute' });
    expect(withoutFault(time, inBerlin)).toMatchObject({ local: '2014-07-01T00:30', precision: 'minute' });
  });

  it('corrects the zone that the camera wrote as well', () => {
    const tagged = { at: '2014-07-01T02:00:00.000Z', zone: '+09:00', zone_source: 'offset_tag' } as const;
    expect(withoutFault(clock('2014-07-01T11:00:00', tagged), inBerlin)).toMatchObject({
      at: '2014-07-01T10:00:00.000Z',
      zone: 'Europe/Berlin',
    });
  });

  it('leaves the moment of a header in UTC, and days that have no hour', () => {
    const header = { at: '2014-07-01T10:00:00.000Z', zone: 'UTC', zone_source: 'standard' } as const;
    const film = clock('2014-07-01T10:00:00', { ...header, source: 'QuickTime:CreateDate' });
    expect(withoutFault(film, inBerlin)).toMatchObject({ at: header.at, local: '2014-07-01T12:00:00' });
    expect(withoutFault(clock('2014-07-01', { precision: 'day' }), inBerlin)).toBeNull();
  });

  it('whatever the zones: the moment is that of the clock there, and the wall clock that of the place', () => {
    const zone = fc.constantFrom(
      '+01:00',
      '-03:30',
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
    );
    const moment = fc.date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, zone, zone, (date, stood, taken) => {
        const at = Temporal.Instant.fromEpochMilliseconds(date.getTime());
        const shown = at.toZonedDateTimeISO(stood).toPlainDateTime();
        const local = shown.toString({ fractionalSecondDigits: 3 });
        // Of an hour that comes twice the first is taken, so only clocks that come back to it are asked.
        fc.pre(shown.toZonedDateTime(stood).epochMilliseconds === at.epochMilliseconds);
        const told = withoutFault(clock(local), { shift_seconds: 0, zone: { clock: stood, taken } });
        expect(told?.at).toBe(at.toString({ fractionalSecondDigits: 3 }));
        const there = at.toZonedDateTimeISO(taken).toPlainDateTime();
        expect(told?.local).toBe(there.toString({ fractionalSecondDigits: 3 }));
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
});
