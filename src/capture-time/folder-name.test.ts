import { describe, expect, it } from 'vitest';
import { readFolder } from './folder-name.ts';
import { decided, pieceOf } from './testing.ts';

describe('folders say', () => {
  it.each([
    // day
    ['2019-07-04 Picnic', '2019-07-04'],
    ['/media/photos/2019_07_04', '2019-07-04'],
    ['20190704 Picnic', '2019-07-04'],
    ['2019.07.04 Picnic', '2019-07-04'],
    ['4 July 2018', '2018-07-04'],
    ['2014/07/15', '2014-07-15'],
    ['2014/2014-07/2014-07-15', '2014-07-15'],
    ['2019-07-04 12.00.00', '2019-07-04'],
    ['2019-07-04 Picnic/DCIM/100APPLE', '2019-07-04'],
    ['C:\\Photos\\2019-07-04 Picnic', '2019-07-04'],
    // month
    ['2014/2014-07 Italy', '2014-07'],
    ['2014/07', '2014-07'],
    ['2014/07 July', '2014-07'],
    ['2014/Juli', '2014-07'],
    ['July 2014', '2014-07'],
    ['2014 August Rome', '2014-08'],
    ['2014-07 Italy/2014', '2014-07'],
    ['2019-07-01 - 2019-07-14 Italy', '2019-07'],
    // year
    ['Photos from 2023', '2023'],
    ['Takeout/Google Photos/Photos from 2023', '2023'],
    ['Fotos von 2023', '2023'],
    ['2014', '2014'],
    ['2014 Italy', '2014'],
    ['Summer 2014', '2014'],
    ['2019-07 - 2019-08', '2019'],
    // the innermost counts where they contradict each other
    ['2020/2014-07 Italy', '2014-07'],
    ['2014-07 Italy/2015', '2015'],
  ])('%s → %s', (folder, local) => {
    expect(readFolder(folder)?.local).toBe(local);
  });

  it.each([
    '',
    '/',
    'DCIM',
    'Camera',
    '100APPLE',
    '101CANON',
    '100_2019',
    '2019x1080',
    '1920x1080',
    'Canon EOS 2000D',
    'IMG_20201350_x',
    '123',
    '07',
    '15',
    'July',
    'May',
    'Backup 2020',
    'Backup 2020-03-04',
    'Scans 2019',
    'Import 2021-01-01',
    '2014-2016',
    '2014-16',
    '1999–2004 family',
    'Room 20145',
    '0123456789',
    '2019-13-45',
    '03-04-2010',
    '04.07.2019',
    '550e8400-e29b-41d4-a716-446655440000',
    'iPhone 2020 pictures',
    'PXL_20210906_174416840',
  ])('nothing in “%s”', (folder) => {
    expect(readFolder(folder)).toBeNull();
  });

  it('the whole way to what they say', () => {
    expect(readFolder('/a/2014/07/15/raw')).toEqual({
      local: '2014-07-15',
      precision: 'day',
      raw: '2014/07/15',
    });
  });
});

const on = (day: string) =>
  decided({
    folder: '2014-07-12 Italy',
    names: ['IMG_1234.jpg'],
    tags: { 'EXIF:DateTimeOriginal': `${day} 12:00:00` },
  });

describe('a folder date as evidence', () => {
  it('supplies a day where nothing else is known', () => {
    const { capture_time } = decided({ folder: '2019-07-04 Picnic', names: ['IMG_1234.jpg'] });
    expect(capture_time).toMatchObject({
      local: '2019-07-04',
      source: 'folder_date',
      confidence: 'low',
      zone: null,
    });
    expect(capture_time.because).toBe('Only the day is known: the folder name says 4 July 2019.');
  });

  it('confirms a clock on that day', () => {
    const { capture_time } = decided({
      folder: '2019-07-04 Picnic',
      names: ['IMG_1234.jpg'],
      tags: { 'EXIF:DateTimeOriginal': '2019:07:04 12:00:00' },
    });
    expect(capture_time).toMatchObject({ source: 'EXIF:DateTimeOriginal', confidence: 'high' });
  });

  it('names the first day of a journey: the camera is right for a month after it', () => {
    expect(on('2014:07:26').capture_time).toMatchObject({
      source: 'EXIF:DateTimeOriginal',
      confidence: 'medium',
    });
    expect(on('2014:07:11').capture_time).toMatchObject({ source: 'EXIF:DateTimeOriginal' });
    // a scan, years later
    expect(on('2019:07:26').capture_time).toMatchObject({ source: 'folder_date', confidence: 'low' });
    expect(pieceOf(on('2014:07:26'), 'folder_date')).toMatchObject({ raw: '2014-07-12 Italy', rejected: null });
  });
});
