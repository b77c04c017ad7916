import { expect, test } from 'vitest';
import type { JobItem } from '#contract/jobs.ts';
import { groupErrors } from './group-errors.ts';

function failed(seq: number, code: string | null): JobItem {
  return {
    seq,
    key: String(seq),
    label: `${seq}.jpg`,
    state: 'failed',
    attempt: 1,
    run_after: null,
    skipped_because: null,
    error_code: code,
    error_message: `message ${seq}`,
    finished_at: null,
  };
}

test('errors of one cause stand together, the commonest cause first, items in the order of work', () => {
  const groups = groupErrors([
    failed(1, 'empty_file'),
    failed(2, 'not_media'),
    failed(3, null),
    failed(4, 'not_media'),
  ]);
  expect(groups.map((group) => [group.code, group.items.map((item) => item.seq)])).toEqual([
    ['not_media', [2, 4]],
    ['empty_file', [1]],
    [null, [3]],
  ]);
});
