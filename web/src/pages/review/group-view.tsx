/** One group: what would settle all of it, its assets as a strip, and the current one with its evidence. */
import { Button, Kbd, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { DecisionToMake } from '#contract/decisions.ts';
import type { ReviewGroup } from '#contract/review.ts';
import { api } from '../../api.ts';
import { useDecide, type Target } from '../../parts/decide/decisions.ts';
import { SelectionBar } from '../../parts/decide/selection-bar.tsx';
import { nothing, sizeOf, targetOf, useSelection } from '../../parts/decide/use-selection.ts';
import { Icon } from '../../parts/icons.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { count } from '../../words/numbers.ts';
import { Current } from './current.tsx';
import { Film } from './film.tsx';
import { useReviewKeys } from './use-review-keys.ts';
import styles from './group-view.module.css';

const pageSize = 200;

export function GroupView({ group, onBack }: { group: ReviewGroup; onBack: () => void }) {
  const list = useInfiniteQuery(
    api.review.groupAssets.infiniteOptions({
      input: (cursor: string | undefined) => ({ key: group.key, limit: pageSize, cursor }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
      staleTime: 30_000,
    }),
  );
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const { index, move } = useCurrentIndex(items);
  const current = items[index] ?? null;
  const chosen = useSelection(nothing);
  const { selection, any } = chosen;
  const decide = useDecide();
  const dateInput = useRef<HTMLInputElement>(null);
  const anchor = useRef(index);

  const size = any ? sizeOf(selection, group.count) : 1;
  const all: Target = { filter: { doubt: group.key } };
  const here: Target | null = any
    ? targetOf(selection, { doubt: group.key })
    : current === null
      ? null
      : { asset_ids: [current.id] };
  const make = (decision: DecisionToMake, target: Target | null) => {
    if (target === null) return;
    decide.mutate({ target, decision });
    chosen.clear();
  };
  const { proposal } = group;
  const accept = () => {
    make(proposal?.decision ?? { kind: 'accept' }, here);
  };
  const undated = proposal === null && current !== null && current.local === null;
  const acceptAll = proposal === null ? null : () => make(proposal.decision, all);

  const fetchMore = useCallback(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  }, [list]);
  const goTo = (to: number, how: 'alone' | 'toggle' | 'range') => {
    const item = items[to];
    if (item === undefined) return;
    if (how === 'toggle') chosen.toggle(item.id);
    if (how === 'range') {
      const [from, until] = [Math.min(anchor.current, to), Math.max(anchor.current, to)];
      chosen.add(items.slice(from, until + 1).map(({ id }) => id));
    } else anchor.current = to;
    move(to);
  };

  /** The digits mean the rows that are on view, which the current one tells. */
  const choose = useRef<((digit: number, forAll: boolean) => void) | null>(null);
  const onChoices = useCallback((choices: typeof choose.current) => {
    choose.current = choices;
  }, []);
  useReviewKeys({
    step: (by, extending) => {
      const to = Math.max(0, Math.min(items.length - 1, index + by));
      if (extending && !any) anchor.current = index;
      goTo(to, extending ? 'range' : 'alone');
    },
    accept,
    acceptAll,
    choose: (digit, forAll) => choose.current?.(digit, forAll),
    typeDate: () => dateInput.current?.focus(),
    select: () => goTo(index, 'toggle'),
    selectAll: chosen.selectAll,
    clear: any ? chosen.clear : null,
    discard: () => make({ kind: 'discard' }, here),
  });

  return (
    <section className={styles.group} aria-label="The current one" data-selecting={any || undefined}>
      <header className={styles.head}>
        <Button
          className={styles.back}
          variant="default"
          size="sm"
          leftSection={<Icon name="left" size={16} />}
          onClick={onBack}
        >
          Queue
        </Button>
        <div className={styles.words}>
          <h2 className={styles.sentence}>{group.sentence}</h2>
          <p className={styles.proposal}>
            {proposal?.sentence ??
              'They differ: each wants its own look. Or select several and decide for them at once.'}
          </p>
        </div>
        <div className={styles.actions}>
          {acceptAll !== null && (
            <Button onClick={acceptAll} rightSection={<Keyed keys="⇧ ↵" />}>
              {group.count === 1 ? 'Accept' : `Accept for all ${count(group.count)}`}
            </Button>
          )}
          {(acceptAll === null || group.count > 1) && (
            <Button
              variant={acceptAll === null ? 'filled' : 'default'}
              disabled={here === null}
              onClick={accept}
              rightSection={<Keyed keys="↵" />}
            >
              {any ? `Accept ${count(size)}` : undated ? 'Leave undated' : 'Accept this one'}
            </Button>
          )}
          <Button
            variant="default"
            onClick={() => make({ kind: 'discard' }, here)}
            rightSection={<Keyed keys="Del" />}
          >
            {any ? `Discard ${count(size)}` : 'Discard'}
          </Button>
        </div>
      </header>
      {list.isPending && <GroupSkeleton />}
      {list.isError && <FailureLine error={list.error} retry={() => void list.refetch()} />}
      {items.length > 0 && (
        <Film
          items={items}
          total={group.count}
          index={index}
          selection={selection}
          onGo={goTo}
          onEnd={fetchMore}
          onSelectAll={chosen.selectAll}
        />
      )}
      {current !== null && (
        <Current
          tile={current}
          next={items[index + 1]?.id ?? null}
          size={size}
          groupSize={group.count}
          dateInput={dateInput}
          onDecide={(decision) => make(decision, here)}
          onDecideAll={group.count > 1 ? (decision) => make(decision, all) : null}
          onChoices={onChoices}
        />
      )}
      {any && here !== null && (
        <SelectionBar
          target={here}
          size={size}
          rest={size === group.count ? null : { size: group.count, onSelectAll: chosen.selectAll }}
          discarded={false}
          withoutVerdict
          onClear={chosen.clear}
        />
      )}
    </section>
  );
}

/** The one in the address; when that is settled and gone, the one that took its place. */
function useCurrentIndex(items: readonly { id: string }[]) {
  const wanted = useSearch({ from: '/review', select: (search) => search.asset });
  const navigate = useNavigate({ from: '/review' });
  const [last, setLast] = useState(0);
  const found = wanted === undefined ? -1 : items.findIndex(({ id }) => id === wanted);
  const index = found >= 0 ? found : Math.max(0, Math.min(last, items.length - 1));
  if (found >= 0 && found !== last) setLast(found);
  const move = (to: number) =>
    void navigate({
      search: (search) => ({ ...search, asset: items[to]?.id }),
      replace: true,
      resetScroll: false,
    });
  return { index, move };
}

function Keyed({ keys }: { keys: string }) {
  return (
    <span className={styles.keyed} aria-hidden="true">
      {keys.split(' ').map((key) => (
        <Kbd key={key} size="xs">
          {key}
        </Kbd>
      ))}
    </span>
  );
}

function GroupSkeleton() {
  return (
    <div aria-busy="true" aria-label="The group is being loaded">
      <Skeleton height={84} mb={16} />
      <Skeleton height={420} />
    </div>
  );
}
