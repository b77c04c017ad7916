/** What the tests of this folder share: a ledger on a real database, a clock to set, and a table of effects. */
import { sql } from 'kysely';
import { expect } from 'vitest';
import { testDatabase } from '../../test/databases.ts';
import type { Engine } from '#db/database.ts';
import { usual } from './fixture-effects.ts';
import { openLedger, type Claimed, type LedgerOptions } from './ledger.ts';

import type { Outcome } from './outcome.ts';

export { usual, writeEffect, writesEffects } from './fixture-effects.ts';

export const owner = 'home';

export async function testLedger(engine: Engine, options: Partial<LedgerOptions> = {}) {
  const database = await testDatabase(engine);
  const { db } = database;
  await db.schema.createTable('effects').addColumn('key', 'text').execute();
  let skewMs = 0;
  const now = () => new Date(Date.now() + skewMs);
  const ledger = openLedger(db, engine, { ...usual, ...options, now });
  await ledger.register({ id: 'w1', host: 'test', pid: process.pid, role: 'test' });
  return {
    ...database,
    ledger,
    /** Sets the clock of the ledger forward. */
    pass(seconds: number) {
      skewMs += seconds * 1000;
    },
    /** A job of kind `test` with items `item 1`, `item 2` … */
    async job(count: number, label = 'item') {
      const items = Array.from({ length: count }, (_, n) => ({
        key: `${label} ${n + 1}`,
        label: `${label} ${n + 1}`,
      }));
      const id = await ledger.create({ owner, kind: 'test', label: 'A test', input: { label }, items });
      return { id, owner };
    },
    claim: (limit: number, worker = 'w1') =>
      ledger.claim(worker, { limit, kinds: [{ name: 'test' }], holdsNothing: true }),
    async effects(): Promise<string[]> {
      const { rows } = await sql<{ key: string }>`select key from effects`.execute(db);
      return rows.map(({ key }) => key).sort();
    },
  };
}

export type TestLedger = Awaited<ReturnType<typeof testLedger>>;

export const done = { outcome: 'done', result: null } as const;
export const bad = { outcome: 'failed', code: 'bad_file', message: 'It is broken.' } as const;

export function all(claims: readonly Claimed[], outcome: Outcome<unknown>) {
  return claims.map((claimed) => ({ claimed, outcome }));
}

/** Counters equal a recount, events are numbered without gap, and the last of them is known to the job. */
export async function expectSound({ db }: TestLedger): Promise<void> {
  const jobs = await db.selectFrom('jobs').selectAll().execute();
  for (const job of jobs) {
    const states = await db
      .selectFrom('job_items')
      .select(({ fn }) => ['state', fn.countAll<number>().as('times')])
      .where('job_id', '=', job.id)
      .groupBy('state')
      .execute();
    const times = (state: string) => states.find((row) => row.state === state)?.times ?? 0;
    expect({ done: job.done, skipped: job.skipped, failed: job.failed }).toEqual({
      done: times('done'),
      skipped: times('skipped'),
      failed: times('failed'),
    });
    expect(states.reduce((sum, row) => sum + row.times, 0)).toBe(job.total);
    const events = await db
      .selectFrom('job_events')
      .select('seq')
      .where('job_id', '=', job.id)
      .orderBy('seq')
      .execute();
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: job.last_event }, (_, n) => n + 1));
  }
}
