/** The rules, applied to what is stored of assets, with what a person decided above them. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import type { CaptureTime } from '#contract/capture-time.ts';
import type { Queryable } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { foldDecisions } from './fold.ts';
import { decideAmongOthers } from './decide-among-others.ts';
import { judge } from './judge.ts';
import { mayHavePartner, type Asking } from './others-of-asset.ts';
import { rulesInForce } from './rules-in-force.ts';
import { readStored } from './stored-clues.ts';
import { writeJudged, type JudgedAsset } from './write-judged.ts';

/** What was decided, and who it was, so that others can be asked whether they waited for it. */
export type Decided = { asking: Asking; capture_time: CaptureTime };

/**
 * Decides when assets were taken from the tags of their bytes, every name under which they were met and what a person
 * said, and writes the evidence and the choice in place of the former. Other assets are asked for what one lacks. Opens
 * no file. A handful of statements; 1,000 at a time is a good number.
 */
export async function decideAssets(
  transaction: Transaction<Database>,
  owner: string,
  ids: readonly string[],
  rules: Rules,
): Promise<Decided[]> {
  const inForce = await rulesInForce(transaction, owner, rules);
  const all = await judgeAssets(transaction, owner, ids, inForce);
  await writeJudged(transaction, all);
  return all.map(({ asset, judged }) => ({
    asking: asset.asking,
    capture_time: judged.decision.capture_time,
  }));
}

/**
 * What these rules make of assets; nothing is written. Outside a transaction others may change what was read: compare
 * `capture_times.revision` before writing it.
 */
export async function judgeAssets(
  db: Queryable,
  owner: string,
  ids: readonly string[],
  rules: Rules,
): Promise<JudgedAsset[]> {
  const all: JudgedAsset[] = [];
  const stored = await readStored(db, owner, ids);
  const askings = stored.map(({ asking }) => asking);
  const paired = await mayHavePartner(db, askings);
  for (const asset of stored) {
    const word = foldDecisions(asset.decisions);
    const decision = await decideAmongOthers(db, asset.asking, paired.has(asset.id), {
      clues: asset.clues,
      names: asset.names,
      others: word.piece === null ? [] : [word.piece],
      rules,
    });
    all.push({ asset, judged: judge(asset, word, decision, rules), paired: paired.has(asset.id) });
  }
  return all;
}

/**
 * Decides the assets that wait for it, some in each transaction so that others get their turn in between. It goes on
 * where a process that died left off; two at the same time share the work.
 */
export async function decideWaiting(db: Kysely<Database>, owner: string, rules: () => Rules): Promise<void> {
  for (;;) {
    const ids = await db.transaction().execute(async (transaction) => {
      const taken = await transaction
        .deleteFrom('to_decide')
        .where('asset_id', 'in', (waiting) =>
          waiting.selectFrom('to_decide').select('asset_id').where('owner', '=', owner).limit(assetsAtOnce),
        )
        .returning('asset_id')
        .execute();
      const ids = taken.map(({ asset_id }) => asset_id);
      if (ids.length > 0) await decideAssets(transaction, owner, ids, rules());
      return ids;
    });
    if (ids.length === 0 && !(await isAnyWaiting(db, owner))) return;
    await othersTurn();
  }
}

/** A tenth of a second's work: how long other writers, and in this process other requests, wait for their turn. */
const assetsAtOnce = 200;

export async function countWaiting(db: Queryable, owner: string): Promise<number> {
  const { assets } = await db
    .selectFrom('to_decide')
    .select((select) => select.fn.countAll<number>().as('assets'))
    .where('owner', '=', owner)
    .executeTakeFirstOrThrow();
  return assets;
}

export async function isAnyWaiting(db: Queryable, owner: string): Promise<boolean> {
  const waiting = await db
    .selectFrom('to_decide')
    .select('asset_id')
    .where('owner', '=', owner)
    .limit(1)
    .executeTakeFirst();
  return waiting !== undefined;
}
