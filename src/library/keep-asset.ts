/** The only writer of assets and locations. */
import { randomUUIDv7 } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import type { Queryable } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import type { MediaFacts } from '#media/media-facts.ts';
import type { SidecarFacts } from '#media/read-sidecar.ts';
import { keepWords } from './asset-words.ts';
import { holdDecisions, joinClockCorrections } from './clock-corrections.ts';
import { decideAssets, type Decided } from './decide-asset.ts';
import type { Meeting } from './found-file.ts';
import { contentIdOf, deviceOf, stemOf } from './others-of-asset.ts';
import { assetsToWake } from './wake-others.ts';
import { withNewSidecars } from './stored-sidecars.ts';

/** What reading a file brought: with `facts` its bytes were new when it was read, without they were known. */
export type Reading = {
  sha256: string;
  size_bytes: number;
  meeting: Meeting;
  facts: MediaFacts | null;
  /** What was read of the sidecars beside it. */
  sidecars: readonly SidecarFacts[];
};

export type Kept = { asset_id: string; is_new: boolean };

/**
 * Keeps readings: each as a new asset, or as one more location of the asset that has these bytes, whose capture time
 * is then decided again with the new name as evidence. Keeping the same reading twice changes nothing. In the order
 * given.
 *
 * All are kept before any is decided, so that deciding takes a handful of statements for all of them. Those that tell
 * one another something are then woken in their order, so it comes to the same as keeping one after the other.
 */
export async function keepReadings(
  transaction: Transaction<Database>,
  to: { owner: string; job_id: string; rules: Rules },
  readings: readonly Reading[],
): Promise<Kept[]> {
  await holdDecisions(transaction, to.owner);
  const all: Kept[] = [];
  const changed = new Set<string>();
  for (const reading of readings) {
    const { has_changed, ...kept } = await keepOne(transaction, to, reading);
    all.push(kept);
    if (has_changed) changed.add(kept.asset_id);
  }
  if (changed.size > 0) await keepWords(transaction, [...changed]);
  const decided = await decideById(transaction, to, [...changed]);
  const corrected = await joinClockCorrections(transaction, to.owner, [...changed]);
  for (const [id, again] of await decideById(transaction, to, corrected)) decided.set(id, again);
  for (const id of changed) {
    const woken = await assetsToWake(transaction, decided.get(id)!);
    // One that was woken and is yet to wake others does so by what it knows now.
    for (const [other, again] of await decideById(transaction, to, woken)) decided.set(other, again);
  }
  return all;
}

async function decideById(
  transaction: Transaction<Database>,
  to: { owner: string; rules: Rules },
  ids: readonly string[],
): Promise<Map<string, Decided>> {
  if (ids.length === 0) return new Map();
  const decided = await decideAssets(transaction, to.owner, ids, to.rules);
  return new Map(decided.map((each) => [each.asking.id, each]));
}

/** `has_changed`: it is new, or what is known of its locations is. */
async function keepOne(
  transaction: Transaction<Database>,
  to: { owner: string; job_id: string },
  reading: Reading,
): Promise<Kept & { has_changed: boolean }> {
  const now = new Date().toISOString();
  const inserted =
    reading.facts === null ? undefined : await insertAsset(transaction, to, reading, reading.facts, now);
  const asset = inserted ?? (await assetOfBytes(transaction, to.owner, reading.sha256));
  if (asset === undefined)
    throw new Error(`Asset ${reading.sha256} was known when it was read and is not there now.`);
  const location = await keepLocation(transaction, to, asset.id, reading, now);
  if (reading.meeting.upload_id !== null) {
    await transaction.deleteFrom('uploads').where('id', '=', reading.meeting.upload_id).execute();
  }
  return { asset_id: asset.id, is_new: inserted !== undefined, has_changed: location.is_new };
}

export async function assetOfBytes(
  db: Queryable,
  owner: string,
  sha256: string,
): Promise<{ id: string; extension: string } | undefined> {
  return db
    .selectFrom('assets')
    .select(['id', 'extension'])
    .where('owner', '=', owner)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
}

