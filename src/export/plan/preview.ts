/** Names that a template would give, for a look while it is typed. Nothing is planned. */
import type { AssetFilter } from '#contract/asset-filter.ts';
import type { Queryable } from '#db/database.ts';
import { placeUnits, unitsOf } from '#export/names/layout.ts';
import { parseTemplate } from '#export/names/template.ts';
import { filtered } from '#library/browse.ts';
import { assetsOf } from './assets-to-export.ts';
import type { ExportWish } from './plan.ts';

type NamePreview = { name: string; target: string };

/** Throws `ExportRefused` that says what is wrong with the template. */
export async function previewNames(
  db: Queryable,
  owner: string,
  wish: { template: string; which: ExportWish['which']; limit: number },
): Promise<NamePreview[]> {
  const template = parseTemplate(wish.template);
  const { which, limit } = wish;
  const ids = 'filter' in which ? await examples(db, owner, which.filter, limit) : which.asset_ids;
  const assets = await assetsOf(db, owner, which, ids.slice(0, limit));
  const units = await unitsOf(
    assets.map((asset) => ({ ...asset, tag: asset.tags[0] ?? null, standing: null })),
    template,
  );
  const nameOf = new Map(assets.map(({ id, name }) => [id, name]));
  const placed = await placeUnits(units, { names: new Set(), stems: new Map() });
  return placed.map(({ id, target }) => ({ name: nameOf.get(id) ?? '', target }));
}

/** The newest, and one of each sort whose name shows another side of the template. */
async function examples(db: Queryable, owner: string, filter: AssetFilter, limit: number): Promise<string[]> {
  const newest = () =>
    filtered(db, owner, filter)
      .where('capture_times.review', '!=', 'discarded')
      .select('assets.id')
      .orderBy('capture_times.sort_key', 'desc')
      .orderBy('capture_times.asset_id', 'desc');
  const [some, video, part, undated] = await Promise.all([
    newest().limit(limit).execute(),
    newest().where('assets.kind', '=', 'video').limit(1).execute(),
    newest().where('capture_times.precision', 'in', ['day', 'month', 'year']).limit(1).execute(),
    newest().where('capture_times.sort_key', '=', '').limit(1).execute(),
  ]);
  const special = [...video, ...part, ...undated].slice(0, Math.max(limit - 1, 0));
  const ids = [...some.slice(0, limit - special.length), ...special, ...some].map(({ id }) => id);
  return [...new Set(ids)];
}
