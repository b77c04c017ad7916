/**
 * Plans an export: what goes where, what is written into it, and what stands there already. Reads the library in
 * pages and writes the plan in pages, so that other requests get their turn; the plan is seen when it is whole.
 */
import { randomUUIDv7 } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { ExportCounts } from '#contract/exports.ts';
import {
  exportActions,
  exportDoubts,
  unfinishedStatuses,
  type ExportAction,
  type ExportDoubt,
} from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { insertRows } from '#db/json-rows.ts';
import { findOriginal } from '#library/find-original.ts';
import { assetsOf, assetsToExport, placesOfOriginals, type AssetToExport } from './assets-to-export.ts';
import { Companions, type FoundCompanion } from './companions.ts';
import { ExportRefused } from './export-refused.ts';
import { foldersOf, placeUnits, stemsOf, unitsOf, type AssetToPlace, type Occupied } from './layout.ts';
import { keptWhich, keptWish, type ExportWish, type KeptWish, type PlannedFile } from './plan.ts';
import { nameKey } from './safe-name.ts';
import { fateOf, standingFiles, type Fate, type Standing, type StandingCopy } from './standing.ts';
import { recipeOf, tagsToWrite } from './tags-to-write.ts';
import { checkTarget, type ExportPlace, type Target } from './target.ts';
import { parseTemplate } from './template.ts';

/** Resolves to the id of the plan. Throws `ExportRefused`. Nothing is written into the target. */
export async function planExport(place: ExportPlace, owner: string, wish: ExportWish): Promise<string> {
  // What another export does from here on is not in this plan, and makes it out of date.
  const now = new Date();
  const template = parseTemplate(wish.template);
  const target = await checkTarget(place, owner, wish.folder);
  await refuseBusy(place.db, owner, target.folder);
  const standing = await standingFiles(place.db, owner, target.folder);
  await refuseVanished(target, standing);

  const { lines, gone } = await linesOf(place, owner, wish, target, standing);
  if (lines.size === 0 && gone.length === 0) {
    throw new ExportRefused('nothing_to_export', 'No photo or video matches, so there is nothing to export.');
  }
  const units = await unitsOf(
    [...lines.values()].map(({ asset }) => asset),
    template,
  );
  const folders = foldersOf(units);
  refuseSourcesInside(target, folders);
  const placed = await placeUnits(units, await occupiedIn(target.folder, folders, standing));
  const planned = placed.flatMap(({ id, ...name }) => {
    const line = lines.get(id);
    return line === undefined ? [] : [{ ...line, ...name, action: actionOf(line, name.target) }];
  });
  const inOrder = await inOrderOfNames([
    ...planned.map((file) => ({ file, name: file.target, stem: file.stem })),
    ...gone.map((copy) => ({ gone: copy, name: copy.path, stem: copy.path })),
  ]);
  return writePlan(place, owner, wish, target, standing, inOrder, now);
}

// ── What may not be ─────────────────────────────────────────────────────────────────────────────────────────

/** While a job writes there, what stands in the folder is not yet what will. */
export async function refuseBusy(db: Queryable, owner: string, folder: string): Promise<void> {
  const busy = await db
    .selectFrom('exports')
    .innerJoin('jobs', (join) =>
      join.on((on) =>
        on.or([
          on('jobs.id', '=', on.ref('exports.job_id')),
          on('jobs.id', '=', on.ref('exports.undo_job_id')),
          on('jobs.id', '=', on.ref('exports.remove_job_id')),
        ]),
      ),
    )
    .select('jobs.label')
    .where('exports.owner', '=', owner)
    .where('exports.folder', '=', folder)
    .where('jobs.status', 'in', unfinishedStatuses)
    .limit(1)
    .executeTakeFirst();
  if (busy === undefined) return;
  throw new ExportRefused(
    'folder_busy',
    `“${busy.label}” is not finished. Let it finish, or cancel it, before another export into ${folder}.`,
  );
}

/** An export begins by making this folder in its target: where it is missing, the disk is. */
export const workFolder = '.daybook';

async function refuseVanished(target: Target, { written }: Standing): Promise<void> {
  if (written.size === 0) return;
  const names = target.is_there ? await readdir(target.folder) : [];
  if (names.includes(workFolder)) return;
  throw new ExportRefused(
    'folder_gone',
    `Earlier exports wrote ${written.size.toLocaleString('en')} files into ${target.folder}, and nothing of them is there: is its disk connected? If you emptied it yourself, make an empty folder ${workFolder} in it and plan again.`,
  );
}

function refuseSourcesInside({ folder, sources_inside }: Target, folders: ReadonlySet<string>): void {
  for (const source of sources_inside) {
    const key = `${nameKey(source)}/`;
    const hit = [...folders].find((each) => `${nameKey(each)}/`.startsWith(key));
    if (hit === undefined) continue;
    throw new ExportRefused(
      'folder_of_sources',
      `The export would write into ${path.join(folder, hit)}, from where photos were imported. Choose another folder, or another template.`,
    );
  }
}

// ── What the library says ───────────────────────────────────────────────────────────────────────────────────

