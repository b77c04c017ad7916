/**
 * By how much the clock of a camera was off, from another device that was there: people raise both at the same moments.
 * Pure. At each lag it is counted in how many moments of the camera the other device took a picture too; a wrong clock
 * shows as one lag that stands out from the lags around it, from every other lag and from none at all. How sure that
 * has to be, and what it cannot see, stands in `docs/review.md`.
 */
import {
  countsOf,
  lagsBetween,
  lagsTried,
  leastMoments,
  peakOf,
  sumOf,
  togetherMs,
  type Counts,
  type Peak,
  type Track,
} from './coincidences.ts';
import { firstAtOrAfter, firstBy, momentsOf, outingsOf, type Moment, type Outing } from './moments.ts';
import type { Slices } from './slices.ts';

/** Milliseconds on the wall clock of the camera (`wallMilliseconds`), and a folder it lies in. */
export type CameraShot = { wall: number; folder: string };
/** The same of a device whose clock and zone are known; `at` is the instant. */
export type SureShot = CameraShot & { at: number; zone: string };

export type SharedPeriod = {
  /** First and last shot of the camera between which it was off, in milliseconds on its wall clock. */
  from: number;
  to: number;
  /** How much later the sure clock is. */
  seconds: number;
  /** One for each moment in which both took a picture. */
  matches: { wall: number; at: number; zone: string }[];
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Lags that are tried on the same days: every zone, and an hour more. */
const reachMs = 15 * hourMs;
const nearLags = lagsBetween(-reachMs, reachMs);
/** A clock that is off by less is one that nobody has set to the second. */
const wrongFromMs = 5 * minuteMs;
/** Of a clock that is years off only a folder tells the days: the most of them that are tried. */
const widestSearchMs = 60 * dayMs;
/** That chance alone shows as much, at any of the lags and stretches that were tried: one in ten thousand. */
const logChanceAtMost = Math.log(1e-4);
const leastDays = 2;
/** Moments that a period between two contradictions must still show. */
const leastInPeriod = 5;
const samePeakMs = 2 * minuteMs;
/** Outings looked at together, so that memory stays small: 15 MB. */
const outingsAtOnce = 1024;

type Sure = Track & { shots: readonly SureShot[] };

/** `comparisons`: how many pairs of devices are tried in all, since each is another chance for chance. */
export async function sharedPeriods(
  camera: readonly CameraShot[],
  sure: readonly SureShot[],
  comparisons: number,
  slices: Slices,
): Promise<SharedPeriod[]> {
  const other = asSure(sure);
  const near = outingsOf(wallsOf(camera)).filter(({ from, to }) =>
    isAnyBetween(other, from - reachMs, to + reachMs),
  );
  const lags: (number | null)[] = [];
  for (let start = 0; start < near.length; start += outingsAtOnce) {
    lags.push(...(await lagsAmong(near.slice(start, start + outingsAtOnce), other, comparisons, slices)));
  }
  const far = await farPeriods(camera, sure, comparisons, slices);
  return [...periodsOf(near, lags, other), ...far].toSorted((one, two) => one.from - two.from);
}

function asSure(sure: readonly SureShot[]): Sure {
  const shots = sure.toSorted((one, other) => one.wall - other.wall);
  const moments = momentsOf(shots.map(({ wall }) => wall));
  return { shots, moments, points: moments.flatMap(({ points }) => points) };
}

function wallsOf(shots: readonly CameraShot[]): number[] {
  return shots.map(({ wall }) => wall).toSorted((one, other) => one - other);
}

function isAnyBetween({ points }: Sure, from: number, to: number): boolean {
  return firstAtOrAfter(points, from) < firstAtOrAfter(points, to + 1);
}

type Stretch = Peak & { first: number; length: number };

/**
 * For each outing the lag of the shortest stretch around it that is sure of one, else null: what holds for years says
 * nothing about the one week in between that says otherwise. Stretches are of 1, 2, 4, 8, … outings, each overlapping
 * the next by half.
 */
async function lagsAmong(
  outings: readonly Outing[],
  other: Sure,
  comparisons: number,
  slices: Slices,
): Promise<(number | null)[]> {
  const stretches: Stretch[] = [];
  let tried = 0;
  const look = async (first: number, length: number, counts: Counts): Promise<Counts> => {
    if (counts.comparable >= leastMoments) tried += 1;
    const peak = peakOf(counts, nearLags);
    if (peak !== null) stretches.push({ ...peak, first, length });
    await slices.pause();
    return counts;
  };
  let nodes: Counts[] = [];
  for (const [index, { moments }] of outings.entries()) {
    nodes.push(await look(index, 1, countsOf(moments, other, nearLags)));
  }
  for (let half = 1; nodes.length > 1; half *= 2) {
    const longer: Counts[] = [];
    for (const [index, node] of nodes.entries()) {
      const next = nodes[index + 1];
      const both = next === undefined ? node : await look(index * half, 2 * half, sumOf(node, next));
      if (index % 2 === 0) longer.push(both);
    }
    nodes = longer;
  }
  const limit = logChanceAtMost - Math.log(lagsTried(nearLags) * Math.max(1, tried) * comparisons);
  const lags: (number | null)[] = outings.map(() => null);
  const shortestFirst = stretches
    .filter(({ log_chance }) => log_chance <= limit)
    .toSorted((one, two) => one.length - two.length || one.log_chance - two.log_chance);
  for (const { first, length, lag: onPeak } of shortestFirst) {
    const end = first + length;
    if (!lags.slice(first, end).includes(null)) continue;
    const moments = outings.slice(first, end).flatMap((outing) => outing.moments);
    const lag = sureLag(moments, other, onPeak);
    for (let index = first; index < end; index += 1) lags[index] ??= lag;
    await slices.pause();
  }
  return lags;
}

/** The middle of a peak, for the lag that was tried may lie anywhere on it. Null where one day alone shows it. */
function sureLag(moments: readonly Moment[], other: Sure, onPeak: number): number | null {
  const lag = middle(matchesOf(moments, other, onPeak)) ?? onPeak;
  const days = new Set(matchesOf(moments, other, lag).map(({ wall }) => Math.floor(wall / dayMs)));
  return days.size < leastDays ? null : lag;
}

type Run = { lag: number; outings: Outing[]; matches: Match[] };

/**
 * Outings in a row that are off by the same, from the first to the last that shows it. One that is off by something
 * else ends it, and so do two in a row that show a clock that was right.
 */
function periodsOf(outings: readonly Outing[], lags: readonly (number | null)[], other: Sure): SharedPeriod[] {
  const runs: Run[] = [];
  let run: Run | null = null;
  let right = 0;
  for (const [index, outing] of outings.entries()) {
    const lag = lags[index] ?? null;
    if (run !== null && lag !== null && Math.abs(lag - run.lag) > samePeakMs) run = null;
    const told: number | null = run?.lag ?? lag;
    if (told === null || Math.abs(told) < wrongFromMs) continue;
    const matches = matchesOf(outing.moments, other, told);
    if (matches.length === 0) {
      right += matchesOf(outing.moments, other, 0).length >= 2 ? 1 : 0;
      if (right >= 2) run = null;
    } else if (lag !== null) {
      right = 0;
      if (run === null) runs.push((run = { lag, outings: [], matches: [] }));
      run.outings.push(outing);
      run.matches.push(...matches);
    }
  }
  return runs.flatMap(({ outings: off, matches }) => periodOf(off, matches) ?? []);
}

function periodOf(off: readonly Outing[], matches: readonly Match[]): SharedPeriod | null {
  const [first, last, lag] = [off[0], off.at(-1), middle(matches)];
  if (matches.length < leastInPeriod || first === undefined || last === undefined || lag === null) return null;
  return {
    from: first.from,
    to: last.to,
    seconds: Math.round(lag / 1000),
    matches: matches.map(({ wall, at, zone }) => ({ wall, at, zone })),
  };
}

type Match = { wall: number; at: number; zone: string; lag: number };

function middle(matches: readonly Match[]): number | null {
  const lags = matches.map(({ lag }) => lag).toSorted((one, other) => one - other);
  return lags[Math.floor(lags.length / 2)] ?? null;
}

/** For each moment that both have at this lag, the two shots that are nearest to each other. */
function matchesOf(moments: readonly Moment[], { points, shots }: Sure, lag: number): Match[] {
  return moments.flatMap((moment) => {
    const pairs = moment.points.flatMap((wall) => {
      const after = firstAtOrAfter(points, wall + lag);
      return [points[after - 1], points[after]].flatMap((point) =>
        point === undefined || Math.abs(point - wall - lag) > togetherMs
          ? []
          : [{ wall, point, apart: Math.abs(point - wall - lag) }],
      );
    });
    const nearest = pairs.toSorted((one, other) => one.apart - other.apart)[0];
    if (nearest === undefined) return [];
    const shot = shots[firstBy(shots, ({ wall }) => wall, nearest.point)];
    if (shot === undefined) return [];
    return [{ wall: nearest.wall, at: shot.at, zone: shot.zone, lag: nearest.point - nearest.wall }];
  });
}

/**
 * A clock that was never set is years away, so that only a folder says which days belong together: where both lie in
 * the same one and never on the same days, all lags at which they could are tried.
 */
async function farPeriods(
  camera: readonly CameraShot[],
  sure: readonly SureShot[],
  comparisons: number,
  slices: Slices,
): Promise<SharedPeriod[]> {
  const byFolder = Map.groupBy(sure, ({ folder }) => folder);
  const shared = [...Map.groupBy(camera, ({ folder }) => folder)].flatMap(([folder, own]) => {
    const others = byFolder.get(folder);
    return others === undefined ? [] : [{ own, others }];
  });
  const found: SharedPeriod[] = [];
  for (const { own, others } of shared) {
    const period = farPeriod(outingsOf(wallsOf(own)), asSure(others), shared.length * comparisons);
    if (period !== null) found.push(period);
    await slices.pause();
  }
  return found;
}

function farPeriod(outings: readonly Outing[], other: Sure, tried: number): SharedPeriod | null {
  const [first, last] = [outings[0]?.from, outings.at(-1)?.to];
  const [begin, end] = [other.points[0], other.points.at(-1)];
  if (first === undefined || last === undefined || begin === undefined || end === undefined) return null;
  const [from, to] = [begin - last, end - first];
  if ((from <= reachMs && to >= -reachMs) || to - from > widestSearchMs) return null;
  const lags = lagsBetween(from - hourMs, to + hourMs);
  const moments = outings.flatMap((outing) => outing.moments);
  const peak = peakOf(countsOf(moments, other, lags), lags);
  if (peak === null || peak.log_chance > logChanceAtMost - Math.log(lagsTried(lags) * tried)) return null;
  const lag = sureLag(moments, other, peak.lag);
  return lag === null ? null : periodOf(outings, matchesOf(moments, other, lag));
}
