import { expect, test } from 'vitest';
import type { JobItem } from '#contract/jobs.ts';
import { groupSkips } from './group-skips.ts';

function skipped(seq: number, because: string | null): JobItem {
  return {
    seq,
    key: String(seq),
    label: `${seq}.jpg`,
    state: 'skipped',
    attempt: 1,
    run_after: null,
    skipped_because: because,
    error_code: null,
    error_message: null,
    finished_at: null,
  };
}

test('what belongs to photos is one group, though each names its own; files met before are another', () => {
  const groups = groupSkips([
    skipped(1, 'already here'),
    skipped(2, 'belongs to IMG_1.JPG'),
    skipped(3, 'belongs to IMG_2.JPG'),
    skipped(4, 'belongs to a photo or video that is not here'),
    skipped(5, null),
  ]);
  expect(groups.map(({ because, items }) => [because, items.map(({ seq }) => seq)])).toEqual([
    ['belongs to a photo or video beside it', [2, 3]],
    ['already here', [1]],
    ['belongs to a photo or video that is not here', [4]],
    ['no reason was given', [5]],
  ]);
});
