/** Opens what the commands share, in order; closes it in reverse. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Rules } from '#capture-time/clues.ts';
import { openDatabase, type DatabaseAddress, type OpenDatabase } from '#db/database.ts';
import { openLedger, type Ledger } from '#jobs/ledger.ts';
import { exists, openStorage, type Storage } from '#library/storage.ts';
import type { MediaToolsOptions } from '#media/media-tools.ts';
import {
  openEnrichment,
  type Enrichment,
  type EnrichmentSettings,
} from '#saved-videos/processing/enrichment.ts';
import type { Config } from './config.ts';

/** Until accounts exist there is one owner of everything. */
export const onlyOwner = 'home';

export type App = OpenDatabase & { config: Config; storage: Storage; ledger: Ledger };

export async function openApp(config: Config): Promise<App> {
  const storage = await openStorage(config.data);
  const opened = await openDatabase(databaseAddress(config));
  const ledger = openLedger(opened.db, opened.engine, {
    halt_percent: config.halt_percent,
    halt_minimum: config.halt_minimum,
    retries: config.retries,
    retry_delay_seconds: config.retry_delay_seconds,
    lease_seconds: leaseSeconds,
  });
  return { ...opened, config, storage, ledger };
}

/** A worker that gives no sign of life for this long loses its items to another. */
export const leaseSeconds = 30;

/** Free space below this is told by `doctor` and `/api/health`: a large import would soon fill the disk. */
export const littleDiskBytes = 1e9;

export function databaseAddress(config: Config): DatabaseAddress {
  if (config.database_url !== '') return { postgres: config.database_url };
  return { sqlite: path.join(config.data, 'daybook.db') };
}

/**
 * How files are read. One that keeps ExifTool or a decoder busy for longer than `limit_seconds` is hostile or damaged:
 * the slowest of 20,000 mutated samples took 9 s on a busy machine.
 */
export function mediaToolsOptions(config: Config): MediaToolsOptions {
  return {
    processes: Math.min(config.workers, availableParallelism()),
    max_megapixels: config.max_megapixels,
    limit_seconds: Math.min(20, config.item_limit_seconds),
  };
}

/** Everything that asks YouTube and a model, for this process. Nothing is asked before there is need. */
export function enrichmentOf({ config, db, storage }: Pick<App, 'config' | 'db' | 'storage'>): Enrichment {
  return openEnrichment(db, enrichmentSettings(config), {
    fileOf: (youtubeId) => storage.videoPicturePath(youtubeId),
    has: exists,
    write: storage.writeWhole,
  });
}

/** The model that is asked where `google` is set and none is named: the cheapest that Google keeps up to date. */
const usualModel = 'gemini-3.5-flash-lite';

function enrichmentSettings(config: Config): EnrichmentSettings {
  return {
    youtube: {
      key: config.youtube_key,
      url: config.youtube_url,
      limit_units: config.youtube_quota,
      country: config.country,
    },
    model:
      config.ai === 'off'
        ? null
        : {
            provider: config.ai,
            name: config.ai_model || usualModel,
            url: config.ai_url,
            key: config.ai_key,
            limit_seconds: config.ai_seconds,
          },
    calls_at_once: config.ai_calls,
    longest_description: config.ai_description,
    watch_minutes: config.ai_watch_minutes,
  };
}

/** The rules of capture time as the settings have them, asked anew for each file because "tomorrow" moves. */
export function rulesOf(config: Config): () => Rules {
  return () => ({
    rule: config.date_rule,
    min_year: config.min_year,
    home_zone: config.timezone,
    now: Temporal.Now.instant(),
  });
}
