import { expect, test } from 'vitest';
import { isSystemName } from './system-names.ts';

test('what the computer keeps for itself is not taken for a photo', () => {
  for (const name of [
    '.DS_Store',
    '._IMG_1.JPG',
    '@eaDir',
    'Thumbs.db',
    'desktop.ini',
    '$RECYCLE.BIN',
    '#snapshot',
    'Picasa.ini',
    'ZbThumbnail.info',
    '__MACOSX',
  ]) {
    expect([name, isSystemName(name)]).toEqual([name, true]);
  }
  for (const name of ['IMG_1.JPG', 'Thumbs', 'my desktop.ini.jpg', 'eaDir']) {
    expect([name, isSystemName(name)]).toEqual([name, false]);
  }
});
