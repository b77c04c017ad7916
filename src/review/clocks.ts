/** Cameras whose clock was wrong for a while, found in what is stored, and corrected as one decision. */
import { inWords } from '#capture-time/because.ts';
import { withoutFault, type ClockFault } from '#capture-time/person.ts';
import type { ClockCorrection } from '#contract/review.ts';
import { asTheDeviceToldIt } from '#library/camera-clock.ts';
import { shotsOfClock, type CameraFacts, type ClockPeriod } from '#library/clock-corrections.ts';
import { cameraName } from '#library/doubt.ts';
import { rulesInForce } from '#library/rules-in-force.ts';
import {
  camerasOf,
  isSure,
  otherClockOrder,
  otherClocks,
  readClocks,
  type CameraReadings,
} from './clock-readings.ts';
import { secondsInWords } from './decision-words.ts';
import type { Place, Target } from './make-decision.ts';
import type { PreparedDecision } from './prepare.ts';
import { sharedPeriods, type SharedPeriod } from './shared-moments.ts';
import { Slices } from './slices.ts';
import { rightPeriods, wholeQuarters, wrongPeriods, type WrongPeriod } from './wrong-clocks.ts';
import { zoneFault, zoneFaultInWords } from './wrong-zones.ts';

const samplesShown = 6;

/** A period of a camera, and by whose word it was wrong. */
type Found = { camera: CameraFacts; period: WrongPeriod; by: ClockCorrection['by']; witness: string };

/**
 * For each camera the surest clock that finds a fault speaks: the GPS, Google Photos, the names; then devices that were
 * there and know their time, except where the GPS or Google bears the camera out.
 */
export async function clockCorrections(place: Place, owner: string): Promise<ClockCorrection[]> {
  const { db } = place;
  const { home_zone } = await rulesInForce(db, owner, place.rules());
  const slices = new Slices();
  const found: Found[] = [];
  const silent: CameraReadings[] = [];
  const sure: CameraReadings[] = [];
  for (const camera of await camerasOf(db, owner)) {
    const readings = await readClocks(db, owner, camera, slices);
    const own = foundBySurest(readings, home_zone);
    found.push(...own);
    if (own.length === 0) (isSure(readings) ? sure : silent).push(readings);
    await slices.pause();
  }
  for (const readings of silent) {
    found.push(...(await foundByOthers(readings, sure, silent.length * sure.length, home_zone, slices)));
  }
  const corrections: ClockCorrection[] = [];
  for (const each of found) corrections.push(await told(place, owner, each, home_zone));
  return corrections
    .filter(({ assets }) => assets > 0)
    .toSorted((one, other) => other.assets - one.assets || (one.sentence < other.sentence ? -1 : 1));
}

function foundBySurest({ camera, witnesses }: CameraReadings, home_zone: string): Found[] {
  for (const by of otherClockOrder) {
    const periods = wrongPeriods(witnesses[by], home_zone);
    if (periods.length > 0) {
      return periods.map((period) => ({ camera, period, by, witness: otherClocks[by] }));
    }
  }
  return [];
}

async function foundByOthers(
  readings: CameraReadings,
  sure: readonly CameraReadings[],
  comparisons: number,
  home_zone: string,
  slices: Slices,
): Promise<Found[]> {
  const { camera, witnesses, open } = readings;
  const right = (['GPS:GPSDateTime', 'Takeout:photoTakenTime'] as const).flatMap((by) =>
    rightPeriods(witnesses[by]),
  );
  const found: Found[] = [];
  for (const other of sure) {
    for (const shared of await sharedPeriods(open, other.sure, comparisons, slices)) {
      const period = asWrongPeriod(shared, home_zone);
      found.push({ camera, period, by: 'other_device', witness: `the clock of ${cameraName(other.camera)}` });
    }
  }
  const free = found.filter(({ period }) => !right.some(({ first, last }) => overlap(period, { first, last })));
  return withoutContradictions(free);
}

