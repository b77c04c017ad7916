/** Where the clock of one camera was wrong by the same time for a while. Pure. */

/** An asset of which another clock tells the time too. */
export type Witness = {
  /** Wall clock of the camera. */
  local: string;
  /** How much later the other clock is, in seconds: what corrects the camera. */
  seconds: number;
};

export type WrongPeriod = {
  /** First and last wall clock of the camera at which it was wrong; null where nothing says that it ever was right. */
  from: string | null;
  to: string | null;
  first_witness: string;
  last_witness: string;
  shift_seconds: number;
  witnesses: number;
};

/** Fewer may be a coincidence: a file renamed, a fix that lagged. */
const leastWitnesses = 3;
/** A clock that is off by less is one that nobody has set to the second; a GPS fix may lag as much. */
const leastSeconds = 5 * 60;
/** How far witnesses of the same fault may be apart: GPS times in our samples lag up to 96 s. */
const toleranceSeconds = 120;
const quarterHourSeconds = 15 * 60;

/** Witnesses of one camera in any order. */
export function wrongPeriods(witnesses: readonly Witness[]): WrongPeriod[] {
  const inOrder = witnesses.toSorted((one, other) => (one.local < other.local ? -1 : 1));
  const runs: Witness[][] = [];
  for (const witness of inOrder) {
    const run = runs.at(-1);
    const same = run !== undefined && Math.abs(witness.seconds - median(run)) <= toleranceSeconds;
    if (same) run.push(witness);
    else runs.push([witness]);
  }
  const told = runs.filter((run) => run.length >= leastWitnesses);
  return told.flatMap((run, index) => {
    const shift_seconds = rounded(median(run));
    const [first, last] = [run[0], run.at(-1)];
    if (Math.abs(shift_seconds) < leastSeconds || first === undefined || last === undefined) return [];
    return [
      {
        from: index === 0 ? null : first.local,
        to: index === told.length - 1 ? null : last.local,
        first_witness: first.local,
        last_witness: last.local,
        shift_seconds,
        witnesses: run.length,
      },
    ];
  });
}

/** A zone or summer time set wrong is a whole quarter hour; other differences are what they are. */
function rounded(seconds: number): number {
  const whole = Math.round(seconds / quarterHourSeconds) * quarterHourSeconds;
  return Math.abs(seconds - whole) <= toleranceSeconds ? whole : Math.round(seconds);
}

function median(run: readonly Witness[]): number {
  const sorted = run.map(({ seconds }) => seconds).toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
