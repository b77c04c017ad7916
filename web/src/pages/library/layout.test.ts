import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandAt, justify, layOut, moved, ratioOf, shareBands, spansOf, type Section } from './layout.ts';

const measures = { width: 1200, rowHeight: 180 };
const ratios = fc.array(fc.double({ min: 0.5, max: 3.2, noNaN: true }), { minLength: 1, maxLength: 60 });
const sections = fc
  .array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 })
  .map((counts) => counts.map((count, index): Section => ({ day: `d${String(1000 - index)}`, count })));

describe('justified rows', () => {
  test('every tile is placed once, full rows fill the width, no row is higher than wanted by more than a half', () => {
    fc.assert(
      fc.property(ratios, (given) => {
        const rows = justify(given, 1200, 180);
        expect(rows.flatMap((row) => row.widths)).toHaveLength(given.length);
        for (const [index, row] of rows.entries()) {
          const width = row.widths.reduce((sum, tile) => sum + tile, 0) + 6 * (row.widths.length - 1);
          expect(width).toBeLessThanOrEqual(1200.01);
          expect(index === rows.length - 1 || Math.abs(width - 1200) < 0.01).toBe(true);
          expect(row.height).toBeLessThan(270);
        }
      }),
    );
  });

  test('tiles keep their shape', () => {
    const [row] = justify([1.5, 0.75, 1.5, 1.5, 1.5], 1200, 180);
    const shapes = row?.widths.map((width) => Math.round((100 * width) / row.height) / 100);
    expect(shapes).toEqual([1.5, 0.75, 1.5, 1.5, 1.5]);
  });

  test('the last row is not blown up', () => {
    expect(justify([1.5], 1200, 180)).toEqual([{ height: 180, widths: [270] }]);
  });

  test('a panorama wider than the window is made to fit', () => {
    expect(justify([3.2], 320, 180)).toEqual([{ height: 100, widths: [320] }]);
  });

  test('a picture of unknown size takes the usual shape, an endless screenshot does not take the screen', () => {
    expect(ratioOf({ width: null, height: null })).toBeCloseTo(4 / 3);
    expect(ratioOf({ width: 400, height: 4000 })).toBe(0.5);
  });
});

describe('bands', () => {
  test('small days share a band, a large day and the undated have their own', () => {
    const days = [
      { day: '2020-05-03', count: 1 },
      { day: '2020-05-02', count: 2 },
      { day: '2020-05-01', count: 30 },
      { day: '2020-04-01', count: 1 },
      { day: null, count: 1 },
    ];
    expect(shareBands(days, measures)).toEqual([[0, 1], [2], [3], [4]]);
  });

  test('bands follow one another without gap or overlap, and every tile has a place', () => {
    fc.assert(
      fc.property(sections, (days) => {
        const bands = layOut(days, new Map(), measures);
        let top = 0;
        for (const band of bands) {
          expect(band.top).toBe(top);
          top += band.height;
          for (const row of band.rows) expect(row.top + row.height).toBeLessThanOrEqual(band.height);
        }
        const placed = bands.flatMap((band) => band.rows.flatMap((row) => row.spots));
        expect(placed).toHaveLength(days.reduce((sum, day) => sum + day.count, 0));
        for (const y of [0, top / 2, top - 1]) {
          const band = bands[bandAt(bands, y)];
          expect(band !== undefined && band.top <= y && y < band.top + band.height).toBe(true);
        }
      }),
    );
  });

  test('days that share a band never run over its width, whatever their real shapes', () => {
    const days = [1, 2, 1, 1].map((count, index): Section => ({ day: `2020-05-0${9 - index}`, count }));
    const wide = { width: 3200, height: 1000 };
    const tiles = new Map(days.map(({ day, count }) => [day, Array.from({ length: count }, () => wide)]));
    for (const band of layOut(days, tiles, measures)) {
      for (const spot of band.rows.flatMap((row) => row.spots)) {
        expect(spot.left + spot.width).toBeLessThanOrEqual(measures.width + 1);
      }
    }
  });

  test('loading one span leaves the bands of the others as they were', () => {
    const days = Array.from({ length: 50 }, (_, index): Section => ({ day: `x${99 - index}`, count: 12 }));
    const before = layOut(days, new Map(), measures);
    const after = layOut(
      days,
      new Map([['x60', Array.from({ length: 12 }, () => ({ width: 1, height: 1 }))]]),
      measures,
    );
    const at = 39;
    const changed = after.flatMap((band, index) => (band.rows === before[index]?.rows ? [] : [index]));
    expect(changed).toEqual([at]);
  });
});

test('spans hold neighbouring days, about three hundred tiles each, undated ones apart', () => {
  const days = [
    ...Array.from({ length: 100 }, (_, index): Section => ({ day: `x${index}`, count: 10 })),
    { day: null, count: 4 },
  ];
  const spans = spansOf(days);
  expect(spans.map((span) => span.count)).toEqual([300, 300, 300, 100, 4]);
  expect(spans.map((span) => [span.first, span.last])).toEqual([
    [0, 29],
    [30, 59],
    [60, 89],
    [90, 99],
    [100, 100],
  ]);
});

describe('keys', () => {
  const days = [
    { day: '2020-05-02', count: 10 },
    { day: '2020-05-01', count: 2 },
  ];
  const bands = layOut(days, new Map(), measures);

  test('right and left pass from row to row and from day to day', () => {
    expect(moved(bands, { section: 0, index: 9 }, 'right')).toMatchObject({ section: 1, index: 0 });
    expect(moved(bands, { section: 1, index: 0 }, 'left')).toMatchObject({ section: 0, index: 9 });
    expect(moved(bands, { section: 1, index: 1 }, 'right')).toBeNull();
  });

  test('down goes to the tile underneath, first and last to the ends', () => {
    expect(moved(bands, { section: 0, index: 0 }, 'down')).toMatchObject({ section: 0, index: 5 });
    expect(moved(bands, { section: 0, index: 0 }, 'up')).toBeNull();
    expect(moved(bands, { section: 0, index: 3 }, 'last')).toMatchObject({ section: 1, index: 1 });
    expect(moved(bands, { section: 1, index: 1 }, 'first')).toMatchObject({ section: 0, index: 0 });
  });
});
