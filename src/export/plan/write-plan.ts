/** Writes a plan down, line by line: where the originals are, what goes along with them, what is doubtful. */
import { randomUUIDv7 } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { ExportCounts } from '#contract/exports.ts';
import { exportActions, exportDoubts, type ExportAction, type ExportDoubt } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { insertRows } from '#db/json-rows.ts';
import { nameKey } from '#export/names/safe-name.ts';
import { findOriginal } from '#library/find-original.ts';
import type { Storage } from '#library/storage.ts';
import { placesOfOriginals, type OriginalPlace } from './assets-to-export.ts';
import { Companions, type FoundCompanion } from './companions.ts';
import { dropPlan, forgetOldPlans } from './forget-plan.ts';
import type { Line } from './plan-lines.ts';
import { keptWish, type PlannedFile } from './plan.ts';
import type { Planning } from './planning.ts';
import { fateOf, type Fate, type Standing, type StandingCopy } from './standing.ts';

/** One line of the plan, in its place. */
export type ToWrite = { file: NamedLine } | { gone: StandingCopy };

type NamedLine = Line & {
  stem: string;
  target: string;
  number: number;
  name_taken: boolean;
  action: ExportAction;
};

const rowsAtOnce = 200;

/** In pages, each with what has to be looked up on the disks. The plan is seen once it is whole. */
export async function writePlan(planning: Planning, inOrder: readonly ToWrite[]): Promise<string> {
  const { db, owner, wish, target, now, goOn } = planning;
  const id = randomUUIDv7();
  await forgetOldPlans(db, owner, now);
  await db
    .insertInto('exports')
    .values({
      id,
      owner,
      folder: target.folder,
      wish_json: JSON.stringify(keptWish(wish, target.folder)),
      counts_json: '',
      total_bytes: 0,
      free_bytes: target.free_bytes,
      created_at: now.toISOString(),
      job_id: null,
      undo_job_id: null,
      remove_job_id: null,
    })
    .execute();
  try {
    const tally = new Tally();
    const companions = new Companions();
    for (let start = 0; start < inOrder.length; start += rowsAtOnce) {
      const some = inOrder.slice(start, start + rowsAtOnce);
      const rows = await rowsOf(planning, some, companions);
      for (const row of rows) tally.count(row);
      await insertRows(
        db,
        'export_files',
        columns,
        rows.map(({ plan, bytes: _, ...row }, index) => ({
          ...row,
          export_id: id,
          seq: start + index + 1,
          has_doubts: plan.doubts.length > 0 ? 1 : 0,
          plan_json: JSON.stringify(plan),
        })),
      );
      await goOn();
    }
    await db
      .updateTable('exports')
      .set({ counts_json: JSON.stringify(tally.counts), total_bytes: tally.total_bytes })
      .where('id', '=', id)
      .execute();
    return id;
  } catch (error) {
    await dropPlan(db, id);
    throw error;
  }
}

const columns = {
  export_id: 'text',
  seq: 'integer',
  asset_id: 'text',
  action: 'text',
  name: 'text',
  source: 'text',
  target: 'text',
  number: 'integer',
  size_bytes: 'bigint',
  has_doubts: 'integer',
  plan_json: 'text',
} as const;

type Row = {
  asset_id: string;
  action: ExportAction;
  name: string;
  source: string | null;
  target: string;
  number: number;
  size_bytes: number;
  plan: PlannedFile;
  /** That will be copied. */
  bytes: number;
};

async function rowsOf(
  { db, storage, owner, target, standing }: Planning,
  some: readonly ToWrite[],
  companions: Companions,
): Promise<Row[]> {
  const ids = some.flatMap((each) => ('file' in each ? [each.file.asset.id] : []));
  const originals = await placesOfOriginals(db, ids);
  const goneAssets = await factsOfGone(db, owner, some);
  const found = await Promise.all(
    some.map(async (each) => {
      if ('gone' in each) return { ...each, fate: await fateOf(target.folder, each.gone) };
      const places = originals.get(each.file.asset.id) ?? [];
      return { ...each, source: await sourceOf(storage, each.file, places) };
    }),
  );
  const rows: Row[] = [];
  // One after the other: which file a sidecar goes along with must not depend on the disk.
  for (const each of found) {
    if ('gone' in each) {
      rows.push(goneRow(each.gone, each.fate, goneAssets.get(each.gone.asset_id)));
      continue;
    }
    const { file, source } = each;
    const beside = source?.has_neighbours ? await companions.of(source.file, file) : [];
    const isStale = file.action === 'same' && file.fate === 'stands' && beside.some(isNewer(standing));
    rows.push(fileRow(isStale ? { ...file, action: 'changed' } : file, source?.file ?? null, beside));
  }
  return rows;
}

/** `has_neighbours`: it stands in a folder of its owner's, and not in ours. */
type Source = { file: string; has_neighbours: boolean };

