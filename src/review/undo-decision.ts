/** Decisions taken back and let stand again: nothing is deleted, so both are always possible. */
import { sql, type Kysely } from 'kysely';
import type { Decision } from '#contract/decisions.ts';
import type { Queryable } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { waitForImports } from '#library/clock-corrections.ts';
import { decideWaiting } from '#library/decide-asset.ts';
import { takeBackAtOnce } from './at-once.ts';
import { decisionOfId, DecisionRefused } from './decisions.ts';
import { letWait, type Place } from './make-decision.ts';
import { redateKind } from './redate-kind.ts';

/** The assets concerned are decided again when this returns. Throws `DecisionRefused`. */
export async function undoDecision(place: Place, owner: string, id: string): Promise<Decision> {
  const decision = await decisionOfId(place.db, owner, id);
  if (!(await setUndone(place.db, owner, id, new Date().toISOString()))) {
    throw new DecisionRefused('already_undone', `“${decision.sentence}” was taken back before.`);
  }
  await decideWaiting(place.db, owner, place.rules);
  return decisionOfId(place.db, owner, id);
}

export async function redoDecision(place: Place, owner: string, id: string): Promise<Decision> {
  const decision = await decisionOfId(place.db, owner, id);
  if (!(await setUndone(place.db, owner, id, null))) {
    throw new DecisionRefused('not_undone', `“${decision.sentence}” stands: it was not taken back.`);
  }
  await decideWaiting(place.db, owner, place.rules);
  return decisionOfId(place.db, owner, id);
}

export async function undoNewest(place: Place, owner: string): Promise<Decision> {
  return undoDecision(place, owner, await newestStanding(place.db, owner));
}

export async function redoNewest(place: Place, owner: string): Promise<Decision> {
  return redoDecision(place, owner, await newestUndone(place.db, owner));
}

/** The id of what undoing takes back. Throws `DecisionRefused`. */
export async function newestStanding(db: Queryable, owner: string): Promise<string> {
  const newest = await db
    .selectFrom('decisions')
    .select('id')
    .where('owner', '=', owner)
    .where('undone_at', 'is', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) throw new DecisionRefused('nothing_to_undo', 'There is no decision to take back.');
  return newest.id;
}

/**
 * The id of what redoing lets stand again: only while nothing was decided since it was taken back, because what came
 * after was decided in view of that. Throws `DecisionRefused`.
 */
export async function newestUndone(db: Queryable, owner: string): Promise<string> {
  const last = await db
    .selectFrom('decisions')
    .select(['id', 'undone_at'])
    .where('owner', '=', owner)
    .where('undone_at', 'is not', null)
    .where('seq', '>', (standing) =>
      standing
        .selectFrom('decisions as other')
        .select(sql<number>`coalesce(max(other.seq), 0)`.as('seq'))
        .where('other.owner', '=', owner)
        .where('other.undone_at', 'is', null),
    )
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined)
    throw new DecisionRefused('nothing_to_redo', 'There is no decision to let stand again.');
  return last.id;
}

/** False when it stood so already. */
async function setUndone(
  db: Kysely<Database>,
  owner: string,
  id: string,
  undone_at: string | null,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    await waitForImports(transaction, owner);
    const changed = await transaction
      .updateTable('decisions')
      .set({ undone_at })
      .where('owner', '=', owner)
      .where('id', '=', id)
      .where('undone_at', undone_at === null ? 'is not' : 'is', null)
      .returning(['kind', 'at'])
      .executeTakeFirst();
    if (changed === undefined) return false;
    const { kind, at } = changed;
    const leavesTimes = kind === 'accept' || kind === 'discard';
    if (undone_at !== null && leavesTimes && !(await wasRedated(transaction, owner, at))) {
      await takeBackAtOnce(transaction, owner, id);
    } else await letWait(transaction, owner, id);
    return true;
  });
}

/** An asset that was accepted was not dated anew with the others, and is when it is accepted no more. */
async function wasRedated(db: Queryable, owner: string, since: string): Promise<boolean> {
  const redate = await db
    .selectFrom('jobs')
    .select('id')
    .where('owner', '=', owner)
    .where('kind', '=', redateKind)
    .where('created_at', '>=', since)
    .limit(1)
    .executeTakeFirst();
  return redate !== undefined;
}