/** Undefined when another worker kept the same bytes in the meantime. */
async function insertAsset(
  transaction: Transaction<Database>,
  to: { owner: string; job_id: string },
  reading: Reading,
  facts: MediaFacts,
  now: string,
): Promise<{ id: string } | undefined> {
  return transaction
    .insertInto('assets')
    .values({
      id: randomUUIDv7(),
      owner: to.owner,
      sha256: reading.sha256,
      size_bytes: reading.size_bytes,
      mime_type: facts.mime_type,
      extension: facts.extension,
      kind: facts.kind,
      width: facts.width,
      height: facts.height,
      duration_seconds: facts.duration_seconds,
      dhash: facts.dhash,
      has_thumbnail: facts.thumbnail === null ? 0 : 1,
      name: reading.meeting.name,
      camera_make: facts.camera.make,
      camera_model: facts.camera.model,
      camera_serial: facts.camera.serial,
      lens: facts.camera.lens,
      device: deviceOf(facts.camera),
      content_id: contentIdOf(facts.time_tags),
      stem: stemOf(reading.meeting.name),
      gps_latitude: facts.gps?.latitude ?? null,
      gps_longitude: facts.gps?.longitude ?? null,
      time_tags_json: JSON.stringify(facts.time_tags),
      keywords_json: JSON.stringify(facts.keywords),
      warnings_json: JSON.stringify(facts.warnings),
      job_id: to.job_id,
      added_at: now,
    })
    .onConflict((conflict) => conflict.columns(['owner', 'sha256']).doNothing())
    .returning('id')
    .executeTakeFirst();
}

async function keepLocation(
  transaction: Transaction<Database>,
  to: { owner: string; job_id: string },
  assetId: string,
  reading: Reading,
  now: string,
): Promise<{ is_new: boolean }> {
  const { meeting } = reading;
  if (meeting.path !== null) {
    // The path may have been known for other bytes: that location is history now.
    await transaction
      .updateTable('locations')
      .set({ gone_at: now })
      .where('owner', '=', to.owner)
      .where('path', '=', meeting.path)
      .where('asset_id', '!=', assetId)
      .where('gone_at', 'is', null)
      .execute();
  }
  const known = await sameLocation(transaction, to.owner, assetId, meeting);
  if (known !== undefined) {
    const sidecars_json = withNewSidecars(known.sidecars_json, reading.sidecars);
    await transaction
      .updateTable('locations')
      .set({ modified_at: meeting.modified_at, sidecars_json, last_seen_at: now, gone_at: null })
      .where('id', '=', known.id)
      .execute();
    const is_new = known.modified_at !== meeting.modified_at || known.sidecars_json !== sidecars_json;
    return { is_new };
  }
  await transaction
    .insertInto('locations')
    .values({
      id: randomUUIDv7(),
      owner: to.owner,
      asset_id: assetId,
      job_id: to.job_id,
      path: meeting.path,
      name: meeting.name,
      folder: meeting.folder,
      stem: stemOf(meeting.name),
      size_bytes: reading.size_bytes,
      modified_at: meeting.modified_at,
      sidecars_json: withNewSidecars(null, reading.sidecars),
      first_seen_at: now,
      last_seen_at: now,
    })
    .execute();
  return { is_new: true };
}

/** The same path; or for an upload the same name in the same folder, so that uploading twice is not two places. */
async function sameLocation(
  transaction: Transaction<Database>,
  owner: string,
  assetId: string,
  meeting: Meeting,
) {
  let query = transaction
    .selectFrom('locations')
    .select(['id', 'modified_at', 'sidecars_json'])
    .where('owner', '=', owner)
    .where('asset_id', '=', assetId);
  query =
    meeting.path === null
      ? query.where('path', 'is', null).where('name', '=', meeting.name).where('folder', '=', meeting.folder)
      : query.where('path', '=', meeting.path);
  return query.executeTakeFirst();
}
