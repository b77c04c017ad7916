import { expect, test } from 'vitest';
import { ExportRefused } from '#export/export-refused.ts';
import { parseTemplate, wantedName, type Named } from './template.ts';

const standard = '{year}/{date}_{time}{ext}';

function nameBy(template: string, asset: Partial<Named> = {}): string {
  const { folder, stem } = wantedName(parseTemplate(template), {
    kind: 'photo',
    name: 'IMG_1.JPG',
    local: '2019-05-05T15:30:00.123',
    precision: 'second',
    camera_make: 'Canon',
    camera_model: 'Canon PowerShot G2',
    tag: 'italy',
    ...asset,
  });
  return folder === '' ? stem : `${folder}/${stem}`;
}

test.each([
  [standard, '2019/20190505_153000'],
  ['{year}/{month}/{day}/{name}{ext}', '2019/05/05/IMG_1'],
  ['{date}_{time}_{subsec}{ext}', '20190505_153000_123'],
  ['{year}/{date}_{time}{-camera}{ext}', '2019/20190505_153000-Canon PowerShot G2'],
  ['{make}/{model}/{kind} {name}{ext}', 'Canon/Canon PowerShot G2/photo IMG_1'],
  ['{tag}/{name}{ext}', 'italy/IMG_1'],
  ['Archive of {year}/{name}{ext}', 'Archive of 2019/IMG_1'],
])('%s gives %s', (template, name) => {
  expect(nameBy(template)).toBe(name);
});

test.each([
  ['2019-05-05T15:30', 'minute', '2019/20190505_1530'],
  ['2019-05-05', 'day', '2019/20190505'],
  ['2019-05', 'month', '2019/2019-05'],
  ['2019', 'year', '2019/2019'],
] as const)('of a time known as %s no finer time is invented: %s', (local, precision, name) => {
  expect(nameBy(standard, { local, precision })).toBe(name);
});

test('what has no date goes to unknown/ under its own name, whatever the template', () => {
  const undated = { local: null, precision: null, name: 'Été 1.scan.JPG' };
  expect(nameBy(standard, undated)).toBe('unknown/Été 1.scan');
  expect(nameBy('{camera}/{kind}{ext}', undated)).toBe('unknown/Été 1.scan');
});

test('a word without a value takes the sign before it along, and an empty folder is none', () => {
  const plain = { camera_make: null, camera_model: null, tag: null };
  expect(nameBy('{year}/{date}_{time}{-camera}{ext}', plain)).toBe('2019/20190505_153000');
  expect(nameBy('{date} - {camera}{ext}', plain)).toBe('20190505');
  expect(nameBy('{camera}_{date}{ext}', plain)).toBe('20190505');
  expect(nameBy('{date}_{tag}_{time}{ext}', plain)).toBe('20190505_153000');
  expect(nameBy('{tag}/{camera}/{date}{ext}', plain)).toBe('20190505');
  expect(nameBy('{camera}{ext}', plain)).toBe('IMG_1');
});

test.each([
  ['NIKON CORPORATION', 'NIKON D70', 'NIKON D70'],
  ['SONY', 'DSC-P12', 'SONY DSC-P12'],
  ['Apple', null, 'Apple'],
  [null, 'FC2103', 'FC2103'],
])('the camera %s, %s is called %s', (camera_make, camera_model, name) => {
  expect(nameBy('{camera}{ext}', { camera_make, camera_model })).toBe(name);
});

test('what a photo says makes no folders', () => {
  expect(nameBy('{tag}/{name}{ext}', { tag: '../../etc', name: 'a\\..\\b.jpg' })).toBe('__.._etc/a_.._b');
  expect(nameBy('{name}{ext}', { name: '...jpg' })).toBe('_');
});

test.each([
  ['{yaer}/{date}{ext}', 1, 'there is no word {yaer}'],
  ['{date}_{time}', 14, 'it must end with {ext}'],
  ['{date}{ext}.bak', 12, 'nothing may follow {ext}'],
  ['{year}/{ext}', 8, 'a name is missing before {ext}'],
  ['{year}//{date}{ext}', 8, 'a folder without a name'],
  ['/media/{date}{ext}', 1, 'a folder without a name'],
  ['../{date}{ext}', 3, 'is no name of a folder'],
  [String.raw`{year}\{date}{ext}`, 7, 'folders are separated by /'],
  ['{date}: {time}{ext}', 7, 'cannot stand in names'],
  ['{date{time}{ext}', 1, 'a { without its }'],
  ['{date}}{ext}', 7, 'a } without its {'],
  ['{date}{.ext}', 7, 'write {ext} without a sign'],
  ['', 1, 'it must end with {ext}'],
])('%s is refused at character %i', (template, at, why) => {
  const refused = () => parseTemplate(template);
  expect(refused).toThrow(ExportRefused);
  expect(refused).toThrow(`wrong at character ${at}: `);
  expect(refused).toThrow(why);
});

test('a refused word is told with all the words there are', () => {
  expect(() => parseTemplate('{when}{ext}')).toThrow(
    '{year} {month} {day} {date} {time} {subsec} {camera} {make} {model} {name} {tag} {kind} {ext}',
  );
});
