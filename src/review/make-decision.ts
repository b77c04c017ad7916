/** Keeps what a person decided, for one asset or for 100,000, and lets it take effect. */
import { randomUUIDv7 } from 'node:crypto';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import type { AssetFilter } from '#contract/asset-filter.ts';
import type { DecisionReport } from '#contract/decisions.ts';
import type { LeftAloneReason } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { insertRows, isAmong } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import { filtered } from '#library/browse.ts';
import { shotsOfClock, type CameraFacts, type ClockPeriod } from '#library/clock-corrections.ts';
import { decideWaiting } from '#library/decide-asset.ts';
import { rulesInForce } from '#library/rules-in-force.ts';
import { decisionOfId } from './decisions.ts';
import { prepare, type Prepared, type PreparedDecision } from './prepare.ts';
import { isAlike, recordAlike, type Recorded } from './record-alike.ts';
import { takeEffectAtOnce } from './at-once.ts';

export type Place = { db: Kysely<Database>; rules: () => Rules };

export type Target =
  | { asset_ids: readonly string[] }
  /** All that match but these. */
  | { filter: AssetFilter; except?: readonly string[] | undefined }
  /** The shots that the clock of a camera places in a period. */
  | { clock: { camera: CameraFacts } & ClockPeriod };

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
    const ids = await idsMeant(transaction, owner, target);
    let changed = 0;
    for (let start = 0; start < ids.length; start += atOnce) {
      const some = ids.slice(start, start + atOnce);
      const recorded = isAlike(decision)
        ? await recordAlike(transaction, id, some, decision)
        : await recordEach(transaction, id, await prepare(transaction, some, decision, inForce));
      changed += recorded.changed;
      for (const [reason, count] of recorded.left_alone) {
        leftAlone.set(reason, (leftAlone.get(reason) ?? 0) + count);
      }
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

async function recordEach(
  transaction: Transaction<Database>,
  decision_id: string,
  { values, left_alone }: Prepared,
): Promise<Recorded> {
  await insertRows(
    transaction,
    'decision_assets',
    { asset_id: 'text', decision_id: 'text', value_json: 'text' },
    values.map(({ asset_id, value }) => ({
      asset_id,
      decision_id,
      value_json: value === null ? null : JSON.stringify(value),
    })),
  );
  return { changed: values.length, left_alone };
}

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

/** The assets meant; `most` of them, where so many are enough to know. */
export async function idsMeant(db: Queryable, owner: string, target: Target, most?: number): Promise<string[]> {
  if ('clock' in target) {
    const shots = await shotsOfClock(db, owner, target.clock.camera, target.clock);
    return shots.map(({ asset_id }) => asset_id);
  }
  if ('filter' in target) {
    const { filter, except = [] } = target;
    const rows = await filtered(db, owner, filter)
      .select('assets.id')
      .$if(except.length > 0, (query) => query.where(sql<boolean>`not ${isAmong(db, 'assets.id', except)}`))
      .$if(most !== undefined, (query) => query.limit(most ?? 0))
      .execute();
    return rows.map(({ id }) => id);
  }
  const rows = await db
    .selectFrom('assets')
    .select('id')
    .where('owner', '=', owner)
    .where(isAmong(db, 'assets.id', target.asset_ids))
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
