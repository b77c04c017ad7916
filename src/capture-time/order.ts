import type { Evidence } from '#contract/capture-time.ts';
import { evidenceSources, precisions } from '#contract/words.ts';

/**
 * Best first: weight, precision, sub-seconds. What is left is settled by the values alone, so that no choice and no
 * sentence depends on the order in which evidence was found.
 */
export function inOrder(one: Evidence, other: Evidence): number {
  return (
    other.weight - one.weight ||
    precisions.indexOf(one.precision) - precisions.indexOf(other.precision) ||
    (other.local ?? '').length - (one.local ?? '').length ||
    evidenceSources.indexOf(one.source) - evidenceSources.indexOf(other.source) ||
    asText(one.at, other.at) ||
    asText(one.local, other.local) ||
    asText(one.raw, other.raw) ||
    asText(one.zone, other.zone) ||
    asText(one.zone_source, other.zone_source) ||
    asText(one.rejected, other.rejected)
  );
}

function asText(one: string | null, other: string | null): number {
  const [first, second] = [one ?? '', other ?? ''];
  return first < second ? -1 : first > second ? 1 : 0;
}
