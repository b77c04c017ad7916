/** How far the histories of many jobs reach: what a stream of events is steered by. */
import { sql } from 'kysely';
import type { CurvePoint } from '#contract/jobs.ts';
import { unfinishedStatuses } from '#contract/words.ts';
import type { JobRef } from './commands.ts';
import { mustExist } from './history.ts';
import type { LedgerContext } from './ledger-context.ts';
import type { ProgressNote } from './progress.ts';

export type HeadsWanted = {
  owner: string;
  /** Beside the unfinished jobs, those that ended at this instant or later … */
  ended_since: Date;
  /** … and these. */
  also: readonly string[];
};

/**
 * The number of the newest event of each of these jobs. Asked four times a second while somebody listens: two lookups
 * in an index, 20 µs in SQLite beside 1,000 ended jobs.
 */
export async function headsOf({ db }: LedgerContext, wanted: HeadsWanted): Promise<Map<string, number>> {
  const { owner, ended_since, also } = wanted;
  const jobs = db.selectFrom('jobs').select(['id', 'last_event', 'owner']);
  // Asked for with the owner, or as one condition with `or`, SQLite would read every job of the owner: 700 µs.
  const rows = await jobs
    .where('status', 'in', unfinishedStatuses)
    .union(jobs.where('completed_at', '>=', ended_since.toISOString()))
    .$if(also.length > 0, (query) => query.union(jobs.where('id', 'in', also)))
    .execute();
  const ofOwner = rows.filter((job) => job.owner === owner);
  return new Map(ofOwner.map(({ id, last_event }) => [id, last_event]));
}

/** The number of the first event of this instant or later; undefined when there is none. */
export async function firstEventSince(
  { db }: LedgerContext,
  jobId: string,
  since: Date,
): Promise<number | undefined> {
  const { first } = await db
    .selectFrom('job_events')
    .select(({ fn }) => fn.min('seq').as('first'))
    .where('job_id', '=', jobId)
    .where('at', '>=', since.toISOString())
    .executeTakeFirstOrThrow();
  return first ?? undefined;
}

/** Progress over running time: every n-th event and the last, so that any history gives about this many points. */
export async function progressCurve(
  context: LedgerContext,
  job: JobRef,
  points: number,
): Promise<CurvePoint[]> {
  await mustExist(context, job);
  const progress = context.db
    .selectFrom('job_events')
    .where('job_id', '=', job.id)
    .where('kind', '=', 'progress');
  const { first, last } = await progress
    .select(({ fn }) => [fn.min('seq').as('first'), fn.max('seq').as('last')])
    .executeTakeFirstOrThrow();
  if (first === null || last === null) return [];
  const step = Math.ceil((last - first + 1) / (points - 1));
  const rows = await progress
    .select('data_json')
    .where((event) => event.or([event('seq', '=', last), event(sql`(seq - ${first}) % ${step}`, '=', 0)]))
    .orderBy('seq')
    .execute();
  return rows.map(({ data_json }) => {
    const { done, skipped, failed, ran_ms } = JSON.parse(data_json) as ProgressNote;
    return { ran_ms, finished: done + skipped + failed, failed };
  });
}
