/** A list in a real browser when things around it change: other windows, the network, the server, a dialog left. */
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { List } from '#contract/lists.ts';
import { freePort, startApp, type RunningApp } from '../running-app.ts';
import { startModel } from '../stand-ins/model.ts';
import { someIds, startYouTube } from '../stand-ins/youtube.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openPage } from './browser.ts';

/** Minutes, not seconds: on a busy machine the browser alone takes half a minute. */
const patience = { timeout: 240_000 };
const soon = { timeout: 60_000 };

/** What another window does. */
async function ask<Answer>(app: RunningApp, method: string, at: string, body?: object): Promise<Answer> {
  const response = await fetch(`${app.url}/api${at}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`${method} ${at}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function newList(app: RunningApp, urls: readonly string[]): Promise<List> {
  const list = await ask<List>(app, 'POST', '/lists', {
    name: 'Woodworking',
    fields: [{ label: 'Notes', type: 'text' }],
  });
  if (urls.length > 0) await ask(app, 'POST', `/lists/${list.id}/videos`, { urls });
  return list;
}

const rowsOf = (page: Page) => page.getByRole('grid').getByRole('row').count();

test('without the internet a Daybook on this computer goes on', patience, async () => {
  await using app = await startApp();
  await using opened = await openPage({});
  const { page } = opened;
  const list = await newList(app, []);
  await page.goto(`${app.url}/lists/${list.id}`);
  await page.getByLabel('Links, one in each line').waitFor();
  // What a browser tells its pages when the Wi-Fi goes.
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await page.getByLabel('Links, one in each line').fill(someIds(3).join('\n'));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('3 videos added').waitFor();
  await expect.poll(() => rowsOf(page)).toBe(4);
});

test('a server that is gone is said, and once it is back the page goes on by itself', patience, async () => {
  await using folder = await temporaryFolder();
  const place = { DAYBOOK_DATA: path.join(folder.path, 'data'), DAYBOOK_PORT: String(await freePort()) };
  await using opened = await openPage({});
  const { page } = opened;
  const ids = someIds(3);
  {
    await using app = await startApp(place);
    const list = await newList(app, ids);
    await page.goto(`${app.url}/lists/${list.id}`);
    await expect.poll(() => rowsOf(page)).toBe(4);
  }
  await page.getByText('Daybook does not answer. What is shown may be old').waitFor();
  await page.getByLabel('Find a part of a title').fill(ids[1] ?? '');
  await page.getByText('Daybook does not answer. Is it still running').waitFor();
  await using _again = await startApp(place);
  await expect.poll(() => rowsOf(page), soon).toBe(2);
  await page.getByText('Daybook does not answer').first().waitFor({ state: 'hidden' });
});

test('what another window does to a list is seen here, its end as well', patience, async () => {
  await using app = await startApp();
  await using opened = await openPage({});
  const { page } = opened;
  const [first = '', ...others] = someIds(4);
  const list = await newList(app, [first]);
  await page.goto(`${app.url}/lists/${list.id}`);
  await expect.poll(() => rowsOf(page)).toBe(2);

  await ask(app, 'POST', `/lists/${list.id}/videos`, { urls: others });
  await expect.poll(() => rowsOf(page), soon).toBe(5);
  await page.getByText('4 videos, 4 waiting').waitFor();

  // A video that is gone by the time it is written about leaves its row, with the reason.
  const notes = page.getByRole('grid').getByRole('row').nth(2).getByRole('gridcell').last();
  await notes.dblclick();
  await ask(app, 'POST', `/lists/${list.id}/videos/delete`, { target: { seqs: [2] } });
  await page.keyboard.type('Too late');
  await page.keyboard.press('Enter');
  await page.getByText('There is no video of this number').waitFor();
  await expect.poll(() => rowsOf(page), soon).toBe(4);

  await ask(app, 'DELETE', `/lists/${list.id}`);
  await page.getByRole('heading', { name: 'There is no such list' }).waitFor();
});

test('what was done before the page was opened can be taken back once it is named', patience, async () => {
  await using app = await startApp();
  await using opened = await openPage({});
  const { page } = opened;
  const list = await newList(app, someIds(2));
  const notes = list.fields[0]?.id ?? '';
  await ask(app, 'PATCH', `/lists/${list.id}/videos/2`, {
    changes: { [notes]: { do: 'set', value: 'Written before' } },
  });
  await page.goto(`${app.url}/lists/${list.id}`);
  const cell = page.getByRole('grid').getByText('Written before');
  await cell.click();
  await page.keyboard.press('Control+z');
  await page.getByText('Done before: 1 video was changed').waitFor();
  expect(await cell.isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back in 1 video.').waitFor();
  await cell.waitFor({ state: 'hidden' });
  await page.getByRole('grid').focus();
  await page.keyboard.press('Control+z');
  await page.getByText('Nothing is left to take back.').waitFor();
});

test('a dialog that was typed into is not lost by Escape or a click beside it', patience, async () => {
  await using model = await startModel();
  await using app = await startApp(model.environment.google);
  await using opened = await openPage({});
  const { page } = opened;
  const list = await newList(app, someIds(1));
  await page.goto(`${app.url}/lists/${list.id}`);
  const fields = page.getByRole('button', { name: 'Fields', exact: true });
  const wish = page.getByLabel('Or say what you want to know');
  await fields.click();
  await wish.fill('How hard is it?');
  await page.keyboard.press('Escape');
  await wish.waitFor({ state: 'hidden' });
  await fields.click();
  expect(await wish.inputValue()).toBe('How hard is it?');

  await page.getByRole('button', { name: 'New field' }).click();
  const name = page.getByLabel('Name');
  await name.fill('Level');

  await page.mouse.click(5, 5);
  await name.focus();
  await page.keyboard.press('Escape');
  const question = page.getByRole('alertdialog', { name: 'What you typed is not kept yet' });
  await question.waitFor();
  // Escape again stays where one was.
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'hidden' });
  expect(await name.inputValue()).toBe('Level');
  expect(await name.evaluate((input) => input === document.activeElement)).toBe(true);
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Throw it away' }).click();

  // With nothing typed, nothing is asked.
  await page.getByRole('button', { name: 'New field' }).click();
  expect(await name.inputValue()).toBe('');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test(
  'a dialog keeps only what was changed in it: the rest is as another window left it',
  patience,
  async () => {
    await using app = await startApp();
    await using opened = await openPage({});
    const { page } = opened;
    const list = await newList(app, someIds(1));
    await page.goto(`${app.url}/lists/${list.id}`);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('What it is about').fill('Joints');
    await ask(app, 'PATCH', `/lists/${list.id}`, { name: 'Carpentry' });
    await page.getByRole('heading', { name: 'Carpentry', includeHidden: true }).waitFor();
    await page.getByRole('button', { name: 'Keep the changes' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await ask<List>(app, 'GET', `/lists/${list.id}`)).toMatchObject({
      name: 'Carpentry',
      description: 'Joints',
    });

    await page.getByRole('button', { name: 'Fields', exact: true }).click();
    await page.getByRole('button', { name: 'Edit Notes' }).click();
    await page.getByLabel('What the model is told about it').fill('In a sentence');
    const [field] = list.fields;
    await ask(app, 'PATCH', `/lists/${list.id}/fields/${field?.id}`, { label: 'Remarks' });
    await page.getByRole('dialog', { name: 'Remarks' }).waitFor();
    await page.getByRole('button', { name: 'Keep the changes' }).click();
    await page.getByRole('button', { name: 'Edit Remarks' }).waitFor();
    expect((await ask<List>(app, 'GET', `/lists/${list.id}`)).fields).toMatchObject([
      { label: 'Remarks', instruction: 'In a sentence' },
    ]);
  },
);

test('only what could not be read stays in the box, and the report can be closed', patience, async () => {
  await using app = await startApp();
  await using opened = await openPage({});
  const { page } = opened;
  const list = await newList(app, []);
  await page.goto(`${app.url}/lists/${list.id}`);
  const ids = someIds(2500);
  const box = page.getByLabel('Links, one in each line');
  await box.fill([...ids.slice(0, 40), 'a first word', ...ids.slice(40), 'a last word'].join('\n'));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const report = page.getByText('2,500 videos added');
  await report.waitFor();
  await page.getByText('Line 2,502').waitFor();
  expect(await box.inputValue()).toBe('a first word\na last word');

  await page.getByRole('button', { name: 'Close' }).click();
  await box.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Add videos' }).click();
  expect(await box.inputValue()).toBe('a first word\na last word');
  expect(await report.isVisible()).toBe(false);
});

test(
  'what is left of the quota is one number on the page, also after a playlist took of it',
  patience,
  async () => {
    await using youtube = await startYouTube();
    await using app = await startApp(youtube.environment);
    await using opened = await openPage({});
    const { page } = opened;
    const list = await newList(app, someIds(1));
    youtube.playlist('PLshort0', someIds(60));
    await page.goto(`${app.url}/lists/${list.id}`);
    await page.getByText('of the 10,000 units left').waitFor();
    await page.getByText('10,000 of 10,000 units').waitFor();
    await page.getByRole('button', { name: 'Add videos' }).click();
    const box = page.getByLabel('Links, one in each line');
    const add = page.getByRole('button', { name: 'Add', exact: true });
    await box.fill('https://www.youtube.com/playlist?list=PLshort0');
    await add.click();
    await page.getByText('of the 9,998 units left').waitFor();
    await page.getByText('9,998 of 10,000 units').waitFor();

    youtube.quota.limit = youtube.quota.used;
    await box.fill('https://www.youtube.com/playlist?list=PLother00');
    await add.click();
    await page.getByText('none is left today. The job waits').waitFor();
    const meter = page.getByRole('meter', { name: 'Quota of YouTube used today' });
    expect(await meter.getAttribute('aria-valuenow')).toBe('10000');
  },
);

test(
  'a job whose model went silent says that nothing moves, why, and when it tries again',
  patience,
  async () => {
    await using youtube = await startYouTube();
    await using model = await startModel();
    await using app = await startApp({
      ...youtube.environment,
      ...model.environment.google,
      DAYBOOK_WORKERS: '2',
      DAYBOOK_AI_CALLS: '1',
      DAYBOOK_AI_SECONDS: '8',
    });
    await using opened = await openPage({});
    const { page } = opened;
    const list = await newList(app, someIds(30));
    model.script.answer = () => (model.questions.length > 12 ? new Promise(() => undefined) : undefined);
    await ask(app, 'POST', `/lists/${list.id}/process`, {});
    await page.goto(`${app.url}/lists/${list.id}`);
    const panel = page.getByRole('region', { name: list.name });
    await panel.getByText(/^nothing finished for \d+ s$/).waitFor(soon);
    expect(await panel.getByText(/ left$/).isVisible()).toBe(false);
    await panel.getByText(/Gemini did not answer within 8 seconds. Tried again/).waitFor(soon);
  },
);