/** The device that shares most speaks for a period; where two say different times, neither does. */
function withoutContradictions(found: readonly Found[]): Found[] {
  const byShared = found.toSorted((one, other) => other.period.run.length - one.period.run.length);
  return byShared.filter((one, index) =>
    byShared.every(
      (other, rank) =>
        other === one ||
        !overlap(one.period, other.period) ||
        (rank > index && Math.abs(one.period.shift_seconds - other.period.shift_seconds) <= sameFaultSeconds),
    ),
  );
}

/** People raise two devices within a minute or two, so a lag is known to that. */
const sharedToleranceSeconds = 180;
const sameFaultSeconds = 2 * sharedToleranceSeconds;

function overlap(one: Span, other: Span): boolean {
  return one.first <= other.last && other.first <= one.last;
}

type Span = { first: string; last: string };

function asWrongPeriod({ from, to, seconds, matches }: SharedPeriod, home_zone: string): WrongPeriod {
  const shift_seconds = wholeQuarters(seconds, sharedToleranceSeconds);
  const run = matches.map(({ wall, at, zone }) => ({
    local: wallText(wall),
    seconds: shift_seconds,
    taken: { at, zone },
    tag_seconds: 0,
  }));
  // Another device speaks for the days on which it was there, and for no others.
  const span = { first: wallText(from), last: wallText(to + 999) };
  return {
    ...span,
    from: span.first,
    to: span.last,
    shift_seconds,
    run,
    zone: zoneFault(run, shift_seconds, home_zone),
  };
}

/** The wall clock of `wallMilliseconds`, to the second. */
function wallText(wall: number): string {
  return Temporal.Instant.fromEpochMilliseconds(wall).toString({ smallestUnit: 'second' }).slice(0, 19);
}

async function told(
  { db }: Place,
  owner: string,
  { camera, period, by, witness }: Found,
  home_zone: string,
): Promise<ClockCorrection> {
  const { shift_seconds, zone, run } = period;
  const span = { from: period.from ?? firstClock, to: period.to ?? lastClock };
  const shots = await shotsOfClock(db, owner, camera, span);
  const days = [run[0], run.at(-1)].map((shot) => inWords(shot?.local.slice(0, 10) ?? ''));
  const when = days[0] === days[1] ? days[0] : days.join(' – ');
  const fault = faultInWords(period, witness, home_zone);
  return {
    camera,
    ...span,
    shift_seconds,
    zone,
    by,
    sentence: `${shots.length.toLocaleString('en')} from ${cameraName(camera)}: ${fault}, ${when}`,
    witnesses: run.length,
    assets: shots.length,
    samples: shots.slice(0, samplesShown).map(({ asset_id, name, ...clock }) => {
      const basis = asTheDeviceToldIt(clock);
      const after = withoutFault(basis, { shift_seconds, zone }) ?? basis;
      return {
        asset_id,
        name,
        before: clock.local,
        after: after.local,
        before_zone: clock.zone,
        after_zone: after.zone ?? clock.zone,
      };
    }),
  };
}

/** Where nothing bounds a period. */
const firstClock = '0001-01-01';
const lastClock = '9999-12-31';

function faultInWords({ shift_seconds, zone, run }: WrongPeriod, witness: string, home_zone: string): string {
  const place = run.find(({ taken }) => taken !== null);
  if (zone !== null && place?.taken) {
    const { at } = place.taken;
    return `${zoneFaultInWords(zone, { at, tag_seconds: place.tag_seconds, home_zone })}, by ${witness}`;
  }
  const amount = secondsInWords(Math.abs(shift_seconds)).slice(1);
  return `its clock was ${amount} ${shift_seconds > 0 ? 'behind' : 'ahead of'} ${witness}`;
}

/** What correcting a clock decides, and for which assets. What a person said of one of them itself stays. */
export function clockDecision(
  wish: { camera: CameraFacts } & ClockPeriod & ClockFault,
): [Target, PreparedDecision] {
  return [{ clock: wish }, { kind: 'correct_clock', data: wish }];
}
