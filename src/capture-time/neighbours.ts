/** A date from the photos around it: the camera counted on, so a file between two dated ones was taken between them. */
import type { Evidence } from '#contract/capture-time.ts';
import { factsOf } from './sources.ts';
import { wallClockIn, wallMilliseconds } from './wall-clock.ts';

/** A dated file of the same series. `device` is make, model and serial number, null where the file says none. */
export type Neighbour = { name: string; local: string; device: string | null };

/** Where a name stands in its series: `IMG_0042.JPG` is number 42 of four digits of `img_`. */
export type Place = { series: string; digits: number; counter: number };

/** Farther apart than this, two files say nothing about those between them. */
const farthestMs = 2 * 86_400_000;
/** So near to each other, they tell the time and not only the day. */
const sameHourMs = 3_600_000;

/**
 * Names whose numbers one camera gives from one count. Canon: photos, films, photos in Adobe RGB, RAW of before 2004;
 * Nikon: photos, photos in Adobe RGB.
 */
const oneCount = [
  { maker: 'canon', series: ['img_', 'mvi_', '_mg_', 'crw_'] },
  { maker: 'nikon', series: ['dsc_', '_dsc'] },
] as const satisfies { maker: string; series: readonly string[] }[];

/** The other names that a camera gives from the same count; those of every maker where the device is not known. */
export function seriesBeside(series: string, device: string | null): string[] {
  const shared = oneCount.find((each) => each.series.some((one) => one === series));
  if (shared === undefined || (device !== null && !device.startsWith(shared.maker))) return [];
  return shared.series.filter((one) => one !== series);
}

/** Whether two names of the device that took the neighbour are of one count. */
function sameCount(one: Place, other: Place, device: string): boolean {
  if (one.digits !== other.digits) return false;
  return one.series === other.series || seriesBeside(one.series, device).includes(other.series);
}

/** Null for names without a counter behind letters: `0042.jpg` may be anything. */
export function placeInSeries(stem: string): Place | null {
  const match = /^(?<series>.*?\p{L}.*?)(?<counter>\d{3,8})$/u.exec(stem);
  const { series, counter } = match?.groups ?? {};
  return series === undefined || counter === undefined
    ? null
    : { series, digits: counter.length, counter: Number(counter) };
}

/** The name that stands there in a series: `mvi_0042` beside `img_0042`. */
export function stemAt(series: string, { counter, digits }: Pick<Place, 'counter' | 'digits'>): string {
  return `${series}${String(counter).padStart(digits, '0')}`;
}

/**
 * The time between the nearest dated neighbours, one below and one above, at most two days apart and in the order of
 * their numbers; of one camera, and of the file's own where it names one. `stem` of the file and of each neighbour is
 * the name in lower case without its extension.
 */
export function betweenNeighbours(
  file: { stem: string; device: string | null },
  neighbours: readonly (Neighbour & { stem: string })[],
): Evidence | null {
  const place = placeInSeries(file.stem);
  if (place === null) return null;
  const near = neighbours.flatMap((neighbour) => {
    const other = placeInSeries(neighbour.stem);
    const { device } = neighbour;
    if (other === null || device === null || (file.device !== null && file.device !== device)) return [];
    return sameCount(place, other, device)
      ? [{ ...neighbour, counter: other.counter, ms: wallMilliseconds(neighbour.local) }]
      : [];
  });
  const pairs = near
    .filter(({ counter }) => counter < place.counter)
    .flatMap((below) =>
      near
        .filter(
          (above) =>
            above.counter > place.counter &&
            above.device === below.device &&
            above.ms >= below.ms &&
            above.ms - below.ms <= farthestMs,
        )
        .map((above) => ({ below, above, span: above.counter - below.counter })),
    )
    .sort((one, other) => one.span - other.span || one.below.ms - other.below.ms);
  const [nearest] = pairs;
  return nearest === undefined ? null : interpolated(nearest, place.counter);
}

type Dated = { name: string; ms: number; counter: number };

function interpolated({ below, above, span }: { below: Dated; above: Dated; span: number }, counter: number) {
  const ms = below.ms + ((above.ms - below.ms) * (counter - below.counter)) / span;
  const wall = wallClockIn(Temporal.Instant.fromEpochMilliseconds(Math.round(ms)), 'UTC');
  const toTheMinute = above.ms - below.ms <= sameHourMs;
  return {
    source: 'neighbours',
    raw: `between ${below.name} and ${above.name}`,
    at: null,
    local: toTheMinute ? wall.slice(0, 16) : wall.slice(0, 10),
    zone: null,
    zone_source: null,
    precision: toTheMinute ? 'minute' : 'day',
    weight: factsOf('neighbours').weight,
    rejected: null,
  } as const satisfies Evidence;
}
