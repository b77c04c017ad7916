import { expect, test } from 'vitest';
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import { shownPiece, standing, type Standing } from './standing.ts';

const home = 'Europe/Berlin';

const chosen: CaptureTime = {
  at: '2020-05-05T08:20:30.000Z',
  local: '2020-05-05T10:20:30',
  zone: 'Europe/Berlin',
  zone_source: 'gps_position',
  source: 'EXIF:DateTimeOriginal',
  precision: 'second',
  confidence: 'high',
  because: '',
};

const camera = piece({
  source: 'EXIF:DateTimeOriginal',
  at: chosen.at,
  local: chosen.local,
  zone: chosen.zone,
  zone_source: chosen.zone_source,
});

function piece(part: Partial<Evidence>): Evidence {
  return {
    source: 'EXIF:CreateDate',
    raw: '',
    at: null,
    local: null,
    zone: null,
    zone_source: null,
    precision: 'second',
    weight: 8,
    rejected: null,
    ...part,
  };
}

function utc(clock: string): Evidence {
  const local = `2020-05-05T${clock}`;
  return piece({ local, at: `${local}.000Z`, zone: 'UTC', zone_source: 'standard' });
}

function stands(part: Evidence, time = chosen, camerasPiece = camera): Standing {
  return standing(part, shownPiece([camerasPiece, part], time), home);
}

const same = { agrees: true, seconds_apart: 0 };

test('the chosen piece agrees with itself', () => {
  expect(stands(camera)).toEqual(same);
});

test('a minute without seconds agrees with every second of it', () => {
  expect(stands(piece({ local: '2020-05-05T10:20', precision: 'minute' }))).toEqual(same);
  expect(stands(piece({ local: '2020-05-05T10:18', precision: 'minute' }))).toEqual({
    agrees: false,
    seconds_apart: -150,
  });
});

test('the same instant agrees, though its wall clock is another; the same wall clock in another zone does not', () => {
  expect(stands(utc('08:20:31'))).toEqual(same);
  expect(stands(utc('10:20:30'))).toEqual({ agrees: false, seconds_apart: 7200 });
});

test('without a zone the wall clocks are compared', () => {
  expect(stands(piece({ local: '2020-05-05T10:20:30' }))).toEqual(same);
  expect(stands(piece({ local: '2020-05-05T12:20:30' }))).toEqual({ agrees: false, seconds_apart: 7200 });
});

test('a UTC piece quarter hours from a clock at home agrees: that is the zone', () => {
  const atHome: CaptureTime = { ...chosen, zone_source: 'home' };
  const clock = { ...camera, at: null, zone: null, zone_source: null };
  expect(stands(utc('08:20:30'), atHome, clock)).toEqual(same);
  expect(stands(utc('08:27:30'), atHome, clock)).toEqual({ agrees: false, seconds_apart: 420 });
});

test('a day covers the times of that day, and is days apart from others', () => {
  expect(stands(piece({ local: '2020-05-05', precision: 'day' }))).toEqual(same);
  expect(stands(piece({ local: '2020', precision: 'year' }))).toEqual(same);
  expect(stands(piece({ local: '2020-05-07', precision: 'day' }))).toEqual({
    agrees: false,
    seconds_apart: 2 * 86_400,
  });
});

test('a chosen time that no piece states, because it was shifted, is compared all the same', () => {
  const shifted = { ...chosen, at: '2020-05-05T09:20:30.000Z', local: '2020-05-05T11:20:30' };
  expect(stands(camera, shifted)).toEqual({ agrees: false, seconds_apart: -3600 });
});

test('nothing is said of what was rejected, says no time, or where nothing was chosen', () => {
  const nothing = { agrees: null, seconds_apart: null };
  expect(stands(piece({ local: '2020-05-05T10:20:30', rejected: 'camera_default' }))).toEqual(nothing);
  expect(stands(piece({}))).toEqual(nothing);
  expect(stands(camera, { ...chosen, at: null, local: null, source: null, precision: null })).toEqual(nothing);
});
