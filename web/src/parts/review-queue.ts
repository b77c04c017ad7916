/** What waits for a person: asked once for the rail, the queue and the pictures that belong to it. */
import { useQuery } from '@tanstack/react-query';
import type { ReviewGroup } from '#contract/review.ts';
import { isWorkable } from '#contract/words.ts';
import { api } from '../api.ts';
import { useCurrentJob, useJob } from './job-queries.ts';

export function useReviewQueue() {
  const current = useCurrentJob();
  const job = useJob(current);
  const growing = current !== null && job.data !== undefined && isWorkable(job.data.status);
  return useQuery(
    api.review.groups.queryOptions({
      input: { limit: 200 },
      staleTime: 5000,
      refetchInterval: growing ? 4000 : false,
    }),
  );
}

/** The group in which an asset waits, with what would settle all of it. */
export function useGroup(key: string | null): ReviewGroup | null {
  const queue = useReviewQueue();
  return queue.data?.groups.find((group) => group.key === key) ?? null;
}
