/**
 * The table of a list as a person meets it, in a real browser: how long until the first rows, a sort, a filter and a
 * jump are seen, and how smoothly it scrolls. Beside the frames stands the floor: the same wheel over a page of
 * great height that holds nothing, in the same browser.
 *
 *   npm run bench:table [-- --videos 100000]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { openPage } from '../test/e2e/browser.ts';
import { startApp } from '../test/running-app.ts';
import { framesBesideFloor, untilSeen } from './browser-frames.ts';
import { drawCsv } from './list-csv.ts';
import { machineLine } from './photos.ts';

const { values } = parseArgs({ options: { videos: { type: 'string', default: '100000' } } });
const videos = Number(values.videos);
const said: string[] = [];

await using app = await startApp();
await makeList();
await using opened = await openPage({});
const { page } = opened;
const grid = page.getByRole('grid');
const [first, second] = [grid.getByRole('row').nth(1), grid.getByRole('row').nth(2)];

await page.goto(`${app.url}/lists`);
await page.getByRole('link', { name: 'Bench' }).waitFor();
await timed('first rows', async () => {
  await page.getByRole('link', { name: 'Bench' }).click();
  await second.getByText('Channel').waitFor();
});
// Another order is another first row.
await timed('sort by title', () =>
  untilAnother(() => page.getByRole('button', { name: 'Title', exact: true }).click()),
);
await timed('sort by a number', () =>
  untilAnother(() => page.getByRole('button', { name: 'score', exact: true }).click()),
);
await timed('search', () =>
  untilAnother(() => page.getByRole('search').getByRole('textbox').fill('garden rust')),
);
await page.getByRole('button', { name: 'Show everything' }).click();
await page.getByRole('button', { name: 'Column level' }).click();
await page.getByRole('menuitem', { name: 'Filter…' }).click();
const option = page.getByRole('checkbox', { name: /^Advanced/ });
await option.waitFor();
await timed('filter', () => untilAnother(() => option.check()));
await page.keyboard.press('Escape');
await page.getByRole('button', { name: 'Show everything' }).click();
await grid.focus();
await timed('jump to the end', async () => {
  await page.keyboard.press('Control+End');
  await grid
    .locator(`[aria-rowindex="${videos + 1}"]`)
    .getByText('Channel')
    .waitFor();
});
await page.keyboard.press('Control+Home');
await first.getByText('Channel').waitFor();

said.push(...(await framesBesideFloor(page, 'table')));

process.stdout.write(
  [
    machineLine(),
    `list     ${videos.toLocaleString('en')} videos, 4 fields, SQLite; load ${loadavg()[0]?.toFixed(1)}`,
    ...said,
    `command  npm run bench:table -- --videos ${videos}`,
    '',
  ].join('\n'),
);

async function makeList(): Promise<void> {
  const fields = [
    { label: 'level', type: 'select', options: ['Beginner', 'Intermediate', 'Advanced'] },
    { label: 'topics', type: 'multi_select', options: ['wood', 'steel', 'stone', 'paper'] },
    { label: 'score', type: 'number' },
    { label: 'summary', type: 'text' },
  ];
  const list = await post('/api/lists', 'application/json', JSON.stringify({ name: 'Bench', fields }));
  const start = performance.now();
  await post(`/api/lists/${list.id}/videos/import`, 'text/csv', drawCsv(videos));
  said.push(`CSV in   ${((performance.now() - start) / 1000).toFixed(1)} s, over HTTP`);
}

async function post(address: string, type: string, body: string): Promise<{ id: string }> {
  const answer = await fetch(`${app.url}${address}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { id: string };
}

async function timed(name: string, run: () => Promise<unknown>): Promise<void> {
  said.push(await untilSeen(name, run));
}

async function untilAnother(act: () => Promise<unknown>): Promise<void> {
  const before = await first.textContent();
  await act();
  await page.waitForFunction(
    (text) => {
      const now = document.querySelector('[role="grid"] [aria-rowindex="2"]');
      return now !== null && now.getAttribute('aria-busy') === null && now.textContent !== text;
    },
    before,
    { polling: 'raf' },
  );
}
