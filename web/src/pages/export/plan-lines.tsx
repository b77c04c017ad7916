/** Every line of a plan: filtered by the address, and virtual, so that one of 100,000 scrolls like one of ten. */
import { Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { Export } from '#contract/exports.ts';
import { exportActions } from '#contract/words.ts';
import { SearchField } from '../../parts/search-field.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { actionWords } from '../../words/export-words.ts';
import { count, countOf } from '../../words/numbers.ts';
import { PlanLine } from './plan-line.tsx';
import type { PlanSearch } from './plan-search.ts';
import { stageOf } from './stage.ts';
import { usePlanLines } from './use-plan-lines.ts';
import styles from './plan-lines.module.css';

/** As in the style sheet, which needs them to be as high as the virtualizer thinks. */
const rowHeights = { wide: 60, narrow: 118 };

export function PlanLines({ one }: { one: Export }) {
  const search = useSearch({ from: '/export/$exportId' });
  return (
    <section className={styles.lines} aria-labelledby="plan-lines">
      <h2 id="plan-lines" className={styles.title}>
        The plan, file by file
      </h2>
      <Filters one={one} search={search} />
      {/* Another filter is another list: it begins at its top. */}
      <Lines key={JSON.stringify(search)} one={one} search={search} />
    </section>
  );
}

function Filters({ one, search }: { one: Export; search: PlanSearch }) {
  const navigate = useNavigate({ from: '/export/$exportId' });
  const to = (part: Omit<PlanSearch, 'text'>) => ({
    to: '/export/$exportId' as const,
    params: { exportId: one.id },
    search: { text: search.text, ...part },
    replace: true,
    resetScroll: false,
    className: styles.filter,
    activeOptions: { exact: true },
  });
  const { actions } = one.counts;
  const all = exportActions.reduce((sum, action) => sum + actions[action], 0);
  return (
    <div className={styles.filters} role="search" aria-label="Filter the plan">
      <nav className={styles.chips} aria-label="Which lines">
        <Link {...to({})}>all {count(all)}</Link>
        {exportActions.map((action) => (
          <Link key={action} {...to({ action })}>
            {actionWords[action].word} {count(actions[action])}
          </Link>
        ))}
        <Link {...to({ in_doubt: true })}>in doubt</Link>
      </nav>
      <SearchField
        className={styles.search}
        label="Find a part of a source or target"
        placeholder="Part of a source or target"
        text={search.text}
        onSearch={(text) =>
          void navigate({
            search: (before) => ({ ...before, text }),
            replace: true,
            resetScroll: false,
          })
        }
      />
    </div>
  );
}

function Lines({ one, search }: { one: Export; search: PlanSearch }) {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery('(max-width: 900px)', undefined, { getInitialValueInEffect: false });
  const rowHeight = narrow ? rowHeights.narrow : rowHeights.wide;
  const [count, setCount] = useState(0);
  // The virtualizer hands out functions that change without telling; this component is never memoised.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  const visible = virtual.getVirtualItems();
  const lines = usePlanLines({
    id: one.id,
    search,
    first: visible[0]?.index ?? 0,
    last: visible.at(-1)?.index ?? 0,
    moving: stageOf(one) === 'running',
  });
  if (lines.total !== null && lines.total !== count) setCount(lines.total);

  if (lines.error !== null && count === 0) return <FailureLine error={lines.error} retry={lines.retry} />;
  if (lines.total === null && count === 0) return <LinesSkeleton />;
  if (count === 0) return <p className={styles.nothing}>{nothingWords(search)}</p>;
  return (
    <>
      <p className={styles.found} aria-live="polite">
        {countOf(count, 'line', 'lines')}
      </p>
      {lines.error !== null && <FailureLine error={lines.error} retry={lines.retry} />}
      <div
        ref={scroller}
        className={styles.scroller}
        // A list that scrolls by itself must take the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="table"
        aria-label="Lines of the plan"
        aria-rowcount={count + 1}
      >
        <div className={styles.head} role="row" aria-rowindex={1}>
          {['What', 'From and to', 'Taken', 'Written into it', 'Worth knowing'].map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {visible.map(({ index, start }) => (
            <PlanLine key={index} line={lines.at(index)} index={index} top={start} />
          ))}
        </div>
      </div>
    </>
  );
}

function nothingWords({ action, in_doubt, text }: PlanSearch): string {
  if (text !== undefined) return 'No line of this plan fits what is chosen above.';
  if (in_doubt === true) return 'No line of this plan is in doubt.';
  if (action !== undefined) return `No line of this plan is ${actionWords[action].word}.`;
  return 'There is nothing in this plan.';
}

function LinesSkeleton() {
  return (
    <div className={styles.scroller} aria-busy="true" aria-label="The lines are being loaded">
      {Array.from({ length: 9 }, (_, index) => (
        <div key={index} className={styles.skeleton}>
          <Skeleton height={14} width={`${30 + ((index * 23) % 40)}%`} />
          <Skeleton height={12} mt={8} width={`${40 + ((index * 17) % 40)}%`} />
        </div>
      ))}
    </div>
  );
}
