import { describe, expect, it } from 'vitest';
import { isAlbumJson, takeoutJsonNames } from './takeout-names.ts';

describe('the JSON of a photo', () => {
  it.each([
    ['PXL_20211013_220651983.jpg', 'PXL_20211013_220651983.jpg.json'],
    ['DSC_0238.JPG', 'DSC_0238.JPG.json'],
    ['other-img.jpg', 'other-img.jpg.json'],
    ['PXL_20210102_221126856.MP~2.jpg', 'PXL_20210102_221126856.MP~2.jpg.json'],
    // the naming since 2024, whole and cut at 46
    ['IMG_0042.jpg', 'IMG_0042.jpg.supplemental-metadata.json'],
    ['IMG_20240101_120000.jpg', 'IMG_20240101_120000.jpg.supplemental-metadata.json'],
    ['IMG_20240101_120000_123.jpg', 'IMG_20240101_120000_123.jpg.supplemental-metad.json'],
    ['Screenshot_20190919-053857_Instagram.jpg', 'Screenshot_20190919-053857_Instagram.jpg.suppl.json'],
    ['original_1d4caa6f-16c6-4c3d-901b-9387de1.jpg', 'original_1d4caa6f-16c6-4c3d-901b-9387de1.jpg.s.json'],
    ['original_1d4caa6f-16c6-4c3d-901b-9387de10.jpg', 'original_1d4caa6f-16c6-4c3d-901b-9387de10.jpg..json'],
    // the counter in another place
    ['DSC_0238(1).JPG', 'DSC_0238.JPG(1).json'],
    ['IMG_2710(1).HEIC', 'IMG_2710.HEIC(1).json'],
    ['IMG_0042(1).jpg', 'IMG_0042.jpg.supplemental-metadata(1).json'],
    ['IMG_20240101_120000_123(2).jpg', 'IMG_20240101_120000_123.jpg.supplemental-metad(2).json'],
    // cut names
    [
      'PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINA.jpg',
      'PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGIN.json',
    ],
    ['05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg', '05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jp.json'],
    [
      '😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛.jpg',
      '😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋.json',
    ],
    [
      'original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg',
      'original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json',
    ],
    [
      'Backyard_ceremony_wedding_photography_xxxxxxx_m(494).jpg',
      'Backyard_ceremony_wedding_photography_xxxxxxx_(494).json',
    ],
    [
      '13039_327707840323_537645323_9470255_27214_n(1).jpg',
      '13039_327707840323_537645323_9470255_27214_n.j(1).json',
    ],
    [
      'original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P(1).jpg',
      'original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json',
    ],
    // edited copies
    ['PXL_20220405_090123740.PORTRAIT-modifié.jpg', 'PXL_20220405_090123740.PORTRAIT.jpg.json'],
    ['IMG_0042-edited.jpg', 'IMG_0042.jpg.json'],
    ['IMG_0042-bearbeitet.jpg', 'IMG_0042.jpg.supplemental-metadata.json'],
    ['IMG_0042-edited(1).jpg', 'IMG_0042.jpg(1).json'],
    [
      'PXL_20230809_203449253.LONG_EXPOSURE-02.COV-edi.jpg',
      'PXL_20230809_203449253.LONG_EXPOSURE-02.COV.jpg.json',
    ],
    // videos that belong to a photo
    ['IMG_3479.MP4', 'IMG_3479.heic.json'],
    ['PXL_20231118_035751175.MP', 'PXL_20231118_035751175.MP.jpg.json'],
  ])('%s may be %s', (media, json) => {
    expect([...takeoutJsonNames(media)]).toContain(json);
  });

  it.each([
    ['PXL_20211013_220651958.jpg', 'PXL_20211013_220651983.jpg.json'],
    ['PXL_20220405_090123741.PORTRAIT-modifié.jpg', 'PXL_20220405_090123740.PORTRAIT.jpg.json'],
    ['DSC_0102(1).JPG', 'DSC_0102.JPG(2).json'],
    ['DSC_0103.JPG', 'DSC_0103.JPG(1).json'],
    ['DSC_0104(1).JPG', 'DSC_0104.JPG.json'],
    ['DSC_0238_1.JPG', 'DSC_0238.JPG(1).json'],
    [
      'Backyard_ceremony_wedding_photography_xxxxxxx_m(185).jpg',
      'Backyard_ceremony_wedding_photography_xxxxxxx_(494).json',
    ],
    ['trip-to-rome.jpg', 'trip-to.jpg.json'],
  ])('%s is never %s', (media, json) => {
    expect([...takeoutJsonNames(media)]).not.toContain(json);
  });

  it('of its own goes before that of another photo', () => {
    const names = [...takeoutJsonNames('IMG_0042(1).jpg')];
    expect(names.indexOf('IMG_0042(1).jpg.json')).toBeLessThan(names.indexOf('IMG_0042.jpg(1).json'));
  });

  it('is looked for under few names, however long the name of the photo', () => {
    expect([...takeoutJsonNames(`${'x'.repeat(250)}-edited(12).mp4`)].length).toBeLessThan(600);
  });
});

it.each([
  ['metadata.json', true],
  ['métadonnées.json', true],
  ['métadonnées.json'.normalize('NFD'), true],
  ['Metadaten(2).json', true],
  ['metadata.jpg.json', false],
  ['IMG_1.jpg.json', false],
])('%s describes an album: %s', (name, album) => {
  expect(isAlbumJson(name)).toBe(album);
});
