import { sql, type Transaction } from 'kysely';
import type { LeftAloneReason } from '#contract/words.ts';
import { engineOf, isAmong } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import type { PreparedDecision } from './prepare.ts';

/** For how many assets a decision was recorded, and why not for the others. */
export type Recorded = { changed: number; left_alone: ReadonlyMap<LeftAloneReason, number> };

export type Alike = Extract<PreparedDecision, { kind: 'accept' | 'discard' | 'restore' | 'set_time' }>;

/** Decisions that take nothing from an asset, or what its row has already: the database can record them by itself. */
export function isAlike(decision: PreparedDecision): decision is Alike {
  return ['accept', 'discard', 'restore', 'set_time'].includes(decision.kind);
}

/** Records the decision for these assets in one statement. */
export async function recordAlike(
  transaction: Transaction<Database>,
  decisionId: string,
  ids: readonly string[],
  { kind }: Alike,
): Promise<Recorded> {
  const { numAffectedRows } = await sql`
    insert into decision_assets (asset_id, decision_id, value_json)
    select asset_id, ${decisionId}, ${kind === 'accept' ? shownJson(transaction) : sql`null`}
    from capture_times
    where ${isAmong(transaction, 'asset_id', ids)} and ${concerned[kind]}
  `.execute(transaction);
  const changed = Number(numAffectedRows ?? 0);
  const left = ids.length - changed;
  return { changed, left_alone: new Map(left === 0 ? [] : [['already_so', left]]) };
}

const concerned = {
  accept: sql`review <> 'accepted'`,
  discard: sql`review <> 'discarded'`,
  restore: sql`review = 'discarded'`,
  set_time: sql`1 = 1`,
} satisfies Record<Alike['kind'], unknown>;

const shownColumns = [
  'at',
  'local',
  'zone',
  'zone_source',
  'source',
  'precision',
  'confidence',
  'because',
] as const;

/** The time as it is shown, in the shape of a `CaptureTime`. */
function shownJson(transaction: Transaction<Database>) {
  const fields = sql.join(shownColumns.flatMap((column) => [sql.lit(column), sql.ref(column)]));
  return engineOf(transaction) === 'sqlite'
    ? sql`json_object('shown', json_object(${fields}))`
    : sql`json_build_object('shown', json_build_object(${fields}))::text`;
}
