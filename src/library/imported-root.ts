import path from 'node:path';
import type { Queryable } from '#db/database.ts';
import { ImportInput } from './import-input.ts';

/**
 * The folder with which a file came into the library: the deepest of those that its import was asked for. The file
 * itself where it was asked for by name; undefined for a path that the library does not know.
 */
export async function importedRoot(db: Queryable, owner: string, file: string): Promise<string | undefined> {
  const met = await db
    .selectFrom('locations')
    .innerJoin('jobs', 'jobs.id', 'locations.job_id')
    .select('jobs.input_json')
    .where('locations.owner', '=', owner)
    .where('locations.path', '=', file)
    .executeTakeFirst();
  const input = met && ImportInput.safeParse(JSON.parse(met.input_json)).data;
  if (input?.from !== 'paths') return undefined;
  return input.paths
    .filter((each) => file === each || file.startsWith(each.endsWith(path.sep) ? each : each + path.sep))
    .toSorted((one, other) => other.length - one.length)[0];
}
