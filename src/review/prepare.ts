/** What a decision takes from each asset as it stands, and which assets it has nothing to say to. */
import { chooseCaptureTime } from '#capture-time/choose.ts';
import type { Rules } from '#capture-time/clues.ts';
import { inOrder } from '#capture-time/order.ts';
import { inZone, shifted, type ClockFault, type TimeSpokenOf } from '#capture-time/person.ts';
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import type { EvidenceSource, LeftAloneReason, Precision, ReviewState } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { isAmong } from '#db/json-rows.ts';
import { asTheDeviceToldIt, cameraClockOf } from '#library/camera-clock.ts';
import type { CameraFacts, ClockPeriod } from '#library/clock-corrections.ts';
import { foldDecisions, type PersonsWord } from '#library/fold.ts';
import { readDecisions } from '#library/stored-clues.ts';
import type { Alike } from './record-alike.ts';

/** A decision as it is kept; `data` is the same for all its assets. */
export type PreparedDecision =
  | { kind: 'choose'; data: { source: EvidenceSource; raw?: string | undefined } }
  | { kind: 'set_time'; data: { local: string; precision: Precision; zone: string | null; entered: string } }
  | { kind: 'shift'; data: { seconds: number } }
  | { kind: 'set_zone'; data: { zone: string; keep: 'clock' | 'instant' } }
  | {
      kind: 'correct_clock';
      data: { camera: CameraFacts } & ClockPeriod & ClockFault;
    }
  | { kind: 'accept' }
  | { kind: 'discard' }
  | { kind: 'restore' }
  | { kind: 'tag'; data: { add: string[]; remove: string[] } };

/** A decision that takes something from each asset which has to be worked out. */
type TakingDecision = Exclude<PreparedDecision, Alike>;

export type Prepared = {
  values: { asset_id: string; value: unknown }[];
  left_alone: Map<LeftAloneReason, number>;
};

type Taken = { value: unknown } | { left_alone: LeftAloneReason };
type Said = { word: PersonsWord; tags: ReadonlySet<string> };
type AssetNow = { asset_id: string; review: ReviewState; shown: CaptureTime; evidence: Evidence[] };

export async function prepare(
  db: Queryable,
  ids: readonly string[],
  decision: TakingDecision,
  rules: Rules,
): Promise<Prepared> {
  const assets = await assetsNow(db, ids, needsEvidence.has(decision.kind));
  const tags = decision.kind === 'tag' ? await tagsOf(db, ids) : new Map<string, Set<string>>();
  const decisions = decision.kind === 'correct_clock' ? await readDecisions(db, ids) : new Map<string, never>();
  const values: Prepared['values'] = [];
  const left_alone: Prepared['left_alone'] = new Map();
  for (const asset of assets) {
    const taken = take(asset, decision, rules, {
      word: foldDecisions(decisions.get(asset.asset_id) ?? []),
      tags: tags.get(asset.asset_id) ?? new Set(),
    });
    if ('value' in taken) values.push({ asset_id: asset.asset_id, value: taken.value });
    else left_alone.set(taken.left_alone, (left_alone.get(taken.left_alone) ?? 0) + 1);
  }
  return { values, left_alone };
}

const needsEvidence: ReadonlySet<PreparedDecision['kind']> = new Set([
  'choose',
  'shift',
  'set_zone',
  'correct_clock',
]);

