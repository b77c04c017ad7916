import { execFileSync } from 'node:child_process';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { differenceHash } from '#media/perceptual-hash.ts';
import { drawPixels } from '../../test/fixtures/draw.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

/** Seed, width, height of a drawing, and what `imagehash.dhash` says of it (Pillow 9.4, imagehash 4.3). */
const golden: [number, number, number, string][] = [
  [1, 9, 8, '000502030307075f'],
  [2, 9, 8, '38183048e8e3b61d'],
  [3, 1, 1, '0000000000000000'],
  [4, 8, 9, '9898324c8c8f5cb2'],
  [5, 9, 300, '0000001030080100'],
  [6, 300, 8, '6262626262626262'],
  [7, 64, 48, 'f3c3a764bcbcbdf3'],
  [8, 480, 360, '8c0e1627e7d7d1d3'],
  [9, 360, 480, '195930b3023e4307'],
  [10, 480, 1, '4d4d4d4d4d4d4d4d'],
  [11, 2, 480, '0000000022100000'],
  [12, 333, 257, '9c0424449898b9b9'],
  [13, 17, 23, '9accb2f6c886c2de'],
  [14, 100, 7, '5c5c5c5c5c5c5c5c'],
];

const imagehash = `
import sys
from PIL import Image
for name in sys.argv[1:]:
    grey = list(Image.open(name).convert('L').resize((9, 8), Image.LANCZOS).getdata())
    print('%016x' % int(''.join('01'[grey[9 * y + x + 1] > grey[9 * y + x]] for y in range(8) for x in range(8)), 2))
`;

const python = pythonWithPillow();

describe('the dHash', () => {
  test.each(golden)('of drawing %i, %i × %i, is the one of imagehash: %s', (seed, width, height, expected) => {
    const data = drawPixels(seed, width, height);
    expect(differenceHash({ data, width, height, channels: 3 })).toBe(expected);
  });

  test('does not look at transparency, as Pillow does not', () => {
    const opaque = drawPixels(7, 64, 48);
    const data = new Uint8Array(64 * 48 * 4);
    for (let i = 0; i < 64 * 48; i++) data.set([...opaque.subarray(i * 3, i * 3 + 3), i & 255], i * 4);
    expect(differenceHash({ data, width: 64, height: 48, channels: 4 })).toBe('f3c3a764bcbcbdf3');
  });

  test('of one colour has no bit, because no neighbour is brighter', () => {
    const data = new Uint8Array(30 * 20 * 3).fill(200);
    expect(differenceHash({ data, width: 30, height: 20, channels: 3 })).toBe('0000000000000000');
  });

  test.skipIf(python === null)(
    'equals what Pillow computes here, for 60 drawings of all sizes (needs python3 with Pillow)',
    async () => {
      await using folder = await temporaryFolder();
      const drawings = Array.from({ length: 60 }, (_, seed) => {
        const [width, height] = [1 + ((seed * 79) % 480), 1 + ((seed * 131) % 480)];
        return {
          file: path.join(folder.path, `${seed}.png`),
          data: drawPixels(seed, width, height),
          width,
          height,
        };
      });
      for (const { file, data, width, height } of drawings) {
        await sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toFile(file);
      }
      const said = execFileSync(python!, ['-c', imagehash, ...drawings.map(({ file }) => file)], {
        encoding: 'utf8',
      });
      expect(drawings.map((drawing) => differenceHash({ ...drawing, channels: 3 }))).toEqual(
        said.trim().split('\n'),
      );
    },
  );
});

/** The first Python that has Pillow; the one on the PATH may be another than the system's. */
function pythonWithPillow(): string | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-c', 'from PIL import Image; Image.LANCZOS'], { stdio: 'ignore' });
      return python;
    } catch {
      continue;
    }
  }
  return null;
}
