/**
 * Decisions that leave evidence and time as they are, so that 100,000 acceptances take seconds. What is written here
 * is what deciding again would write (a test compares the two).
 */
import { sql, type Transaction } from 'kysely';
import type { Database } from '#db/schema.ts';
import { isAmong } from '#db/json-rows.ts';
import type { PreparedDecision } from './prepare.ts';

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
