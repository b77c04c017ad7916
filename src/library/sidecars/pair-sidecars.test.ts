import { expect, it } from 'vitest';
import { pairSidecars } from './pair-sidecars.ts';

const pair = (...names: string[]) => {
  const { of, owners } = pairSidecars(names);
  return { of: Object.fromEntries(of), owners: Object.fromEntries(owners) };
};

it('x.jpg.xmp speaks of x.jpg, x.xmp of all with that stem', () => {
  const { of } = pair('x.jpg', 'x.CR2', 'x.jpg.xmp', 'x.xmp', 'y.jpg');
  expect(of).toEqual({ 'x.jpg': ['x.jpg.xmp', 'x.xmp'], 'x.CR2': ['x.xmp'] });
});

it('a further version of a RAW in darktable speaks of the RAW, unless a file has that very name', () => {
  const { of, owners } = pair('DSC_0001.NEF', 'DSC_0001.NEF.xmp', 'DSC_0001_01.NEF.xmp', 'DSC_0001_02.NEF.xmp');
  expect(of['DSC_0001.NEF']).toEqual(['DSC_0001.NEF.xmp', 'DSC_0001_01.NEF.xmp', 'DSC_0001_02.NEF.xmp']);
  expect(owners['DSC_0001_01.NEF.xmp']).toEqual(['DSC_0001.NEF']);
  const named = pair('IMG_20.jpg', 'IMG_20_01.jpg', 'IMG_20_01.jpg.xmp');
  expect(named.of).toEqual({ 'IMG_20_01.jpg': ['IMG_20_01.jpg.xmp'] });
});

it('an edit of an iPhone belongs to the original and to the edited picture', () => {
  const { owners } = pair('IMG_4120.HEIC', 'IMG_4120.MOV', 'IMG_E4120.JPG', 'IMG_4120.AAE', 'IMG_O4120.AAE');
  expect(owners['IMG_4120.AAE']).toEqual(['IMG_4120.HEIC', 'IMG_4120.MOV', 'IMG_E4120.JPG']);
  expect(owners['IMG_O4120.AAE']).toContain('IMG_4120.HEIC');
});

it('thumbnails and small copies of cameras belong to their video', () => {
  const { owners } = pair('MVI_0121.AVI', 'MVI_0121.THM', 'GX010123.MP4', 'GL010123.LRV', 'GX010123.THM');
  expect(owners).toEqual({
    'MVI_0121.THM': ['MVI_0121.AVI'],
    'GL010123.LRV': ['GX010123.MP4'],
    'GX010123.THM': ['GX010123.MP4'],
  });
});

it('Takeout: each photo its own JSON, the edited copy that of its original', () => {
  const { of } = pair(
    'DSC_0238.JPG',
    'DSC_0238(1).JPG',
    'DSC_0238_1.JPG',
    'DSC_0238-edited.JPG',
    'DSC_0238.JPG.json',
    'DSC_0238.JPG(1).json',
    'DSC_0238_1.JPG.json',
    'metadata.json',
  );
  expect(of).toEqual({
    'DSC_0238.JPG': ['DSC_0238.JPG.json'],
    'DSC_0238(1).JPG': ['DSC_0238.JPG(1).json'],
    'DSC_0238_1.JPG': ['DSC_0238_1.JPG.json'],
    'DSC_0238-edited.JPG': ['DSC_0238.JPG.json'],
  });
});

it('case and the writing of accents make no difference', () => {
  const photo = 'Été.JPG'.normalize('NFD');
  expect(pair(photo, 'été.xmp').of).toEqual({ [photo]: ['été.xmp'] });
});

it('a sidecar whose photo is not there has no owner', () => {
  expect(pair('x.xmp', 'y.jpg.json', 'z.jpg').owners).toEqual({});
});

it('stays quick in a folder of 50,000 photos and JSON files', () => {
  const names = Array.from({ length: 50_000 }, (_, n) => [`IMG_${n}.jpg`, `IMG_${n}.jpg.json`]).flat();
  expect(pairSidecars(names).of.size).toBe(50_000); // 0.3 s here; a search of every pair would take minutes
});
