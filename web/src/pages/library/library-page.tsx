import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { isWorkable } from '#contract/words.ts';
import { api } from '../../api.ts';
import { useCurrentJob, useJob } from '../../parts/job-queries.ts';
import { SelectionBar } from '../../parts/decide/selection-bar.tsx';
import { sizeOf, targetOf } from '../../parts/decide/use-selection.ts';
import { Empty, Failure } from '../../parts/states.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filterOf, isFiltered, type LibraryFilter } from './filter.ts';
import { Grid, type GridProps } from './grid.tsx';
import { spansOf, type Section } from './layout.ts';
import { LibraryContext } from './library-context.ts';
import { TakeOut } from './take-out.tsx';
import { useGridSelection } from './use-grid-selection.ts';
import { useTiles } from './use-tiles.ts';
import styles from './library-page.module.css';

const nothing: Section[] = [];

export function LibraryPage() {
  const filter = useSearch({ from: '/library', select: filterOf, structuralSharing: true });
  const { assetId } = useParams({ strict: false });
  const growing = useGrowing();
  const days = useQuery(
    api.assets.days.queryOptions({
      input: filter,
      refetchInterval: growing ? 3000 : false,
      staleTime: growing ? 0 : 10_000,
    }),
  );
  const sections = days.data?.days ?? nothing;
  const spans = useMemo(() => spansOf(sections), [sections]);
  const { tiles, fault, want, retry } = useTiles(filter, sections);
  const view = useMemo(() => ({ sections, spans, tiles, want }), [sections, spans, tiles, want]);
  const covered = assetId !== undefined;
  return (
    <LibraryContext value={view}>
      <div className={styles.page} inert={covered} data-covered={covered || undefined}>
        <h1 className="unseen">Library</h1>
        <FilterBar filter={filter} total={days.data?.total ?? null} />
        {days.isPending && <GridSkeleton />}
        {days.isError && days.data === undefined && (
          <Failure level={2} what="The library" error={days.error} retry={() => void days.refetch()} />
        )}
        {days.data?.total === 0 && (isFiltered(filter) ? <NothingMatches /> : <NothingYet />)}
        {sections.length > 0 && (
          <SelectableGrid
            key={JSON.stringify(filter)}
            filter={filter}
            total={days.data?.total ?? 0}
            view={view}
            fault={fault}
            retry={retry}
            covered={covered}
          />
        )}
      </div>
      <Outlet />
    </LibraryContext>
  );
}

type SelectableProps = Omit<GridProps, 'chosen' | 'timeline'> & { filter: LibraryFilter; total: number };

/** The grid with what is selected in it, which another filter forgets. */
function SelectableGrid({ filter, total, ...grid }: SelectableProps) {
  const selected = useGridSelection(grid.view, filter);
  const { selection, any, clear, selectAll } = selected.chosen;
  const timeline = useQuery(
    api.assets.months.queryOptions({ input: filter, staleTime: 30_000, enabled: !grid.covered }),
  );
  const target = targetOf(selection, filter);
  const size = sizeOf(selection, total);
  return (
    <>
      <Grid {...grid} chosen={selected} timeline={timeline.data ?? null} />
      {any && (
        <SelectionBar
          target={target}
          size={size}
          rest={size === total ? null : { size: total, onSelectAll: selectAll }}
          discarded={filter.review === 'discarded'}
          onClear={clear}
        >
          {filter.review !== 'discarded' && <TakeOut target={target} size={size} />}
        </SelectionBar>
      )}
    </>
  );
}

/** True while an import adds to the library. */
function useGrowing(): boolean {
  const current = useCurrentJob();
  const job = useJob(current);
  return current !== null && job.data !== undefined && isWorkable(job.data.status);
}

function NothingYet() {
  return (
    <Empty
      level={2}
      icon="library"
      title="The library is empty"
      action={<Button renderRoot={(root) => <Link to="/import" {...root} />}>Import photos</Button>}
    >
      Here your photos and videos stand in the order in which they were taken, each with the reason why.
    </Empty>
  );
}

function NothingMatches() {
  return (
    <Empty
      level={2}
      icon="search"
      title="Nothing matches"
      action={
        <Button variant="default" renderRoot={(root) => <Link to="/library" search={{}} {...root} />}>
          Show everything
        </Button>
      }
    >
      No photo or video in the library fits all that is chosen above.
    </Empty>
  );
}

function GridSkeleton() {
  return (
    <div className={styles.skeleton} aria-busy="true" aria-label="The library is being loaded">
      {[5, 4, 6].map((columns) => (
        <div key={columns}>
          <Skeleton height={16} width={180} my={14} />
          <div className={styles.skeletonRow}>
            {Array.from({ length: columns }, (_, index) => (
              <Skeleton key={index} height={180} radius="sm" />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
