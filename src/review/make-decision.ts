/** Keeps what a person decided, for one asset or for 100,000, and lets it take effect. */
import { randomUUIDv7 } from 'node:crypto';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import type { AssetFilter } from '#contract/asset-filter.ts';
import type { DecisionReport } from '#contract/decisions.ts';
import type { LeftAloneReason } from '#contract/words.ts';
import { insertRows, isAmong } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import { filtered } from '#library/browse.ts';
import { decideWaiting } from '#library/decide-asset.ts';
import { rulesInForce } from '#library/rules-in-force.ts';
import { decisionOfId } from './decisions.ts';
import { prepare, type PreparedDecision } from './prepare.ts';
import { takeEffectAtOnce } from './at-once.ts';

export type Place = { db: Kysely<Database>; rules: () => Rules };

export type Target = { asset_ids: readonly string[] } | { filter: AssetFilter };

/**
 * One decision for all the assets meant. Kept in one transaction with what it took from each of them; the times that
 * follow from it are decided after it, in small transactions, and are when this returns.
 */
export async function makeDecision(
  { db, rules }: Place,
  owner: string,
  target: Target,
  decision: PreparedDecision,
): Promise<DecisionReport> {
  const id = randomUUIDv7();
  const leftAlone = new Map<LeftAloneReason, number>();
  const counts = await db.transaction().execute(async (transaction) => {
    const inForce = await rulesInForce(transaction, owner, rules());
    await transaction
      .insertInto('decisions')
      .values({
        id,
        owner,
        seq: await nextSeq(transaction, owner),
        at: new Date().toISOString(),
        kind: decision.kind,
        data_json: JSON.stringify('data' in decision ? decision.data : {}),
        assets: 0,
        undone_at: null,
      })
      .execute();
    const ids = await idsOf(transaction, owner, target);
    let changed = 0;
    for (let start = 0; start < ids.length; start += atOnce) {
      const some = await prepare(transaction, ids.slice(start, start + atOnce), decision, inForce);
      for (const [reason, count] of some.left_alone) {
        leftAlone.set(reason, (leftAlone.get(reason) ?? 0) + count);
      }
      changed += some.values.length;
      await insertRows(
        transaction,
        'decision_assets',
        { asset_id: 'text', decision_id: 'text', value_json: 'text' },
        some.values.map(({ asset_id, value }) => ({
          asset_id,
          decision_id: id,
          value_json: value === null ? null : JSON.stringify(value),
        })),
      );
    }
    if (changed === 0) {
      await transaction.deleteFrom('decisions').where('id', '=', id).execute();
    } else {
      await transaction.updateTable('decisions').set({ assets: changed }).where('id', '=', id).execute();
      await letTakeEffect(transaction, owner, id, decision);
    }
    return { matched: ids.length, changed };
  });
  if (counts.changed > 0) await decideWaiting(db, owner, rules);
  return {
    decision: counts.changed === 0 ? null : await decisionOfId(db, owner, id),
    ...counts,
    left_alone: [...leftAlone].map(([because, count]) => ({ because, count })),
  };
}

const atOnce = 1000;

/** Also the lock that makes the decisions of one owner take turns. */
async function nextSeq(transaction: Transaction<Database>, owner: string): Promise<number> {
  const { last_decision } = await transaction
    .insertInto('libraries')
    .values({ owner, last_decision: 1 })
    .onConflict((conflict) =>
      conflict.column('owner').doUpdateSet({ last_decision: sql`libraries.last_decision + 1` }),
    )
    .returning('last_decision')
    .executeTakeFirstOrThrow();
  return last_decision;
}

async function idsOf(transaction: Transaction<Database>, owner: string, target: Target): Promise<string[]> {
  if ('filter' in target) {
    const rows = await filtered(transaction, owner, target.filter).select('assets.id').execute();
    return rows.map(({ id }) => id);
  }
  const rows = await transaction
    .selectFrom('assets')
    .select('id')
    .where('owner', '=', owner)
    .where(isAmong(transaction, 'assets.id', target.asset_ids))
    .execute();
  return rows.map(({ id }) => id);
}

/** What leaves the time as it is takes effect here; the rest waits to be decided. */
async function letTakeEffect(
  transaction: Transaction<Database>,
  owner: string,
  id: string,
  decision: PreparedDecision,
): Promise<void> {
  if (decision.kind === 'accept' || decision.kind === 'discard' || decision.kind === 'tag') {
    await takeEffectAtOnce(transaction, owner, id, decision);
  } else await letWait(transaction, owner, id);
}

/** The assets of a decision are to be decided again. */
export async function letWait(transaction: Transaction<Database>, owner: string, id: string): Promise<void> {
  await transaction
    .insertInto('to_decide')
    .columns(['asset_id', 'owner'])
    .expression((rows) =>
      rows
        .selectFrom('decision_assets')
        .select(['asset_id', sql.lit(owner).as('owner')])
        .where('decision_id', '=', id),
    )
    .onConflict((conflict) => conflict.column('asset_id').doNothing())
    .execute();
}
