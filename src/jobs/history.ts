/** Jobs, items and events, page by page. */
import type { CurrentJob, Job, JobEvent, JobItem } from '#contract/jobs.ts';
import { unfinishedStatuses, workableStatuses, type ItemState, type JobStatus } from '#contract/words.ts';
import { CursorRefused, readCursor, writeCursor } from '#db/cursor.ts';
import type { z } from 'zod';
import type { JobRef } from './commands.ts';
import { JobNotFound } from './job.ts';
import { selectJobs, type LedgerContext } from './ledger-context.ts';
import { viewOf } from './progress.ts';

type Page<Row> = { items: Row[]; next_cursor: string | null };

export type JobsWanted = { owner: string; status?: JobStatus; kind?: string; limit: number; cursor?: string };

/** Newest first. Throws `CursorRefused`. */
export async function listJobs(context: LedgerContext, wanted: JobsWanted): Promise<Page<Job>> {
  const { owner, status, kind, limit, cursor } = wanted;
  const rows = await selectJobs(context.db)
    .where('owner', '=', owner)
    .$if(status !== undefined, (query) => query.where('status', '=', status as JobStatus))
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind as string))
    .$if(cursor !== undefined, (query) => {
      const [createdAt, id] = readCursor(cursor as string);
      return query.where((job) =>
        job.or([
          job('created_at', '<', createdAt),
          job.and([job('created_at', '=', createdAt), job('id', '<', id)]),
        ]),
      );
    })
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await Promise.all(shown.map((row) => viewOf(context, row))),
    next_cursor: rows.length > limit && last ? writeCursor([last.created_at, last.id]) : null,
  };
}

export type ItemsWanted = { job: JobRef; state?: ItemState; limit: number; cursor?: string };

/** In the order of work. Throws `CursorRefused`. */
export async function listItems(context: LedgerContext, wanted: ItemsWanted): Promise<Page<JobItem>> {
  const { job, state, limit, cursor } = wanted;
  await mustExist(context, job);
  const rows = await context.db
    .selectFrom('job_items')
    .select(['seq', 'key', 'label', 'state', 'attempt', 'run_after', 'skipped_because'])
    .select(['error_code', 'error_message', 'finished_at'])
    .where('job_id', '=', job.id)
    .where('seq', '>', cursor === undefined ? 0 : seqOf(cursor))
    .$if(state !== undefined, (query) => query.where('state', '=', state as ItemState))
    .orderBy('seq')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? writeCursor([job.id, String(last.seq)]) : null };
}

function seqOf(cursor: string): number {
  const seq = Number(readCursor(cursor)[1]);
  if (!Number.isInteger(seq) || seq < 0 || seq > largestSeq) throw new CursorRefused();
  return seq;
}

/** What an `integer` column holds. */
const largestSeq = 2_147_483_647;

/** The job to pick up after a reload: what runs goes before what waits, the newest first. */
export async function currentJob(context: LedgerContext, owner: string): Promise<z.infer<typeof CurrentJob>> {
  const job = await context.db
    .selectFrom('jobs')
    .select(['id as job_id', 'status'])
    .where('owner', '=', owner)
    .where('status', 'in', unfinishedStatuses)
    .orderBy((job) => job.case().when('status', 'in', workableStatuses).then(0).else(1).end())
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return job ?? { job_id: null };
}

export type EventsFilter = {
  job: JobRef;
  /** Number of the last event known. */
  after?: number;
  /** An instant, itself included. */
  since?: Date;
  without?: 'progress';
};
export type EventsWanted = EventsFilter & { limit: number; offset?: number };

/** In order. */
export async function listEvents(context: LedgerContext, wanted: EventsWanted): Promise<JobEvent[]> {
  const { job, limit, offset = 0 } = wanted;
  await mustExist(context, job);
  const rows = await eventsOf(context, wanted)
    .select(['seq', 'at', 'kind', 'data_json'])
    .orderBy('seq')
    .limit(limit)
    .offset(offset)
    .execute();
  return rows.map(({ data_json, ...event }) => ({
    ...event,
    data: JSON.parse(data_json) as Record<string, unknown>,
  }));
}

export async function countEvents(context: LedgerContext, wanted: EventsFilter): Promise<number> {
  const { count } = await eventsOf(context, wanted)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

function eventsOf(context: LedgerContext, { job, after = 0, since, without }: EventsFilter) {
  return context.db
    .selectFrom('job_events')
    .where('job_id', '=', job.id)
    .where('seq', '>', after)
    .$if(since !== undefined, (query) => query.where('at', '>=', (since as Date).toISOString()))
    .$if(without !== undefined, (query) => query.where('kind', '!=', without as 'progress'));
}

export async function mustExist(context: LedgerContext, { id, owner }: JobRef): Promise<void> {
  const job = await context.db
    .selectFrom('jobs')
    .select('id')
    .where('id', '=', id)
    .where('owner', '=', owner)
    .executeTakeFirst();
  if (job === undefined) throw new JobNotFound(id);
}
