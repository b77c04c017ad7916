import type { api } from '../../api.ts';

/** One asset of a group, as the list of its group has it. */
export type GroupAsset = Awaited<ReturnType<typeof api.review.groupAssets.call>>['items'][number];
