/** Reviewing in a real browser: a mixed pile from queue to empty, with what one evening's patience allows. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { mixedPile, mixedPileCounts } from '../fixtures/mixed-pile.ts';
import { startApp, type RunningApp } from '../running-app.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openPage } from './browser.ts';

test('300 mixed files are settled, from queue to empty, with fewer than 20 actions', async () => {
  await using pile = await drawnPile();
  await using app = await appWith(pile.path);
  await using browser = await openPage({});
  const { page, faults } = browser;
  await page.goto(`${app.url}/review`);
  await page.getByRole('region', { name: 'Queue' }).waitFor();
  const waited = await inDoubt(app);
  expect(waited).toBeGreaterThan(150);
  expect(await waiting(page)).toBe(waited);
  expect(await page.getByRole('link', { name: /Review$/ }).innerText()).toContain(String(waited));

  // An action is a key, a click, or a date typed.
  let actions = 0;
  const press = async (key: string) => {
    actions += 1;
    await page.keyboard.press(key);
  };
  for (let left = waited; left > 0 && actions < 20; left = await inDoubt(app)) {
    const clock = page.getByRole('button', { name: /^Set right for all/ });
    await page.getByRole('textbox', { name: 'Taken on' }).or(clock).first().waitFor();
    if ((await clock.count()) > 0) {
      const camera = await current(page);
      await press('Enter');
      await page.getByText(/^Corrected the clock of/).waitFor();
      await expect.poll(() => current(page)).not.toBe(camera);
      continue;
    }
    const forAll = page.getByRole('button', { name: /^Accept for all \d+|^Accept$/ });
    if ((await forAll.count()) > 0) await press('Shift+Enter');
    else {
      await press('d');
      actions += 1;
      await page.keyboard.type('august 1975');
      await page.getByText('August 1975', { exact: true }).waitFor();
      await press(
        (await page.getByRole('button', { name: /^Set for all/ }).count()) > 0 ? 'Shift+Enter' : 'Enter',
      );
    }
    await expect.poll(() => inDoubt(app)).toBeLessThan(left);
    await expect.poll(() => waiting(page)).toBe(await inDoubt(app));
  }
  expect(actions).toBeLessThan(20);
  expect(await inDoubt(app)).toBe(0);
  await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();

  // What was decided stays: after a reload the queue is empty still, and the last decision can be taken back.
  await page.reload();
  await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  await page.keyboard.press('z');
  await page.getByText('Undone', { exact: true }).waitFor();
  await expect.poll(() => waiting(page)).toBeGreaterThan(0);
  await page.keyboard.press('Shift+Z');
  await page.getByText('Done again', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  expect(faults).toEqual([]);
});

test('one by one: evidence by its number, a date in words, discard, each undone', async () => {
  await using pile = await drawnPile();
  await using app = await appWith(pile.path);
  await using browser = await openPage({});
  const { page, faults } = browser;
  await page.goto(`${app.url}/review`);
  await page.getByRole('button', { name: /from WhatsApp/ }).click();
  await page.getByRole('listbox', { name: 'Pictures of this group' }).waitFor();
  const waited = await waiting(page);

  await page.getByRole('region', { name: 'Evidence' }).waitFor();
  await page.keyboard.press('1');
  await page.getByText(/^Chose.*: 1 picture/).waitFor();
  await expect.poll(() => waiting(page)).toBe(waited - 1);

  await page.keyboard.press('d');
  await page.keyboard.type('5/6/2019 3pm');
  await page.getByText('This can be read in 2 ways. Which is meant?').waitFor();
  await page.getByRole('button', { name: 'Set', exact: true }).first().click();
  await expect.poll(() => waiting(page)).toBe(waited - 2);

  await page.keyboard.press('Delete');
  await expect.poll(() => waiting(page)).toBe(waited - 3);
  await page.keyboard.press('Control+z');
  await expect.poll(() => waiting(page)).toBe(waited - 2);
  await page.keyboard.press('z');
  await expect.poll(() => waiting(page)).toBe(waited - 1);
  await page.keyboard.press('z');
  await expect.poll(() => waiting(page)).toBe(waited);
  expect(faults).toEqual([]);
});

test('a refused decision goes back and says why', async () => {
  await using pile = await drawnPile();
  await using app = await appWith(pile.path);
  await using browser = await openPage({});
  const { page } = browser;
  await page.route('**/api/decisions', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Busy',
        status: 503,
        code: 'busy',
        detail: 'The disk is full. Free some space and try again.',
      }),
    }),
  );
  await page.goto(`${app.url}/review`);
  await page.getByRole('button', { name: /from WhatsApp/ }).click();
  const waited = await waiting(page);
  await page.getByRole('button', { name: /^Accept this one/ }).click();
  await page.getByText('The disk is full. Free some space and try again.').waitFor();
  expect(await waiting(page)).toBe(waited);
});

