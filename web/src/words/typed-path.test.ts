import { expect, test } from 'vitest';
import { typedPath } from './typed-path.ts';

test.each([
  ['/media/phone', '/media/phone'],
  ['  /media/phone ', '/media/phone'],
  ['"C:\\Users\\me\\My photos"', 'C:\\Users\\me\\My photos'],
  ["'/media/my phone'", '/media/my phone'],
  ["/media/it's 5 o'clock", "/media/it's 5 o'clock"],
  ['"', '"'],
  ['', ''],
])('the path %j is meant as %j', (text, path) => {
  expect(typedPath(text)).toBe(path);
});
