import { describe, expect, test } from 'vitest';
import { decodeBmp, readBmpHeader } from '#media/bmp.ts';

const red = [255, 0, 0];
const green = [0, 255, 0];
const blue = [0, 0, 255];
const white = [255, 255, 255];
const black = [0, 0, 0];

type Bitmap = {
  bits: number;
  width: number;
  height: number;
  rows: number[];
  method?: number;
  between?: number[];
};

/** A BMP file; `between` is what stands between header and rows: colour table or masks. */
function bitmap({ bits, width, height, rows, method = 0, between = [] }: Bitmap): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(54 + between.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(method, 30);
  return Buffer.concat([header, Buffer.from(between), Buffer.from(rows)]);
}

/** Blue, green, red, nothing: the order of a colour table. */
const colourTable = [black, white, red, green].flatMap(([r, g, b]) => [b!, g!, r!, 0]);

describe('a bitmap', () => {
  test('of 24 bits has its rows from below, each filled to four bytes', () => {
    const rows = [255, 0, 0, 0, 255, 0, 0, 0, /* above: */ 0, 0, 255, 255, 255, 255, 0, 0];
    const { data, complete } = decodeBmp(bitmap({ bits: 24, width: 2, height: 2, rows }));
    expect([...data]).toEqual([...red, ...white, ...blue, ...green]);
    expect(complete).toBe(true);
  });

  test('of negative height has its rows from above', () => {
    const rows = [0, 0, 255, 0, 255, 0, 0, 0];
    expect([...decodeBmp(bitmap({ bits: 24, width: 1, height: -2, rows })).data]).toEqual([...red, ...blue]);
  });

  test.each([
    [1, [0b0101_0000, 0, 0, 0], [black, white, black, white]],
    [2, [0b00_01_10_11, 0, 0, 0], [black, white, red, green]],
    [4, [0x01, 0x23, 0, 0], [black, white, red, green]],
    [8, [0, 1, 2, 3], [black, white, red, green]],
  ])('of %i bits takes its colours from the table', (bits, rows, expected) => {
    const file = bitmap({ bits, width: 4, height: 1, rows, between: colourTable });
    // The table of 8 bits would have 256 entries; missing ones are black.
    expect([...decodeBmp(file).data]).toEqual(expected.flat());
  });

  test('of 16 bits is 5-5-5, and by masks 5-6-5', () => {
    const plain = bitmap({ bits: 16, width: 2, height: 1, rows: [0x00, 0x7c, 0xff, 0x7f] });
    expect([...decodeBmp(plain).data]).toEqual([...red, ...white]);
    const masks = [0x00, 0xf8, 0, 0, 0xe0, 0x07, 0, 0, 0x1f, 0x00, 0, 0];
    const masked = bitmap({
      bits: 16,
      method: 3,
      width: 2,
      height: 1,
      rows: [0xe0, 0x07, 0x1f, 0x00],
      between: masks,
    });
    expect([...decodeBmp(masked).data]).toEqual([...green, ...blue]);
  });

  test('of runs knows counts, literals, jumps and the end of a line', () => {
    const rows = [2, 2, 0, 0, /* second row, from its third pixel: */ 0, 2, 2, 0, 0, 3, 1, 3, 1, 0, 0, 1];
    const file = bitmap({ bits: 8, method: 1, width: 5, height: 2, rows, between: colourTable });
    const { data, complete } = decodeBmp(file);
    expect(complete).toBe(true);
    const lower = [red, red, black, black, black];
    const upper = [black, black, white, green, white];
    expect([...data]).toEqual([...upper, ...lower].flat());
  });

  test('that ends too early keeps what it has and says so', () => {
    const { data, complete } = decodeBmp(bitmap({ bits: 24, width: 1, height: 3, rows: [0, 0, 255, 0] }));
    expect([...data]).toEqual([...black, ...black, ...red]);
    expect(complete).toBe(false);
  });

  test('of any size is measured without being decoded', () => {
    const file = bitmap({ bits: 24, width: 2_147_483_647, height: 6, rows: [] });
    expect(readBmpHeader(file)).toEqual({ width: 2_147_483_647, height: 6 });
  });

  test.each([
    ['no bits', bitmap({ bits: 0, width: 1, height: 1, rows: [] })],
    ['no width', bitmap({ bits: 24, width: 0, height: 1, rows: [] })],
    ['an unknown compression', bitmap({ bits: 24, width: 1, height: 1, rows: [], method: 4 })],
    ['half a header', bitmap({ bits: 24, width: 1, height: 1, rows: [] }).subarray(0, 20)],
  ])('with %s is refused', (_, file) => {
    expect(() => decodeBmp(file)).toThrow(/BMP/);
  });
});
