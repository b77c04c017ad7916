import type { JobItem } from '#contract/jobs.ts';

export type ErrorGroup = { code: string | null; message: string; items: JobItem[] };

/** Failed items by cause, the commonest first. */
export function groupErrors(items: readonly JobItem[]): ErrorGroup[] {
  const groups = new Map<string | null, ErrorGroup>();
  for (const item of items) {
    const group = groups.get(item.error_code);
    if (group === undefined) {
      groups.set(item.error_code, { code: item.error_code, message: item.error_message ?? '', items: [item] });
    } else group.items.push(item);
  }
  return [...groups.values()].sort((a, b) => b.items.length - a.items.length);
}
