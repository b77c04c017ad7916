/**
 * Windows bitmaps, which the decoder library does not read. All that scanners and Windows programs write: 1, 2, 4, 8,
 * 16, 24 and 32 bits, colour tables, bit masks, both run-length codings, rows from below or above. The layout is
 * that of BITMAPINFOHEADER (and the older BITMAPCOREHEADER).
 */
import type { Pixels } from '#media/perceptual-hash.ts';

export type BmpHeader = { width: number; height: number };

/** Size as the header says. Throws when the header makes no sense. */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const { width, height } = readLayout(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return { width, height };
}

/**
 * RGB pixels. Rows that are missing stay black and set `complete` to false. The caller has looked at the size
 * first: three bytes are allocated for every pixel.
 */
export function decodeBmp(bytes: Uint8Array): Pixels & { channels: 3; complete: boolean } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = readLayout(file);
  const { width, height } = layout;
  const data = new Uint8Array(width * height * 3);
  const complete =
    layout.compression === 'rle' ? readRunLengths(file, layout, data) : readRows(file, layout, data);
  return { data, width, height, channels: 3, complete };
}

type Layout = BmpHeader & {
  topDown: boolean;
  bits: number;
  compression: 'none' | 'rle' | 'masks';
  /** Red, green, blue; used with 16 and 32 bits. */
  masks: readonly [number, number, number];
  /** RGB triples. */
  colours: Uint8Array;
  pixelsAt: number;
};

const bitDepths = new Set([1, 2, 4, 8, 16, 24, 32]);

function readLayout(file: Buffer): Layout {
  if (file.length < 26 || file.toString('latin1', 0, 2) !== 'BM') throw new Error('not a BMP header');
  const headerSize = file.readUInt32LE(14);
  const core = headerSize === 12;
  if (!core && (headerSize < 40 || file.length < 54)) throw new Error(`BMP header of ${headerSize} bytes`);
  const width = core ? file.readUInt16LE(18) : file.readInt32LE(18);
  const signedHeight = core ? file.readUInt16LE(20) : file.readInt32LE(22);
  const height = Math.abs(signedHeight);
  const bits = file.readUInt16LE(core ? 24 : 28);
  const method = core ? 0 : file.readUInt32LE(30);
  if (width <= 0 || height === 0) throw new Error(`BMP of ${width} × ${signedHeight} pixels`);
  if (!bitDepths.has(bits)) throw new Error(`BMP of ${bits} bits`);
  const masked = (method === 3 || method === 6) && bits >= 16 && file.length >= 66;
  const runs = (method === 1 && bits === 8) || (method === 2 && bits === 4);
  if (method !== 0 && !masked && !runs) throw new Error(`BMP compression ${method} at ${bits} bits`);
  return {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    compression: runs ? 'rle' : masked ? 'masks' : 'none',
    masks: masked
      ? [file.readUInt32LE(54), file.readUInt32LE(58), file.readUInt32LE(62)]
      : bits === 16
        ? [0x7c00, 0x03e0, 0x001f]
        : [0xff0000, 0x00ff00, 0x0000ff],
    colours: bits <= 8 ? readColours(file, 14 + headerSize, core ? 3 : 4, bits) : new Uint8Array(0),
    pixelsAt: file.readUInt32LE(10),
  };
}

function readColours(file: Buffer, at: number, step: 3 | 4, bits: number): Uint8Array {
  const colours = new Uint8Array(3 * 2 ** bits);
  for (let i = 0; i < 2 ** bits && at + i * step + 3 <= file.length; i++) {
    const entry = at + i * step;
    colours.set([file[entry + 2]!, file[entry + 1]!, file[entry]!], i * 3);
  }
  return colours;
}

function readRows(file: Buffer, layout: Layout, data: Uint8Array): boolean {
  const { width, height, bits } = layout;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const readPixel = pixelReader(file, layout);
  for (let row = 0; row < height; row++) {
    const from = layout.pixelsAt + row * stride;
    if (from + Math.ceil((width * bits) / 8) > file.length) return false;
    const to = (layout.topDown ? row : height - 1 - row) * width * 3;
    for (let x = 0; x < width; x++) readPixel(from, x, data, to + x * 3);
  }
  return true;
}

type PixelReader = (row: number, x: number, data: Uint8Array, to: number) => void;

function pixelReader(file: Buffer, { bits, colours, masks }: Layout): PixelReader {
  if (bits <= 8) {
    const perByte = 8 / bits;
    const mask = 2 ** bits - 1;
    return (row, x, data, to) => {
      const byte = file[row + Math.floor(x / perByte)]!;
      const colour = ((byte >> (8 - bits * ((x % perByte) + 1))) & mask) * 3;
      for (let c = 0; c < 3; c++) data[to + c] = colours[colour + c]!;
    };
  }
  if (bits === 24) {
    return (row, x, data, to) => {
      for (let c = 0; c < 3; c++) data[to + c] = file[row + x * 3 + 2 - c]!;
    };
  }
  const channels = masks.map(channelOf);
  return (row, x, data, to) => {
    const value = bits === 16 ? file.readUInt16LE(row + x * 2) : file.readUInt32LE(row + x * 4);
    for (let c = 0; c < 3; c++) {
      const { shift, most } = channels[c]!;
      data[to + c] = most === 0 ? 0 : Math.round((((value >>> shift) & most) * 255) / most);
    }
  };
}

function channelOf(mask: number): { shift: number; most: number } {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  return { shift, most: mask >>> shift };
}

/** RLE8 and RLE4: counts with a colour, or escapes for end of line, end of picture, a jump, or literal pixels. */
function readRunLengths(file: Buffer, layout: Layout, data: Uint8Array): boolean {
  const { width, height, bits, colours } = layout;
  const nibbles = bits === 4;
  let at = layout.pixelsAt;
  let x = 0;
  let row = 0;
  const put = (index: number) => {
    if (x >= width || row >= height) return;
    const to = ((layout.topDown ? row : height - 1 - row) * width + x) * 3;
    for (let c = 0; c < 3; c++) data[to + c] = colours[index * 3 + c]!;
    x++;
  };
  while (at + 1 < file.length && row < height) {
    const count = file[at]!;
    const value = file[at + 1]!;
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(nibbles ? (i % 2 === 0 ? value >> 4 : value & 15) : value);
    } else if (value === 0) {
      x = 0;
      row++;
    } else if (value === 1) {
      return true;
    } else if (value === 2) {
      if (at + 1 >= file.length) return false;
      x += file[at]!;
      row += file[at + 1]!;
      at += 2;
    } else {
      const used = nibbles ? Math.ceil(value / 2) : value;
      if (at + used > file.length) return false;
      for (let i = 0; i < value; i++) {
        const byte = file[at + (nibbles ? i >> 1 : i)]!;
        put(nibbles ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte);
      }
      at += used + (used % 2);
    }
  }
  return row >= height;
}
