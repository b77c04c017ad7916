/** What must hold at every moment, whatever was killed or failed before. Each function returns sentences about what does not. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { sql, type Kysely } from 'kysely';
import type { Engine } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import type { Storage } from '#library/storage.ts';
import { readEffects, testKindName } from './test-kind.ts';

type Place = { db: Kysely<Database>; engine: Engine; storage: Storage };

/** Database and data folder together. */
export async function unsound(place: Place): Promise<string[]> {
  return [
    ...(await unsoundFile(place)),
    // As one moment saw it: work may go on while this looks.
    ...(await place.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (db) => [...(await unsoundJobs(db)), ...(await unsoundLibrary({ ...place, db }))])),
    ...(await unsoundStorage(place.storage)),
  ];
}

async function unsoundFile({ db, engine }: Place): Promise<string[]> {
  if (engine !== 'sqlite') return [];
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  const { rows: foreign } = await sql<{ table: string }>`pragma foreign_key_check`.execute(db);
  return [
    ...rows.map((row) => row.integrity_check).filter((said) => said !== 'ok'),
    ...foreign.map((row) => `A row of ${row.table} points nowhere.`),
  ];
}

/** Counters equal a recount, leases belong to what is in hand, events have no gap, each effect happened once. */
export async function unsoundJobs(db: Kysely<Database>): Promise<string[]> {
  const problems: string[] = [];
  const jobs = await db.selectFrom('jobs').selectAll().execute();
  for (const job of jobs) {
    const say = (problem: string) => problems.push(`Job ${job.label} (${job.status}): ${problem}`);
    const items = await db
      .selectFrom('job_items')
      .select(['seq', 'key', 'state', 'lease_owner', 'lease_token', 'finished_at'])
      .where('job_id', '=', job.id)
      .orderBy('seq')
      .execute();
    if (items.length !== job.total) say(`has ${items.length} items instead of ${job.total}.`);
    for (const state of ['done', 'skipped', 'failed'] as const) {
      const counted = items.filter((item) => item.state === state).length;
      if (counted !== job[state]) say(`says ${state} ${job[state]}, a recount ${counted}.`);
    }
    for (const { seq, state, lease_owner, lease_token, finished_at } of items) {
      const leased = lease_owner !== null && lease_token !== null;
      if (leased !== (state === 'working')) say(`item ${seq} is ${state}, its lease ${String(lease_owner)}.`);
      const finished = state !== 'waiting' && state !== 'working';
      if (finished !== (finished_at !== null)) say(`item ${seq} is ${state}, finished ${finished_at}.`);
    }
    for (const problem of await unsoundEvents(db, job)) say(problem);
    if (job.kind === testKindName) {
      const ofJob = new Set(items.map(({ key }) => key));
      const effects = (await readEffects(db)).filter((key) => ofJob.has(key));
      const done = new Set(items.filter(({ state }) => state === 'done').map(({ key }) => key));
      const once = new Set(effects);
      if (effects.length !== once.size) say(`${effects.length - once.size} effects happened twice.`);
      const missing = [...done].filter((key) => !once.has(key)).length;
      const tooMuch = [...once].filter((key) => !done.has(key)).length;
      if (missing > 0) say(`${missing} items are done without effect.`);
      if (tooMuch > 0) say(`${tooMuch} effects are of items that are not done.`);
    }
  }
  return problems;
}

const ends: ReadonlySet<string> = new Set(['completed', 'completed_with_errors', 'failed', 'cancelled']);

async function unsoundEvents(
  db: Kysely<Database>,
  job: { id: string; status: string; last_event: number; done: number; skipped: number; failed: number },
): Promise<string[]> {
  const problems: string[] = [];
  const events = await db
    .selectFrom('job_events')
    .select(['seq', 'kind', 'data_json'])
    .where('job_id', '=', job.id)
    .orderBy('seq')
    .execute();
  if (events.length !== job.last_event) problems.push(`${events.length} events, last_event ${job.last_event}.`);
  const gap = events.findIndex(({ seq }, index) => seq !== index + 1);
  if (gap !== -1) problems.push(`events are not numbered without gap at ${gap + 1}.`);
  const progress = events.findLast(({ kind }) => kind === 'progress');
  if (progress !== undefined && !events.some(({ kind }) => kind === 'retried')) {
    const told = JSON.parse(progress.data_json) as { done: number; skipped: number; failed: number };
    const finished = job.done + job.skipped + job.failed;
    if (told.done + told.skipped + told.failed > finished)
      problems.push('the history tells more than happened.');
  }
  if (ends.has(job.status) && events.at(-1)?.kind !== job.status && job.status !== 'cancelled') {
    problems.push(`it ends with the event ${events.at(-1)?.kind}.`);
  }
  return problems;
}

