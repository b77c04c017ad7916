/** In how many moments of one device another took a picture too, at every lag between their clocks. Pure. */
import { logBinomialTail } from './binomial-tail.ts';
import { firstAtOrAfter, firstBy, type Moment } from './moments.ts';

const minuteMs = 60_000;
/** Pictures of one moment by two people are seldom farther apart: most within half a minute. */
export const togetherMs = minuteMs;
const binMs = minuteMs / 2;
/** Lags nearer than this belong to the same peak: two people at one place for a quarter of an hour. */
const peakMs = 15 * minuteMs;
/** From here to here on both sides is what the two would share by chance. */
const chanceFromMs = 5 * minuteMs;
const chanceToMs = 60 * minuteMs;
/** Any other lag, none at all included, may share at most so much of what the best one does. */
const secondAtMost = 0.6;
export const leastMoments = 8;

/** Lags that are tried: `bins` of half a minute from the first. */
export type Lags = { from: number; bins: number };

/** For each lag the moments of either that coincide with one of the other; those of several outings add up. */
export type Counts = { camera: Uint16Array; sure: Uint16Array; comparable: number };

/** Moments and all their points, in order. */
export type Track = { moments: readonly Moment[]; points: readonly number[] };

export function lagsBetween(from: number, to: number): Lags {
  return { from, bins: Math.ceil((to - from) / binMs) + 1 };
}

/** Lags that are not the same question twice. */
export function lagsTried({ bins }: Lags): number {
  return Math.max(1, (bins * binMs) / (2 * togetherMs));
}

export function countsOf(moments: readonly Moment[], other: Track, lags: Lags): Counts {
  const counts = { camera: new Uint16Array(lags.bins), sure: new Uint16Array(lags.bins), comparable: 0 };
  const to = lags.from + (lags.bins - 1) * binMs;
  const stamps = new Int32Array(lags.bins);
  for (const [index, moment] of moments.entries()) {
    const begin = firstAtOrAfter(other.points, moment.first + lags.from - togetherMs);
    const end = firstAtOrAfter(other.points, moment.last + to + togetherMs + 1);
    if (begin < end) counts.comparable += 1;
    const marks = { stamps, stamp: index + 1, counts: counts.camera };
    for (const point of moment.points) mark(marks, lags, other.points, begin, end, (shot) => shot - point);
  }
  stamps.fill(0);
  const points = moments.flatMap((moment) => moment.points);
  const [earliest = 0, latest = 0] = [points[0], points.at(-1)];
  const begin = firstBy(other.moments, ({ last }) => last, earliest + lags.from - togetherMs);
  const end = firstBy(other.moments, ({ first }) => first, latest + to + togetherMs + 1);
  for (let index = begin; index < end; index += 1) {
    const marks = { stamps, stamp: index + 1, counts: counts.sure };
    for (const point of other.moments[index]?.points ?? []) {
      mark(marks, lags, points, 0, points.length, (shot) => point - shot);
    }
  }
  return counts;
}

type Marks = { stamps: Int32Array; stamp: number; counts: Uint16Array };

/** Counts one moment once at every lag at which one of its points and one of `points` are together. */
function mark(
  { stamps, stamp, counts }: Marks,
  { from, bins }: Lags,
  points: readonly number[],
  begin: number,
  end: number,
  lagTo: (shot: number) => number,
): void {
  for (let index = begin; index < end; index += 1) {
    const lag = lagTo(points[index] ?? 0) - from;
    const first = Math.max(0, Math.ceil((lag - togetherMs) / binMs));
    const last = Math.min(bins - 1, Math.floor((lag + togetherMs) / binMs));
    for (let bin = first; bin <= last; bin += 1) {
      if (stamps[bin] === stamp) continue;
      stamps[bin] = stamp;
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
}

export function sumOf(one: Counts, other: Counts): Counts {
  const sum = { camera: one.camera.slice(), sure: one.sure.slice() };
  for (let bin = 0; bin < sum.camera.length; bin += 1) {
    sum.camera[bin] = (sum.camera[bin] ?? 0) + (other.camera[bin] ?? 0);
    sum.sure[bin] = (sum.sure[bin] ?? 0) + (other.sure[bin] ?? 0);
  }
  return { ...sum, comparable: one.comparable + other.comparable };
}

/** `log_chance`: of seeing as much by chance at this lag alone. */
export type Peak = { lag: number; log_chance: number };

/** The lag that stands out from those around it and from all others, or null. */
export function peakOf({ camera, sure, comparable }: Counts, lags: Lags): Peak | null {
  if (comparable < leastMoments) return null;
  const sharedAt = (bin: number): number => Math.min(camera[bin] ?? 0, sure[bin] ?? 0);
  const lagAt = (bin: number): number => lags.from + bin * binMs;
  let [best, most] = [0, 0];
  for (let bin = 0; bin < lags.bins; bin += 1) {
    const shared = sharedAt(bin);
    // Of lags that share as much, the one nearest to none at all.
    if (shared > most || (shared === most && Math.abs(lagAt(bin)) < Math.abs(lagAt(best)))) {
      [best, most] = [bin, shared];
    }
  }
  if (most < leastMoments) return null;
  let [around, bins, second] = [0, 0, 0];
  for (let bin = 0; bin < lags.bins; bin += 1) {
    const away = Math.abs(bin - best) * binMs;
    const shared = sharedAt(bin);
    if (away >= chanceFromMs && away <= chanceToMs) {
      around += shared;
      bins += 1;
    }
    if (away > peakMs && shared > second) second = shared;
  }
  if (second > secondAtMost * most) return null;
  const chance = Math.min((around + 1) / (bins * comparable + 1), 0.99);
  return { lag: lagAt(best), log_chance: logBinomialTail(comparable, chance, most) };
}
