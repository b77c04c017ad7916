/**
 * The job kind `redate`: one item is a slice of the library. It is judged in a thread, without a transaction; what
 * changed is written in the transaction that settles the item, unless somebody decided about an asset in between:
 * then that asset is judged again there.
 */
import { z } from 'zod';
import type { Transaction } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import type { CaptureTime } from '#contract/capture-time.ts';
import type { RedateReport } from '#contract/job-summary.ts';
import { ChoiceRule } from '#contract/words.ts';
import { engineOf, isAmong } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import { defineJobKind, type Changes, type JobFacts } from '#jobs/kinds.ts';
import { assetsToWakeAfter } from '#library/wake-others.ts';
import { writeRows } from '#library/write-judged.ts';
import { fromPlain, type PlainRules } from './plain-rules.ts';
import { judgeSlice, type Change, type Slice } from './redate-slice.ts';
import { addTallies, emptyTally, tallyOf, type Comparison, type Tally } from './redate-tally.ts';

export const redateKind = 'redate';

/** What a job of the kind `redate` was asked for: every rule, whether it was given or stood already. */
export const RedateInput = z.strictObject({
  rule: ChoiceRule,
  zone: z.string(),
  min_year: z.int(),
  dry_run: z.boolean(),
  /** An instant: what "tomorrow" is counted from, the same for every slice. */
  now: z.string(),
});
export type RedateInput = z.infer<typeof RedateInput>;

export type SliceWanted = {
  owner: string;
  first: string;
  last: string;
  rules: PlainRules;
};

/** `judge` without a transaction, and best in another thread: see `threads.ts`. */
export function redateJobKind(judge: (wanted: SliceWanted) => Promise<Slice>) {
  return defineJobKind<RedateInput, Slice>({
    name: redateKind,

    async process({ key }, { job }) {
      const { first, last } = rangeOf(key);
      const result = await judge({ owner: job.owner, first, last, rules: job.input });
      return { outcome: 'done', result };
    },

    async commit(changes, results, job) {
      const slices = results.map(({ result }) => result);
      const tally = await lockTally(changes, job.id);
      const compared = job.input.dry_run
        ? slices.flatMap((slice) => slice.changes.map(comparisonOf))
        : await writeSlices(changes, job, slices);
      const counts = {
        assets: slices.reduce((sum, { assets }) => sum + assets, 0),
        kept_by_person: slices.reduce((sum, { kept_by_person }) => sum + kept_by_person, 0),
      };
      await changes
        .updateTable('redates')
        .set({ tally_json: JSON.stringify(addTallies(tally, tallyOf(counts, compared))) })
        .where('job_id', '=', job.id)
        .execute();
    },

    async summarise(changes, job): Promise<RedateReport> {
      const { rule, zone, min_year, dry_run } = job.input;
      return {
        dry_run,
        rules: { rule, zone, min_year },
        ...(await lockTally(changes, job.id)),
        seconds: Math.round(job.elapsed_seconds * 100) / 100,
      };
    },
  });
}

/** The key of an item: the lowest and the highest id of its slice. */
export function keyOf({ first, last }: { first: string; last: string }): string {
  return `${first}/${last}`;
}

function rangeOf(key: string): { first: string; last: string } {
  const [first = '', last = ''] = key.split('/');
  return { first, last };
}

/** The row is also the lock by which several workers of one job write in turn. */
async function lockTally(changes: Changes, jobId: string): Promise<Tally> {
  const row = await changes
    .selectFrom('redates')
    .select('tally_json')
    .where('job_id', '=', jobId)
    .$if(engineOf(changes) === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst();
  return row === undefined ? emptyTally : (JSON.parse(row.tally_json) as Tally);
}

/**
 * Writes what changed, and then decides anew the few that learn from it: the other half of a shot, undated neighbours,
 * files whose zone was taken from their device. Returns every asset that was written, as it stood and as it stands.
 */
async function writeSlices(
  changes: Changes,
  { owner, input }: JobFacts<RedateInput>,
  slices: readonly Slice[],
): Promise<Comparison[]> {
  const rules = fromPlain(input);
  const written = await freshOf(
    changes,
    owner,
    slices.flatMap((slice) => slice.changes),
    rules,
  );
  await writeRows(
    changes,
    written.map(({ rows }) => rows),
  );
  const compared = new Map(written.map((change) => [change.rows.id, comparisonOf(change)]));
  let last = written;
  for (let round = 0; round < mostRounds; round += 1) {
    const woken = await wokenBy(changes, last);
    if (woken.length === 0) break;
    last = (await judgeSlice(changes, owner, woken, rules)).changes;
    await writeRows(
      changes,
      last.map(({ rows }) => rows),
    );
    // A slice that was judged before this and is not settled yet must see that it knows less.
    await raiseRevision(changes, woken);
    for (const change of last) {
      const comparison = comparisonOf(change);
      const first = compared.get(comparison.id);
      compared.set(comparison.id, first === undefined ? comparison : { ...comparison, before: first.before });
    }
  }
  return [...compared.values()];
}

/** One that is woken may wake others: a zone places a film, whose photo places its neighbours. Longer chains are odd. */
const mostRounds = 4;

async function wokenBy(changes: Changes, written: readonly Change[]): Promise<string[]> {
  const woken = new Set<string>();
  for (const { asking, before, rows, paired } of written) {
    for (const id of await assetsToWakeAfter(changes, asking, before, rows.time, paired)) woken.add(id);
  }
  return [...woken];
}

/** The changes with those that were judged from what no longer stands judged anew. */
async function freshOf(
  changes: Changes,
  owner: string,
  judged: readonly Change[],
  rules: Rules,
): Promise<Change[]> {
  const revisions = await lockRevisions(
    changes,
    judged.map(({ rows }) => rows.id),
  );
  const isFresh = ({ rows, revision }: Change) => (revisions.get(rows.id) ?? null) === revision;
  const stale = judged.filter((change) => !isFresh(change)).map(({ rows }) => rows.id);
  if (stale.length === 0) return [...judged];
  return [...judged.filter(isFresh), ...(await judgeSlice(changes, owner, stale, rules)).changes];
}

/** Locked as whoever decides locks them: first the assets, in the order of their ids. */
async function lockRevisions(
  changes: Transaction<Database>,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const isPostgres = engineOf(changes) === 'postgres';
  if (isPostgres) {
    await changes
      .selectFrom('assets')
      .select('id')
      .where(isAmong(changes, 'assets.id', ids))
      .orderBy('id')
      .forUpdate()
      .execute();
  }
  const rows = await changes
    .selectFrom('capture_times')
    .select(['asset_id', 'revision'])
    .where(isAmong(changes, 'capture_times.asset_id', ids))
    .orderBy('asset_id')
    .$if(isPostgres, (query) => query.forUpdate())
    .execute();
  return new Map(rows.map(({ asset_id, revision }) => [asset_id, revision]));
}

async function raiseRevision(changes: Changes, ids: readonly string[]): Promise<void> {
  await changes
    .updateTable('capture_times')
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where(isAmong(changes, 'capture_times.asset_id', ids))
    .execute();
}

function comparisonOf({ rows, name, before }: Change): Comparison {
  const { at, local, zone, zone_source, source, precision, confidence, because } = rows.time;
  const after: CaptureTime = { at, local, zone, zone_source, source, precision, confidence, because };
  return { id: rows.id, name, before, after };
}
