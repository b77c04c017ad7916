/** A list in a real browser: links pasted, YouTube and a model asked, a word of one's own that stays, and a file. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
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

  await page.getByRole('button', { name: 'Fields' }).click();
  await newField(page, 'Level', 'One of several', ['Beginner', 'Advanced']);
  await newField(page, 'Topics', 'Several of several', ['Joints', 'Tools']);
  await newField(page, 'Minutes of use', 'Number', []);
  await page.getByRole('button', { name: 'Close' }).click();

  const links = [...ids.map((id) => `https://youtu.be/${id}`), `https://youtu.be/${ids[0]}`, 'not a link'];
  await page.getByLabel('Links, one in each line').fill(links.join('\n'));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('12 videos added').waitFor();
  await page.getByText(/1 already\s+here, 1 that could not be read/).waitFor();
  await page.getByText('Line 14').waitFor();

  await page.getByRole('button', { name: 'Process 12' }).click();
  await page.getByText('stand-in-1 is asked 12 times').waitFor();
  await page.getByRole('button', { name: 'Start' }).click();
  const grid = page.getByRole('grid');
  await expect.poll(() => grid.getByRole('row').filter({ hasText: 'ready' }).count(), job).toBe(11);
  await grid.getByText('gone', { exact: true }).waitFor();

  // Looked at and left as it was: still the model's word.
  const topics = grid.getByRole('row').nth(1).getByRole('gridcell').nth(-2);
  await topics.dblclick();
  await page.getByRole('checkbox', { name: 'Tools' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: 'Tools' }).waitFor({ state: 'hidden' });
  expect(await topics.textContent()).toContain('By stand-in-1');

  // A word of one's own, by the keyboard alone.
  const cell = grid.getByRole('row').nth(1).getByRole('gridcell').nth(-1);
  await cell.click();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('7,5');
  await page.keyboard.press('Enter');
  await expect.poll(() => cell.textContent()).toContain('By a person');

  // It stays when the model gives all of the field anew.
  await page.getByRole('button', { name: 'Column Minutes of use' }).click();
  await page.getByRole('menuitem', { name: 'Run all of it again…' }).click();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor({ state: 'hidden', ...job });
  await expect.poll(() => cell.textContent(), job).toContain('7.5');

  // And can be taken back.
  await grid.focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => cell.textContent(), job).not.toContain('By a person');

  await page.getByLabel('Find a part of a title, channel or value').fill(ids[5] ?? '');
  await expect.poll(() => grid.getByRole('row').count(), job).toBe(2);
  const arriving = page.waitForEvent('download', job);
  await page.getByRole('link', { name: 'CSV' }).click();
  const csv = await readFile(await (await arriving).path(), 'utf8');
  expect(csv).toContain('Minutes of use');
  expect(csv.trim().split('\n')).toHaveLength(2);
  expect(faults).toEqual([]);
});
