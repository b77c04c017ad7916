/**
 * The rows around those on view, wherever in the list that is: windows are asked for by their place, and those scrolled
 * away from are forgotten again, so that neither the wait nor the memory grows with the list.
 */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import type { SavedVideo, VideoView } from '#contract/saved-videos.ts';
import { api } from '../../api.ts';

const windowSize = 100;
/** Dragging the scroll bar across ten thousand rows asks for none of them. */
const restMs = 80;

type Wanted = {
  id: string;
  view: VideoView;
  first: number;
  last: number;
  /** While a job runs, the rows on view are read again. */
  moving: boolean;
};

export type RowsOnView = {
  /** How many rows match; null until it is known. */
  total: number | null;
  /** Whether what is told is of this view, and not still of the one before. */
  isOfView: boolean;
  at: (index: number) => SavedVideo | undefined;
  error: unknown;
  retry: () => void;
};

export function useRows({ id, view, first, last, moving }: Wanted): RowsOnView {
  const [rested] = useDebouncedValue(
    `${Math.floor(first / windowSize)} ${Math.floor(last / windowSize)}`,
    restMs,
  );
  const [from = 0, to = 0] = rested.split(' ').map(Number);
  // The first window is always among them: it says how many rows there are.
  const windows = [...new Set([0, ...Array.from({ length: to - from + 1 }, (_, index) => from + index)])];
  const results = useQueries({
    queries: windows.map((nth) =>
      api.videos.list.queryOptions({
        input: { id, ...view, limit: windowSize, offset: nth * windowSize },
        gcTime: 30_000,
        staleTime: moving ? 0 : 30_000,
        refetchInterval: moving ? 1500 : (false as const),
        placeholderData: nth === 0 ? keepPreviousData : undefined,
      }),
    ),
  });
  const failed = results.find((result) => result.isError && result.data === undefined);
  return {
    total: results[0]?.data?.total ?? null,
    isOfView: results[0]?.data !== undefined && !results[0].isPlaceholderData,
    at: (index) => results[windows.indexOf(Math.floor(index / windowSize))]?.data?.items[index % windowSize],
    error: failed?.error ?? null,
    retry: () => void Promise.all(results.filter(({ isError }) => isError).map(({ refetch }) => refetch())),
  };
}
