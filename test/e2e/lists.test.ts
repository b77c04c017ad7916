/** A list in a real browser: links pasted, fields proposed, YouTube and a model asked, a word of one's own, files. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Cell } from '#contract/fields.ts';
import type { List } from '#contract/lists.ts';
import type { SavedVideo, VideoWindow } from '#contract/saved-videos.ts';
import { startApp } from '../running-app.ts';
import { startModel } from '../stand-ins/model.ts';
import { someIds, startYouTube } from '../stand-ins/youtube.ts';
import { openPage } from './browser.ts';

/** Minutes, not seconds: on a busy machine the browser alone takes half a minute. */
const patience = { timeout: 240_000 };
const job = { timeout: 60_000 };

async function newField(page: Page, name: string, type: string, options: string[]): Promise<void> {
  await page.getByRole('button', { name: 'New field' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('What its values are').selectOption({ label: type });
  if (options.length > 0) await page.getByLabel('Options, one in each line').fill(options.join('\n'));
  await page.getByRole('button', { name: 'Add the field' }).click();
}

test('links become a table of facts, and what a person says stays', patience, async () => {
  await using youtube = await startYouTube();
  await using model = await startModel();
  await using app = await startApp({
    ...youtube.environment,
    ...model.environment.google,
    DAYBOOK_WORKERS: '2',
  });
  await using opened = await openPage({});
  const { page, faults } = opened;
  const ids = someIds(12);
  youtube.tell(ids[2] ?? '', { is: 'gone' });

  await page.goto(`${app.url}/lists`);
  await page.getByRole('heading', { name: 'No lists yet' }).waitFor();
  await page.getByRole('button', { name: 'New list' }).click();
  await page.getByLabel('Name').fill('Woodworking');
  await page.getByRole('button', { name: 'Make the list' }).click();
  await page.getByRole('heading', { name: 'Woodworking' }).waitFor();

  await page.getByRole('button', { name: 'Fields', exact: true }).click();
  await newField(page, 'Level', 'One of several', ['Beginner', 'Advanced']);
  await newField(page, 'Topics', 'Several of several', ['Joints', 'Tools']);
  await newField(page, 'Minutes of use', 'Number', []);
  // The model proposes three more: one is taken as it is, one is changed first.
  await page.getByLabel('Or say what you want to know').fill('How hard is it, and what should I know?');
  await page.getByRole('button', { name: 'Propose fields' }).click();
  await page.getByRole('button', { name: 'Take it: Prerequisites' }).click();
  await page.getByRole('button', { name: 'Take it: Prerequisites' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Change first: Practice time' }).click();
  await page.getByLabel('Name').fill('Practice');
  await page.getByRole('button', { name: 'Add the field' }).click();
  const fields = page.getByRole('list', { name: 'Fields of the list' }).getByRole('listitem');
  await expect.poll(() => fields.count()).toBe(5);
  await expect.poll(() => page.getByRole('button', { name: /^Take it/ }).count()).toBe(1);
  await page.getByRole('button', { name: 'Close' }).click();

  const links = [...ids.map((id) => `https://youtu.be/${id}`), `https://youtu.be/${ids[0]}`, 'not a link'];
  await page.getByLabel('Links, one in each line').fill(links.join('\n'));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('12 videos added').waitFor();
  await page.getByText(/1 already\s+here, 1 that could not be read/).waitFor();
  await page.getByText('Line 14').waitFor();

  await page.getByRole('button', { name: 'Process 12' }).click();
  await page.getByRole('dialog').getByText('stand-in-1 is asked 12 times for 60 values').waitFor();
  await page.getByRole('button', { name: 'Start' }).click();
  const grid = page.getByRole('grid');
  await expect.poll(() => grid.getByRole('row').filter({ hasText: 'ready' }).count(), job).toBe(11);
  await grid.getByText('gone', { exact: true }).waitFor();

  // Looked at and left as it was: still the model's word.
  const topics = grid.getByRole('row').nth(1).getByRole('gridcell').nth(-4);
  await topics.dblclick();
  await page.getByRole('checkbox', { name: 'Tools' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: 'Tools' }).waitFor({ state: 'hidden' });
  expect(await topics.textContent()).toContain('By stand-in-1');

  // A word of one's own, by the keyboard alone.
  const cell = grid.getByRole('row').nth(1).getByRole('gridcell').nth(-3);
  await cell.click();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('7,5');
  await page.keyboard.press('Enter');
  await expect.poll(() => cell.textContent()).toContain('By a person');

  // It stays when the model gives all of the field anew.
  await chooseInColumn(page, 'Minutes of use', 'Run all of it again…');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor({ state: 'hidden', ...job });
  await expect.poll(() => cell.textContent(), job).toContain('7.5');

  // And can be taken back.
  await grid.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => cell.textContent(), job).not.toContain('By a person');

  // One more, of several lines, that goes out and in.
  const text = grid.getByRole('row').nth(1).getByRole('gridcell').nth(-2);
  await text.dblclick();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('=SUM(A1)');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('A second line');
  await page.keyboard.press('Enter');
  await expect.poll(() => text.textContent()).toContain('By a person');

  // Only some of it: by words, by an option, by a span of lengths.
  await page.keyboard.press('/');
  await page.keyboard.type(ids[5] ?? '');
  await expect.poll(() => grid.getByRole('row').count(), job).toBe(2);
  expect((await download(page, 'CSV')).trim().split('\r\n')).toHaveLength(2);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect.poll(() => grid.getByRole('row').count(), job).toBe(13);
  await chooseInColumn(page, 'Level', 'Filter…');
  await page.getByRole('checkbox', { name: /^Beginner/ }).check();
  const beginners = await rowsThat(grid, 'Beginner');
  await page.keyboard.press('Escape');
  await chooseInColumn(page, 'Length', 'Filter…');
  await page.getByLabel('From, in minutes').fill('100000');
  await page.keyboard.press('Enter');
  await page.getByText('No video fits').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Remove the filter “Length/ }).click();
  await expect.poll(() => grid.getByRole('row').count(), job).toBe(beginners + 1);
  await page.getByRole('button', { name: 'Show everything' }).click();

  // Out, and into lists of their own: the same tables.
  const first = await tableOf(page);
  expect(first.rows).toHaveLength(12);
  for (const format of ['JSON', 'CSV'] as const) {
    const content = await download(page, format);
    await page.getByRole('link', { name: 'All lists' }).click();
    await page.getByRole('button', { name: 'New list' }).click();
    await page.getByLabel('Name').fill(`From ${format}`);
    await page.getByRole('button', { name: 'Make the list' }).click();
    await page.getByRole('heading', { name: `From ${format}` }).waitFor();
    await page.getByLabel('A CSV or JSON file with links').setInputFiles({
      name: `list.${format.toLowerCase()}`,
      mimeType: '',
      buffer: Buffer.from(content),
    });
    await page.getByText('12 videos added').waitFor();
    const second = await tableOf(page);
    // JSON brings fields and sources along. CSV brings texts: what the columns are, its owner says.
    expect(format === 'JSON' ? second : second.rows.map(inTexts)).toEqual(
      format === 'JSON' ? first : first.rows.map(inTexts),
    );
    await page.getByRole('link', { name: 'All lists' }).click();
    await page.getByRole('link', { name: 'Woodworking' }).click();
    await page.getByRole('heading', { name: 'Woodworking' }).waitFor();
  }
  expect(faults).toEqual([]);
});

/** By the keyboard. A menu that was left a moment ago may still be fading. */
async function chooseInColumn(page: Page, column: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Column ${column}` }).press('Enter');
  const menu = page.getByRole('menu', { name: `Column ${column}` });
  await menu.getByRole('menuitem', { name: item }).press('Enter');
}

async function download(page: Page, format: 'CSV' | 'JSON'): Promise<string> {
  const arriving = page.waitForEvent('download', job);
  await page.getByRole('link', { name: format }).click();
  return readFile(await (await arriving).path(), 'utf8');
}

/** How many rows there are, once all of them but the heading hold the word. */
async function rowsThat(grid: Locator, word: string): Promise<number> {
  const all = grid.getByRole('row');
  const holding = all.filter({ hasText: word });
  await expect.poll(async () => (await all.count()) - (await holding.count()), job).toBe(1);
  return holding.count();
}

type Table = { fields: object[]; rows: { facts: object; cells: Record<string, Cell> }[] };

/** The list that the page shows, as the API has it, by the labels of its fields. */
async function tableOf(page: Page): Promise<Table> {
  const { origin, pathname: at } = new URL(page.url());
  const read = async <Body>(address: string) =>
    (await page.request.get(`${origin}/api${address}`)).json() as Promise<Body>;
  const list = await read<List>(at);
  const { items } = await read<VideoWindow>(`${at}/videos`);
  return {
    fields: list.fields.map(({ id: _, ...field }) => field),
    rows: items.map(({ youtube_id, title, channel, duration_seconds, published_at, state, cells }) => ({
      facts: { youtube_id, title, channel, duration_seconds, published_at, state },
      cells: Object.fromEntries(
        list.fields.flatMap(({ id, label }) => (cells[id] === undefined ? [] : [[label, cells[id]]])),
      ),
    })),
  };
}

/** What a file of texts can say of a row. */
function inTexts({ facts, cells }: Table['rows'][number]) {
  const filled = Object.entries(cells).filter(([, { value }]) => value !== null);
  return {
    facts,
    cells: Object.fromEntries(
      filled.map(([label, { value }]) => [label, Array.isArray(value) ? value.join('; ') : String(value)]),
    ),
  };
}

test('what is typed belongs to the video it was begun for, wherever its row goes', patience, async () => {
  await using youtube = await startYouTube();
  await using app = await startApp(youtube.environment);
  await using opened = await openPage({});
  const { page, faults } = opened;
  const ask = async <Body>(method: string, at: string, data?: unknown): Promise<Body> =>
    (await page.request.fetch(`${app.url}/api/lists${at}`, { method, data })).json() as Promise<Body>;
  const fields = [
    { label: 'Rank', type: 'number' },
    { label: 'Practice', type: 'duration' },
    { label: 'Note', type: 'text' },
  ];
  const list = await ask<List>('POST', '', { name: 'To learn', fields });
  const [rank, practice, note] = list.fields.map(({ id }) => id) as [string, string, string];
  const ids = someIds(4);
  await ask('POST', `/${list.id}/videos`, { urls: ids });
  const rankOf = (seq: number, value: number) =>
    ask('PATCH', `/${list.id}/videos/${seq}`, { changes: { [rank]: { do: 'set', value } } });
  for (const seq of [1, 2, 3, 4]) await rankOf(seq, seq);
  const cellsOf = async (seq: number) => (await ask<SavedVideo>('GET', `/${list.id}/videos/${seq}`)).cells;

  await page.goto(`${app.url}/lists/${list.id}`);
  const rows = page.getByRole('grid').getByRole('row');
  const rowOf = (nth: number) => rows.filter({ hasText: ids[nth - 1] ?? '' });
  await page.getByRole('button', { name: 'Rank', exact: true }).click();
  await rowOf(1).getByRole('gridcell').last().dblclick();
  await page.keyboard.type('of the first');
  // Elsewhere the first becomes the last, and a job begins, so that the page looks again.
  await rankOf(1, 99);
  await ask('POST', `/${list.id}/process`, { wish: { what: 'videos', seqs: [3] } });
  await expect.poll(() => rowOf(1).getAttribute('aria-rowindex'), job).toBe('5');
  expect(await rowOf(1).getByRole('textbox').inputValue()).toBe('of the first');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await cellsOf(1))[note]?.value).toBe('of the first');
  expect((await cellsOf(2))[note]).toBeUndefined();

  // A length as people write it; and what is none says so and stays open.
  const length = rowOf(2).getByRole('gridcell').nth(-2);
  await length.dblclick();
  await page.keyboard.type('1,234');
  await page.getByText('Write minutes, such as 7.5, or 1:30:00.').waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  await page.getByRole('textbox', { name: 'Practice' }).fill('1:30:00');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await cellsOf(2))[practice]?.value).toBe(90);
  expect(faults).toEqual([]);
});

test('a page that breaks says so in its frame, and the others can still be reached', patience, async () => {
  await using app = await startApp();
  await using opened = await openPage({});
  const { page } = opened;
  await page.route('**/api/lists?**', (route) => route.fulfill({ json: { items: [{}] } }));
  await page.route('**/api/lists', (route) => route.fulfill({ json: { items: [{}] } }));
  await page.goto(`${app.url}/lists`);
  await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor();
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor({ state: 'hidden' });
});
