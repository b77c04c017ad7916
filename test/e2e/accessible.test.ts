/**
 * Every page, empty and full, light and dark, wide and on a phone, against the rules of WCAG 2.2 AA as axe checks them:
 * names for screen readers, contrast, what may stand in what, targets large enough.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as Axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { brokenFiles } from '../fixtures/broken.ts';
import { mixedPile } from '../fixtures/mixed-pile.ts';
import { untilOver } from '../requests.ts';
import { startApp, type RunningApp } from '../running-app.ts';
import { startModel } from '../stand-ins/model.ts';
import { someIds, startYouTube } from '../stand-ins/youtube.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openPage } from './browser.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const looks = [
  { colorScheme: 'light', width: 1440, height: 900 },
  { colorScheme: 'dark', width: 1440, height: 900 },
  { colorScheme: 'light', width: 390, height: 844 },
] as const;

/** What a person with a screen reader, a keyboard or weak eyes would stumble over, a line each. */
async function stumbles(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: string[] = [];
  for (const { colorScheme, width, height } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    await atRest(page);
    const { violations } = await page.evaluate(async (values): Promise<Axe.AxeResults> => {
      const { run } = (window as unknown as { axe: typeof Axe }).axe;
      // The page behind a dialog is out of reach and dimmed on purpose.
      const dialog = document.querySelector('[role="dialog"]');
      return run(dialog ?? document, { runOnly: { type: 'tag', values } });
    }, rules);
    for (const { id, nodes } of violations) {
      const [first] = nodes;
      const what = [first?.html.slice(0, 160), ...(first?.any ?? []).map(({ message }) => message)];
      found.push(`${colorScheme} ${width}: ${id}, ${nodes.length} times: ${what.join(' – ')}`);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return found;
}

/** What fades or slides has come to its end; what turns or pulses for as long as it waits has none. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (;;) {
      // What was asked for begins with the next frame.
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      const moving = document.getAnimations().filter(({ playState, effect }) => {
        return playState === 'running' && effect?.getComputedTiming().endTime !== Infinity;
      });
      if (moving.length === 0) return;
      await Promise.allSettled(moving.map(({ finished }) => finished));
    }
  });
}

test('empty pages can be used by everybody', async () => {
  await using app = await startApp();
  await using opened = await openPage({});
  const { page } = opened;
  for (const [at, heading] of [
    ['import', null],
    ['library', 'The library is empty'],
    ['review', null],
    ['export', null],
    ['lists', 'No lists yet'],
    ['jobs', null],
    ['nowhere', 'There is no such page'],
  ] as const) {
    await page.goto(`${app.url}/${at}`);
    await page
      .getByRole('main')
      .getByRole('heading', heading === null ? {} : { name: heading })
      .first()
      .waitFor();
    expect.soft(await stumbles(page), at).toEqual([]);
  }
});

test('full pages, their menus and their dialogs can be used by everybody', async () => {
  await using youtube = await startYouTube();
  await using model = await startModel();
  await using app = await startApp({ ...youtube.environment, ...model.environment.google });
  await using pile = await temporaryFolder();
  await mixedPile(pile.path, { width: 64, height: 48 });
  await brokenFiles(pile.path);
  const job = await post(app, 'imports', { paths: [pile.path] });
  await untilOver(app.url, job.id, 300_000);
  const fields = [
    { label: 'Level', type: 'select', options: ['Beginner', 'Advanced'] },
    { label: 'Topics', type: 'multi_select', options: ['Joints', 'Tools'] },
    { label: 'Minutes', type: 'number' },
    { label: 'Summary', type: 'text' },
  ];
  const list = await post(app, 'lists', { name: 'Woodworking', fields });
  await post(app, `lists/${list.id}/videos`, { urls: someIds(30) });
  await untilOver(app.url, (await post(app, `lists/${list.id}/process`, {})).id, 300_000);
  await post(app, `lists/${list.id}/videos`, { urls: someIds(40) });
  const assets = (await (await fetch(`${app.url}/api/assets?limit=1`)).json()) as { items: { id: string }[] };

  await using opened = await openPage({});
  const { page } = opened;
  const check = async (what: string) => expect.soft(await stumbles(page), what).toEqual([]);
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const open = async (at: string, shown: string) => {
    await page.goto(`${app.url}/${at}`);
    await page.locator(shown).first().waitFor();
    await check(at);
  };

  await open('import', 'main h1, main h2');
  await open('library', 'main img');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await check('keys');
  await open(`library/${assets.items[0]?.id}`, 'section[aria-label="Evidence"]');
  await open('review', 'main img');
  await open('export', 'main h1, main h2');
  await open('jobs', 'main a');
  await open(`jobs/${job.id}`, 'main h1');
  await open('lists', 'main li');

  await open(`lists/${list.id}`, '[role="row"][aria-rowindex="3"]');
  await press('Column Level');
  await page.getByRole('menuitem', { name: 'Filter…' }).click();
  await page.getByRole('checkbox', { name: /^Beginner/ }).check();
  await check('filter of a column');
  await page.keyboard.press('Escape');
  await press('Add videos');
  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await check('adding, and a selection');
  await press('Set a field');
  await page.getByRole('menuitem', { name: 'Topics' }).click();
  await page.getByRole('dialog').waitFor();
  await check('a field of many');
  await page.keyboard.press('Escape');
  for (const dialog of [/^Process \d/, 'Fields', 'Settings']) {
    await press(dialog);
    await page.getByRole('dialog').waitFor();
    if (dialog === 'Fields') {
      await page.getByLabel('Or say what you want to know').fill('How hard is it?');
      await press('Propose fields');
      await page
        .getByRole('button', { name: /^Take it/ })
        .first()
        .waitFor();
    }
    await check(`dialog ${dialog}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  await page.goto(`${app.url}/lists/${list.id}?video=1`);
  await page.getByRole('dialog').getByRole('heading', { level: 2 }).first().waitFor();
  await check('one video');
});

async function post(app: RunningApp, at: string, body: unknown): Promise<{ id: string }> {
  const answer = await fetch(`${app.url}/api/${at}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const told = (await answer.json()) as { id: string };
  expect(answer.ok, JSON.stringify(told)).toBe(true);
  return told;
}
