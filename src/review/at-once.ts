/**
 * Decisions that leave evidence and time as they are, so that 100,000 acceptances take seconds. What is written here
 * is what deciding again would write (a test compares the two).
 */
import { sql, type Transaction } from 'kysely';
import type { Database } from '#db/schema.ts';
import { engineOf, isAmong } from '#db/json-rows.ts';
import type { PreparedDecision } from './prepare.ts';
import type { stoodColumns } from './record-alike.ts';

type AtOnce = Extract<PreparedDecision, { kind: 'accept' | 'discard' | 'tag' }>;

export async function takeEffectAtOnce(
  transaction: Transaction<Database>,
  owner: string,
  decisionId: string,
  decision: AtOnce,
): Promise<void> {
  switch (decision.kind) {
    case 'accept':
      await sql`
        update capture_times
        set review = case when review = 'discarded' then review else 'accepted' end, doubt = null, revision = revision + 1,
          reviewed_at = (select at from decisions where id = ${decisionId})
        where asset_id in (select asset_id from decision_assets where decision_id = ${decisionId})
      `.execute(transaction);
      return;
    case 'discard':
      await sql`
        update capture_times set review = 'discarded', doubt = null, revision = revision + 1
        where asset_id in (select asset_id from decision_assets where decision_id = ${decisionId})
      `.execute(transaction);
      return;
    case 'tag':
      await applyTags(transaction, owner, decisionId, decision.data);
      return;
  }
}

async function applyTags(
  transaction: Transaction<Database>,
  owner: string,
  decisionId: string,
  { add, remove }: { add: string[]; remove: string[] },
): Promise<void> {
  if (remove.length > 0) {
    await transaction
      .deleteFrom('asset_tags')
      .where('owner', '=', owner)
      .where(isAmong(transaction, 'asset_tags.tag', remove))
      .where('asset_id', 'in', (concerned) =>
        concerned.selectFrom('decision_assets').select('asset_id').where('decision_id', '=', decisionId),
      )
      .execute();
  }
  for (const tag of add) {
    await sql`
      insert into asset_tags (asset_id, tag, owner, source)
      select asset_id, ${tag}, ${owner}, 'person' from decision_assets where decision_id = ${decisionId}
      on conflict (asset_id, tag) do nothing
    `.execute(transaction);
  }
}

/**
 * Takes an acceptance or discarding back from the assets that nothing was written about since: they stand as they
 * stood. The others are to be decided again.
 */
export async function takeBackAtOnce(
  transaction: Transaction<Database>,
  owner: string,
  decisionId: string,
): Promise<void> {
  const isPostgres = engineOf(transaction) === 'postgres';
  const stood = (name: (typeof stoodColumns)[number]) =>
    isPostgres
      ? sql`(decision_assets.value_json::jsonb #>> ${sql.lit(`{stood,${name}}`)})`
      : sql`(decision_assets.value_json ->> ${sql.lit(`$.stood.${name}`)})`;
  const isUntouched = sql`capture_times.revision = cast(${stood('revision')} as integer) + 1`;
  // An acceptance of an older version kept nothing of this: null is no yes.
  await sql`
    insert into to_decide (asset_id, owner)
    select decision_assets.asset_id, ${owner} from decision_assets
    join capture_times on capture_times.asset_id = decision_assets.asset_id
    where decision_assets.decision_id = ${decisionId} and (${isUntouched}) is not true
    on conflict (asset_id) do nothing
  `.execute(transaction);
  await sql`
    update capture_times
    set review = ${stood('review')}, doubt = ${stood('doubt')}, reviewed_at = ${stood('reviewed_at')},
      revision = capture_times.revision + 1
    from decision_assets
    where decision_assets.decision_id = ${decisionId} and decision_assets.asset_id = capture_times.asset_id
      and ${isUntouched}
  `.execute(transaction);
}
