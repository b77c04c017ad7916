/**
 * Plans an export: what goes where, what is written into it, and what stands there already. Reads the library in
 * pages and writes the plan in pages, so that other requests get their turn.
 */
import path from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { ExportRefused } from '#export/export-refused.ts';
import { foldersOf, placeUnits, unitsOf } from '#export/names/layout.ts';
import { nameKey } from '#export/names/safe-name.ts';
import { parseTemplate } from '#export/names/template.ts';
import { refuseBusy, refuseVanished } from './may-export.ts';
import { occupiedIn } from './occupied.ts';
import { actionOf, linesOf } from './plan-lines.ts';
import type { ExportWish } from './plan.ts';
import type { Planning } from './planning.ts';
import { standingFiles } from './standing.ts';
import { checkTarget, type ExportPlace, type Target } from './target.ts';
import { writePlan } from './write-plan.ts';

/**
 * Resolves to the id of the plan. Throws `ExportRefused`. Nothing is written into the target. `signal`: of who waits
 * for it; a plan that nobody waits for any more is given up.
 */
export async function planExport(
  place: ExportPlace,
  owner: string,
  wish: ExportWish,
  signal?: AbortSignal,
): Promise<string> {
  // What another export does from here on is not in this plan, and makes it out of date.
  const now = new Date();
  const template = parseTemplate(wish.template);
  const target = await checkTarget(place, owner, wish.folder);
  await refuseBusy(place.db, owner, target.folder);
  await refuseVanished(place.db, owner, target);
  const standing = await standingFiles(place.db, owner, target.folder);

  const planning: Planning = {
    ...place,
    owner,
    wish,
    target,
    standing,
    now,
    async goOn() {
      await othersTurn();
      if (signal?.aborted) throw new ExportRefused('abandoned', 'Nobody waited for the plan any more.');
    },
  };
  const { lines, gone } = await linesOf(planning);
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
  return writePlan(planning, inOrder);
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
