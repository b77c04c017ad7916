/** Decides again for a whole library, from what is stored: the job that does it. */
import { sql } from 'kysely';
import type { Job } from '#contract/jobs.ts';
import { unfinishedStatuses, type ChoiceRule, type JobStatus } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import type { Rules } from '#capture-time/clues.ts';
import type { Ledger, NewItem } from '#jobs/ledger.ts';
import { putInForce, rulesInForce } from '#library/rules-in-force.ts';
import type { Place } from './make-decision.ts';
import { fromPlain, toPlain } from './plain-rules.ts';
import { keyOf, redateKind, RedateInput } from './redate-kind.ts';
import { emptyTally } from './redate-tally.ts';

export type RedateWish = {
  rule?: ChoiceRule | undefined;
  zone?: string | undefined;
  min_year?: number | undefined;
  dry_run: boolean;
};

/** Another one is under way. Two at once would leave a library of which nobody could say by which rules it is dated. */
export class RedateRefused extends Error {
  readonly code = 'redate_unfinished';
  constructor(label: string, status: JobStatus) {
    super(
      `“${label}” is ${status} and has not decided everything yet. Let it finish or cancel it, then ask again.`,
    );
  }
}

/** A tenth of a second's work of one thread; a group of them is written in one transaction. */
const sliceAssets = 250;

/**
 * Starts a job that decides every asset of the library by the rules asked for, which are in force for it from here
 * on, later imports included. Rows that would stay as they are are not written. What a person chose, entered or
 * accepted stays. With `dry_run` nothing is written but the report. Throws `RedateRefused`.
 */
export async function startRedate(
  { db, ledger, rules: settings }: Place & { ledger: Ledger },
  owner: string,
  wish: RedateWish,
): Promise<Job> {
  const id = await db.transaction().execute(async (changes) => {
    const input = inputOf(await rulesInForce(changes, owner, settings()), wish);
    if (!input.dry_run) {
      // The row it writes is also the lock by which two requests take turns.
      await putInForce(changes, owner, fromPlain(input), settings());
      const other = await unfinishedRedate(changes, owner);
      if (other !== undefined) throw new RedateRefused(other.label, other.status);
    }
    const { items, assets } = await slicesOf(changes, owner);
    const label = labelOf(assets, input.dry_run);
    const job_id = await ledger.create({ owner, kind: redateKind, label, input, items }, changes);
    await changes
      .insertInto('redates')
      .values({ job_id, tally_json: JSON.stringify(emptyTally) })
      .execute();
    return job_id;
  });
  return ledger.get({ id, owner });
}

function inputOf(standing: Rules, wish: RedateWish): RedateInput {
  const { rule, zone, min_year, now } = toPlain(standing);
  return {
    rule: wish.rule ?? rule,
    zone: wish.zone ?? zone,
    min_year: wish.min_year ?? min_year,
    dry_run: wish.dry_run,
    now,
  };
}

type Unfinished = { id: string; label: string; status: JobStatus; input: RedateInput };

/** The one that writes, if there is one: dry runs are in nobody's way. */
async function unfinishedRedate(db: Queryable, owner: string): Promise<Unfinished | undefined> {
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'label', 'status', 'input_json'])
    .where('owner', '=', owner)
    .where('kind', '=', redateKind)
    .where('status', 'in', unfinishedStatuses)
    .orderBy('created_at', 'desc')
    .execute();
  return rows
    .map(({ input_json, ...job }) => ({ ...job, input: RedateInput.parse(JSON.parse(input_json)) }))
    .find(({ input }) => !input.dry_run);
}

/** An unfinished job that was started for the same wish, so that the same command goes on with it. */
export async function findRedateOf(
  { db, rules: settings }: Place,
  owner: string,
  wish: RedateWish,
): Promise<Unfinished | undefined> {
  if (wish.dry_run) return undefined;
  const unfinished = await unfinishedRedate(db, owner);
  const { rule, zone, min_year } = inputOf(await rulesInForce(db, owner, settings()), wish);
  const isSame =
    unfinished?.input.rule === rule && unfinished.input.zone === zone && unfinished.input.min_year === min_year;
  return isSame ? unfinished : undefined;
}

/** The library in slices by the order of ids; of an empty one a slice of nothing. */
async function slicesOf(db: Queryable, owner: string): Promise<{ items: NewItem[]; assets: number }> {
  const { rows } = await sql<{ first: string; last: string; assets: number }>`
    select min(id) as first, max(id) as last, count(*) as assets
    from (select id, (row_number() over (order by id) - 1) / ${sql.lit(sliceAssets)} as slice
      from assets where owner = ${owner}) as placed
    group by slice order by slice
  `.execute(db);
  let before = 0;
  const items = rows.map((row) => {
    const label = `assets ${before + 1} to ${before + row.assets}`;
    before += row.assets;
    return { key: keyOf(row), label };
  });
  if (items.length === 0) items.push({ key: keyOf({ first: '', last: '' }), label: 'no assets' });
  return { items, assets: before };
}

function labelOf(assets: number, dryRun: boolean): string {
  const what = `${assets.toLocaleString('en')} ${assets === 1 ? 'asset' : 'assets'}`;
  return dryRun ? `Trying rules on ${what}, writing nothing` : `Deciding again for ${what}`;
}
