import type { JobItem } from '#contract/jobs.ts';

export type SkipGroup = { because: string; items: JobItem[] };

const belongsTo = 'belongs to ';

/** Skipped items by reason, the commonest first. Files that belong to a photo each name another one: they are one group. */
export function groupSkips(items: readonly JobItem[]): SkipGroup[] {
  const groups = new Map<string, JobItem[]>();
  for (const item of items) {
    const reason = item.skipped_because ?? 'no reason was given';
    const because =
      reason.startsWith(belongsTo) && !reason.startsWith(`${belongsTo}a photo`)
        ? 'belongs to a photo or video beside it'
        : reason;
    const group = groups.get(because);
    if (group === undefined) groups.set(because, [item]);
    else group.push(item);
  }
  return [...groups]
    .map(([because, skipped]) => ({ because, items: skipped }))
    .sort((a, b) => b.items.length - a.items.length);
}