/** What is kept is kept whole: location, capture time, and the files that the asset speaks of. */
async function unsoundLibrary({ db, storage }: Place): Promise<string[]> {
  const problems: string[] = [];
  const assets = await db.selectFrom('assets').select(['id', 'sha256', 'extension', 'has_thumbnail']).execute();
  const times = await db.selectFrom('capture_times').select('asset_id').execute();
  const dated = new Set(times.map(({ asset_id }) => asset_id));
  const locations = await db.selectFrom('locations').select(['asset_id', 'path']).execute();
  const met = Map.groupBy(locations, ({ asset_id }) => asset_id);
  for (const { id, sha256, extension, has_thumbnail } of assets) {
    if (!met.has(id)) problems.push(`Asset ${sha256} stands nowhere.`);
    if (!dated.has(id)) problems.push(`Asset ${sha256} has no capture time.`);
    if (has_thumbnail === 1 && !(await isThere(storage.thumbnailPath(sha256)))) {
      problems.push(`Asset ${sha256} has no thumbnail.`);
    }
    const uploaded = met.get(id)?.some(({ path }) => path === null) ?? false;
    if (uploaded && !(await isThere(storage.originalPath(sha256, extension)))) {
      problems.push(`The original of upload ${sha256} is gone.`);
    }
  }
  // Bytes that a person gave are somewhere until the library has them.
  const uploads = await db
    .selectFrom('uploads')
    .select(['id', 'name', 'sha256'])
    .where('finished_at', 'is not', null)
    .execute();
  for (const { id, name, sha256 } of uploads) {
    const place = (await isThere(storage.incomingPath(id)))
      ? storage.incomingPath(id)
      : await storage.findOriginal(sha256 ?? '');
    if (place === undefined) problems.push(`The bytes of upload ${name} are gone.`);
    else if ((await hashOf(place)) !== sha256) problems.push(`The bytes of upload ${name} changed.`);
  }
  return problems;
}

/** Under a final name stands only what is whole. */
export async function unsoundStorage(storage: Storage): Promise<string[]> {
  const problems: string[] = [];
  for (const file of await filesBelow(path.join(storage.folder, 'thumbnails'))) {
    if (isUnfinished(file)) continue;
    const bytes = await readFile(file);
    const whole =
      bytes.toString('latin1', 0, 4) === 'RIFF' &&
      bytes.toString('latin1', 8, 12) === 'WEBP' &&
      bytes.readUInt32LE(4) + 8 === bytes.length;
    if (!whole) problems.push(`Thumbnail ${path.basename(file)} is not whole.`);
  }
  for (const file of await filesBelow(path.join(storage.folder, 'originals'))) {
    if ((await hashOf(file)) !== path.basename(file).split('.')[0]) {
      problems.push(`Original ${path.basename(file)} does not hold what its name says.`);
    }
  }
  return problems;
}

/** What a death in the middle of a write leaves. */
export async function unfinishedFiles(storage: Storage): Promise<string[]> {
  const below = await filesBelow(storage.folder);
  return below.filter(isUnfinished);
}

function isUnfinished(file: string): boolean {
  return path.basename(path.dirname(file)) === 'unfinished';
}

/** Bytes and times of every file: equal before and after means that nobody wrote. */
export async function fingerprints(folder: string): Promise<Map<string, string>> {
  const prints = new Map<string, string>();
  for (const file of await filesBelow(folder)) {
    const { mtimeNs, ctimeNs, mode } = await stat(file, { bigint: true });
    prints.set(file, `${await hashOf(file)} ${mtimeNs} ${ctimeNs} ${mode}`);
  }
  return prints;
}

export async function changedFiles(folder: string, before: ReadonlyMap<string, string>): Promise<string[]> {
  const after = await fingerprints(folder);
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths]
    .filter((file) => before.get(file) !== after.get(file))
    .map((file) => `${file} was changed.`);
}

export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

export async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
