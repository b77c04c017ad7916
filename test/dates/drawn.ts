/** One drawn file for each way in which a date is told, with what its maker knows of it. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Expected } from '../../bench/dates/lines.ts';
import { drawVideo } from '../fixtures/draw.ts';
import { stampedFile, stampedPhoto } from '../fixtures/stamp.ts';

const camera = { 'EXIF:Make': 'Drawn', 'EXIF:Model': 'By Code', 'EXIF:SerialNumber': '42' };
const eiffelTower = {
  'GPS:GPSLatitude': 48.8583736,
  'GPS:GPSLatitudeRef': 'N',
  'GPS:GPSLongitude': 2.291901,
  'GPS:GPSLongitudeRef': 'E',
};

type Drawn =
  | { file: string; photo: Record<string, string | number>; expected: string | null }
  | { file: string; film: string | null; expected: string | null }
  | { file: string; text: string };

const takeout = (seconds: number): string =>
  JSON.stringify({
    photoTakenTime: { timestamp: String(seconds) },
    geoData: { latitude: 48.8583736, longitude: 2.291901 },
  });
const uploaded = (seconds: number): string =>
  JSON.stringify({
    creationTime: { timestamp: String(seconds) },
    photoTakenTime: { timestamp: String(seconds) },
  });
const xmp = (attributes: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" ${attributes}/></rdf:RDF></x:xmpmeta>`;

const original = 'EXIF:DateTimeOriginal';

/** `expected` is a wall clock, or an instant that ends in Z. Home is America/New_York. */
export const drawn: readonly Drawn[] = [
  { file: 'camera/plain.jpg', photo: { [original]: '2019:03:04 05:06:07' }, expected: '2019-03-04T05:06:07' },
  {
    file: 'camera/offset.jpg',
    photo: { [original]: '2019:03:04 05:06:07', 'EXIF:OffsetTimeOriginal': '+09:00' },
    expected: '2019-03-04T05:06:07',
  },
  {
    file: 'camera/place.jpg',
    photo: { [original]: '2019:03:04 05:06:07', ...eiffelTower },
    expected: '2019-03-04T05:06:07',
  },
  {
    file: 'camera/gps-clock.jpg',
    photo: {
      [original]: '2019:03:04 05:06:07',
      'GPS:GPSDateStamp': '2019:03:04',
      'GPS:GPSTimeStamp': '08:06:01',
    },
    expected: '2019-03-04T05:06:07',
  },
  {
    file: 'camera/digitised.jpg',
    photo: { 'EXIF:CreateDate': '2019:03:04 05:06:07' },
    expected: '2019-03-04T05:06:07',
  },
  { file: 'camera/zeros.jpg', photo: { [original]: '0000:00:00 00:00:00' }, expected: null },
  { file: 'camera/1970.jpg', photo: { [original]: '1970:01:01 00:00:00' }, expected: '1970-01-01T00:00:00' },
  {
    file: 'camera/2000.jpg',
    photo: { 'XMP-xmp:CreateDate': '2000:01:01 00:00:00' },
    expected: '2000-01-01T00:00:00',
  },
  { file: 'camera/future.jpg', photo: { [original]: '2099:01:01 00:00:00' }, expected: '2099-01-01T00:00:00' },
  {
    file: 'camera/retouched.jpg',
    photo: { [original]: '2019:03:04 05:06:07', 'EXIF:ModifyDate': '2019:01:01 00:00:00' },
    expected: '2019-03-04T05:06:07',
  },
  {
    file: 'notes/xmp.jpg',
    photo: { 'XMP-photoshop:DateCreated': '2018:02:03 04:05:06+02:00' },
    expected: null,
  },
  {
    file: 'notes/caption.jpg',
    photo: { 'IPTC:DateCreated': '2018:02:03', 'IPTC:TimeCreated': '04:05:06+00:00' },
    expected: null,
  },
  { file: 'names/IMG_20170203_040506.jpg', photo: {}, expected: null },
  { file: 'names/PXL_20210906_174416840.jpg', photo: {}, expected: null },
  { file: 'names/IMG-20171218-WA0028.jpg', photo: {}, expected: null },
  { file: 'names/IMG_1234.jpg', photo: {}, expected: null },
  {
    file: 'names/[FORCE] 2001-02-03.jpg',
    photo: { [original]: '2019:03:04 05:06:07' },
    expected: '2019-03-04T05:06:07',
  },
  { file: '2014/2014-07 Italy/none.jpg', photo: {}, expected: null },
  {
    file: '2019-07-01 Journey/later.jpg',
    photo: { [original]: '2019:07:14 12:00:00' },
    expected: '2019-07-14T12:00:00',
  },
  { file: '1999-2004/scan.jpg', photo: {}, expected: null },
  { file: 'google/IMG_1.jpg', photo: {}, expected: null },
  { file: 'google/IMG_1.jpg.json', text: takeout(1_696_573_800) },
  { file: 'google/IMG_2.jpg', photo: { [original]: '2023:10:06 08:30:00' }, expected: '2023-10-06T08:30:00' },
  { file: 'google/IMG_2.jpg.supplemental-metadata.json', text: takeout(1_500_000_000) },
  { file: 'Photos from 2025/clipart.jpg', photo: {}, expected: null },
  { file: 'Photos from 2025/clipart.jpg.json', text: uploaded(1_741_885_510) },
  { file: 'google/metadata.json', text: '{"title":"An album"}' },
  { file: 'sidecar/one.jpg', photo: {}, expected: null },
  { file: 'sidecar/one.jpg.xmp', text: xmp('exif:DateTimeOriginal="2016-05-04T03:02:01"') },
  { file: 'sidecar/alone.xmp', text: xmp('exif:DateTimeOriginal="2016-05-04T03:02:01"') },
  { file: 'film/utc.mp4', film: '2015-06-07T08:09:10Z', expected: '2015-06-07T08:09:10Z' },
  { file: 'film/zero.mp4', film: null, expected: null },
  { file: 'film/VID_20150607_080911.mp4', film: '2015-06-07T08:09:11Z', expected: '2015-06-07T08:09:11Z' },
  { file: 'film/P1000244.mov', film: '2012-05-06T10:00:31Z', expected: '2012-05-06T10:00:31Z' },
  {
    file: 'film/P1000244.jpg',
    photo: { ...camera, [original]: '2012:05:06 10:00:30' },
    expected: '2012-05-06T10:00:30',
  },
  { file: 'film/P1000300.mov', film: '2012-05-06T15:04:00Z', expected: '2012-05-06T15:04:00Z' },
  { file: 'film/P1000300.jpg', photo: { [original]: '2013:05:06 10:00:30' }, expected: '2013-05-06T10:00:30' },
  {
    file: 'count/IMG_0121.jpg',
    photo: { ...camera, [original]: '2014:07:01 10:00:00' },
    expected: '2014-07-01T10:00:00',
  },
  { file: 'count/IMG_0122.jpg', photo: camera, expected: null },
  {
    file: 'count/IMG_0123.jpg',
    photo: { ...camera, [original]: '2014:07:01 10:20:00' },
    expected: '2014-07-01T10:20:00',
  },
  {
    file: 'day/a.jpg',
    photo: { ...camera, [original]: '2015:08:01 10:00:00' },
    expected: '2015-08-01T10:00:00',
  },
  {
    file: 'day/b.jpg',
    photo: { ...camera, [original]: '2015:08:01 11:00:00', 'EXIF:OffsetTimeOriginal': '+09:00' },
    expected: '2015-08-01T11:00:00',
  },
  { file: 'broken/text.jpg', text: 'This is a letter, not a photo.' },
];

/** Draws them all and returns what is expected of each. */
export async function drawAll(folder: string): Promise<{ path: string; expected: Expected }[]> {
  for (const [seed, each] of drawn.entries()) {
    if ('photo' in each) await stampedPhoto(folder, each.file, { seed: seed + 1, tags: each.photo });
    else if ('film' in each) {
      // Each lasts another number of seconds, or two of one date would be the same bytes.
      const film = {
        brand: 'isom',
        created: each.film,
        seconds: seed,
        width: 64,
        height: 48,
        rotation: 0,
      } as const;
      await stampedFile(folder, each.file, drawVideo(film));
    } else {
      await mkdir(path.dirname(path.join(folder, each.file)), { recursive: true });
      await writeFile(path.join(folder, each.file), each.text);
    }
  }
  return drawn.map((each) => ({
    path: each.file,
    expected: 'text' in each ? null : asExpected(each.expected),
  }));
}

function asExpected(text: string | null): Expected {
  if (text === null) return null;
  return text.endsWith('Z') ? { source: 'header', at: text } : { source: 'camera', local: text };
}
