import { expect, test } from 'vitest';
import type { Evidence } from '#contract/capture-time.ts';
import type { Rejection } from '#contract/words.ts';
import { decide } from '#capture-time/decide.ts';
import { asTheDeviceToldIt, cameraClockOf } from './camera-clock.ts';

const now = Temporal.Instant.from('2026-05-01T10:00:00Z');
const rules = { rule: 'earliest', min_year: 2000, home_zone: 'Europe/Berlin', now } as const;

function evidenceOf(given: { tags: Record<string, string>; name?: string; placed?: boolean }): Evidence[] {
  const gps = given.placed === true ? { latitude: 48.1, longitude: 11.5 } : null;
  const clues = { time_tags: given.tags, gps, kind: 'video', camera: { make: null, model: null } } as const;
  const names = [{ name: given.name ?? 'a.mp4', modified_at: null, met_at: null }];
  return decide({ clues, names, others: [], rules }).evidence;
}

test.each<[string, Rejection | null, boolean]>([
  ['2014:07:01 10:00:00', null, true],
  ['1998:07:01 10:00:00', 'before_min_year', true],
  ['2099:07:01 10:00:00', 'after_tomorrow', true],
  ['1980:01:01 00:12:00', 'epoch_default', true],
  ['1980:01:01 00:00:00', 'epoch_default', false],
  ['2002:12:08 12:00:00', 'camera_default', false],
  ['0000:00:00 00:00:00', 'zeros', false],
])('a clock that shows %s (%s) can be corrected: %s', (raw, rejected, can) => {
  const evidence = evidenceOf({ tags: { 'EXIF:DateTimeOriginal': raw } });
  expect(evidence[0]?.rejected).toBe(rejected);
  expect(cameraClockOf(evidence) !== undefined).toBe(can);
});

test('the clock nearest to the shutter is the clock; one that tells nothing is passed over', () => {
  const tags = { 'EXIF:CreateDate': '2014:07:01 10:00:01', 'EXIF:DateTimeOriginal': '2014:07:01 10:00:00' };
  expect(cameraClockOf(evidenceOf({ tags }))?.source).toBe('EXIF:DateTimeOriginal');
  const zeros = { ...tags, 'EXIF:DateTimeOriginal': '0000:00:00 00:00:00' };
  expect(cameraClockOf(evidenceOf({ tags: zeros }))?.source).toBe('EXIF:CreateDate');
});

test('a borrowed zone is given back: it may be another when the correction is applied', () => {
  const [borrowed] = evidenceOf({ tags: { 'EXIF:DateTimeOriginal': '2014:07:01 10:00:00' }, placed: true });
  expect(borrowed?.zone_source).toBe('gps_position');
  expect(borrowed && asTheDeviceToldIt(borrowed)).toMatchObject({
    local: '2014-07-01T10:00:00',
    at: null,
    zone: null,
  });
  const tags = { 'EXIF:DateTimeOriginal': '2014:07:01 10:00:00', 'EXIF:OffsetTimeOriginal': '+09:00' };
  const [own] = evidenceOf({ tags });
  expect(own && asTheDeviceToldIt(own)).toMatchObject({ zone: '+09:00', at: '2014-07-01T01:00:00.000Z' });
});

test('the header of a film stays the moment that it is, or the wall clock that it was found to be', () => {
  const tags = { 'QuickTime:CreateDate': '2014:07:01 10:00:00' };
  const inUtc = { zone: 'UTC', zone_source: 'standard', at: '2014-07-01T10:00:00.000Z' };
  const [told] = evidenceOf({ tags, placed: true });
  expect(told).toMatchObject({ local: '2014-07-01T12:00:00', zone: 'Europe/Berlin' });
  expect(told && asTheDeviceToldIt(told)).toMatchObject({ local: '2014-07-01T10:00:00', ...inUtc });
  const [header] = evidenceOf({ tags });
  expect(header && asTheDeviceToldIt(header)).toMatchObject(inUtc);
  const [local] = evidenceOf({ tags, name: 'VID_20140701_100000.mp4' });
  expect(local && asTheDeviceToldIt(local)).toMatchObject({
    local: '2014-07-01T10:00:00',
    at: null,
    zone: null,
  });
});
