/** Where items get their outcome. Counters, effects, history, halt and end of the job commit together or not at all. */
import { sql } from 'kysely';
import type { Claimed, JobFacts } from './claim.ts';
import type { AtEnd, Failure, KindHooks, Result } from './hooks.ts';
import { jsonRows, seqAmong } from './json-rows.ts';
import type { Changes, LedgerContext } from './ledger-context.ts';
import { cut, type Outcome } from './outcome.ts';
import { writeItems, writeJob, type ItemChange } from './write-outcomes.ts';

export type Settled = { claimed: Claimed; outcome: Outcome<unknown> };

/** `late`: items that this worker no longer held; nothing of theirs was written. */
export type SettleReport = { settled: number; late: number[] };

/**
 * Settles a group of items of one job in one transaction: the fence (only what is still leased under its token),
 * the effects of the kind, the items, the counters, the events, and the halt or the end of the job. With ending
 * `later` a job whose last item this was is left for `finishJob`: so a summary that cannot be made holds up no item.
 */
export async function settle(
  context: LedgerContext,
  group: readonly Settled[],
  hooks: KindHooks,
  ending: 'now' | 'later',
): Promise<SettleReport> {
  const facts = group[0]?.claimed.job;
  if (facts === undefined) return { settled: 0, late: [] };
  if (group.some(({ claimed }) => claimed.job.id !== facts.id)) {
    throw new Error('A group that is settled together belongs to one job.');
  }
  return context.db.transaction().execute(async (changes) => {
    const held = await heldItems(context, changes, facts.id, group);
    const valid = group.filter(({ claimed }) => held.has(claimed.seq));
    const late = group.filter(({ claimed }) => !held.has(claimed.seq)).map(({ claimed }) => claimed.seq);
    if (valid.length === 0) return { settled: 0, late };

    const turned = await commitEffects(changes, valid, facts, hooks);
    const now = context.now();
    const itemChanges = valid.map((settled) => {
      const item = held.get(settled.claimed.seq) as HeldItem;
      const because = turned.get(settled.claimed.seq);
      const outcome = because === undefined ? settled.outcome : ({ outcome: 'skipped', because } as const);
      return changeOf(context, settled.claimed, item, outcome, now);
    });
    const failures = failuresAmong(valid, itemChanges);
    if (failures.length > 0) await hooks.fail?.(changes, failures, facts);
    const stops = valid.flatMap(({ claimed: { run }, outcome }) =>
      outcome.outcome === 'stop_job' ? [{ run, cause: outcome }] : [],
    );
    await writeItems(context, changes, facts.id, itemChanges, now);
    const summarise = async (atEnd: AtEnd) =>
      (await hooks.summarise?.(changes, { ...facts, ...atEnd })) ?? null;
    await writeJob(context, changes, facts.id, itemChanges, {
      stops,
      now,
      summarise: ending === 'now' ? summarise : undefined,
    });
    return { settled: valid.length, late };
  });
}

type HeldItem = { seq: number; attempt: number; crashes: number };

async function heldItems(
  context: LedgerContext,
  changes: Changes,
  jobId: string,
  group: readonly Settled[],
): Promise<Map<number, HeldItem>> {
  const rows = group.map(({ claimed: { seq, token } }) => ({ seq, token })).toSorted((a, b) => a.seq - b.seq);
  const among = seqAmong(
    context.engine,
    rows.map(({ seq }) => seq),
  );
  const { rows: held } = await sql<HeldItem>`
    select job_items.seq, job_items.attempt, job_items.crashes
    from ${jsonRows(context.engine, 'mine', { seq: 'integer', token: 'text' }, rows)}
    cross join job_items
    where job_items.job_id = ${jobId} and ${among} and job_items.seq = mine.seq
      and job_items.state = 'working' and job_items.lease_token = mine.token
    order by job_items.seq
    ${context.engine === 'postgres' ? sql`for update of job_items` : sql``}`.execute(changes);
  return new Map(held.map((item) => [item.seq, item]));
}

async function commitEffects(
  changes: Changes,
  valid: readonly Settled[],
  facts: JobFacts,
  hooks: KindHooks,
): Promise<Map<number, string>> {
  const results: Result<unknown>[] = [];
  for (const { claimed: item, outcome } of valid) {
    if (outcome.outcome === 'done') results.push({ item, outcome: 'done', result: outcome.result });
    if (outcome.outcome === 'skipped' && outcome.result !== undefined) {
      results.push({ item, outcome: 'skipped', result: outcome.result });
    }
  }
  if (hooks.commit === undefined || results.length === 0) return new Map();
  const turned = (await hooks.commit(changes, results, facts)) ?? [];
  return new Map(turned.map(({ seq, because }) => [seq, because]));
}

function failuresAmong(valid: readonly Settled[], itemChanges: readonly ItemChange[]): Failure[] {
  return itemChanges.flatMap(({ state, error_code, error_message }, at) => {
    const item = valid[at]?.claimed;
    if (state !== 'failed' || item === undefined) return [];
    return [{ item, code: error_code ?? 'unexpected', message: error_message ?? '' }];
  });
}

/** What becomes of an item that ended so. Only a counted ending spends the attempt. */
function changeOf(
  context: LedgerContext,
  { seq, label }: Claimed,
  item: HeldItem,
  outcome: Outcome<unknown>,
  now: Date,
): ItemChange {
  const { retries, retry_delay_seconds } = context.options;
  const untouched = {
    seq,
    label,
    attempt: item.attempt,
    crashes: item.crashes,
    run_after: null,
    skipped_because: null,
    error_code: null,
    error_message: null,
  };
  const spent = { ...untouched, attempt: item.attempt + 1 };
  switch (outcome.outcome) {
    case 'done':
      return { ...spent, state: 'done' };
    case 'skipped':
      return { ...spent, state: 'skipped', skipped_because: cut(outcome.because) };
    case 'failed':
      return { ...spent, state: 'failed', error_code: outcome.code, error_message: cut(outcome.message) };
    case 'try_again': {
      const error = { error_code: outcome.code, error_message: cut(outcome.message) };
      if (item.attempt >= retries) return { ...spent, state: 'failed', ...error };
      const run_after = new Date(now.getTime() + retry_delay_seconds * 1000).toISOString();
      return { ...spent, state: 'waiting', run_after, ...error };
    }
    case 'wait':
      return {
        ...untouched,
        state: 'waiting',
        run_after: outcome.until.toISOString(),
        error_message: cut(outcome.message),
      };
    case 'stop_job':
      return { ...untouched, state: 'waiting' };
  }
}
