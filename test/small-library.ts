/** Assets as an import would leave them, without files: their clues are given, everything else follows. */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import type { Database } from '#db/schema.ts';
import { keepReadings, type Reading } from '#library/keep-asset.ts';

export const owner = 'home';

export const rules = (changed: Partial<Rules> = {}): (() => Rules) => {
  const now = Temporal.Instant.from('2026-06-01T00:00:00Z');
  return () => ({ rule: 'earliest', min_year: 2000, home_zone: 'Europe/Berlin', now, ...changed });
};

export type Drawn = {
  name: string;
  folder?: string;
  tags?: Record<string, string>;
  camera?: { make?: string; model?: string; serial?: string };
  gps?: { latitude: number; longitude: number };
  modified_at?: string;
  kind?: 'photo' | 'video';
  /** Assets with the same bytes are one. */
  bytes?: string;
};

/** Ids in the order given; in one transaction, as a group of an import is. */
export async function addAssets(
  db: Kysely<Database>,
  drawn: readonly Drawn[],
  by = rules(),
): Promise<string[]> {
  const kept = await db
    .transaction()
    .execute((changes) => keepReadings(changes, { owner, job_id: 'drawn', rules: by() }, drawn.map(reading)));
  return kept.map(({ asset_id }) => asset_id);
}

/** What reading such a file brings. */
export function reading({ name, folder = '/photos', tags = {}, camera = {}, ...rest }: Drawn): Reading {
  const sha256 = createHash('sha256')
    .update(rest.bytes ?? `${folder}/${name}`)
    .digest('hex');
  return {
    sha256,
    size_bytes: 1,
    meeting: {
      path: `${folder}/${name}`,
      upload_id: null,
      name,
      folder,
      modified_at: rest.modified_at ?? null,
    },
    sidecars: [],
    facts: {
      mime_type: 'image/jpeg',
      extension: 'jpg',
      kind: rest.kind ?? 'photo',
      width: 4000,
      height: 3000,
      duration_seconds: null,
      dhash: null,
      camera: {
        make: camera.make ?? null,
        model: camera.model ?? null,
        serial: camera.serial ?? null,
        lens: null,
      },
      gps: rest.gps ?? null,
      time_tags: tags,
      keywords: [],
      thumbnail: null,
      warnings: [],
    },
  };
}

/** Everything that decisions may change about an asset, to be compared as a whole. */
export async function stateOf(db: Kysely<Database>, id: string) {
  const row = await db.selectFrom('capture_times').selectAll().where('asset_id', '=', id).executeTakeFirst();
  // How often it was written says nothing about what it says.
  const time = row && { ...row, revision: 0 };
  const evidence = await db
    .selectFrom('evidence')
    .selectAll()
    .where('asset_id', '=', id)
    .orderBy('seq')
    .execute();
  const tags = await db
    .selectFrom('asset_tags')
    .selectAll()
    .where('asset_id', '=', id)
    .orderBy('tag')
    .execute();
  return { time, evidence, tags };
}
