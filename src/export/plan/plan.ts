/** The shapes that planning, writing and the journal of exports share. */
import { createHash } from 'node:crypto';
import type { AssetFilter } from '#contract/asset-filter.ts';
import type { ExportToPlan, TagToWrite } from '#contract/exports.ts';
import type { Confidence, ExportDoubt, Precision, WriteTarget } from '#contract/words.ts';

export const exportKind = 'export';
export const undoExportKind = 'undo_export';
export const removeSourcesKind = 'remove_sources';

/** What the jobs of all three kinds are created with. The key of an item is the `seq` of its planned file. */
export type ExportInput = { export_id: string; folder: string };

/** What was asked for, with every default filled in. */
export type ExportWish = Omit<ExportToPlan, 'filter' | 'asset_ids' | 'template'> & {
  template: string;
  which: { filter: AssetFilter } | { asset_ids: string[] };
};

/** As it stands in `exports.wish_json`: of a selection only what tells it from another, for it may be 100,000 ids long. */
export type KeptWish = Omit<ExportWish, 'which'> & { which: { filter: AssetFilter } | { selection: string } };

export function keptWish(wish: ExportWish, folder: string): KeptWish {
  const { template, write_uncertain, set_aside_gone } = wish;
  return { folder, template, write_uncertain, set_aside_gone, which: keptWhich(wish.which) };
}

export function keptWhich(which: ExportWish['which']): KeptWish['which'] {
  if ('filter' in which) return which;
  const selection = createHash('sha256').update([...new Set(which.asset_ids)].sort().join('\n'));
  return { selection: selection.digest('hex') };
}

/** Everything that is to be done for one asset, kept with the plan so that what was accepted is what happens. */
export type PlannedFile = {
  sha256: string;
  mime_type: string;
  extension: string;
  local: string | null;
  zone: string | null;
  precision: Precision | null;
  confidence: Confidence;
  /** The file time the copy gets; null leaves that of the original. */
  file_time: string | null;
  into: WriteTarget;
  writes: TagToWrite[];
  companions: { source: string; target: string }[];
  /** See `export_written.recipe`. */
  recipe: string;
  /** The standing file of an earlier export that this one takes the place of. */
  was: { export_id: string; path: string } | null;
  doubts: ExportDoubt[];
};
