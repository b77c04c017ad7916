/** Prints the documentation that is generated from tables in the code: `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { statusPicture } from '#jobs/status-picture.ts';
import { configurationTable } from './config.ts';

export function configurationPage(): string {
  return `# Configuration

Every setting is an environment variable. Bad ones are all reported together at the start. This page is printed from
the table in \`src/config.ts\` by \`npm run docs\`.

${configurationTable()}
`;
}

export const configurationFile = path.join(import.meta.dirname, '../docs/configuration.md');

export const jobsFile = path.join(import.meta.dirname, '../docs/jobs.md');

const begin = '<!-- Printed from src/jobs/job.ts by `npm run docs`. -->';
const end = '<!-- End of what is printed. -->';

/** `page` with what stands between the two marks printed anew; the rest of it is written by hand. */
export function jobsPage(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`docs/jobs.md needs the lines "${begin}" and "${end}".`);
  return `${page.slice(0, from)}${begin}\n\n${statusPicture()}\n${page.slice(to)}`;
}

if (import.meta.main) {
  writeFileSync(configurationFile, configurationPage());
  writeFileSync(jobsFile, jobsPage(readFileSync(jobsFile, 'utf8')));
}
