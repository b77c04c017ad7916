/**
 * Where every tile of the library stands. Days come with their counts before any tile is loaded, so the whole length
 * is known at once: a tile not loaded yet is laid out as a 4:3 picture, and its band is laid out anew when its real
 * shape is known. Days that fit side by side share one band of one row; a larger day is a band of justified rows.
 */

/** One day of the library, or (`null`) all that is undated. */
export type Section = { day: string | null; count: number };

export type Spot = { section: number; index: number; left: number; width: number };
export type Row = { top: number; height: number; spots: Spot[] };
export type Head = { section: number; left: number; width: number };
/** `top` of a row is measured from the band's own top. */
export type Band = { top: number; height: number; heads: Head[]; rows: Row[] };

export type Measures = { width: number; rowHeight: number };

export const headHeight = 44;
const gap = 6;
const groupGap = 20;
const bandGap = 10;
/** Room for "5 May 2020" over a single narrow picture. */
const narrowestGroup = 124;
const usualRatio = 4 / 3;

/** Width over height, kept between a tall screenshot and a panorama so that neither takes a whole screen. */
export function ratioOf(tile: { width: number | null; height: number | null } | undefined): number {
  if (tile === undefined || tile.width === null || tile.height === null || tile.height === 0) return usualRatio;
  return Math.min(3.2, Math.max(0.5, tile.width / tile.height));
}

/** Fills rows from left to right; each full row is scaled to the width, the last one keeps its height. */
export function justify(
  ratios: readonly number[],
  width: number,
  rowHeight: number,
): { height: number; widths: number[] }[] {
  const rows: { height: number; widths: number[] }[] = [];
  let row: number[] = [];
  let sum = 0;
  const close = (height: number) => {
    rows.push({ height, widths: row.map((ratio) => ratio * height) });
    row = [];
    sum = 0;
  };
  for (const ratio of ratios) {
    const without = (width - gap * Math.max(0, row.length - 1)) / sum;
    row.push(ratio);
    sum += ratio;
    const height = (width - gap * (row.length - 1)) / sum;
    if (height > rowHeight) continue;
    // Of the two ways to end the row, before this tile or after it, the one nearer to the wanted height is taken.
    if (row.length > 1 && Math.abs(without - rowHeight) < Math.abs(height - rowHeight)) {
      row.pop();
      sum -= ratio;
      close(without);
      row.push(ratio);
      sum = ratio;
      if (width / ratio <= rowHeight) close(width / ratio);
    } else close(height);
  }
  if (row.length > 0) close(Math.min(rowHeight, (width - gap * (row.length - 1)) / sum));
  return rows;
}

/** Which sections share a band, judged by counts alone so that loading never moves a day into another band. */
export function shareBands(sections: readonly Section[], { width, rowHeight }: Measures): number[][] {
  const bands: number[][] = [];
  let open: number[] = [];
  let used = 0;
  for (const [index, section] of sections.entries()) {
    const wanted = groupWidth(section.count, usualRatio * section.count, rowHeight);
    const alone = section.day === null || wanted > width;
    if (open.length > 0 && (alone || used + groupGap + wanted > width)) {
      bands.push(open);
      open = [];
      used = 0;
    }
    if (alone) bands.push([index]);
    else {
      used += (open.length > 0 ? groupGap : 0) + wanted;
      open.push(index);
    }
  }
  if (open.length > 0) bands.push(open);
  return bands;
}

function groupWidth(count: number, ratioSum: number, rowHeight: number): number {
  return Math.max(narrowestGroup, ratioSum * rowHeight + gap * (count - 1));
}

/** A band without its place: heads and rows from the ratios of its sections. */
export function layBand(
  sections: readonly { index: number; ratios: readonly number[] }[],
  { width, rowHeight }: Measures,
): Omit<Band, 'top'> {
  const [first] = sections;
  const { heads, rows } =
    sections.length === 1 && first !== undefined
      ? layDay(first, width, rowHeight)
      : layShared(sections, width, rowHeight);
  const last = rows.at(-1);
  return { heads, rows, height: (last === undefined ? headHeight : last.top + last.height) + bandGap };
}

function layDay(day: { index: number; ratios: readonly number[] }, width: number, rowHeight: number) {
  let top = headHeight;
  const rows = [];
  let index = 0;
  for (const { height, widths } of justify(day.ratios, width, rowHeight)) {
    let left = 0;
    const spots: Spot[] = [];
    for (const tileWidth of widths) {
      spots.push({ section: day.index, index, left, width: tileWidth });
      left += tileWidth + gap;
      index += 1;
    }
    rows.push({ top, height, spots });
    top += height + gap;
  }
  return { heads: [{ section: day.index, left: 0, width }], rows };
}

