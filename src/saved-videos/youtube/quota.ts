/** What was used of YouTube's daily quota, kept so that it is known after a restart and in every process. */
import { sql } from 'kysely';
import type { Quota } from '#contract/processing.ts';
import type { Queryable } from '#db/database.ts';
import { nextPacificMidnight, pacificDay } from '#saved-videos/asking/pacific-day.ts';

export type QuotaSettings = {
  key_set: boolean;
  /** Units a day that the key's project is given. */
  limit_units: number;
};

export async function quotaOf(db: Queryable, settings: QuotaSettings, now: Date): Promise<Quota> {
  const day = pacificDay(now);
  const row = await db
    .selectFrom('quota_use')
    .select(['units', 'exhausted_at'])
    .where('day', '=', day)
    .executeTakeFirst();
  const used_units = row?.units ?? 0;
  const exhausted = (row?.exhausted_at ?? null) !== null;
  return {
    ...settings,
    day,
    used_units,
    left_units: exhausted ? 0 : Math.max(0, settings.limit_units - used_units),
    exhausted,
    resets_at: nextPacificMidnight(now).toISOString(),
  };
}

/**
 * Adds what a call costs to the day's use, and says whether it may be made: not where that would pass the limit, or
 * YouTube said after `since` that nothing is left. Who was resumed or began after that asks once: the key may be
 * another one by now, or its project given more. In one statement, so that of several who take the last unit one gets it. To be
 * called before the call: an answer that never comes costs as well.
 */
export async function takeUnits(
  db: Queryable,
  { limit_units }: QuotaSettings,
  units: number,
  { now, since }: { now: Date; since: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into quota_use (day, units, exhausted_at)
    select ${pacificDay(now)}, ${sql.lit(units)}, null where ${sql.lit(units)} <= ${sql.lit(limit_units)}
    on conflict (day) do update set units = quota_use.units + excluded.units, exhausted_at = null
      where (quota_use.exhausted_at is null or quota_use.exhausted_at < ${since.toISOString()})
        and quota_use.units + excluded.units <= ${sql.lit(limit_units)}
    returning units`.execute(db);
  return rows.length > 0;
}

/** YouTube said that the day's quota is spent: other programs use the same key, or the project is given less. */
export async function quotaExhausted(db: Queryable, now: Date): Promise<void> {
  const exhausted_at = now.toISOString();
  await db
    .insertInto('quota_use')
    .values({ day: pacificDay(now), units: 0, exhausted_at })
    .onConflict((conflict) => conflict.column('day').doUpdateSet({ exhausted_at }))
    .execute();
}
