/**
 * What a person decides, from anywhere on the page: it shows at once, goes back with a sentence if refused, and can be
 * undone. The order of what was decided is the server's, so undo works after a reload and from another tab alike.
 */
import { useMutation, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import type { AssetFilter } from '#contract/asset-filter.ts';
import type { Decision, DecisionReport, DecisionToMake } from '#contract/decisions.ts';
import type { Asset } from '#contract/library.ts';
import type { ReviewState } from '#contract/words.ts';
import { api, Refusal, sentenceOf } from '../../api.ts';
import { sayDecided, sayRefused, sayUndone, whileSaying } from './say-decided.tsx';

/** Named ones; or all that match, however many are loaded, but some. */
export type Target<Filter extends AssetFilter = AssetFilter> =
  | { asset_ids: string[] }
  | { filter: Filter; except?: string[] };

type Wanted = { target: Target; decision: DecisionToMake };
type Restore = () => void;

// ── What else shows assets ──────────────────────────────────────────────────────────────────────────────────

/** Told before the server answers (`shown`), and when what it has is worth reading again (`settled`). */
export type DecisionListener = {
  shown: (target: Target, review: ReviewState | null) => void;
  settled: () => void;
};
const listeners = new Set<DecisionListener>();

/** For views that keep assets outside the cache of queries. Returns how to stop listening. */
export function onDecisions(listener: DecisionListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// ── Deciding ────────────────────────────────────────────────────────────────────────────────────────────────

export function useDecide() {
  const client = useQueryClient();
  const decided = useDecided();
  return useMutation({
    mutationFn: ({ target, decision }: Wanted) =>
      whileSaying('Deciding', api.decisions.make.call({ ...target, decision })),
    async onMutate(wanted) {
      await client.cancelQueries({ queryKey: api.review.key() });
      const restore = show(client, wanted);
      for (const listener of listeners) listener.shown(wanted.target, reviewAfter(wanted.decision));
      return restore;
    },
    onError(error, _wanted, restore) {
      restore?.();
      sayRefused('That could not be decided', sentenceOf(error));
      void readAgain(client);
    },
    onSuccess: (report, wanted, restore) => decided(report, wentAsShown(report, wanted), restore),
  });
}

/** What follows every decision: the toast with the way back, and everything it touches is read again. */
export function useDecided() {
  const client = useQueryClient();
  const undo = useUndo();
  return (report: DecisionReport, keepLists: boolean, restore: Restore): void => {
    const { decision } = report;
    if (decision !== null) restores.push({ id: decision.id, restore });
    if (restores.length > restoresKept) restores.shift();
    sayDecided(report, decision === null ? null : () => undo.mutate({ undo: decision.id }));
    void readAgain(client, keepLists);
  };
}

type Undoing = 'undo' | 'redo' | { undo: string } | { redo: string };

/** For what changes assets without being a decision. */
export function useReadAgain(): () => Promise<void> {
  const client = useQueryClient();
  return () => readAgain(client);
}

/** Takes back the newest decision or a named one; or lets the one taken back last, or a named one, stand again. */
export function useUndo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Undoing): Promise<Decision> =>
      whileSaying(isRedo(wanted) ? 'Doing it again' : 'Taking it back', setBack(wanted)),
    onMutate(wanted) {
      const newest = restores.pop();
      if (newest === undefined || isRedo(wanted)) return;
      // Another tab may have decided since; then what is read again puts it right.
      if (wanted === 'undo' || newest.id === (wanted as { undo: string }).undo) newest.restore();
    },
    onSuccess(decision, wanted) {
      restores.length = 0;
      sayUndone(decision, isRedo(wanted) ? 'Done again' : 'Undone');
    },
    onError(error, wanted) {
      const nothing = error instanceof Refusal && [404, 409].includes(error.problem.status);
      sayRefused(
        nothing ? 'Nothing changed' : `Could not ${isRedo(wanted) ? 'redo' : 'undo'} that`,
        sentenceOf(error),
      );
    },
    onSettled: () => readAgain(client),
  });
}

function setBack(wanted: Undoing): Promise<Decision> {
  if (wanted === 'undo') return api.decisions.undoNewest.call();
  if (wanted === 'redo') return api.decisions.redoNewest.call();
  if ('undo' in wanted) return api.decisions.undo.call({ id: wanted.undo });
  return api.decisions.redo.call({ id: wanted.redo });
}

function isRedo(wanted: Undoing): boolean {
  return wanted === 'redo' || (typeof wanted === 'object' && 'redo' in wanted);
}

/** What the page showed before each of the last decisions, to go back at once while the server is asked. */
const restores: { id: string; restore: Restore }[] = [];
const restoresKept = 20;

/** After single decisions the long list on view is right as it stands; it is not read again for each of them. */
function wentAsShown(report: DecisionReport, { target, decision }: Wanted): boolean {
  return settles(decision) && 'asset_ids' in target && report.changed === report.matched;
}

