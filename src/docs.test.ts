import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jobsFile, jobsPage } from './docs.ts';

test('docs/jobs.md shows the statuses and transitions of the table in src/jobs/job.ts', () => {
  const page = readFileSync(jobsFile, 'utf8');
  expect(page).toBe(jobsPage(page));
});
