import type { Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import * as jobs from './migrations/001-jobs.ts';
import * as library from './migrations/002-library.ts';
import * as jobsByEnd from './migrations/003-jobs-by-end.ts';
import * as review from './migrations/004-review.ts';
import * as toDecide from './migrations/005-to-decide.ts';
import * as redateAndSearch from './migrations/006-redate-and-search.ts';
import * as exports from './migrations/007-exports.ts';
import * as savedVideos from './migrations/008-saved-videos.ts';
import * as exportNumbers from './migrations/009-export-numbers.ts';
import * as exportOutcomes from './migrations/010-export-outcomes.ts';
import * as modelUse from './migrations/011-model-use.ts';
import * as decisionsByKind from './migrations/012-decisions-by-kind.ts';
import * as fieldChanges from './migrations/013-field-changes.ts';
import type { Database } from './schema.ts';

/** In order. A migration is frozen the day it lands: mend it with another one. */
const migrations: Record<string, Migration> = {
  '001-jobs': jobs,
  '002-library': library,
  '003-jobs-by-end': jobsByEnd,
  '004-review': review,
  '005-to-decide': toDecide,
  '006-redate-and-search': redateAndSearch,
  '007-exports': exports,
  '008-saved-videos': savedVideos,
  '009-export-numbers': exportNumbers,
  '010-export-outcomes': exportOutcomes,
  '011-model-use': modelUse,
  '012-decisions-by-kind': decisionsByKind,
  '013-field-changes': fieldChanges,
};

/** Brings the schema up to date. Throws the cause of the first migration that failed; that one is rolled back. */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'before the first';
  throw new Error(`The database could not be brought up to date (migration ${failed}).`, { cause: error });
}
