import { implement } from '@orpc/server';
import type { Kysely } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import { contract } from '#contract/contract.ts';
import type { Health } from '#contract/health.ts';
import type { Database } from '#db/schema.ts';
import type { Downloads } from '#export/download/download.ts';
import type { Dispatcher } from '#jobs/dispatch.ts';
import type { Ledger } from '#jobs/ledger.ts';
import type { Storage } from '#library/storage.ts';
import type { Threads } from '#review/threads.ts';
import type { Enrichment } from '#saved-videos/processing/enrichment.ts';
import type { Views } from '#saved-videos/table/views.ts';
import type { ExpandPlaylist } from '#saved-videos/videos/playlist.ts';

/** What every handler is given. `owner` is who asks; until accounts exist there is one. */
export type RequestContext = {
  owner: string;
  db: Kysely<Database>;
  ledger: Ledger;
  dispatcher: Dispatcher;
  storage: Storage;
  /** The rules of capture time as the settings have them. */
  rules: () => Rules;
  /** Where decisions about many assets are made. */
  threads: Threads;
  /** The template of names as the settings have it. */
  export_template: string;
  /** Zips that were asked for, for as long as this server runs. */
  downloads: Downloads;
  /** The orders in which tables of saved videos are shown. */
  views: Views;
  /** Null where no key for YouTube's API is set. */
  expand_playlist: ExpandPlaylist | null;
  /** What asks YouTube and the model. */
  enrichment: Enrichment;
  /** Proves database, worker and disk, each by doing something with it. */
  health(): Promise<Health>;
};

/** The contract, ready to be given its handlers. */
export const api = implement(contract).$context<RequestContext>();
