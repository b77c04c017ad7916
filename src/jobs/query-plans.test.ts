import { Kysely, PostgresDialect, sql, type CompiledQuery } from 'kysely';
import { Pool } from 'pg';
import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import type { DatabaseAddress, Engine } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { sqliteDialect } from '#db/sqlite.ts';
import { all, bad, done, owner, usual } from './fixture.ts';
import { walkIndexes } from './claim.ts';
import { openLedger, type Claimed } from './ledger.ts';

const itemsOfJob = 100_000;

onEachEngine('no statement of the daily work reads all items of a job', (engine) => {
  // SQLite and PostgreSQL both scanned all 100,000 to write ten, until the wording in `json-rows.ts`.
  test('of two jobs of 100,000, with and without statistics', async () => {
    await using database = await testDatabase(engine);
    const said = new Map<string, Said>();
    let listening = false;
    let claiming = false;
    await using db = new Kysely<Database>({
      dialect: dialectOf(database.address),
      log: ({ query }) => void (listening && said.set(query.sql, { query, claiming })),
    });
    const ledger = openLedger(db, engine, { ...usual, halt_minimum: itemsOfJob });
    const items = Array.from({ length: itemsOfJob }, (_, n) => ({ key: `${n}`, label: `item ${n}` }));
    const create = () => ledger.create({ owner, kind: 'test', label: 'x', input: null, items });
    const job = { id: await create(), owner };
    await create();
    const worker = { id: 'w', host: 'test', pid: process.pid, role: 'test' };
    await ledger.register(worker);
    const claim = async (limit: number) => {
      claiming = true;
      const claims = await ledger.claim('w', { limit, kinds: [{ name: 'test' }], holdsNothing: true });
      claiming = false;
      return claims;
    };
    const settle = (claims: Claimed[]) =>
      ledger.settle([...all(claims.slice(0, 5), done), ...all(claims.slice(5), bad)], {}, 'now');
    listening = true;

    await settle(await claim(10));
    await ledger.giveBack(await claim(10));
    await ledger.statuses([job.id]);
    claiming = true;
    await ledger.comingKeys(job.id, 50);
    claiming = false;
    await ledger.pause(job);
    await ledger.retry(job, [6, 7]);
    await settle(await claim(10));
    await ledger.resume(job);
    await ledger.progress(job);
    const { next_cursor } = await ledger.items({ job, limit: 50 });
    await ledger.items({ job, limit: 50, cursor: next_cursor as string });
    await ledger.items({ job, state: 'failed', limit: 50 });
    await ledger.heartbeat('w');
    await claim(10);
    await ledger.releaseExpired();
    await ledger.resumeDue();
    await ledger.unended(['test']);
    await ledger.releaseDead(['w'], 'killed');
    await ledger.signOff('w');

    listening = false;
    const ofItems = [...said.values()].filter(({ query }) => query.sql.includes('job_items'));
    expect(ofItems.length).toBeGreaterThan(10);
    for (const statistics of ['none', 'fresh']) {
      if (statistics === 'fresh') await sql`analyze`.execute(db);
      const wide: { statistics: string; sql: string; reads: string[] }[] = [];
      for (const each of ofItems) {
        const reads = await wideReads(db, engine, each);
        if (reads.length > 0) wide.push({ statistics, sql: each.query.sql, reads });
      }
      expect(wide).toEqual([]);
    }
  });
});

type Said = { query: CompiledQuery; claiming: boolean };

/** Indexes that hold what is in hand or was asked for again, never a whole job. */
const small = ['job_items_leased', 'job_items_retried'];

/** The steps of the plan that read every item of the job. */
async function wideReads(db: Kysely<Database>, engine: Engine, said: Said): Promise<string[]> {
  const steps = engine === 'sqlite' ? await sqlitePlan(db, said.query) : await postgresPlan(db, said);
  return steps.filter((step) => !small.some((index) => step.includes(index)));
}

async function sqlitePlan(db: Kysely<Database>, query: CompiledQuery): Promise<string[]> {
  const { rows } = await db.executeQuery<{ detail: string }>({
    ...query,
    sql: `explain query plan ${query.sql}`,
  });
  const steps = rows.map(({ detail }) => detail);
  // Found by the number of the job alone, all its items follow.
  return steps.filter((step) => /^(SCAN job_items\b|SEARCH job_items .*\(job_id=\?\)$)/.test(step));
}

type PostgresStep = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PostgresStep[];
};

/** Says what it really read, so each statement is carried out once more, and undone. */
async function postgresPlan(db: Kysely<Database>, { query, claiming }: Said): Promise<string[]> {
  const undone = new Error('undone');
  const wide: string[] = [];
  const look = (step: PostgresStep) => {
    const onItems = step['Relation Name'] === 'job_items' || step['Index Name']?.startsWith('job_items');
    const read = (step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0)) * step['Actual Loops'];
    if (onItems && read > itemsOfJob / 100) wide.push(`${step['Node Type']}: ${read} rows`);
    step.Plans?.forEach(look);
  };
  const explained = db.transaction().execute(async (changes) => {
    if (claiming) await sql`select ${walkIndexes}`.execute(changes);
    const { rows } = await changes.executeQuery<{ 'QUERY PLAN': { Plan: PostgresStep }[] }>({
      ...query,
      sql: `explain (analyze, format json) ${query.sql}`,
    });
    for (const row of rows) row['QUERY PLAN'].forEach(({ Plan }) => look(Plan));
    throw undone;
  });
  await expect(explained).rejects.toBe(undone);
  return wide;
}

function dialectOf(address: DatabaseAddress) {
  return 'sqlite' in address
    ? sqliteDialect(address.sqlite)
    : new PostgresDialect({ pool: new Pool({ connectionString: address.postgres, max: 4 }) });
}
