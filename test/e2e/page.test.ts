/** The page in a real browser against the real server: what a household does on its first evening. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { manyPhotos, stampedPhoto } from '../fixtures/stamp.ts';
import { progressOf } from '../requests.ts';
import { startApp } from '../running-app.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { dropOnPage, limitUpload, openPage } from './browser.ts';

/** Minutes, not seconds: on a busy machine the browser alone takes half a minute. */
/** A file copied today says nothing of when it was taken; these were changed long ago. */
const modified = '2019-03-04T05:06:07Z';

test('a dropped folder becomes a library: watched, paused, reloaded, resumed, looked at', async () => {
  await using pile = await temporaryFolder();
  const photos = await manyPhotos(path.join(pile.path, 'phone'), 120);
  await stampedPhoto(path.join(pile.path, 'phone'), 'IMG-20171218-WA0028.jpg', {
    seed: 900,
    modified,
  });
  await writeFile(path.join(pile.path, 'phone', 'empty.jpg'), '');
  // What a computer leaves behind is not uploaded.
  await mkdir(path.join(pile.path, 'phone', '@eaDir'));
  await writeFile(path.join(pile.path, 'phone', '@eaDir', 'SYNO.jpg'), 'x');
  await writeFile(path.join(pile.path, 'phone', '.DS_Store'), 'x');
  const total = photos.length + 2;

  await using app = await startApp({ DAYBOOK_WORKERS: '1', DAYBOOK_SETTLE_GROUP: '2' });
  await using browser = await openPage({});
  const { page, faults } = browser;

  await page.goto(`${app.url}/library`);
  await page.getByRole('heading', { name: 'The library is empty' }).waitFor();
  await page.getByRole('link', { name: 'Import photos' }).click();

  await dropOnPage(page, [path.join(pile.path, 'phone')]);
  const job = page.getByRole('region', { name: /^Import of/ });
  await job.getByRole('progressbar').waitFor();
  await job.getByRole('button', { name: 'Pause' }).click();
  await job.getByText('paused', { exact: true }).waitFor();

  // The page is closed and opened again: the job stands where it stood, on every page.
  await page.goto(`${app.url}/jobs`);
  await page
    .getByRole('contentinfo', { name: 'Running now' })
    .getByRole('link', { name: /paused/ })
    .click();
  await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
  // What was in hand at the pause still ends, and the page says so.
  await expect.poll(() => inHand(app.url)).toBe(0);
  const [{ id } = { id: '' }] = await jobsOf(app.url);
  const { progress_current } = await progressOf(app.url, id);
  await expect.poll(async () => (await figures(page)).done).toBe(progress_current);
  const stood = await figures(page);
  expect(stood.total).toBe(total);
  expect(stood.done).toBeLessThan(total);
  await page.waitForTimeout(1500);
  expect(await figures(page)).toEqual(stood);
  await page.goto(`${app.url}/import`);
  await page.getByRole('button', { name: 'Resume', exact: true }).click();

  await page.getByText('completed with errors', { exact: true }).waitFor();
  await page.getByText(/121 files dated and in the library\. .*1 file could not be read\./).waitFor();
  await page.getByText('The file is empty').click();
  await page.getByRole('region', { name: 'Errors by cause' }).getByText('empty.jpg').waitFor();
  await page.reload();
  await page.getByText(/121 files dated and in the library/).waitFor();

  await page.getByRole('link', { name: 'See them in the library' }).click();
  await page.getByRole('heading', { name: /1 January 2020/ }).waitFor();
  expect(await page.getByText('121 pictures').count()).toBe(1);
  // Newest first; the last photo of the roll was taken 119 minutes after midnight.
  const newest = page.locator('[data-asset]').first();
  expect(await newest.getAttribute('aria-label')).toBe(
    'IMG_000119.jpg, 1 Jan 2020, 01:59:00, confidence medium',
  );
  expect(await newest.locator('img').evaluate(loaded)).toBe(true);

  await newest.click();
  await page.getByRole('heading', { name: /Wednesday,? 1 January 2020\s*01:59:00/ }).waitFor();
  const evidence = page.getByRole('region', { name: 'Evidence' });
  const chosen = evidence.getByRole('listitem').filter({ hasText: 'chosen' });
  expect(await chosen.innerText()).toContain('EXIF:DateTimeOriginal');
  expect(await chosen.locator('code').innerText()).toContain('2020:01:01 01:59:00');
  const shown = page.url();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('heading', { name: /01:58:00/ }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('heading', { name: /01:59:00/ }).waitFor();
  expect(page.url()).toBe(shown);
  await page.keyboard.press('Escape');
  await page.waitForURL(/\/library\?/);

  await page.keyboard.press('/');
  await page.keyboard.type('WA0028');
  await page.getByText('1 picture', { exact: true }).waitFor();
  await page.locator('[data-asset]').click();
  await page.getByRole('heading', { name: /18 December 2017/ }).waitFor();
  const when = page.getByRole('region', { name: 'When it was taken' });
  expect(await when.innerText()).toContain('only the day is known');
  expect(await when.getByRole('heading').innerText()).not.toMatch(/\d:\d/);

  expect(faults).toEqual([]);
});

test('an upload cut off by a reload goes on where it stopped', async () => {
  await using pile = await temporaryFolder();
  const size = { width: 900, height: 700 };
  const names = ['a.png', 'b.png', 'c.png', 'd.png', 'e.png', 'f.png', 'g.png', 'h.png'];
  const files = await Promise.all(
    names.map((name, seed) => stampedPhoto(pile.path, name, { seed, ...size, modified })),
  );

  await using app = await startApp({});
  await using browser = await openPage({});
  const { page } = browser;
  await page.goto(`${app.url}/import`);
  await limitUpload(page, 60_000);
  await page.getByTestId('files').setInputFiles(files);
  const upload = page.getByRole('main').getByRole('region', { name: 'Upload', exact: true }).last();
  await upload.getByText(/^[1-7] of 8 files$/).waitFor();

  await page.reload();
  await page.getByRole('heading', { name: 'An upload of 8 files was interrupted' }).waitFor();
  const waiting = page.getByRole('button', { name: /^Import the \d that arrived$/ });
  await waiting.waitFor();
  await limitUpload(page, -1);
  await page.getByTestId('files').setInputFiles(files);

  await page.getByText('completed', { exact: true }).waitFor();
  await page.getByText('8 files dated and in the library.', { exact: false }).waitFor();
  const { items } = (await (await fetch(`${app.url}/api/jobs`)).json()) as {
    items: { total: number; done: number }[];
  };
  expect(items).toMatchObject([{ total: 8, done: 8 }]);
});

test('an upload paused and resumed sends every file once; a cancelled import gives its files back', async () => {
  await using pile = await temporaryFolder();
  await manyPhotos(pile.path, 60);
  await using app = await startApp({ DAYBOOK_WORKERS: '1' });
  await using browser = await openPage({});
  const { page, faults } = browser;
  await page.goto(`${app.url}/import`);
  await dropOnPage(page, [pile.path]);
  const upload = page.getByRole('main').getByRole('region', { name: 'Upload', exact: true }).last();
  await upload.getByRole('button', { name: 'Pause' }).click();
  await upload.getByRole('heading', { name: 'Upload paused' }).waitFor();
  const stood = await upload.locator('strong').innerText();
  await page.waitForTimeout(600);
  expect(await upload.locator('strong').innerText()).toBe(stood);
  await upload.getByRole('button', { name: 'Resume' }).click();

  await page.getByText('running', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await page.getByText('cancelled', { exact: true }).waitFor();
  // What was imported before the cancelling stays; all the rest waits again.
  const waits = page.getByRole('heading', { name: /^\d+ uploaded files? waits? to be imported$/ });
  await waits.waitFor();
  const waiting = async () => Number.parseInt((await waits.textContent()) ?? '', 10);
  const done = async () => (await jobsOf(app.url)).reduce((sum, job) => sum + job.done, 0);
  await expect.poll(async () => (await waiting()) + (await done())).toBe(60);
  await page.getByRole('button', { name: 'Import the uploaded files' }).click();
  await page.getByText('completed', { exact: true }).waitFor();
  const { total } = (await (await fetch(`${app.url}/api/assets/days`)).json()) as { total: number };
  expect(total).toBe(60);
  const { items } = (await (await fetch(`${app.url}/api/imports/waiting`)).json()) as { items: unknown[] };
  expect(items).toEqual([]);
  expect(faults).toEqual([]);
});

test('what arrived before a reload can be imported without the rest', async () => {
  await using pile = await temporaryFolder();
  const small = await stampedPhoto(pile.path, 'small.png', { seed: 1, modified });
  const large = await stampedPhoto(pile.path, 'large.png', { seed: 2, width: 1600, height: 1200, modified });

  await using app = await startApp({});
  await using browser = await openPage({});
  const { page } = browser;
  await page.goto(`${app.url}/import`);
  await limitUpload(page, 20_000);
  await page.getByTestId('files').setInputFiles([small, large]);
  await page.getByText('1 of 2 files', { exact: true }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Import the 1 that arrived' }).click();
  await page.getByText(/^1 file dated and in the library/).waitFor();
});

test('files added while an import is being asked for are sent once and imported too', async () => {
  await using pile = await temporaryFolder();
  const first = await stampedPhoto(pile.path, 'first.png', { seed: 1, modified });
  const second = await stampedPhoto(pile.path, 'second.png', { seed: 2, modified });
  await using app = await startApp({});
  await using browser = await openPage({});
  const { page, faults } = browser;
  const asked: string[][] = [];
  const held = Promise.withResolvers<void>();
  await page.route('**/api/imports', async (route) => {
    const { uploads } = route.request().postDataJSON() as { uploads: string[] };
    // The first answer comes only after the second import was asked for.
    if (asked.push(uploads) === 1) await held.promise;
    else held.resolve();
    await route.continue();
  });
  await page.goto(`${app.url}/import`);
  await page.getByTestId('files').setInputFiles([first]);
  await expect.poll(() => asked.length).toBe(1);
  await page.getByTestId('files').setInputFiles([second]);
  await expect.poll(async () => (await jobsOf(app.url)).filter(({ done }) => done === 1).length).toBe(2);
  expect(asked.map(({ length }) => length)).toEqual([1, 1]);
  await page.getByText(/^1 file dated and in the library/).waitFor();
  expect(await page.getByRole('region', { name: 'Upload', exact: true }).count()).toBe(1); // the drop zone

  // The job stands in the address, and only there: coming back does not call it up again.
  expect(page.url()).toMatch(/job=/);
  const rail = page.getByRole('navigation', { name: 'Pages' });
  await rail.getByRole('link', { name: 'Library' }).click();
  await page.locator('[data-asset]').first().waitFor();
  await rail.getByRole('link', { name: 'Import' }).click();
  await page.getByRole('heading', { name: 'Or a folder on the computer' }).waitFor();
  await page.waitForTimeout(500);
  expect(page.url()).toBe(`${app.url}/import`);
  expect(faults).toEqual([]);
});

test('an import that is refused keeps its files: tried again, or stopped and taken up again', async () => {
  await using pile = await temporaryFolder();
  const files = await manyPhotos(pile.path, 3);
  await using app = await startApp({});
  await using browser = await openPage({});
  const { page } = browser;
  const asked: string[][] = [];
  await page.route('**/api/imports', async (route) => {
    const { uploads } = route.request().postDataJSON() as { uploads: string[] };
    if (asked.push(uploads) > 2) return route.continue();
    const detail = 'The disk is full.';
    const problem = { type: 'about:blank', title: 'Not ready', status: 503, code: 'disk_full', detail };
    await route.fulfill({ status: 503, contentType: 'application/problem+json', json: problem });
  });
  await page.goto(`${app.url}/import`);
  await page.getByTestId('files').setInputFiles(files.slice(0, 2));
  await page.getByText('The disk is full.').waitFor();
  // One more joins them; all three are asked for together.
  await page.getByTestId('files').setInputFiles(files.slice(2));
  await expect.poll(() => asked.map(({ length }) => length)).toEqual([2, 3]);
  await page.getByRole('button', { name: 'Leave it for later' }).click();
  await page.getByRole('heading', { name: '3 uploaded files wait to be imported' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText(/^3 files dated and in the library/).waitFor();
  expect(await jobsOf(app.url)).toMatchObject([{ total: 3, done: 3 }]);
});

test('uploads that nobody wants are forgotten after a question, and their bytes with them', async () => {
  await using pile = await temporaryFolder();
  const small = await stampedPhoto(pile.path, 'small.png', { seed: 1, modified });
  const large = await stampedPhoto(pile.path, 'large.png', { seed: 2, width: 1600, height: 1200, modified });
  await using app = await startApp({});
  await using browser = await openPage({});
  const { page } = browser;
  await page.goto(`${app.url}/import`);
  await limitUpload(page, 20_000);
  await page.getByTestId('files').setInputFiles([small, large]);
  await page.getByText('1 of 2 files', { exact: true }).waitFor();
  await page.reload();
  await limitUpload(page, -1);
  expect(await readdir(path.join(app.data, 'incoming'))).toHaveLength(2);
  await page.getByRole('button', { name: 'Forget it' }).click();
  await page.getByText(/^1 file that arrived and 1 file that stopped half-way will be deleted/).waitFor();
  await page.getByRole('button', { name: 'Discard 2 files' }).click();
  await page.getByRole('region', { name: 'Interrupted upload' }).waitFor({ state: 'detached' });
  expect(await readdir(path.join(app.data, 'incoming'))).toEqual([]);
});

test('a folder on the computer is imported by its path, and a wrong path says so', async () => {
  await using pile = await temporaryFolder();
  await stampedPhoto(pile.path, 'Screenshot_2019-04-16-11-19-37.png', { seed: 5 });

  await using app = await startApp({});
  await using browser = await openPage({
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const { page } = browser;
  await page.goto(app.url);
  const field = page.getByRole('textbox', { name: 'Path of a folder or file' });
  await field.fill(path.join(pile.path, 'not here'));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText(/not here/).waitFor();
  await field.fill(pile.path);
  await field.press('Enter');
  await page.getByText(/^1 file dated and in the library/).waitFor();
  await page.getByRole('link', { name: 'See them in the library' }).click();
  await page.getByRole('link', { name: /^Screenshot_2019.*16 Apr 2019, 11:19:37/ }).waitFor();
  // Nothing is wider than the phone.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test('the keys: help, pages, tiles', async () => {
  await using pile = await temporaryFolder();
  await manyPhotos(pile.path, 30);
  await using app = await startApp({});
  await fetch(`${app.url}/api/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paths: [pile.path] }),
  });
  await using browser = await openPage({});
  const { page } = browser;
  await page.goto(`${app.url}/jobs`);
  await page.getByText('completed', { exact: true }).waitFor();

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.locator('[data-asset]').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect.poll(() => focused(page)).toContain('IMG_000000.jpg');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => focused(page)).toContain('IMG_000028.jpg');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/library\/.+/);
  await page.getByRole('region', { name: 'Evidence' }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL(/\/library$/);
  await expect.poll(() => focused(page)).toContain('IMG_000028.jpg');
});

async function jobsOf(url: string): Promise<{ id: string; total: number; done: number }[]> {
  const answer = await fetch(`${url}/api/jobs`);
  return ((await answer.json()) as { items: { id: string; total: number; done: number }[] }).items;
}

async function inHand(url: string): Promise<number> {
  const of = async (address: string) =>
    ((await (await fetch(`${url}/api/${address}`)).json()) as { items: { id: string }[] }).items;
  const [job] = await of('jobs');
  return (await of(`jobs/${job?.id}/items?state=working`)).length;
}

async function figures(page: Page): Promise<{ done: number; total: number }> {
  const said = await page.getByText(/^\d+ of \d+ files$/).innerText();
  const [done, total] = said.split(' of ').map((part) => Number.parseInt(part, 10));
  return { done: done ?? -1, total: total ?? -1 };
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
}

function loaded(image: Element): Promise<boolean> {
  return new Promise((resolve) => {
    const check = () => resolve((image as HTMLImageElement).naturalWidth > 0);
    if ((image as HTMLImageElement).complete) check();
    else image.addEventListener('load', check);
  });
}
