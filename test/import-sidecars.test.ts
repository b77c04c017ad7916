/** Sidecars as they lie in real folders, imported by the whole product. */
import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/database.ts';
import { drawVideo } from './fixtures/draw.ts';
import { stampedFile, stampedPhoto } from './fixtures/stamp.ts';
import { daybook } from './running-app.ts';
import { temporaryFolder } from './temporary-folder.ts';

const takeout = (seconds: number, latitude: number, longitude: number): string =>
  JSON.stringify({
    title: 'any',
    photoTakenTime: { timestamp: String(seconds), formatted: '' },
    geoData: { latitude, longitude, altitude: 0 },
  });

const xmp = (attributes: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
   <rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/"
     xmlns:xmp="http://ns.adobe.com/xap/1.0/" ${attributes}/></rdf:RDF></x:xmpmeta>`;

test('sidecars speak for their photo and are never failures', async () => {
  await using pile = await temporaryFolder();
  await using data = await temporaryFolder();
  const put = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(pile.path, file)), { recursive: true });
    await writeFile(path.join(pile.path, file), text);
  };
  let seed = 0;
  const photo = (name: string, tags?: Record<string, string>) =>
    stampedPhoto(pile.path, name, { seed: (seed += 1), ...(tags && { tags }) });

  // 2023-10-06T06:30:00Z, at the Eiffel Tower
  await photo('Paris/DSC_0238.JPG');
  await photo('Paris/DSC_0238(1).JPG', { 'EXIF:DateTimeOriginal': '2023:10:06 08:30:00' });
  await photo('Paris/DSC_0238-edited.JPG');
  await put('Paris/DSC_0238.JPG.json', takeout(1_696_573_800, 48.8583736, 2.291901));
  await put('Paris/DSC_0238.JPG(1).json', takeout(1_696_573_800, 0, 0));
  await put('Paris/metadata.json', '{"title":"Paris"}');
  await put('Paris/IMG_9999.jpg.supplemental-metadata.json', takeout(1_696_573_800, 0, 0));
  // an album in two archives
  await photo('part1/Album/split.jpg');
  await put('part2/Album/split.jpg.supplemental-metadata.json', takeout(1_229_616_017, 0, 0));
  // XMP
  await photo('xmp/one.jpg');
  await put('xmp/one.jpg.xmp', xmp('exif:DateTimeOriginal="2018-09-10T12:16:13"'));
  await photo('xmp/two.jpg');
  await put('xmp/two.xmp', xmp('xmp:CreateDate="2018-11-17T20:27:31+01:00"'));
  await photo('xmp/broken.jpg');
  await put('xmp/broken.xmp', 'this is no XMP');
  await put('xmp/alone.xmp', xmp('xmp:CreateDate="2018-11-17T20:27:31+01:00"'));
  // a camera's thumbnail knows when the film was taken
  await stampedFile(
    pile.path,
    'film/MVI_0121.MP4',
    drawVideo({ brand: 'isom', created: null, seconds: 1, width: 64, height: 48, rotation: 0 }),
  );
  await photo('film/thumb.jpg', { 'EXIF:DateTimeOriginal': '2004:07:08 09:10:11' });
  await rename(path.join(pile.path, 'film/thumb.jpg'), path.join(pile.path, 'film/MVI_0121.THM'));

  const zone = { DAYBOOK_DATA: data.path, DAYBOOK_TIMEZONE: 'America/New_York' };
  const first = JSON.parse((await daybook(['import', pile.path, '--json'], zone)).stdout);
  expect([first.status, first.done, first.skipped, first.failed]).toEqual(['completed', 8, 10, 0]);

  {
    await using opened = await openDatabase({ sqlite: path.join(data.path, 'daybook.db') });
    const rows = await opened.db
      .selectFrom('assets')
      .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
      .select(['name', 'local', 'zone', 'zone_source', 'source', 'confidence'])
      .execute();
    const chosen = Object.fromEntries(
      rows.map(({ name, local, zone, zone_source, source, confidence }) => [
        name,
        [local, zone, zone_source, source, confidence].filter(Boolean).join(' '),
      ]),
    );
    const newYork = 'America/New_York home';
    expect(chosen).toEqual({
      'DSC_0238.JPG': '2023-10-06T08:30:00 Europe/Paris gps_position Takeout:photoTakenTime medium',
      'DSC_0238-edited.JPG': '2023-10-06T08:30:00 Europe/Paris gps_position Takeout:photoTakenTime medium',
      'DSC_0238(1).JPG': '2023-10-06T08:30:00 +02:00 utc_difference EXIF:DateTimeOriginal high',
      'split.jpg': `2008-12-18T11:00:17 ${newYork} Takeout:photoTakenTime medium`,
      'one.jpg': `2018-09-10T12:16:13 ${newYork} XMP:DateTimeOriginal medium`,
      'two.jpg': '2018-11-17T20:27:31 +01:00 written XMP:CreateDate medium',
      'broken.jpg': 'none',
      'MVI_0121.MP4': `2004-07-08T09:10:11 ${newYork} EXIF:DateTimeOriginal medium`,
    });
    const skipped = await opened.db
      .selectFrom('job_items')
      .select(['label', 'skipped_because'])
      .where('skipped_because', 'is not', null)
      .execute();
    expect(Object.fromEntries(skipped.map((item) => [item.label, item.skipped_because]))).toEqual({
      'DSC_0238.JPG.json': expect.stringMatching(/^belongs to DSC_0238(-edited)?\.JPG$/),
      'DSC_0238.JPG(1).json': 'belongs to DSC_0238(1).JPG',
      'metadata.json': 'describes an album, not a photo or video',
      'IMG_9999.jpg.supplemental-metadata.json': 'belongs to a photo or video that is not here',
      'split.jpg.supplemental-metadata.json': 'belongs to split.jpg',
      'one.jpg.xmp': 'belongs to one.jpg',
      'two.xmp': 'belongs to two.jpg',
      'broken.xmp': 'belongs to broken.jpg',
      'alone.xmp': 'belongs to a photo or video that is not here',
      'MVI_0121.THM': 'belongs to MVI_0121.MP4',
    });
  }

  // A sidecar that changed is read again, and what has not changed is not.
  await put('xmp/one.jpg.xmp', xmp('exif:DateTimeOriginal="2017-01-02T03:04:05"'));
  await utimes(path.join(pile.path, 'xmp/one.jpg.xmp'), 1_600_000_000, 1_600_000_000);
  const second = JSON.parse((await daybook(['import', pile.path, '--json'], zone)).stdout);
  expect([second.status, second.done, second.skipped, second.failed]).toEqual(['completed', 0, 18, 0]);
  await using opened = await openDatabase({ sqlite: path.join(data.path, 'daybook.db') });
  const { local } = await opened.db
    .selectFrom('assets')
    .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
    .select('local')
    .where('name', '=', 'one.jpg')
    .executeTakeFirstOrThrow();
  expect(local).toBe('2017-01-02T03:04:05');
});
