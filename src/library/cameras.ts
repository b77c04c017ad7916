import type { CameraCount } from '#contract/library.ts';
import type { Queryable } from '#db/database.ts';

/** The cameras of the library by model, the one that took most first. What is discarded is not counted. */
export async function listCameras(db: Queryable, owner: string, limit: number): Promise<CameraCount[]> {
  const rows = await db
    .selectFrom('assets')
    .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
    .select('assets.camera_model as model')
    .select((select) => [
      select.fn.min('assets.camera_make').as('make'),
      select.fn.countAll<number>().as('count'),
    ])
    .where('assets.owner', '=', owner)
    .where('assets.camera_model', 'is not', null)
    .where('capture_times.review', '!=', 'discarded')
    .groupBy('assets.camera_model')
    .orderBy('count', 'desc')
    .orderBy('assets.camera_model')
    .limit(limit)
    .execute();
  return rows.flatMap(({ model, make, count }) => (model === null ? [] : [{ model, make, count }]));
}