/** Several days in one row; if their real shapes are wider than the row, the row is made lower until they fit. */
function layShared(
  days: readonly { index: number; ratios: readonly number[] }[],
  width: number,
  rowHeight: number,
) {
  const sums = days.map(({ ratios }) => ratios.reduce((sum, ratio) => sum + ratio, 0));
  const widthAt = (height: number) =>
    days.reduce((sum, { ratios }, index) => sum + groupWidth(ratios.length, sums[index] ?? 0, height), 0) +
    groupGap * (days.length - 1);
  let height = rowHeight;
  // Narrow groups do not shrink with the height, so one division is not enough; four come within a pixel.
  for (let round = 0; round < 4 && widthAt(height) > width; round += 1) height *= width / widthAt(height);
  height = Math.max(height, rowHeight / 3);
  const heads: Head[] = [];
  const spots: Spot[] = [];
  let left = 0;
  for (const [at, { index: section, ratios }] of days.entries()) {
    const group = groupWidth(ratios.length, sums[at] ?? 0, height);
    heads.push({ section, left, width: group });
    let x = left;
    for (const [index, ratio] of ratios.entries()) {
      spots.push({ section, index, left: x, width: ratio * height });
      x += ratio * height + gap;
    }
    left += group + groupGap;
  }
  return { heads, rows: [{ top: headHeight, height, spots }] };
}

type Tile = { width: number | null; height: number | null };
type Laid = { of: (readonly Tile[] | undefined)[]; band: Omit<Band, 'top'> };

/** Bands laid out before, for as long as the list of days lives: loading one span must not lay out ten years again. */
const laidBefore = new WeakMap<readonly Section[], Map<string, Laid>>();

/** All bands with their places. */
export function layOut(
  sections: readonly Section[],
  tiles: ReadonlyMap<string | null, readonly Tile[]>,
  measures: Measures,
): Band[] {
  if (measures.width <= 0) return [];
  const before = laidBefore.get(sections) ?? new Map<string, Laid>();
  laidBefore.set(sections, before);
  const bands: Band[] = [];
  let top = 0;
  for (const group of shareBands(sections, measures)) {
    const of = group.map((index) => tiles.get(sections[index]?.day ?? null));
    const key = `${group[0]} ${group.length} ${measures.width}`;
    const known = before.get(key);
    let band = known !== undefined && known.of.every((part, at) => part === of[at]) ? known.band : undefined;
    if (band === undefined) {
      const parts = group.map((index, at) => ({
        index,
        ratios: Array.from({ length: sections[index]?.count ?? 0 }, (_, tile) => ratioOf(of[at]?.[tile])),
      }));
      band = layBand(parts, measures);
      before.set(key, { of, band });
    }
    bands.push({ ...band, top });
    top += band.height;
  }
  return bands;
}

/** The first band that ends below `y`; bands are in order. */
export function bandAt(bands: readonly Band[], y: number): number {
  let low = 0;
  let high = bands.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const band = bands[middle];
    if (band !== undefined && band.top + band.height <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Sections that are asked for together: neighbours, up to about this many assets. */
const spanSize = 300;

export type Span = { first: number; last: number; count: number };

export function spansOf(sections: readonly Section[]): Span[] {
  const spans: Span[] = [];
  let open: Span | null = null;
  for (const [index, { day, count }] of sections.entries()) {
    if (open !== null && (open.count + count > spanSize || day === null)) {
      spans.push(open);
      open = null;
    }
    if (open === null) open = { first: index, last: index, count };
    else open = { first: open.first, last: index, count: open.count + count };
  }
  if (open !== null) spans.push(open);
  return spans;
}

// ── Moving by keyboard ──────────────────────────────────────────────────────────────────────────────────────

export type Place = { section: number; index: number };
export type Move = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/** Where a key leads from a tile, or null at the edge of the library. */
export function moved(bands: readonly Band[], from: Place, move: Move): Place | null {
  const rows = bands.flatMap((band) => band.rows);
  if (move === 'first') return rows[0]?.spots[0] ?? null;
  if (move === 'last') return rows.at(-1)?.spots.at(-1) ?? null;
  const isHere = (spot: Spot) => spot.section === from.section && spot.index === from.index;
  const here = rows.findIndex((row) => row.spots.some(isHere));
  const row = rows[here];
  const column = row?.spots.findIndex(isHere) ?? -1;
  const spot = row?.spots[column];
  if (row === undefined || spot === undefined) return null;
  if (move === 'left') return row.spots[column - 1] ?? rows[here - 1]?.spots.at(-1) ?? null;
  if (move === 'right') return row.spots[column + 1] ?? rows[here + 1]?.spots[0] ?? null;
  const target = rows[here + (move === 'up' ? -1 : 1)];
  if (target === undefined) return null;
  const middle = spot.left + spot.width / 2;
  const off = (candidate: Spot) => Math.abs(candidate.left + candidate.width / 2 - middle);
  return target.spots.reduce((best, candidate) => (off(candidate) < off(best) ? candidate : best));
}
