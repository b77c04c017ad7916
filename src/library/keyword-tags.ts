import type { AssetTag } from '#contract/library.ts';
import { asTag } from './name-tags.ts';

/** Tags that other programs wrote into a file, or into the sidecar beside it. */
export function tagsOfKeywords(keywords: readonly string[]): AssetTag[] {
  const tags = new Set(keywords.map(asTag).filter((tag) => tag !== ''));
  return [...tags].map((tag) => ({ tag, source: 'keyword' }));
}
