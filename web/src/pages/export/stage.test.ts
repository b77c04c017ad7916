import { expect, test } from 'vitest';
import type { Job } from '#contract/jobs.ts';
import type { JobStatus } from '#contract/words.ts';
import { stageOf } from './stage.ts';

/** Of a job only where it stands matters here. */
const job = (status: JobStatus) => ({ status }) as Job;

test('an export goes from its plan to its end, and by an undo to undone', () => {
  expect(stageOf({ job: null, undo_job: null })).toBe('planned');
  expect(stageOf({ job: job('paused'), undo_job: null })).toBe('running');
  expect(stageOf({ job: job('completed_with_errors'), undo_job: null })).toBe('ended');
  expect(stageOf({ job: job('completed'), undo_job: job('running') })).toBe('undoing');
  expect(stageOf({ job: job('completed'), undo_job: job('completed') })).toBe('undone');
});

test('an undo that was cancelled leaves an export that can be undone', () => {
  expect(stageOf({ job: job('completed'), undo_job: job('cancelled') })).toBe('ended');
});
