/** What other files tell: the other half of a shot, the camera's count, the device's day. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '#contract/capture-time.ts';
import { commonZone } from './device-zone.ts';
import { betweenNeighbours, placeInSeries } from './neighbours.ts';
import { partnerPiece } from './partner.ts';
import { decided, pieceOf } from './testing.ts';

const photo = decided({
  tags: { 'EXIF:DateTimeOriginal': '2020:04:17 10:03:48', 'EXIF:OffsetTimeOriginal': '-06:00' },
}).evidence;
const camera = decided({ tags: { 'EXIF:DateTimeOriginal': '2012:05:06 10:00:30' } }).evidence;
const header = (created: string) =>
  decided({ kind: 'video', tags: { 'QuickTime:CreateDate': created } }).evidence;
const withPartner = (created: string, partner: Evidence | null) =>
  decided({
    kind: 'video',
    tags: { 'QuickTime:CreateDate': created },
    others: partner === null ? [] : [partner],
  }).capture_time;

describe('the photo of a film', () => {
  it('confirms the film and lends it its zone', () => {
    const piece = partnerPiece(photo, header('2020:04:17 16:03:47'), true);
    expect(withPartner('2020:04:17 16:03:47', piece)).toMatchObject({
      local: '2020-04-17T10:03:47',
      zone: '-06:00',
      zone_source: 'device',
      source: 'QuickTime:CreateDate',
      confidence: 'medium',
    });
  });

  it('without a zone tells a header in UTC by its distance', () => {
    const piece = partnerPiece(camera, header('2012:05:06 14:00:30'), false);
    expect(piece).toMatchObject({ zone: null, rejected: null });
    expect(withPartner('2012:05:06 14:00:30', piece)).toMatchObject({
      local: '2012-05-06T10:00:30',
      zone: '-04:00',
      zone_source: 'utc_difference',
    });
  });

  it('tells a header that is local', () => {
    const piece = partnerPiece(camera, header('2012:05:06 10:00:30'), false);
    expect(withPartner('2012:05:06 10:00:30', piece)).toMatchObject({
      local: '2012-05-06T10:00:30',
      zone: 'America/New_York',
      zone_source: 'home',
      confidence: 'medium',
    });
  });

  it('supplies the time of a film that has none', () => {
    const piece = partnerPiece(photo, header('0000:00:00 00:00:00'), false);
    expect(withPartner('0000:00:00 00:00:00', piece)).toMatchObject({
      local: '2020-04-17T10:03:48',
      source: 'partner',
      zone_source: 'offset_tag',
      confidence: 'medium',
    });
  });

  it('of the same name but another moment is kept and refused', () => {
    const piece = partnerPiece(photo, header('2020:04:17 16:07:47'), false);
    expect(piece).toMatchObject({ source: 'partner', rejected: 'another_shot' });
    const decision = decided({ tags: { 'QuickTime:CreateDate': '2020:04:17 16:07:47' }, others: [piece!] });
    expect(pieceOf(decision, 'partner').rejected).toBe('another_shot');
    expect(decision.capture_time.source).toBe('QuickTime:CreateDate');
  });

  it('is no witness with a header in UTC', () => {
    expect(partnerPiece(header('2020:04:17 16:03:47'), photo, true)).toBeNull();
  });
});

const near = (name: string, local: string, device: string | null) => ({
  name,
  stem: name.replace(/\..*/, '').toLowerCase(),
  local,
  device,
});

describe('neighbours', () => {
  const before = near('IMG_0121.JPG', '2019-07-04T10:00:00', 'canon|s40|');
  const after = near('IMG_0124.JPG', '2019-07-04T10:30:00', 'canon|s40|');

  it('tell the minute within an hour', () => {
    expect(betweenNeighbours({ stem: 'img_0122', device: null }, [before, after])).toMatchObject({
      local: '2019-07-04T10:10',
      precision: 'minute',
      weight: 1,
      raw: 'between IMG_0121.JPG and IMG_0124.JPG',
    });
  });

  it('tell the day within two days', () => {
    const later = near('IMG_0124.JPG', '2019-07-06T09:00:00', 'canon|s40|');
    expect(betweenNeighbours({ stem: 'img_0122', device: null }, [before, later])).toMatchObject({
      local: '2019-07-05',
      precision: 'day',
    });
  });

  it.each([
    ['three days apart', near('IMG_0124.JPG', '2019-07-07T11:00:00', 'canon|s40|'), 'img_0122', null],
    ['of two cameras', near('IMG_0124.JPG', '2019-07-04T10:30:00', 'nikon|d70|'), 'img_0122', null],
    ['of an unknown camera', near('IMG_0124.JPG', '2019-07-04T10:30:00', null), 'img_0122', null],
    ['of another camera than the file', after, 'img_0122', 'nikon|d70|'],
    ['of another series', after, 'dsc_0122', null],
    ['of another count', after, 'img_00122', null],
    ['on one side only', after, 'img_0126', null],
    ['whose clock ran backwards', near('IMG_0124.JPG', '2019-07-04T09:00:00', 'canon|s40|'), 'img_0122', null],
  ])('say nothing: %s', (_why, above, stem, device) => {
    expect(betweenNeighbours({ stem, device }, [before, above])).toBeNull();
  });

  it('are of one count where the maker gives photos and films theirs from one', () => {
    const nikon = [
      near('_DSC0121.JPG', '2019-07-04T10:00:00', 'nikon|d70|'),
      near('_DSC0124.JPG', '2019-07-04T10:30:00', 'nikon|d70|'),
    ];
    expect(betweenNeighbours({ stem: 'mvi_0122', device: null }, [before, after])?.local).toBe(
      '2019-07-04T10:10',
    );
    expect(betweenNeighbours({ stem: 'crw_0122', device: 'canon|s40|' }, [before, after])).not.toBeNull();
    expect(betweenNeighbours({ stem: 'dsc_0122', device: null }, nikon)?.local).toBe('2019-07-04T10:10');
    expect(betweenNeighbours({ stem: 'mvi_0122', device: null }, nikon)).toBeNull();
    const apple = [before, after].map((each) => ({ ...each, device: 'apple|iphone 6|' }));
    expect(betweenNeighbours({ stem: 'mvi_0122', device: null }, apple)).toBeNull();
  });

  it('the nearest pair counts, where the count began anew', () => {
    const years = [
      near('IMG_0100.JPG', '2015-01-01T10:00:00', 'canon|s40|'),
      near('IMG_0130.JPG', '2015-01-01T10:30:00', 'canon|s40|'),
    ];
    const piece = betweenNeighbours({ stem: 'img_0122', device: null }, [...years, before, after]);
    expect(piece?.local).toBe('2019-07-04T10:10');
  });

  it.each(['0042', 'holiday', 'img_12', ''])('“%s” has no place in a series', (stem) => {
    expect(placeInSeries(stem)).toBeNull();
  });
});

describe('the zone of a device', () => {
  const summer = { at: '2019-07-04T08:00:00.000Z', local: '2019-07-04T10:00:00', zone: '+02:00' };
  const named = { at: '2019-07-04T12:00:00.000Z', local: '2019-07-04T14:00:00', zone: 'Europe/Rome' };

  it('is what its files agree on, by name where one knows it', () => {
    expect(commonZone([summer])).toEqual({ zone: '+02:00', near: summer.at });
    expect(commonZone([summer, named])?.zone).toBe('Europe/Rome');
  });

  it('is not known where they differ, or where there are none', () => {
    expect(commonZone([summer, { ...named, local: '2019-07-04T13:00:00' }])).toBeNull();
    expect(commonZone([])).toBeNull();
  });
});
