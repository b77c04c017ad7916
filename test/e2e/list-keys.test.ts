/** The table of a list by its keys: where they go, what they take back, and what stands in the address. */
import type { Locator, Page } from 'playwright-core';
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
const topics = {
  label: 'Topics',
  type: 'multi_select',
  options: ['Joints', 'Tools', 'Finish', 'Wood', 'Safety', 'Design'],
} as const;

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

function hasKeys(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

async function box(locator: Locator) {
  const found = await locator.boundingBox();
  if (found === null) throw new Error('Nothing is to be seen there.');
  return { left: found.x, right: found.x + found.width, top: found.y, bottom: found.y + found.height };
}

const wide = ['Note', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth'].map((label) => ({ label, type: 'text' }));

test('wherever the keys go, their cell can be seen and something has them', patience, async () => {
  await using app = await startApp();
  await using opened = await openPage({});
  const { page, faults } = opened;
  const { grid, cell, valueOf } = await showList(
    app,
    page,
    [...wide, { label: 'Rank', type: 'number' }, topics],
    40,
  );
  const table = await box(grid);
  const seen = async (locator: Locator) => {
    const part = await box(locator);
    const lead = await box(grid.getByRole('columnheader').first());
    return part.left >= lead.right - 1 && part.right <= table.right && part.bottom <= table.bottom;
  };
  const here = grid.locator('[data-here]');
  await grid.focus();
  await page.keyboard.press('End');
  await expect.poll(() => seen(here), poll).toBe(true);
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowLeft');
  await expect.poll(() => seen(here), poll).toBe(true);
  // What lies over the rows below is as well to be seen in the last of them.
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await grid.getByRole('group', { name: 'Topics' }).waitFor();
  await expect.poll(() => seen(grid.getByRole('group', { name: 'Topics' })), poll).toBe(true);
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.keyboard.type('no number');
  await expect.poll(() => seen(grid.getByText('Write a number')), poll).toBe(true);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Home');

  // Three stops from the table to what is done with a selection, however many columns.
  const setField = page.getByRole('button', { name: 'Set a field' });
  await page.keyboard.press('Space');
  for (const stop of [
    page.getByRole('checkbox', { name: 'Select all' }),
    page.getByRole('button', { name: 'Title', exact: true }),
    setField,
  ]) {
    await page.keyboard.press('Tab');
    expect(await hasKeys(stop)).toBe(true);
  }
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.getByRole('menu', { name: 'Column Channel' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu', { name: 'Column Channel' }).waitFor({ state: 'hidden' });
  await expect.poll(() => hasKeys(page.getByRole('button', { name: 'Channel', exact: true }))).toBe(true);
  await page.keyboard.press('Escape');
  expect(await hasKeys(grid)).toBe(true);

  // Also when the column they were at is hidden.
  await page.keyboard.press('End');
  await page.getByRole('button', { name: 'Column Topics' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Hide' }).press('Enter');
  await grid.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await hasKeys(page.getByRole('button', { name: 'Rank', exact: true }))).toBe(true);

  // A dialog begins at its value, and the table has the keys when it is gone.
  await setField.click();
  await page.getByRole('menuitem', { name: 'Note' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Note' }).waitFor();
  await expect.poll(() => hasKeys(page.getByRole('dialog').getByRole('textbox', { name: 'Note' }))).toBe(true);
  await page.keyboard.type('for many');
  await page.getByRole('button', { name: 'Set it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(await hasKeys(grid)).toBe(true);
  await expect.poll(() => valueOf(1, 'Note'), poll).toBe('for many');
  await page.getByRole('button', { name: 'Select nothing' }).click();
  expect(await hasKeys(grid)).toBe(true);

  // A box that is ticked is where the keys go on.
  const rows = grid.locator('[aria-selected="true"]');
  await grid.getByRole('row').nth(4).getByRole('checkbox').click();
  expect(await rows.count()).toBe(1);
  await page.keyboard.press('Space');
  await expect.poll(() => rows.count()).toBe(0);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect.poll(() => grid.getByRole('row').nth(5).getAttribute('aria-selected')).toBe('true');
  await page.getByRole('button', { name: 'Take out' }).click();
  await setField.waitFor({ state: 'hidden' });
  await expect.poll(() => hasKeys(grid)).toBe(true);

  for (const key of ['ArrowDown', 'Escape', 'Enter']) {
    await page.keyboard.press('/');
    if (key === 'Enter') await page.keyboard.type('for many');
    await page.keyboard.press(key);
    expect(await hasKeys(grid)).toBe(true);
  }
  await expect.poll(() => grid.getByRole('row').count(), poll).toBe(2);
  expect(await cell(1, 'Note').textContent()).toContain('for many');
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect.poll(() => hasKeys(grid)).toBe(true);
  expect(faults).toEqual([]);
});

test('a finger hits what it means, and reaches all of a filter', patience, async () => {
  await using app = await startApp();
  await using opened = await openPage({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const { page, faults } = opened;
  const { grid } = await showList(app, page, [note, level], 20);
  const lead = grid.getByRole('columnheader').first();
  const title = grid.getByRole('columnheader').nth(1);
  const [table, box, name] = await Promise.all([grid, lead, title].map((each) => each.boundingBox()));
  expect((box?.width ?? 0) + (name?.width ?? 0)).toBeLessThan(table?.width ?? 0);
  // A finger needs 44 pixels, in which nothing else is hit.
  for (const [role, label] of [
    ['checkbox', /^Select [^a]/],
    ['button', 'Column Title'],
  ] as const) {
    const reach = await grid
      .getByRole(role, { name: label })
      .first()
      .evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const target = element.closest('label, button');
        const isHit = (across: number, down: number) =>
          document
            .elementFromPoint(left + width / 2 + across, top + height / 2 + down)
            ?.closest('label, button') === target;
        const around = Array.from({ length: 60 }, (_, nth) => nth - 30);
        return {
          across: around.filter((by) => isHit(by, 0)).length,
          down: around.filter((by) => isHit(0, by)).length,
        };
      });
    expect(Math.min(reach.across, reach.down)).toBeGreaterThanOrEqual(43);
  }
  await page.getByRole('button', { name: 'Column Level' }).tap();
  await page.getByRole('menuitem', { name: 'Filter…' }).tap();
  const filter = page.getByRole('dialog', { name: 'Filter by Level' });
  await filter.getByRole('checkbox', { name: /^Beginner/ }).tap();
  await filter.getByRole('button', { name: 'Show all again' }).tap();
  await page
    .getByRole('dialog')
    .getByRole('checkbox', { name: /^Beginner/, checked: false })
    .waitFor();
  expect(faults).toEqual([]);
});

test('the address knows which rows are in sight, and Back leads to the view before', patience, async () => {
  await using app = await startApp();
  await using opened = await openPage({});
  const { page, faults } = opened;
  const { at, grid } = await showList(app, page, [note], 400);
  const scrolled = () => grid.evaluate((element) => element.scrollTop);
  const offset = () => new URL(page.url()).searchParams.get('offset');
  const goDown = async (rows: number) => {
    await grid.evaluate((element, top) => element.scrollTo({ top }), rows * 56);
    await expect.poll(offset, poll).toBe(String(rows));
  };
  await page.getByRole('button', { name: 'Title', exact: true }).click();
  await expect.poll(() => page.url(), poll).toContain('sort');
  await goDown(116);
  const row = grid.locator('[aria-rowindex="118"]');
  const words = await row.textContent();

  await page.reload();
  await expect.poll(scrolled, poll).toBe(116 * 56);
  await expect.poll(() => row.textContent(), poll).toBe(words);
  expect(offset()).toBe('116');
  // The keys go on from there.
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => grid.locator('[data-here]').count()).toBe(1);
  expect(await scrolled()).toBe(116 * 56);

  await page.getByRole('button', { name: 'Title', exact: true }).click();
  await expect.poll(() => page.url(), poll).toContain('desc');
  await expect.poll(scrolled, poll).toBe(0);
  expect(offset()).toBe(null);
  await goDown(20);
  // A search is typed on and on; before it is one step back.
  await page.keyboard.press('/');
  for (const letters of ['a', 'b', 'q']) {
    await page.keyboard.type(letters);
    await expect.poll(() => new URL(page.url()).searchParams.get('text'), poll).toContain(letters);
  }
  await page.goBack();
  await expect.poll(scrolled, poll).toBe(20 * 56);
  expect(await page.getByRole('search').getByRole('textbox').inputValue()).toBe('');
  await page.goBack();
  await expect.poll(scrolled, poll).toBe(116 * 56);
  await expect.poll(() => row.textContent(), poll).toBe(words);
  await page.goBack();
  await expect.poll(() => page.url(), poll).toBe(`${app.url}/lists${at}`);
  expect(faults).toEqual([]);
});
