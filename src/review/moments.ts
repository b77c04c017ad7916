/** Shots as a person remembers them: moments, and outings of many moments. Pure. */

export type Moment = {
  /** Milliseconds on a wall clock, at least a minute apart: a burst weighs no more than a picture. */
  points: number[];
  first: number;
  last: number;
};

export type Outing = { moments: Moment[]; from: number; to: number };

const minuteMs = 60_000;
const thinnedMs = minuteMs;
/** A pause that ends a moment. */
const pauseMs = 10 * minuteMs;
/** A pause that ends an outing: a night. */
const nightMs = 8 * 60 * minuteMs;

/** Of wall clocks in order. */
export function momentsOf(walls: readonly number[]): Moment[] {
  const moments: Moment[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const wall of walls) {
    const moment = moments.at(-1);
    if (moment === undefined || wall - before > pauseMs) {
      moments.push({ points: [wall], first: wall, last: wall });
    } else if (wall - moment.last >= thinnedMs) {
      moment.points.push(wall);
      moment.last = wall;
    }
    before = wall;
  }
  return moments;
}

/** Of wall clocks in order. */
export function outingsOf(walls: readonly number[]): Outing[] {
  const outings: number[][] = [];
  for (const wall of walls) {
    const outing = outings.at(-1);
    if (outing === undefined || wall - (outing.at(-1) ?? 0) > nightMs) outings.push([wall]);
    else outing.push(wall);
  }
  return outings.map((shots) => ({
    moments: momentsOf(shots),
    from: shots[0] ?? 0,
    to: shots.at(-1) ?? 0,
  }));
}

/** Index of the first that is not smaller. */
export function firstAtOrAfter(sorted: readonly number[], value: number): number {
  return firstBy(sorted, (each) => each, value);
}

/** Index of the first whose key is not smaller. */
export function firstBy<Item>(sorted: readonly Item[], keyOf: (item: Item) => number, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const half = (low + high) >>> 1;
    const item = sorted[half];
    if (item !== undefined && keyOf(item) < value) low = half + 1;
    else high = half;
  }
  return low;
}
