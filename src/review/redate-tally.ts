/** What deciding again changed, counted slice by slice. Plain data: kept in `redates` while the job runs. */
import type { CaptureTime } from '#contract/capture-time.ts';
import type { RedateReport } from '#contract/job-summary.ts';

export type Tally = Omit<RedateReport, 'dry_run' | 'rules' | 'seconds'>;

export const emptyTally: Tally = {
  assets: 0,
  changed: 0,
  changed_times: 0,
  kept_by_person: 0,
  confidence: [],
  examples: [],
};

/** One asset before and after; never decided before: null. */
export type Comparison = { id: string; name: string; before: CaptureTime | null; after: CaptureTime };

const mostExamples = 10;

/** What a person is told of a time: a change of anything else is written, and not worth a word. */
export const toldColumns = [
  'at',
  'local',
  'zone',
  'zone_source',
  'source',
  'precision',
  'confidence',
  'because',
] as const;

export function isTold({ before, after }: Comparison): boolean {
  return before === null || toldColumns.some((column) => before[column] !== after[column]);
}

/** The tally of assets of which these changed. */
export function tallyOf(
  counts: Pick<Tally, 'assets' | 'kept_by_person'>,
  compared: Iterable<Comparison>,
): Tally {
  const tally: Tally = { ...counts, changed: 0, changed_times: 0, confidence: [], examples: [] };
  for (const comparison of compared) {
    const { id, name, before, after } = comparison;
    if (before === null || !isTold(comparison)) continue;
    tally.changed += 1;
    tally.confidence.push({ from: before.confidence, to: after.confidence, count: 1 });
    if (before.local === after.local && before.at === after.at) continue;
    tally.changed_times += 1;
    tally.examples.push({
      asset_id: id,
      name,
      before: before.local,
      after: after.local,
      before_zone: before.zone,
      after_zone: after.zone,
      from: before.confidence,
      to: after.confidence,
      because: after.because,
    });
  }
  return addTallies(emptyTally, tally);
}

/** In whatever order slices come, the sum is the same: the examples are those of the lowest ids. */
export function addTallies(one: Tally, other: Tally): Tally {
  const confidence = new Map<string, Tally['confidence'][number]>();
  for (const { from, to, count } of [...one.confidence, ...other.confidence]) {
    const key = `${from} ${to}`;
    confidence.set(key, { from, to, count: (confidence.get(key)?.count ?? 0) + count });
  }
  return {
    assets: one.assets + other.assets,
    changed: one.changed + other.changed,
    changed_times: one.changed_times + other.changed_times,
    kept_by_person: one.kept_by_person + other.kept_by_person,
    confidence: [...confidence.entries()]
      .toSorted(([key, { count }], [otherKey, other]) => other.count - count || (key < otherKey ? -1 : 1))
      .map(([, moved]) => moved),
    examples: [...one.examples, ...other.examples]
      .toSorted((example, another) => (example.asset_id < another.asset_id ? -1 : 1))
      .slice(0, mostExamples),
  };
}