type Line = {
  asset: AssetToPlace & Pick<AssetToExport, 'sha256' | 'mime_type' | 'size_bytes' | 'zone' | 'confidence'>;
  /** As text: 100,000 lists of small objects would take several times the memory. */
  writes_json: string;
  into: PlannedFile['into'];
  file_time: string | null;
  recipe: string;
  uncertain: boolean;
  copy: StandingCopy | null;
  fate: Fate | null;
};

/** Assets for which ExifTool's words are found (120 µs each) before others get their turn. */
const assetsAtOnce = 50;

async function linesOf(
  { db }: ExportPlace,
  owner: string,
  wish: ExportWish,
  target: Target,
  standing: Standing,
): Promise<{ lines: Map<string, Line>; gone: StandingCopy[] }> {
  const lines = new Map<string, Line>();
  const add = async (assets: readonly AssetToExport[]) => {
    for (let start = 0; start < assets.length; start += assetsAtOnce) {
      const some = assets.slice(start, start + assetsAtOnce);
      for (const line of await Promise.all(some.map((asset) => lineOf(asset, wish, target.folder, standing)))) {
        lines.set(line.asset.id, line);
      }
      await othersTurn();
    }
  };
  for await (const assets of assetsToExport(db, owner, wish.which)) await add(assets);

  const absent = [...standing.copies.values()].flat().filter(({ asset_id }) => !lines.has(asset_id));
  const gone: StandingCopy[] = [];
  const sameWish = await exportsOfTheSame(db, wish, absent);
  for (let start = 0; start < absent.length; start += assetsAtOnce) {
    const some = absent.slice(start, start + assetsAtOnce);
    const ids = some.map(({ asset_id }) => asset_id);
    // One whose time was decided anew while the pages were read may have been passed over.
    await add((await assetsOf(db, owner, wish.which, ids)).filter(({ id }) => !lines.has(id)));
    const others = await assetsOf(db, owner, { filter: {} }, ids);
    const inLibrary = new Set(others.map(({ id }) => id));
    for (const copy of some) {
      if (lines.has(copy.asset_id)) continue;
      // An export of a part says nothing about the rest of the folder.
      if (!inLibrary.has(copy.asset_id) || sameWish.has(copy.export_id)) gone.push(copy);
    }
  }
  return { lines, gone };
}

/** Of the exports that wrote these copies, those that were asked for the same assets as this one. */
async function exportsOfTheSame(
  db: Queryable,
  { which }: ExportWish,
  copies: readonly StandingCopy[],
): Promise<ReadonlySet<string>> {
  const same = new Set<string>();
  const asked = JSON.stringify(keptWhich(which));
  for (const id of new Set(copies.map(({ export_id }) => export_id))) {
    const { wish_json } = await db
      .selectFrom('exports')
      .select('wish_json')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const wish = JSON.parse(wish_json) as KeptWish;
    if (JSON.stringify(wish.which) === asked) same.add(id);
  }
  return same;
}

async function lineOf(
  asset: AssetToExport,
  wish: ExportWish,
  folder: string,
  { copies }: Standing,
): Promise<Line> {
  const { time_tags_json, tags, ...kept } = asset;
  const { into, writes, file_time, uncertain } = tagsToWrite(
    {
      ...asset,
      capture_time: asset,
      time_tags: JSON.parse(time_tags_json) as Record<string, string>,
    },
    wish,
  );
  const recipe = recipeOf(asset.sha256, { into, writes, file_time });
  const { copy, fate } = await bestCopy(folder, copies.get(asset.id) ?? [], recipe);
  // A copy that somebody changed keeps its name to itself, unless there is nothing to write.
  const keeps = copy !== null && (fate !== 'changed' || copy.recipe === recipe);
  return {
    asset: { ...kept, tag: tags[0] ?? null, standing: keeps ? copy : null },
    writes_json: JSON.stringify(writes),
    into,
    file_time,
    recipe,
    uncertain,
    copy,
    fate,
  };
}

/** Several stand where somebody changed one and it was written anew beside it. */
async function bestCopy(folder: string, copies: readonly StandingCopy[], recipe: string) {
  let best: { copy: StandingCopy | null; fate: Fate | null } = { copy: null, fate: null };
  for (const copy of copies) {
    const fate = await fateOf(folder, copy);
    if (fate === 'stands' && copy.recipe === recipe) return { copy, fate };
    if (best.copy === null || (fate === 'stands' && best.fate !== 'stands')) best = { copy, fate };
  }
  return best;
}

// ── What stands in the target ───────────────────────────────────────────────────────────────────────────────

async function occupiedIn(
  folder: string,
  folders: ReadonlySet<string>,
  { written }: Standing,
): Promise<Occupied> {
  const names = new Set<string>();
  const stems = new Map<string, 'ours' | 'foreign'>();
  for (const below of folders) {
    for (const name of await namesIn(path.join(folder, below))) {
      const key = nameKey(below === '' ? name : `${below}/${name}`);
      const whose = written.has(key) ? 'ours' : 'foreign';
      names.add(key);
      for (const stem of stemsOf(key)) if (stems.get(stem) !== 'foreign') stems.set(stem, whose);
    }
  }
  return { names, stems };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new ExportRefused(
      'folder_is_no_folder',
      code === 'ENOTDIR'
        ? `The export needs a folder ${folder}, and there is a file of that name, or in place of a folder above it. Move it away, or choose another template.`
        : `${folder} cannot be looked into (${code}). Mend that, or choose another folder.`,
      { cause },
    );
  }
}