test('in the library: a range, all beyond what is loaded, tags, discard and restore', async () => {
  await using pile = await drawnPile();
  await using app = await appWith(pile.path);
  await using browser = await openPage({});
  const { page, faults } = browser;
  await page.goto(`${app.url}/library`);
  const tiles = page.locator('[data-asset]');
  await tiles.first().waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('x');
  await tiles.nth(4).click({ modifiers: ['Shift'] });
  const bar = page.getByRole('region', { name: 'Selection' });
  await bar.getByText('5 selected', { exact: true }).waitFor();

  await bar.getByRole('button', { name: 'Tags' }).click();
  const tag = page.getByRole('combobox', { name: 'Tag' });
  await tag.fill('garden');
  await page.getByRole('button', { name: 'Add to 5' }).click();
  await page.getByText(/: 5 pictures/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await page.getByRole('button', { name: /^garden/ }).click();
  await page.getByText('5 pictures', { exact: true }).waitFor();

  await page.keyboard.press('Control+a');
  await bar.getByText('5 selected', { exact: true }).waitFor();
  await bar.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.goto(`${app.url}/library?review=discarded`);
  await page.getByText('5 pictures', { exact: true }).waitFor();
  await tiles.first().waitFor();
  await page.keyboard.press('Control+a');
  await bar.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.goto(`${app.url}/library`);
  await page.getByText('300 pictures', { exact: true }).waitFor();
  expect(faults).toEqual([]);
});

test('all but some, kept in the address: a reload selects them again, and a tag reaches them alone', async () => {
  await using pile = await drawnPile();
  await using app = await appWith(pile.path);
  await using browser = await openPage({});
  const { page, faults } = browser;
  await page.goto(`${app.url}/library?kind=photo`);
  const tiles = page.locator('[data-asset]');
  await tiles.first().waitFor();
  const { total } = (await ask(app, 'assets/days?kind=photo')) as { total: number };
  const bar = page.getByRole('region', { name: 'Selection' });
  await page.keyboard.press('Control+a');
  await bar.getByText(`${total} selected`, { exact: true }).waitFor();
  for (const place of [0, 2]) await tiles.nth(place).click({ modifiers: ['Control'] });
  await bar.getByText(`${total - 2} selected`, { exact: true }).waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get('chosen')).toMatch(/^all-but,[^,]+,[^,]+$/);
  expect(await page.title()).toBe('Library – Daybook');

  await page.reload();
  await bar.getByText(`${total - 2} selected`, { exact: true }).waitFor();
  await bar.getByRole('button', { name: 'Tags' }).click();
  await page.getByRole('combobox', { name: 'Tag' }).fill('seen');
  await page.getByRole('button', { name: `Add to ${total - 2}` }).click();
  await page.getByText(`: ${total - 2} pictures`).waitFor();
  const tagged = (await ask(app, 'assets/days?tag=seen')) as { total: number };
  expect(tagged.total).toBe(total - 2);

  // Another filter forgets what was selected, also in the address.
  await page.getByRole('button', { name: 'Camera' }).click();
  const choices = page.getByRole('dialog', { name: 'Camera' }).getByRole('button');
  const { items } = (await ask(app, 'cameras')) as { items: { model: string; count: number }[] };
  await expect.poll(() => choices.count()).toBe(items.length);
  await choices.first().click();
  await expect.poll(() => new URL(page.url()).searchParams.get('camera')).toBe(items[0]?.model);
  expect(new URL(page.url()).searchParams.get('chosen')).toBeNull();
  await bar.waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

test('other rules: those in force stand there, what would change is shown, applied, and then in force', async () => {
  await using pile = await drawnPile();
  await using app = await appWith(pile.path);
  await using browser = await openPage({});
  const { page, faults } = browser;
  await page.goto(`${app.url}/review`);
  const dialog = page.getByRole('dialog', { name: 'The rules of this library' });
  const home = dialog.getByRole('combobox', { name: /^Home/ });
  const open = async () => {
    await page.getByRole('button', { name: 'Rules' }).click();
    await home.waitFor();
  };
  await open();
  expect(await home.inputValue()).toBe('Europe/Berlin');
  await home.fill('Asia/Tokyo');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  const change = dialog.getByRole('button', { name: /^Change \d+/ });
  await change.click();
  await dialog.getByText(/^Changed: /).waitFor();
  expect(await ask(app, 'rules')).toMatchObject({ in_force: { zone: 'Asia/Tokyo' } });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await open();
  expect(await home.inputValue()).toBe('Asia/Tokyo');
  await dialog.getByRole('button', { name: 'Take these' }).click();
  expect(await home.inputValue()).toBe('Europe/Berlin');

  // Both were jobs, each with what it found.
  await page.goto(`${app.url}/jobs`);
  await page.getByRole('link', { name: /^Deciding again for 300/ }).click();
  await page.getByText(/^Changed: /).waitFor();
  await expect.poll(() => page.title()).toMatch(/^Deciding again for 300 assets/);
  expect(faults).toEqual([]);
});

async function drawnPile() {
  const folder = await temporaryFolder();
  await mixedPile(folder.path, { width: 64, height: 48 });
  return folder;
}

async function appWith(pile: string): Promise<RunningApp> {
  const app = await startApp({ DAYBOOK_TIMEZONE: 'Europe/Berlin' });
  const answer = await fetch(`${app.url}/api/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paths: [pile] }),
  });
  expect(answer.status).toBe(201);
  const { id } = (await answer.json()) as { id: string };
  await expect
    .poll(async () => ((await ask(app, `jobs/${id}`)) as { status: string }).status)
    .toBe('completed');
  const { total } = (await ask(app, 'assets/days')) as { total: number };
  expect(total).toBe(Object.values(mixedPileCounts).reduce((sum, size) => sum + size, 0));
  return app;
}

async function ask(app: RunningApp, what: string): Promise<unknown> {
  return (await fetch(`${app.url}/api/${what}`)).json();
}

async function inDoubt(app: RunningApp): Promise<number> {
  return ((await ask(app, 'review/groups?limit=1')) as { total: number }).total;
}

/** What the current one is called. */
async function current(page: Page): Promise<string> {
  return page
    .getByRole('region', { name: 'The current one' })
    .getByRole('heading', { level: 2 })
    .first()
    .innerText();
}

/** What the head of the queue says. */
async function waiting(page: Page): Promise<number> {
  const head = page.getByRole('heading', { name: / wants? a look$/ });
  return (await head.count()) === 0 ? 0 : Number.parseInt(await head.innerText(), 10);
}
