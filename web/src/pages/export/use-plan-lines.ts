/**
 * The lines of a plan around those on view, wherever in the plan that is: pages are asked for by their place, and those
 * scrolled away from are forgotten again, so that neither the wait nor the memory grows with the plan.
 */
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import type { ExportFile } from '#contract/exports.ts';
import { api } from '../../api.ts';
import type { PlanSearch } from './plan-search.ts';

const pageSize = 200;
/** Dragging the scroll bar across ten thousand lines asks for none of them. */
const restMs = 80;

type Wanted = {
  id: string;
  search: PlanSearch;
  first: number;
  last: number;
  /** While the job runs, the lines on view are read again. */
  moving: boolean;
};

export type PlanLinesOnView = {
  /** How many lines match; null until it is known. */
  total: number | null;
  at: (index: number) => ExportFile | undefined;
  error: unknown;
  retry: () => void;
};

export function usePlanLines({ id, search, first, last, moving }: Wanted): PlanLinesOnView {
  const [rested] = useDebouncedValue(`${Math.floor(first / pageSize)} ${Math.floor(last / pageSize)}`, restMs);
  const [from = 0, to = 0] = rested.split(' ').map(Number);
  // The first page is always among them: it says how many lines there are.
  const pages = [...new Set([0, ...Array.from({ length: to - from + 1 }, (_, index) => from + index)])];
  const results = useQueries({
    queries: pages.map((page) =>
      api.exports.files.queryOptions({
        input: { id, ...search, limit: pageSize, offset: page * pageSize },
        gcTime: 30_000,
        // A plan does not change; what became of its lines does.
        staleTime: moving ? 0 : 60_000,
        refetchInterval: moving ? 3000 : (false as const),
      }),
    ),
  });
  const failed = results.find((result) => result.isError && result.data === undefined);
  return {
    total: results[0]?.data?.total ?? null,
    at: (index) => results[pages.indexOf(Math.floor(index / pageSize))]?.data?.items[index % pageSize],
    error: failed?.error ?? null,
    retry: () => void Promise.all(results.filter(({ isError }) => isError).map(({ refetch }) => refetch())),
  };
}
