/** What files tell about one another, through the whole product, whichever of them is met first. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/database.ts';
import { drawVideo } from './fixtures/draw.ts';
import { stampedFile, stampedPhoto } from './fixtures/stamp.ts';
import { daybook } from './running-app.ts';
import { temporaryFolder } from './temporary-folder.ts';

const camera = { 'EXIF:Make': 'Drawn', 'EXIF:Model': 'S40', 'EXIF:SerialNumber': '7' };
const taken = (local: string) => ({ ...camera, 'EXIF:DateTimeOriginal': local });

test('partners, neighbours and the day of a device', async () => {
  await using pile = await temporaryFolder();
  await using data = await temporaryFolder();
  let seed = 100;
  const photo = (name: string, tags: Record<string, string>) =>
    stampedPhoto(pile.path, name, { seed: (seed += 1), tags });
  const film = (name: string, created: string | null) =>
    stampedFile(
      pile.path,
      name,
      drawVideo({ brand: 'qt  ', created, seconds: (seed += 1), width: 64, height: 48, rotation: 0 }),
    );

  // The header of this film is the wall clock of the camera; the photo of the same name tells.
  await film('pair/P1000244.MOV', '2012-05-06T10:00:31Z');
  await photo('pair/P1000244.JPG', taken('2012:05:06 10:00:30'));
  // Another film that only has the same name.
  await film('pair/P1000300.MOV', '2012-05-06T15:04:00Z');
  await photo('pair/P1000300.JPG', taken('2013:05:06 10:00:30'));
  // Between two dated files, three without a date, one of them first in the order of work.
  await photo('count/IMG_0120.JPG', taken('2014:07:01 10:00:00'));
  for (const number of ['0121', '0122', '0123']) await photo(`count/IMG_${number}.JPG`, camera);
  await photo('count/IMG_0124.JPG', taken('2014:07:01 10:40:00'));
  // The second knows its zone; the first is met before it, the third after it.
  await photo('day/a.jpg', taken('2015:08:01 10:00:00'));
  await photo('day/b.jpg', { ...taken('2015:08:01 11:00:00'), 'EXIF:OffsetTimeOriginal': '+09:00' });
  await photo('day/c.jpg', taken('2015:08:01 12:00:00'));
  await photo('day/d.jpg', taken('2015:08:02 12:00:00'));

  const zone = { DAYBOOK_DATA: data.path, DAYBOOK_TIMEZONE: 'America/New_York' };
  const report = JSON.parse((await daybook(['import', pile.path, '--json'], zone)).stdout);
  expect([report.status, report.done, report.failed]).toEqual(['completed', 13, 0]);

  await using opened = await openDatabase({ sqlite: path.join(data.path, 'daybook.db') });
  const rows = await opened.db
    .selectFrom('assets')
    .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
    .select(['name', 'local', 'zone_source', 'source', 'confidence'])
    .execute();
  const chosen = rows.map(({ name, local, zone_source, source, confidence }) => [
    name,
    [local, zone_source, source, confidence].filter((part) => part !== null).join(' '),
  ]);
  expect(Object.fromEntries(chosen)).toEqual({
    'P1000244.MOV': '2012-05-06T10:00:31 home QuickTime:CreateDate medium',
    'P1000244.JPG': '2012-05-06T10:00:30 home EXIF:DateTimeOriginal medium',
    'P1000300.MOV': '2012-05-06T11:04:00 home QuickTime:CreateDate medium',
    'P1000300.JPG': '2013-05-06T10:00:30 home EXIF:DateTimeOriginal medium',
    'IMG_0120.JPG': '2014-07-01T10:00:00 home EXIF:DateTimeOriginal medium',
    'IMG_0121.JPG': '2014-07-01T10:10 home neighbours low',
    'IMG_0122.JPG': '2014-07-01T10:20 home neighbours low',
    'IMG_0123.JPG': '2014-07-01T10:30 home neighbours low',
    'IMG_0124.JPG': '2014-07-01T10:40:00 home EXIF:DateTimeOriginal medium',
    'a.jpg': '2015-08-01T10:00:00 device EXIF:DateTimeOriginal medium',
    'b.jpg': '2015-08-01T11:00:00 offset_tag EXIF:DateTimeOriginal medium',
    'c.jpg': '2015-08-01T12:00:00 device EXIF:DateTimeOriginal medium',
    'd.jpg': '2015-08-02T12:00:00 home EXIF:DateTimeOriginal medium',
  });
  const refused = await opened.db
    .selectFrom('evidence')
    .select('source')
    .where('rejected', '=', 'another_shot')
    .execute();
  expect(refused).toEqual([{ source: 'partner' }]);
});
