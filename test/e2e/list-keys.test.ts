/** The table of a list by its keys: where they go, what they take back, and what stands in the address. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Field } from '#contract/fields.ts';
import type { List } from '#contract/lists.ts';
import type { SavedVideo } from '#contract/saved-videos.ts';
import { startApp, type RunningApp } from '../running-app.ts';
import { someIds } from '../stand-ins/youtube.ts';
import { openPage } from './browser.ts';

/** Minutes, not seconds: on a busy machine the browser alone takes half a minute. */
const patience = { timeout: 240_000 };
const poll = { timeout: 60_000 };

const note = { label: 'Note', type: 'text' } as const;
const level = { label: 'Level', type: 'select', options: ['Beginner', 'Advanced'] } as const;
/** A list of videos that nobody asked YouTube about, in the page. */
async function showList(app: RunningApp, page: Page, fields: readonly object[], videos: number) {
  const ask = async <Body>(method: string, at: string, data?: unknown): Promise<Body> =>
    (await page.request.fetch(`${app.url}/api/lists${at}`, { method, data })).json() as Promise<Body>;
  const list = await ask<List>('POST', '', { name: 'To learn', fields });
  await ask('POST', `/${list.id}/videos`, { urls: someIds(videos) });
  await page.goto(`${app.url}/lists/${list.id}`);
  const grid = page.getByRole('grid');
  await grid.getByRole('row').nth(1).getByRole('gridcell').first().waitFor();
  const fieldOf = (label: string) => list.fields.find((each) => each.label === label) as Field;
  return {
    at: `/${list.id}`,
    ask,
    grid,
    cell: (row: number, label: string) =>
      grid.locator(`[aria-rowindex="${row + 1}"] [data-column="${fieldOf(label).id}"]`),
    valueOf: async (seq: number, label: string) =>
      (await ask<SavedVideo>('GET', `/${list.id}/videos/${seq}`)).cells[fieldOf(label).id]?.value,
  };
}

test(
  'Ctrl+Z takes back what was done last, though it is not answered yet, and says what that was',
  patience,
  async () => {
    await using app = await startApp();
    await using opened = await openPage({});
    const { page, faults } = opened;
    const { at, ask, grid, cell, valueOf } = await showList(app, page, [note, level], 3);
    const write = async (row: number, text: string) => {
      await cell(row, 'Note').dblclick();
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    await write(1, 'first');
    await expect.poll(() => valueOf(1, 'Note'), poll).toBe('first');
    const held = Promise.withResolvers<void>();
    await page.route(`**/api/lists${at}/videos/2`, async (route) => {
      await held.promise;
      await route.continue();
    });
    await write(2, 'second');
    await page.keyboard.press('Control+z');
    held.resolve();
    await page.getByText(/^Note of “.*” is again what it was\.$/).waitFor();
    expect(await valueOf(2, 'Note')).toBeUndefined();
    expect(await valueOf(1, 'Note')).toBe('first');
    await page.unroute(`**/api/lists${at}/videos/2`);

    await page.keyboard.press('Control+Shift+Z');
    await expect.poll(() => valueOf(2, 'Note'), poll).toBe('second');

    // A cell that is open has its keys for itself; a box that was ticked has not.
    await cell(3, 'Level').dblclick();
    await page.getByRole('combobox', { name: 'Level' }).press('Control+z');
    await page.keyboard.press('Escape');
    expect(await valueOf(2, 'Note')).toBe('second');
    await grid.getByRole('row').nth(3).getByRole('checkbox').click();
    await page.keyboard.press('Control+z');
    await expect.poll(() => valueOf(2, 'Note'), poll).toBeUndefined();

    // Twice at once: both, the later one first.
    await write(1, 'first again');
    await write(1, 'and again');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(() => valueOf(1, 'Note'), poll).toBe('first');
    expect((await ask<List>('GET', at)).videos).toBe(3);
    expect(faults).toEqual([]);
  },
);

test('what was typed is not lost where it could not be kept', patience, async () => {
  await using app = await startApp();
  await using opened = await openPage({});
  const { page } = opened;
  const { at, cell, valueOf } = await showList(app, page, [note], 2);
  await page.route(`**/api/lists${at}/videos/1`, (route) => route.abort());
  await cell(1, 'Note').dblclick();
  await page.keyboard.type('half an hour of words');
  await page.keyboard.press('Enter');
  const refused = page.getByRole('alert').filter({ hasText: 'Note was not changed' });
  await refused.waitFor();
  expect(await cell(1, 'Note').textContent()).toBe('');
  await page.unroute(`**/api/lists${at}/videos/1`);
  await refused.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => valueOf(1, 'Note'), poll).toBe('half an hour of words');
  await expect.poll(() => cell(1, 'Note').textContent()).toContain('half an hour of words');
});
