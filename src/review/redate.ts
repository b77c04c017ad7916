/** Decides again for a whole library, from what is stored, and says what changed. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Selectable, Transaction } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import type { Evidence } from '#contract/capture-time.ts';
import type { RedateReport } from '#contract/job-summary.ts';
import type { ChoiceRule, Confidence } from '#contract/words.ts';
import { isAmong } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import { judgeAssets } from '#library/decide-asset.ts';
import { putInForce, rulesInForce } from '#library/rules-in-force.ts';
import { writeJudged, type JudgedAsset } from '#library/write-judged.ts';
import type { Place } from './make-decision.ts';

export type RedateWish = {
  rule?: ChoiceRule | undefined;
  zone?: string | undefined;
  min_year?: number | undefined;
  dry_run: boolean;
};

export type RedateOptions = {
  /** Assets of one transaction: other writers, and other requests of this process, wait that long. */
  at_once: number;
  onProgress?(done: number): void;
};

const mostExamples = 10;

/**
 * The rules asked for are put in force for this library, then every asset is decided by them, some in each transaction.
 * Rows that would stay as they are are not written. What a person chose, entered or accepted stays. With `dry_run`
 * nothing is written at all.
 */
export async function redate(
  { db, rules: settings }: Place,
  owner: string,
  wish: RedateWish,
  { at_once, onProgress }: RedateOptions,
): Promise<RedateReport> {
  const began = performance.now();
  const before = await rulesInForce(db, owner, settings());
  const rules: Rules = {
    rule: wish.rule ?? before.rule,
    home_zone: wish.zone ?? before.home_zone,
    min_year: wish.min_year ?? before.min_year,
    now: before.now,
  };
  if (!wish.dry_run) await putInForce(db, owner, rules, settings());
  const tally = new Tally();
  for (let last = ''; ;) {
    const ids = await nextIds(db, owner, last, at_once);
    if (ids.length === 0) break;
    await db.transaction().execute(async (transaction) => {
      const stood = await stoodBefore(transaction, ids);
      const judged = await judgeAssets(transaction, owner, ids, rules);
      const changed = judged.filter((each) => tally.count(stood.get(each.asset.id), each));
      if (!wish.dry_run && changed.length > 0) await writeJudged(transaction, changed);
    });
    last = ids.at(-1) ?? '';
    onProgress?.(tally.assets);
    await othersTurn();
  }
  return {
    dry_run: wish.dry_run,
    rules: { rule: rules.rule, zone: rules.home_zone, min_year: rules.min_year },
    ...tally.told(),
    seconds: Math.round((performance.now() - began) / 10) / 100,
  };
}

async function nextIds(db: Place['db'], owner: string, last: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('assets')
    .select('id')
    .where('owner', '=', owner)
    .where('id', '>', last)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

type Stood = { time: Selectable<Database['capture_times']>; name: string; evidence: string[] };

async function stoodBefore(
  transaction: Transaction<Database>,
  ids: readonly string[],
): Promise<Map<string, Stood>> {
  const times = await transaction
    .selectFrom('capture_times')
    .innerJoin('assets', 'assets.id', 'capture_times.asset_id')
    .selectAll('capture_times')
    .select('assets.name')
    .where(isAmong(transaction, 'capture_times.asset_id', ids))
    .execute();
  const pieces = await transaction
    .selectFrom('evidence')
    .select(['asset_id', 'source', 'raw', 'at', 'local', 'zone', 'zone_source'])
    .select(['precision', 'weight', 'rejected'])
    .where(isAmong(transaction, 'evidence.asset_id', ids))
    .orderBy('asset_id')
    .orderBy('seq')
    .execute();
  const stood = new Map(
    times.map(({ name, ...time }) => [time.asset_id, { time, name, evidence: [] as string[] }]),
  );
  for (const { asset_id, ...piece } of pieces) stood.get(asset_id)?.evidence.push(pieceText(piece));
  return stood;
}

function pieceText(piece: Evidence): string {
  const { source, raw, at, local, zone, zone_source, precision, weight, rejected } = piece;
  return [source, raw, at, local, zone, zone_source, precision, weight, rejected].join('\0');
}

/** What a person is told: times, and how sure they are. */
const toldColumns = [
  'at',
  'local',
  'zone',
  'zone_source',
  'source',
  'precision',
  'confidence',
  'because',
] as const;

class Tally {
  assets = 0;
  #changed = 0;
  #changedTimes = 0;
  #keptByPerson = 0;
  readonly #confidence = new Map<string, { from: Confidence; to: Confidence; count: number }>();
  readonly #examples: RedateReport['examples'] = [];

  /** Counts an asset; true when anything stored about it would change. */
  count(stood: Stood | undefined, { asset, judged }: JudgedAsset): boolean {
    this.assets += 1;
    if (stood === undefined) return true;
    if (judged.review === 'accepted') this.#keptByPerson += 1;
    const { decision, doubt, review } = judged;
    const { time, name, evidence } = stood;
    const next = decision.capture_time;
    const isTold = toldColumns.some((column) => time[column] !== next[column]);
    if (isTold) {
      this.#changed += 1;
      const key = `${time.confidence} ${next.confidence}`;
      const moved = this.#confidence.get(key) ?? { from: time.confidence, to: next.confidence, count: 0 };
      moved.count += 1;
      this.#confidence.set(key, moved);
      const isAnotherTime = time.local !== next.local || time.at !== next.at;
      if (isAnotherTime) this.#changedTimes += 1;
      if (isAnotherTime && this.#examples.length < mostExamples) {
        this.#examples.push({
          asset_id: asset.id,
          name,
          before: time.local,
          after: next.local,
          from: time.confidence,
          to: next.confidence,
          because: next.because,
        });
      }
    }
    return (
      isTold ||
      time.doubt !== doubt ||
      time.review !== review ||
      time.sort_key !== decision.sort_key ||
      (time.rules_differ === 1) !== decision.rules_differ ||
      evidence.length !== decision.evidence.length ||
      decision.evidence.some((piece, index) => pieceText(piece) !== evidence[index])
    );
  }

  told() {
    return {
      assets: this.assets,
      changed: this.#changed,
      changed_times: this.#changedTimes,
      kept_by_person: this.#keptByPerson,
      confidence: [...this.#confidence.values()].toSorted((one, other) => other.count - one.count),
      examples: this.#examples,
    };
  }
}
