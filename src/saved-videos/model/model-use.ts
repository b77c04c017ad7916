/** What was asked of models, added up by job: for its summary, and for what the next one will cost. */
import { sql } from 'kysely';
import type { Queryable } from '#db/database.ts';
import type { Changes } from '#saved-videos/list-lock.ts';
import type { Filled } from './fill-fields.ts';

const summed = [
  'videos',
  'calls',
  'cells',
  'failed_cells',
  'input_tokens',
  'output_tokens',
  'seconds',
] as const;
type Sums = Record<(typeof summed)[number], number>;

/** In the transaction that settles the videos: what a lost answer had cost is not counted, its value neither. */
export async function addUse(
  changes: Changes,
  of: { job_id: string; list_id: string },
  filled: readonly Filled[],
): Promise<void> {
  const byModel = Map.groupBy(filled, ({ use }) => `${use.watched ? 1 : 0} ${use.model}`);
  for (const [key, some] of byModel) {
    const row = { ...of, model: key.slice(2), watched: Number(key[0]), ...sumOf(some) };
    await changes
      .insertInto('model_use')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(['job_id', 'model', 'watched'])
          .doUpdateSet(
            Object.fromEntries(
              summed.map((name) => [name, sql`model_use.${sql.ref(name)} + excluded.${sql.ref(name)}`]),
            ),
          ),
      )
      .execute();
  }
}

function sumOf(filled: readonly Filled[]): Sums {
  const sum = (read: (each: Filled) => number) => filled.reduce((total, each) => total + read(each), 0);
  return {
    videos: filled.length,
    calls: sum(({ use }) => use.calls),
    cells: sum(({ values }) => values.length),
    failed_cells: sum(({ values }) => values.filter((value) => 'error' in value).length),
    input_tokens: sum(({ use }) => use.input_tokens),
    output_tokens: sum(({ use }) => use.output_tokens),
    seconds: sum(({ use }) => use.seconds),
  };
}

export function useOfJob(db: Queryable, jobId: string): Promise<Sums> {
  return sums(db).where('job_id', '=', jobId).executeTakeFirstOrThrow();
}

/** Of earlier jobs of this list with the same model, watching or not. */
export function useOfList(db: Queryable, listId: string, model: string, watched: boolean): Promise<Sums> {
  return sums(db)
    .where('list_id', '=', listId)
    .where('model', '=', model)
    .where('watched', '=', Number(watched))
    .executeTakeFirstOrThrow();
}

function sums(db: Queryable) {
  return db
    .selectFrom('model_use')
    .select([
      total('videos'),
      total('calls'),
      total('cells'),
      total('failed_cells'),
      total('input_tokens'),
      total('output_tokens'),
      total('seconds'),
    ]);
}

/** PostgreSQL adds integers up to numbers of any length, which would arrive as text. */
function total<Name extends keyof Sums>(name: Name) {
  return sql<number>`coalesce(cast(sum(${sql.ref(name)}) as double precision), 0)`.as(name);
}