async function sourceOf(
  storage: Storage,
  { asset: { sha256, extension }, action }: NamedLine,
  places: readonly OriginalPlace[],
): Promise<Source | undefined> {
  const asPath = (place: OriginalPlace): Source => ({
    file: place.path ?? storage.originalPath(sha256, extension),
    has_neighbours: place.path !== null,
  });
  // For one that stands as it should, nobody will open the original.
  if (action === 'same') {
    const first = places.find(({ path }) => path !== null) ?? places[0];
    return first && asPath(first);
  }
  const file = await findOriginal(storage, { sha256, extension, places: [...places] });
  if (file !== undefined) return { file, has_neighbours: places.some(({ path }) => path === file) };
  // One that was touched is still worth reading: whether its bytes are the same is told by their hash.
  for (const place of places) {
    const stats = await lstat(asPath(place).file).catch(() => undefined);
    if (stats?.isFile() === true && stats.size === place.size_bytes) return asPath(place);
  }
  return undefined;
}

/** A sidecar that came, or was saved again, after the copy was written. */
function isNewer({ written }: Standing): (companion: FoundCompanion) => boolean {
  return ({ target, modified_ms }) => {
    const when = written.get(nameKey(target));
    return when === undefined || modified_ms > Date.parse(when);
  };
}

function fileRow(file: NamedLine, source: string | null, beside: readonly FoundCompanion[]): Row {
  const { asset, copy, fate, action } = file;
  const { sha256, mime_type, extension, local, zone, precision, confidence } = asset;
  const isSame = action === 'same';
  const doubts = doubtsOfFate(fate);
  if (!isSame && local === null) doubts.push('no_date');
  if (!isSame && file.uncertain) doubts.push('uncertain_date');
  if (!isSame && file.name_taken) doubts.push('name_taken');
  if (!isSame && source === null) doubts.push('source_missing');
  const goesAlong = isSame ? [] : beside;
  return {
    asset_id: asset.id,
    action,
    name: asset.name,
    source,
    target: file.target,
    number: file.number,
    size_bytes: asset.size_bytes,
    bytes: isSame ? 0 : asset.size_bytes + goesAlong.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    plan: {
      sha256,
      mime_type,
      extension,
      local,
      zone,
      precision,
      confidence,
      file_time: file.file_time,
      into: file.into,
      // Nothing is written into what stands as it should.
      writes: isSame ? [] : (JSON.parse(file.writes_json) as PlannedFile['writes']),
      companions: goesAlong.map((companion) => ({ source: companion.source, target: companion.target })),
      recipe: file.recipe,
      was:
        copy === null || isSame || fate === 'changed' ? null : { export_id: copy.export_id, path: copy.path },
      doubts,
    },
  };
}

function doubtsOfFate(fate: Fate | null): ExportDoubt[] {
  if (fate === 'changed') return ['changed_since'];
  return fate === 'missing' ? ['removed_since'] : [];
}

type GoneAsset = { id: string; name: string; sha256: string; mime_type: string; extension: string };

async function factsOfGone(
  db: Queryable,
  owner: string,
  some: readonly ToWrite[],
): Promise<Map<string, GoneAsset>> {
  const ids = some.flatMap((each) => ('gone' in each ? [each.gone.asset_id] : []));
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('assets')
    .select(['id', 'name', 'sha256', 'mime_type', 'extension'])
    .where('owner', '=', owner)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

function goneRow(copy: StandingCopy, fate: Fate, asset: GoneAsset | undefined): Row {
  return {
    asset_id: copy.asset_id,
    action: 'gone',
    name: asset?.name ?? path.posix.basename(copy.path),
    source: null,
    target: copy.path,
    number: copy.number,
    size_bytes: copy.size_bytes,
    bytes: 0,
    plan: {
      sha256: asset?.sha256 ?? '',
      mime_type: asset?.mime_type ?? '',
      extension: asset?.extension ?? '',
      local: null,
      zone: null,
      precision: null,
      confidence: 'none',
      file_time: null,
      into: 'nowhere',
      writes: [],
      companions: [],
      recipe: copy.recipe,
      was: { export_id: copy.export_id, path: copy.path },
      doubts: doubtsOfFate(fate),
    },
  };
}

class Tally {
  readonly counts: ExportCounts = {
    actions: zeros(exportActions),
    doubts: zeros(exportDoubts),
    collisions: 0,
  };
  total_bytes = 0;

  count({ action, number, bytes, plan }: Row): void {
    this.counts.actions[action] += 1;
    for (const doubt of plan.doubts) this.counts.doubts[doubt] += 1;
    if (number > 0 && action !== 'gone') this.counts.collisions += 1;
    this.total_bytes += bytes;
  }
}

function zeros<Word extends string>(words: readonly Word[]): Record<Word, number> {
  return Object.fromEntries(words.map((word) => [word, 0])) as Record<Word, number>;
}
