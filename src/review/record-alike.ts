import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { LeftAloneReason } from '#contract/words.ts';
import { engineOf, isAmong } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import type { PreparedDecision } from './prepare.ts';
import { toldColumns } from './redate-tally.ts';

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
    select asset_id, ${decisionId}, ${taken(transaction, kind)}
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

/** What `at-once.ts` changes, so that it can be put back. */
export const stoodColumns = ['review', 'doubt', 'reviewed_at', 'revision'] as const;

/** What is kept of the asset: `shown` in the shape of a `CaptureTime`, `stood` to be put back at once. */
function taken(transaction: Transaction<Database>, kind: Alike['kind']): RawBuilder<string | null> {
  const object = (fields: readonly RawBuilder<unknown>[]) =>
    engineOf(transaction) === 'sqlite'
      ? sql<string>`json_object(${sql.join(fields)})`
      : sql<string>`json_build_object(${sql.join(fields)})`;
  const columns = (names: readonly string[]) => object(names.flatMap((name) => [sql.lit(name), sql.ref(name)]));
  const parts = {
    accept: [sql.lit('shown'), columns(toldColumns), sql.lit('stood'), columns(stoodColumns)],
    discard: [sql.lit('stood'), columns(stoodColumns)],
    restore: [],
    set_time: [],
  }[kind];
  return parts.length === 0 ? sql`null` : sql`cast(${object(parts)} as text)`;
}