function take(asset: AssetNow, decision: TakingDecision, rules: Rules, said: Said): Taken {
  const { shown, evidence } = asset;
  const { word, tags } = said;
  switch (decision.kind) {
    case 'choose': {
      const { source, raw } = decision.data;
      const piece = evidence
        .filter(
          (each) => each.source === source && each.local !== null && (raw === undefined || each.raw === raw),
        )
        .toSorted(believedFirst)[0];
      return piece === undefined ? { left_alone: 'no_such_evidence' } : { value: { piece } };
    }
    case 'shift':
      return corrected(shown, ruled(asset, rules), (time) => shifted(time, decision.data.seconds));
    case 'set_zone': {
      const { zone, keep } = decision.data;
      const place = (time: TimeSpokenOf) => inZone(time, zone, keep);
      if (keep === 'instant' && shown.precision !== null && shown.local !== null && shown.at === null) {
        return { left_alone: 'no_instant' };
      }
      return corrected(shown, ruled(asset, rules), place);
    }
    case 'correct_clock': {
      if (word.is_own) return { left_alone: 'person_said' };
      const clock = cameraClockOf(evidence);
      return clock === undefined
        ? { left_alone: 'no_such_evidence' }
        : { value: { basis: asTheDeviceToldIt(clock) } };
    }
    case 'tag': {
      const { add, remove } = decision.data;
      const changes = add.some((tag) => !tags.has(tag)) || remove.some((tag) => tags.has(tag));
      return changes ? { value: null } : { left_alone: 'already_so' };
    }
  }
}

/** A correction speaks about the time shown; kept beside it is what the rules alone say, in case that is undone. */
function corrected(
  shown: TimeSpokenOf,
  basis: TimeSpokenOf,
  correct: (time: TimeSpokenOf) => TimeSpokenOf | null,
): Taken {
  if (shown.local === null) return { left_alone: 'no_time' };
  return correct(shown) === null ? { left_alone: 'no_clock' } : { value: { basis } };
}

/** What the rules choose where no person has spoken. */
function ruled({ review, shown, evidence }: AssetNow, rules: Rules): TimeSpokenOf {
  if (review !== 'accepted' && shown.source !== 'person') return spokenOf(shown);
  const others = evidence.filter(({ source }) => source !== 'person');
  return spokenOf(chooseCaptureTime(others, rules));
}

function spokenOf({ at, local, zone, zone_source, source, precision }: CaptureTime): TimeSpokenOf {
  return { at, local, zone, zone_source, source, precision };
}

/** A person may choose what the rules do not believe: a scan from 1998 is one. */
function believedFirst(one: Evidence, other: Evidence): number {
  return Number(one.rejected !== null) - Number(other.rejected !== null) || inOrder(one, other);
}

async function assetsNow(db: Queryable, ids: readonly string[], withEvidence: boolean): Promise<AssetNow[]> {
  const rows = await db
    .selectFrom('capture_times')
    .select(['asset_id', 'review', 'at', 'local', 'zone', 'zone_source'])
    .select(['source', 'precision', 'confidence', 'because'])
    .where(isAmong(db, 'capture_times.asset_id', ids))
    .execute();
  const pieces = withEvidence ? await evidenceOf(db, ids) : new Map<string, Evidence[]>();
  return rows.map(({ asset_id, review, ...shown }) => ({
    asset_id,
    review,
    shown,
    evidence: pieces.get(asset_id) ?? [],
  }));
}

async function evidenceOf(db: Queryable, ids: readonly string[]): Promise<Map<string, Evidence[]>> {
  const rows = await db
    .selectFrom('evidence')
    .select(['asset_id', 'source', 'raw', 'at', 'local', 'zone', 'zone_source'])
    .select(['precision', 'weight', 'rejected'])
    .where(isAmong(db, 'evidence.asset_id', ids))
    .execute();
  const byAsset = new Map<string, Evidence[]>();
  for (const { asset_id, ...piece } of rows) {
    const pieces = byAsset.get(asset_id);
    if (pieces === undefined) byAsset.set(asset_id, [piece]);
    else pieces.push(piece);
  }
  return byAsset;
}

async function tagsOf(db: Queryable, ids: readonly string[]): Promise<Map<string, Set<string>>> {
  const rows = await db
    .selectFrom('asset_tags')
    .select(['asset_id', 'tag'])
    .where(isAmong(db, 'asset_tags.asset_id', ids))
    .execute();
  const byAsset = new Map<string, Set<string>>();
  for (const { asset_id, tag } of rows) {
    const tags = byAsset.get(asset_id) ?? new Set();
    byAsset.set(asset_id, tags.add(tag));
  }
  return byAsset;
}
