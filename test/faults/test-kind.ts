/** The job kind that the fault tests bring to the product: its items do what their label says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import type { Database } from '#db/schema.ts';
import { defineJobKind } from '#jobs/kinds.ts';

export const testKindName = 'test';

export type TestInput = {
  /** How long an item without a fate takes. */
  each_ms: number;
};

/** What an item does to its process; the label begins with it. Any other item does nothing for a moment. */
export const fates = {
  abort: 'ends its process by SIGABRT',
  segv: 'ends its process by SIGSEGV',
  busy: 'holds the event loop for ever',
  deaf: 'never ends and ignores its abort',
} as const;
export type Fate = keyof typeof fates;

/** The effect of an item is one row: what is there twice was done twice. No constraint keeps a second one out. */
export const testKind = defineJobKind<TestInput, null>({
  name: testKindName,

  async process(item, { job }) {
    switch (item.label.split(' ')[0] as Fate) {
      case 'abort':
        process.abort();
      // eslint-disable-next-line no-fallthrough -- the line above does not return
      case 'segv':
        process.kill(process.pid, 'SIGSEGV');
        await sleep(60_000);
        break;
      case 'busy':
        for (;;);
      case 'deaf':
        await new Promise(() => {});
    }
    await sleep(job.input.each_ms);
    return { outcome: 'done', result: null };
  },

  async commit(changes, results) {
    for (const { item } of results) await sql`insert into effects (key) values (${item.key})`.execute(changes);
  },
});

export async function createEffects(db: Kysely<Database>): Promise<void> {
  await db.schema.createTable('effects').ifNotExists().addColumn('key', 'text').execute();
}

export async function readEffects(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`select key from effects`.execute(db);
  return rows.map(({ key }) => key);
}
