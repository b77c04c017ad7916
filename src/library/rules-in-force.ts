import type { Rules } from '#capture-time/clues.ts';
import type { ChoiceRule } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';

/** Rules that were put in force for a library; null where the settings say. */
export type LibraryRules = { rule: ChoiceRule | null; zone: string | null; min_year: number | null };

/** The rules of the settings, except where `redate` put others in force for this library. */
export async function rulesInForce(db: Queryable, owner: string, settings: Rules): Promise<Rules> {
  const own = await db
    .selectFrom('libraries')
    .select(['rule', 'zone', 'min_year'])
    .where('owner', '=', owner)
    .executeTakeFirst();
  if (own === undefined) return settings;
  return {
    rule: own.rule ?? settings.rule,
    home_zone: own.zone ?? settings.home_zone,
    min_year: own.min_year ?? settings.min_year,
    now: settings.now,
  };
}

/** Keeps what differs from the settings, so that a library that was never told otherwise follows them. */
export async function putInForce(db: Queryable, owner: string, rules: Rules, settings: Rules): Promise<void> {
  const own: LibraryRules = {
    rule: rules.rule === settings.rule ? null : rules.rule,
    zone: rules.home_zone === settings.home_zone ? null : rules.home_zone,
    min_year: rules.min_year === settings.min_year ? null : rules.min_year,
  };
  await db
    .insertInto('libraries')
    .values({ owner, ...own })
    .onConflict((conflict) => conflict.column('owner').doUpdateSet(own))
    .execute();
}
