/** What the library and the journal say of each asset that an export is asked for. */
import type { ExportAction } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import type { AssetToPlace } from '#export/names/layout.ts';
import { assetsOf, assetsToExport, type AssetToExport } from './assets-to-export.ts';
import { keptWhich, type ExportWish, type KeptWish, type PlannedFile } from './plan.ts';
import type { Planning } from './planning.ts';
import { fateOf, type Fate, type StandingCopy } from './standing.ts';
import { recipeOf, tagsToWrite } from './tags-to-write.ts';

/** What is known of one asset before it has its name. */
export type Line = {
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

/** A line for each asset that is asked for, and the copies of those that do not belong any more. */
export async function linesOf(planning: Planning): Promise<{ lines: Map<string, Line>; gone: StandingCopy[] }> {
  const { db, owner, wish, standing, goOn } = planning;
  const lines = new Map<string, Line>();
  const add = async (assets: readonly AssetToExport[]) => {
    for (let start = 0; start < assets.length; start += assetsAtOnce) {
      const some = assets.slice(start, start + assetsAtOnce);
      for (const line of await Promise.all(some.map((asset) => lineOf(asset, planning)))) {
        lines.set(line.asset.id, line);
      }
      await goOn();
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
    await goOn();
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
  { wish, target: { folder }, standing: { copies } }: Planning,
): Promise<Line> {
  const { time_tags_json, keywords_json, tags, ...kept } = asset;
  const { into, writes, file_time, uncertain } = tagsToWrite(
    {
      ...asset,
      capture_time: asset,
      time_tags: JSON.parse(time_tags_json) as Record<string, string>,
      keywords: JSON.parse(keywords_json) as string[],
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

export function actionOf({ copy, fate, recipe }: Line, target: string): Exclude<ExportAction, 'gone'> {
  if (copy === null || fate === 'missing') return 'new';
  return copy.recipe === recipe && copy.path === target ? 'same' : 'changed';
}
