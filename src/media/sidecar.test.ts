import { expect, test } from 'vitest';
import { isSidecar } from '#media/sidecar.ts';

test.each([
  'IMG_1.xmp',
  'IMG_1.JPG.XMP',
  'IMG_1.jpg.json',
  'IMG_1.jpg.supplemental-metadata.json',
  'IMG_1.jpg.supplemental-me.json',
  'metadata.json',
  'DSC_0238.JPG(1).json',
  'IMG_4120.AAE',
  'MVI_0121.THM',
  'GL010123.LRV',
  'DJI_0001.SRT',
])('%s is a sidecar', (name) => {
  expect(isSidecar(name)).toBe(true);
});

test.each(['IMG_1.jpg', 'IMG_1.mov', 'xmp', 'json', 'my.json.jpg', 'AAE.png', 'a.thm.mp4'])(
  '%s is not a sidecar',
  (name) => {
    expect(isSidecar(name)).toBe(false);
  },
);