async function readAgain(client: QueryClient, keepLists = false): Promise<void> {
  for (const listener of listeners) listener.settled();
  await Promise.all([
    client.invalidateQueries({ queryKey: api.review.groups.key() }),
    client.invalidateQueries({ queryKey: api.review.clockCorrections.key() }),
    client.invalidateQueries({ queryKey: api.review.tags.key() }),
    client.invalidateQueries({
      queryKey: api.review.groupAssets.key(),
      refetchType: keepLists ? 'none' : 'active',
    }),
    client.invalidateQueries({ queryKey: api.assets.key() }),
    client.invalidateQueries({ queryKey: api.decisions.key() }),
  ]);
}

// ── Showing it at once ──────────────────────────────────────────────────────────────────────────────────────

/** True for decisions after which an asset waits no more. */
export function settles(decision: DecisionToMake): boolean {
  return ['choose', 'set_time', 'accept', 'discard'].includes(decision.kind);
}

function reviewAfter(decision: DecisionToMake): ReviewState | null {
  if (decision.kind === 'discard') return 'discarded';
  if (decision.kind === 'restore') return 'open';
  return settles(decision) ? 'accepted' : null;
}

type GroupAssets = InfiniteData<Awaited<ReturnType<typeof api.review.groupAssets.call>>>;
type Groups = Awaited<ReturnType<typeof api.review.groups.call>>;

function show(client: QueryClient, { target, decision }: Wanted): Restore {
  const keys = [api.review.groups.key(), api.review.groupAssets.key(), api.assets.get.key()];
  const before = keys.flatMap((queryKey) => client.getQueriesData({ queryKey }));
  const review = reviewAfter(decision);
  if ('asset_ids' in target) {
    const ids = new Set(target.asset_ids);
    if (settles(decision)) settleInLists(client, ids);
    for (const [key, asset] of client.getQueriesData<Asset>({ queryKey: api.assets.get.key() })) {
      if (asset === undefined || !ids.has(asset.id)) continue;
      client.setQueryData<Asset>(key, { ...asset, ...assetAfter(asset, decision, review) });
    }
  } else if (settles(decision) && target.filter.doubt !== undefined) {
    settleGroup(client, target.filter.doubt);
  }
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
  };
}

function settleInLists(client: QueryClient, ids: ReadonlySet<string>): void {
  for (const [key, list] of client.getQueriesData<GroupAssets>({ queryKey: api.review.groupAssets.key() })) {
    if (list === undefined) continue;
    const pages = list.pages.map((page) => ({ ...page, items: page.items.filter(({ id }) => !ids.has(id)) }));
    const sizeOf = (of: GroupAssets['pages']) => of.reduce((sum, page) => sum + page.items.length, 0);
    const gone = sizeOf(list.pages) - sizeOf(pages);
    if (gone === 0) continue;
    client.setQueryData<GroupAssets>(key, { ...list, pages });
    const group = groupOf(key);
    if (group !== undefined) changeGroups(client, group, (count) => count - gone);
  }
}

/** The key of the group is in the key of the query that lists its assets. */
function groupOf(queryKey: readonly unknown[]): string | undefined {
  const [, options] = queryKey as [unknown, { input?: { key?: string } }?];
  return options?.input?.key;
}

function settleGroup(client: QueryClient, key: string): void {
  changeGroups(client, key, () => 0);
  for (const [query, list] of client.getQueriesData<GroupAssets>({
    queryKey: api.review.groupAssets.key(),
  })) {
    if (list === undefined || groupOf(query) !== key) continue;
    client.setQueryData<GroupAssets>(query, {
      ...list,
      pages: list.pages.map((page) => ({ ...page, items: [], next_cursor: null })),
    });
  }
}

function changeGroups(client: QueryClient, key: string, countAfter: (count: number) => number): void {
  client.setQueriesData<Groups>({ queryKey: api.review.groups.key() }, (queue) => {
    const group = queue?.groups.find((one) => one.key === key);
    if (queue === undefined || group === undefined) return queue;
    const count = Math.max(0, countAfter(group.count));
    return {
      total: queue.total - (group.count - count),
      groups: queue.groups.flatMap((one) => (one.key !== key ? [one] : count === 0 ? [] : [{ ...one, count }])),
    };
  });
}

function assetAfter(asset: Asset, decision: DecisionToMake, review: ReviewState | null): Partial<Asset> {
  const reviewed = review === null ? {} : { review };
  switch (decision.kind) {
    case 'tag': {
      const kept = asset.tags.filter(({ tag }) => !decision.remove.includes(tag));
      const added = decision.add.filter((tag) => !kept.some((one) => one.tag === tag));
      return { tags: [...kept, ...added.map((tag) => ({ tag, source: 'person' as const }))] };
    }
    case 'choose': {
      const piece = asset.evidence.find(
        ({ source, raw }) => source === decision.source && (decision.raw ?? raw) === raw,
      );
      if (piece === undefined) return reviewed;
      const { at, local, zone, zone_source, source, precision } = piece;
      const chosen = { at, local, zone, zone_source, source, precision };
      return { ...reviewed, capture_time: { ...asset.capture_time, ...chosen } };
    }
    case 'set_time': {
      const { local } = decision;
      if (local === undefined) return reviewed;
      const set = { local, at: null, source: 'person' as const, confidence: 'high' as const };
      return { ...reviewed, capture_time: { ...asset.capture_time, ...set } };
    }
    case 'shift':
    case 'set_zone':
    case 'accept':
    case 'discard':
    case 'restore':
      return reviewed;
  }
}
