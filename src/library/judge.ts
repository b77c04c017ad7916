/** Where an asset stands, from what the rules decided and what a person said. Pure. */
import type { Decision, Rules } from '#capture-time/clues.ts';
import { sortKey } from '#capture-time/sort-key.ts';
import type { AssetTag } from '#contract/library.ts';
import type { ReviewState } from '#contract/words.ts';
import { doubtKey, doubtOf } from './doubt.ts';
import type { PersonsWord } from './fold.ts';
import { tagsOfKeywords } from './keyword-tags.ts';
import { tagsOfNames } from './name-tags.ts';
import type { StoredAsset } from './stored-clues.ts';

export type Judged = {
  decision: Decision;
  review: ReviewState;
  reviewed_at: string | null;
  /** Key of its review group; null when it does not wait for a person. */
  doubt: string | null;
  tags: AssetTag[];
};

/** The decision of the rules, with what a person accepted, discarded and tagged above it. */
export function judge(asset: StoredAsset, word: PersonsWord, decided: Decision, rules: Rules): Judged {
  const { accepted, discarded, reviewed_at, held } = word;
  const review = discarded ? 'discarded' : accepted ? 'accepted' : 'open';
  const decision =
    held === null ? decided : { ...decided, capture_time: held, sort_key: sortKey(held, asset.names) };
  const doubt =
    review === 'open' ? doubtOf(decided, { camera: asset.clues.camera, names: asset.names }, rules) : null;
  return {
    decision,
    review,
    reviewed_at,
    doubt: doubt && doubtKey(doubt),
    tags: withPersonsTags(tagsThatCame(asset), word.tags),
  };
}

/** Of one that comes from several, the name is told: it is what its owner sees. */
function tagsThatCame({ names, keywords }: StoredAsset): AssetTag[] {
  const named = tagsOfNames(names);
  const known = new Set(named.map(({ tag }) => tag));
  return [...named, ...tagsOfKeywords(keywords).filter(({ tag }) => !known.has(tag))];
}

function withPersonsTags(tags: AssetTag[], said: ReadonlyMap<string, boolean>): AssetTag[] {
  const kept = tags.filter(({ tag }) => said.get(tag) !== false);
  const known = new Set(kept.map(({ tag }) => tag));
  const added = [...said].filter(([tag, stands]) => stands && !known.has(tag));
  return [...kept, ...added.map(([tag]) => ({ tag, source: 'person' as const }))];
}
