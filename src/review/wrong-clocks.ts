/** Where the clock of one camera was wrong by the same time, or in the same zone, for a while. Pure. */
import type { ZoneFault } from '#capture-time/person.ts';
import { zoneFault } from './wrong-zones.ts';

/** A shot of which another clock tells the time too. */
export type Witness = {
  /** Wall clock of the camera. */
  local: string;
  /** How much later the other clock is, in seconds, on the wall clock there: what corrects the camera. */
  seconds: number;
  /** The moment by the other clock (milliseconds since 1970), and the zone there; null where no place is known. */
  taken: { at: number; zone: string } | null;
  /** How much later the wall clock there is than in the zone that the camera wrote beside its time; 0 where it wrote none. */
  tag_seconds: number;
};

export type ClockPeriod = {
  /** First and last wall clock of the camera in it. */
  first: string;
  last: string;
  shift_seconds: number;
  run: readonly Witness[];
};

export type WrongPeriod = ClockPeriod & {
  /** First and last wall clock at which it was wrong; null where nothing says that it ever was right. */
  from: string | null;
  to: string | null;
  zone: ZoneFault | null;
};

/** Fewer may be a coincidence: a file renamed, a fix that lagged. */
const leastWitnesses = 3;
/** A clock that is off by less is one that nobody has set to the second; a GPS fix may lag as much. */
const leastSeconds = 5 * 60;
/** How far witnesses of the same fault may be apart: GPS times in our samples lag up to 96 s. */
const toleranceSeconds = 120;
const quarterHourSeconds = 15 * 60;

/** Witnesses of one camera in any order. */
export function wrongPeriods(witnesses: readonly Witness[], home_zone: string): WrongPeriod[] {
  const told = periodsOf(witnesses);
  return told.flatMap((period, index) => {
    if (!isWrong(period)) return [];
    return [
      {
        ...period,
        from: index === 0 ? null : period.first,
        to: index === told.length - 1 ? null : period.last,
        zone: zoneFault(period.run, period.shift_seconds, home_zone),
      },
    ];
  });
}

/** Where another clock bears this one out. */
export function rightPeriods(witnesses: readonly Witness[]): ClockPeriod[] {
  return periodsOf(witnesses).filter((period) => !isWrong(period));
}

function isWrong({ shift_seconds, run }: ClockPeriod): boolean {
  return Math.abs(shift_seconds) >= leastSeconds || run[0]?.tag_seconds !== 0;
}

/** Runs of witnesses that say the same, by the time on the camera. One that stands alone in between is no matter. */
function periodsOf(witnesses: readonly Witness[]): ClockPeriod[] {
  const inOrder = witnesses.toSorted((one, other) => (one.local < other.local ? -1 : 1));
  const runs: Witness[][] = [];
  for (const witness of inOrder) {
    const run = runs.at(-1);
    if (run !== undefined && saysTheSame(witness, run)) run.push(witness);
    else runs.push([witness]);
  }
  const joined: Witness[][] = [];
  for (const run of runs.filter(({ length }) => length >= leastWitnesses)) {
    const before = joined.at(-1);
    const [next] = run;
    if (before !== undefined && next !== undefined && saysTheSame(next, before)) before.push(...run);
    else joined.push(run);
  }
  return joined.flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    const shift_seconds = wholeQuarters(median(run), toleranceSeconds);
    return [{ first: first.local, last: last.local, shift_seconds, run }];
  });
}

/** As the last few did: a clock drifts over the years, and looking at all would take the square of their number. */
function saysTheSame(witness: Witness, run: readonly Witness[]): boolean {
  const lately = median(run.slice(-lastFew));
  return Math.abs(witness.seconds - lately) <= toleranceSeconds && witness.tag_seconds === run[0]?.tag_seconds;
}

const lastFew = 15;

/** A zone or summer time set wrong is a whole quarter hour; other differences are what they are. */
export function wholeQuarters(seconds: number, within: number): number {
  const whole = Math.round(seconds / quarterHourSeconds) * quarterHourSeconds;
  return Math.abs(seconds - whole) <= within ? whole : Math.round(seconds);
}

function median(run: readonly Witness[]): number {
  const sorted = run.map(({ seconds }) => seconds).toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
