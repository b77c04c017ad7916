/** The part of the fixture that also runs in a worker process of its own. */
import { sql } from 'kysely';
import type { KindHooks } from './hooks.ts';
import type { Changes } from './ledger-context.ts';
import type { LedgerOptions } from './ledger.ts';

export const usual: LedgerOptions = {
  halt_percent: 10,
  halt_minimum: 10,
  retries: 2,
  retry_delay_seconds: 30,
  lease_seconds: 30,
};

/** Writes one row per result: what is there twice was done twice. */
export const writesEffects: KindHooks = {
  async commit(changes, results) {
    for (const { item } of results) await writeEffect(changes, item.key);
  },
};

export async function writeEffect(changes: Changes, key: string): Promise<void> {
  await sql`insert into effects (key) values (${key})`.execute(changes);
}
