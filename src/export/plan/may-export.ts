/** Whether an export into a folder may be planned or begun now, by what other exports do and did there. */
import { unfinishedStatuses } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { ExportRefused } from '#export/export-refused.ts';
import { signOfTarget, standsThere } from '#export/work-folder.ts';
import type { Changes, JobFacts } from '#jobs/kinds.ts';
import type { ExportInput } from './plan.ts';
import type { Target } from './target.ts';

/** Before a job of an export that stopped is resumed or retried: another may be at work in its folder by now. */
export function mayExportAgain(changes: Changes, { id, owner, input }: JobFacts): Promise<void> {
  return refuseBusy(changes, owner, (input as ExportInput).folder, id);
}

/** While a job writes there, what stands in the folder is not yet what will. `own` is the job that asks, if it is one. */
export async function refuseBusy(db: Queryable, owner: string, folder: string, own?: string): Promise<void> {
  const busy = await db
    .selectFrom('exports')
    .innerJoin('jobs', (join) =>
      join.on((on) =>
        on.or([
          on('jobs.id', '=', on.ref('exports.job_id')),
          on('jobs.id', '=', on.ref('exports.undo_job_id')),
          on('jobs.id', '=', on.ref('exports.remove_job_id')),
        ]),
      ),
    )
    .select('jobs.label')
    .where('exports.owner', '=', owner)
    .where('exports.folder', '=', folder)
    .where('jobs.status', 'in', unfinishedStatuses)
    .where('jobs.id', '!=', own ?? '')
    .limit(1)
    .executeTakeFirst();
  if (busy === undefined) return;
  throw new ExportRefused(
    'folder_busy',
    `“${busy.label}” is not finished. Let it finish, or cancel it, before another export into ${folder}.`,
  );
}

/** An export begins by making its work folder in the target: where that is missing, the disk is. */
export async function refuseVanished(db: Queryable, owner: string, { folder }: Target): Promise<void> {
  if (await standsThere(folder)) return;
  const { count } = await db
    .selectFrom('export_written')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('owner', '=', owner)
    .where('folder', '=', folder)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (count === 0) return;
  throw new ExportRefused(
    'folder_gone',
    `Earlier exports wrote ${count.toLocaleString('en')} files into ${folder}, and nothing of them is there: is its disk connected? If you emptied it yourself, make an empty file ${signOfTarget} in it and plan again.`,
  );
}

/** What others wrote or took back there since makes the plan wrong about the names. */
export async function refuseOutdated(
  db: Queryable,
  owner: string,
  row: { folder: string; created_at: string },
): Promise<void> {
  const since = await db
    .selectFrom('exports')
    .innerJoin('jobs', (join) =>
      join.on((on) =>
        on.or([
          on('jobs.id', '=', on.ref('exports.job_id')),
          on('jobs.id', '=', on.ref('exports.undo_job_id')),
        ]),
      ),
    )
    .select('jobs.id')
    .where('exports.owner', '=', owner)
    .where('exports.folder', '=', row.folder)
    .where((where) =>
      where.or([
        where('jobs.created_at', '>=', row.created_at),
        where('jobs.completed_at', '>=', row.created_at),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  if (since === undefined) return;
  throw new ExportRefused(
    'plan_outdated',
    `Another export into ${row.folder} was started or taken back after this plan was made. Plan again.`,
  );
}
