import { expect, test } from 'vitest';
import { bracedTags, folderTag, tagsOfNames } from './name-tags.ts';

test.each([
  ['Italy', ['italy']],
  ['2014-07 Italy', ['italy']],
  ['2014_07_21_Italy', ['italy']],
  ['Grandma’s 80th birthday', ['grandma’s 80th birthday']],
  ['Wedding 2012', ['wedding']],
  ['2018 July 4 picnic', ['picnic']],
  ['Ski trip (March 2019)', ['ski trip']],
  ['Screenshots', ['screenshots']],
  ['Übung', ['übung']],
])('the folder %s gives %j', (folder, tags) => expect(folderTag(folder)).toEqual(tags));

test.each([
  ['DCIM'],
  ['Camera'],
  ['100APPLE'],
  ['101_PANA'],
  ['100CANON'],
  ['a'],
  ['A'],
  ['7'],
  ['1234'],
  ['2014'],
  ['2014-07'],
  ['20140704'],
  ['2014.07.21'],
  ['July'],
  ['4 July 2018'],
  ['2018 July'],
  ['New folder'],
  ['Photos from 2014'],
  ['Takeout'],
  ['Google Photos'],
  ['550e8400-e29b-41d4-a716-446655440000'],
  ['IMG_1234'],
  [''],
  [' '],
  ['...'],
])('the folder %j gives no tag', (folder) => expect(folderTag(folder)).toEqual([]));

test('braces in a file name are tags, lower-cased, the file’s own word before the folder’s', () => {
  expect(bracedTags('IMG_1 {Beach, Italy}.jpg')).toEqual(['beach', 'italy']);
  expect(bracedTags('IMG_1 {}.jpg')).toEqual([]);
  const place = { name: 'x {italy}.jpg', folder: '/media/phone/Italy', asked: ['/media/phone'] };
  expect(tagsOfNames([place])).toEqual([{ tag: 'italy', source: 'name' }]);
});

test('folders above what was asked for give no tags; the asked one and those below do', () => {
  expect(tags('/home/peter/Sweden/Lake', ['/home/peter/Sweden'])).toEqual(['sweden', 'lake']);
  expect(tags('/home/peter/Sweden', ['/home/peter/Sweden/'])).toEqual(['sweden']);
  expect(tags('/home/peter/Sweden', ['/home/peter/Sweden/a.jpg'])).toEqual(['sweden']);
  expect(tags('holiday/Lake', null)).toEqual(['holiday', 'lake']);
});

function tags(folder: string, asked: string[] | null): string[] {
  return tagsOfNames([{ name: 'a.jpg', folder, asked }]).map(({ tag }) => tag);
}
