/** Plans that nobody started go again: by a person's word, or when there are many. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Queryable } from '#db/database.ts';
import { ExportRefused } from '#export/export-refused.ts';
import { exportRow } from '#export/exports.ts';

/** Throws away a plan that was not started. Throws `ExportRefused`. */
export async function forgetPlan(db: Queryable, owner: string, id: string): Promise<void> {
  await exportRow(db, owner, id);
  // From here on nobody sees it or starts it.
  const { numUpdatedRows } = await db
    .updateTable('exports')
    .set({ counts_json: '' })
    .where('id', '=', id)
    .where('job_id', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new ExportRefused(
      'already_started',
      'This export was started: its journal is kept, so that it can be taken back.',
    );
  }
  await dropPlan(db, id);
}

/** Beside the one that is about to be made; a page that shows one of them is seldom older. */
const plansKept = 19;
const hourMs = 3_600_000;

/** The oldest plans, and what a process that died had begun to make or to drop. */
export async function forgetOldPlans(db: Queryable, owner: string, now: Date): Promise<void> {
  const plans = await db
    .selectFrom('exports')
    .select(['id', 'counts_json', 'created_at'])
    .where('owner', '=', owner)
    .where('job_id', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const hourAgo = new Date(now.getTime() - hourMs).toISOString();
  for (const { id } of plans.filter((plan) => plan.counts_json !== '').slice(plansKept)) {
    await forgetPlan(db, owner, id).catch((error: unknown) => {
      // Somebody started it, or forgot it, in this very moment.
      if (!(error instanceof ExportRefused)) throw error;
    });
  }
  for (const { id } of plans.filter((plan) => plan.counts_json === '' && plan.created_at < hourAgo)) {
    await dropPlan(db, id);
  }
}

const linesAtOnce = 2000;

/** Of a plan that nobody sees: in pieces, because 100,000 lines at once would hold up everybody. */
export async function dropPlan(db: Queryable, id: string): Promise<void> {
  for (let last = linesAtOnce; ; last += linesAtOnce) {
    await db.deleteFrom('export_files').where('export_id', '=', id).where('seq', '<=', last).execute();
    const more = await db
      .selectFrom('export_files')
      .select('seq')
      .where('export_id', '=', id)
      .limit(1)
      .executeTakeFirst();
    if (more === undefined) break;
    await othersTurn();
  }
  await db.deleteFrom('exports').where('id', '=', id).execute();
}