// ── The plan ────────────────────────────────────────────────────────────────────────────────────────────────

function actionOf({ copy, fate, recipe }: Line, target: string): Exclude<ExportAction, 'gone'> {
  if (copy === null || fate === 'missing') return 'new';
  return copy.recipe === recipe && copy.path === target ? 'same' : 'changed';
}

const natural = new Intl.Collator('en', { numeric: true });

/** As a person reads a tree: folder by folder, `a` before `a_001`, `a_2` before `a_10`. */
async function inOrderOfNames<Line extends { name: string; stem: string }>(
  lines: readonly Line[],
): Promise<Line[]> {
  const byFolder = Map.groupBy(lines, ({ name }) => path.posix.dirname(name));
  const sorted: Line[] = [];
  for (const folder of [...byFolder.keys()].sort(natural.compare)) {
    const some = byFolder.get(folder) ?? [];
    some.sort((one, other) => natural.compare(one.stem, other.stem) || natural.compare(one.name, other.name));
    for (const line of some) sorted.push(line);
    await othersTurn();
  }
  return sorted;
}

type ToWrite =
  | { file: Line & { stem: string; target: string; number: number; name_taken: boolean; action: ExportAction } }
  | { gone: StandingCopy };

const rowsAtOnce = 200;

async function writePlan(
  place: ExportPlace,
  owner: string,
  wish: ExportWish,
  target: Target,
  standing: Standing,
  inOrder: readonly ToWrite[],
  now: Date,
): Promise<string> {
  const { db } = place;
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
      const rows = await rowsOf(place, owner, target.folder, some, companions, standing);
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
      await othersTurn();
    }
    await db
      .updateTable('exports')
      .set({ counts_json: JSON.stringify(tally.counts), total_bytes: tally.total_bytes })
      .where('id', '=', id)
      .execute();
    return id;
  } catch (error) {
    await db.deleteFrom('exports').where('id', '=', id).execute();
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
  place: ExportPlace,
  owner: string,
  folder: string,
  some: readonly ToWrite[],
  companions: Companions,
  standing: Standing,
): Promise<Row[]> {
  const ids = some.flatMap((each) => ('file' in each ? [each.file.asset.id] : []));
  const places = await placesOfOriginals(place.db, ids);
  const rows: Row[] = [];
  const goneAssets = await factsOfGone(place.db, owner, some);
  for (const each of some) {
    if ('gone' in each) {
      const fate = await fateOf(folder, each.gone);
      rows.push(goneRow(each.gone, fate, goneAssets.get(each.gone.asset_id)));
      continue;
    }
    const { file } = each;
    const { sha256, extension } = file.asset;
    const originals = places.get(file.asset.id) ?? [];
    // For one that stands as it should, nobody will open the original.
    const source =
      file.action === 'same'
        ? (originals.find((original) => original.path !== null)?.path ?? null)
        : ((await findOriginal(place.storage, { sha256, extension, places: originals })) ?? null);
    const isHere = originals.some((original) => original.path === source);
    const beside = source === null || !isHere ? [] : await companions.of(source, file);
    const isStale = file.action === 'same' && file.fate === 'stands' && beside.some(isNewer(standing));
    rows.push(fileRow(isStale ? { ...file, action: 'changed' } : file, source, beside));
  }
  return rows;
}

/** A sidecar that came, or was saved again, after the copy was written. */
function isNewer({ written }: Standing): (companion: FoundCompanion) => boolean {
  return ({ target, modified_ms }) => {
    const when = written.get(nameKey(target));
    return when === undefined || modified_ms > Date.parse(when);
  };
}

function fileRow(
  file: Extract<ToWrite, { file: unknown }>['file'],
  source: string | null,
  beside: readonly FoundCompanion[],
): Row {
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

/** Plans that nobody started; a page that shows one of them is seldom older. */
const plansKept = 20;
const hourMs = 3_600_000;

/** Plans take room: the oldest that were not started go, and what a process that died had begun. */
async function forgetOldPlans(db: Queryable, owner: string, now: Date): Promise<void> {
  const plans = await db
    .selectFrom('exports')
    .select(['id', 'counts_json', 'created_at'])
    .where('owner', '=', owner)
    .where('job_id', 'is', null)
    .orderBy('created_at', 'desc')
    .execute();
  const hourAgo = new Date(now.getTime() - hourMs).toISOString();
  const cut = plans.filter((plan) => plan.counts_json === '' && plan.created_at < hourAgo);
  const old = plans.filter((plan) => plan.counts_json !== '').slice(plansKept - 1);
  for (const { id } of [...cut, ...old]) await db.deleteFrom('exports').where('id', '=', id).execute();
}
