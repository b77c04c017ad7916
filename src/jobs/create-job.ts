import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { JobRefused } from './job.ts';
import { jsonRows } from './json-rows.ts';
import { appendEvents, type Changes, type LedgerContext } from './ledger-context.ts';
import { inNaturalOrder } from './natural-order.ts';
import { storable } from './outcome.ts';

export type NewItem = {
  /** What the kind needs to find the thing. */
  key: string;
  /** What a person calls it; the items are worked in natural order of it, unless the job says otherwise. */
  label: string;
};

export type NewJob = {
  owner: string;
  kind: string;
  /** What the job is about, for a person. */
  label: string;
  /** Kept as JSON and given to the kind with every item. */
  input: unknown;
  items: readonly NewItem[];
  /** The items are to be worked as they stand here: they were put in order already. */
  in_order?: true;
};

/** Rows per statement: bounds the memory of one, and lets others have the event loop between two. */
const rowsAtOnce = 20_000;

/**
 * A job with all its items and its first event, in one transaction: no worker sees a part of it. Returns its id.
 * Throws `JobRefused` if there is nothing to do. `inside` joins a transaction of the caller.
 */
export async function createJob(context: LedgerContext, job: NewJob, inside?: Changes): Promise<string> {
  if (job.items.length === 0) {
    throw new JobRefused('job_without_items', 'There is nothing to do: the job would have no items.');
  }
  const items = (job.in_order ? job.items : inNaturalOrder(job.items)).map(({ key, label }, index) => ({
    seq: index + 1,
    key,
    label: storable(label),
  }));
  const write = (changes: Changes) => writeJob(context, changes, job, items);
  return inside === undefined ? context.db.transaction().execute(write) : write(inside);
}

async function writeJob(
  context: LedgerContext,
  changes: Changes,
  job: NewJob,
  items: readonly (NewItem & { seq: number })[],
): Promise<string> {
  const id = randomUUID();
  const now = context.now();
  await changes
    .insertInto('jobs')
    .values({
      id,
      owner: job.owner,
      kind: job.kind,
      label: storable(job.label),
      input_json: JSON.stringify(job.input ?? null),
      status: 'pending',
      total: items.length,
      last_event: 1,
      created_at: now.toISOString(),
    })
    .execute();
  await appendEvents(context, changes, { id, last_event: 0 }, now, [
    { kind: 'created', data: { total: items.length } },
  ]);
  const columns = { seq: 'integer', key: 'text', label: 'text' } as const;
  for (let from = 0; from < items.length; from += rowsAtOnce) {
    const rows = jsonRows(context.engine, 'item', columns, items.slice(from, from + rowsAtOnce));
    await sql`
      insert into job_items (job_id, seq, key, label, state)
      select ${id}, item.seq, item.key, item.label, 'waiting' from ${rows}`.execute(changes);
  }
  return id;
}
