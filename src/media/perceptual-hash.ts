/**
 * The 64-bit dHash, bit for bit the one of Python's `imagehash.dhash(image)`: grey as Pillow's `convert("L")`,
 * reduced to 9 × 8 by Pillow's Lanczos filter, one bit for every "right neighbour is brighter".
 *
 * Libraries differ only in how they reduce, and that is where hashes drift apart: libvips' own reduction to 9 × 8
 * is 2.3 bits away from `imagehash` on average. So the reduction is Pillow's, in its fixed-point arithmetic
 * (`src/libImaging/Resample.c`, `Convert.c`). On 480 × 360 pixels it takes about 1 ms.
 */

/** Rows of 8-bit samples: 3 channels are RGB, a 4th (alpha) is ignored as Pillow does. */
export type Pixels = { data: Uint8Array; width: number; height: number; channels: number };

const columns = 9;
const rows = 8;

/** Bits of a coefficient behind the point; 8 bits of sample and 2 of headroom fill a 32-bit number. */
const precisionBits = 32 - 8 - 2;
const half = 1 << (precisionBits - 1);
const lanczosSupport = 3;

/** 16 hex digits, row by row from the top left. */
export function differenceHash(pixels: Pixels): string {
  const small = reduce(grey(pixels), pixels.width, pixels.height);
  let hash = '';
  for (let y = 0; y < rows; y++) {
    let bits = 0;
    for (let x = 0; x < columns - 1; x++) {
      const here = y * columns + x;
      bits = (bits << 1) | (small[here + 1]! > small[here]! ? 1 : 0);
    }
    hash += bits.toString(16).padStart(2, '0');
  }
  return hash;
}

/** Luma as Pillow's `L`: ITU-R 601 in 16-bit fixed point, rounded to nearest. */
function grey({ data, width, height, channels }: Pixels): Uint8Array {
  const samples = width * height;
  const out = samples <= largestKnown ** 2 ? greySamples : new Uint8Array(samples);
  for (let from = 0, to = 0; to < samples; from += channels, to++) {
    out[to] = (data[from]! * 19_595 + data[from + 1]! * 38_470 + data[from + 2]! * 7_471 + 0x8000) >> 16;
  }
  return out;
}

/** Pillow's two passes: rows to nine samples, each rounded to 8 bits, and only then columns to eight. */
function reduce(source: Uint8Array, width: number, height: number): Uint8Array {
  const narrow = width === columns ? source : reduceRows(source, width, height);
  return height === rows ? narrow : reduceColumns(narrow, height);
}

// `Math.imul` and `| 0` keep the sums in 32-bit registers; four rows side by side read each weight once and do not
// wait for one another's sums: 480 × 360 pixels take 0.9 ms instead of 1.5 ms.

function reduceRows(source: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(columns * height);
  for (const [x, { first, weights }] of lanczosWindows(width, columns).entries()) {
    let y = 0;
    for (; y + 3 < height; y += 4) {
      let at = y * width + first;
      let [a, b, c, d] = [half, half, half, half];
      for (let i = 0; i < weights.length; i++, at++) {
        const weight = weights[i]!;
        a = (a + Math.imul(source[at]!, weight)) | 0;
        b = (b + Math.imul(source[at + width]!, weight)) | 0;
        c = (c + Math.imul(source[at + 2 * width]!, weight)) | 0;
        d = (d + Math.imul(source[at + 3 * width]!, weight)) | 0;
      }
      out[y * columns + x] = clip(a);
      out[(y + 1) * columns + x] = clip(b);
      out[(y + 2) * columns + x] = clip(c);
      out[(y + 3) * columns + x] = clip(d);
    }
    for (; y < height; y++) {
      let at = y * width + first;
      let sum = half;
      for (let i = 0; i < weights.length; i++, at++) sum = (sum + Math.imul(source[at]!, weights[i]!)) | 0;
      out[y * columns + x] = clip(sum);
    }
  }
  return out;
}

function reduceColumns(source: Uint8Array, height: number): Uint8Array {
  const out = new Uint8Array(columns * rows);
  for (const [y, { first, weights }] of lanczosWindows(height, rows).entries()) {
    for (let x = 0; x < columns; x++) {
      let at = first * columns + x;
      let sum = half;
      for (let i = 0; i < weights.length; i++, at += columns)
        sum = (sum + Math.imul(source[at]!, weights[i]!)) | 0;
      out[y * columns + x] = clip(sum);
    }
  }
  return out;
}

function clip(sum: number): number {
  return Math.min(255, Math.max(0, sum >> precisionBits));
}

/** Which samples make one new sample, from `first` on, and their weights in fixed point. */
type Window = { first: number; weights: Int32Array };

/** Photos come in few sizes, and the sines of one cost 0.3 ms. Thumbnail sizes only, which bounds it to 8 MB. */
const knownWindows = new Map<number, Window[]>();
const largestKnown = 480;

/** Filled and read again for every picture of thumbnail size: a new one for each is work for the collector. */
const greySamples = new Uint8Array(largestKnown ** 2);

function lanczosWindows(from: number, to: typeof columns | typeof rows): Window[] {
  const key = from * 16 + to;
  const known = knownWindows.get(key);
  if (known !== undefined) return known;
  const windows = computeWindows(from, to);
  if (from <= largestKnown) knownWindows.set(key, windows);
  return windows;
}

function computeWindows(from: number, to: number): Window[] {
  const scale = from / to;
  const filterScale = Math.max(1, scale);
  const support = lanczosSupport * filterScale;
  return Array.from({ length: to }, (_, index) => {
    const center = (index + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    const weights = Float64Array.from({ length: end - first }, (_, i) =>
      lanczos((first + i - center + 0.5) / filterScale),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: Int32Array.from(weights, (weight) => fixedPoint(weight / total)) };
  });
}

function fixedPoint(weight: number): number {
  return Math.trunc(weight * (1 << precisionBits) + (weight < 0 ? -0.5 : 0.5));
}

function lanczos(x: number): number {
  return x >= -lanczosSupport && x < lanczosSupport ? sinc(x) * sinc(x / lanczosSupport) : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}
