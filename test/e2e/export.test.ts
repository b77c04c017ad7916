/** Out of the library in a real browser: planned, exported, taken back; and a selection as a zip. */
import { access, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Download, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Job } from '#contract/jobs.ts';
import { stampedPhoto } from '../fixtures/stamp.ts';
import { readZip } from '../read-zip.ts';
import { untilOver } from '../requests.ts';
import { startApp, type RunningApp } from '../running-app.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openPage } from './browser.ts';

/** Minutes, not seconds: on a busy machine the browser alone takes half a minute. */

/** Five with a clock, one of which only the day is known, one of which nothing is. */
async function smallPile(folder: string): Promise<string[]> {
  const photos: string[] = [];
  for (let minute = 0; minute < 5; minute += 1) {
    photos.push(
      await stampedPhoto(folder, `IMG_000${minute}.jpg`, {
        seed: minute,
        tags: {
          'EXIF:DateTimeOriginal': `2019:05:05 15:3${minute}:00`,
          'EXIF:OffsetTimeOriginal': '+02:00',
        },
      }),
    );
  }
  photos.push(
    await stampedPhoto(folder, 'IMG-20171218-WA0028.jpg', { seed: 10, modified: '2019-03-04T05:06:07Z' }),
  );
  photos.push(await stampedPhoto(folder, 'scan.png', { seed: 11 }));
  return photos;
}

async function imported(app: RunningApp, folder: string): Promise<void> {
  const answer = await fetch(`${app.url}/api/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paths: [folder] }),
  });
  const { id } = (await answer.json()) as Job;
  await untilOver(app.url, id, 300_000);
}

/** Every file below the folder but Daybook's own, sorted; none when it is not there. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('.daybook'))
    .sort();
}

async function saved(page: Page, press: () => Promise<void>): Promise<{ download: Download; bytes: Buffer }> {
  const arriving = page.waitForEvent('download');
  await press();
  const download = await arriving;
  return { download, bytes: await readFile(await download.path()) };
}

test('a library goes out by its plan and is taken back', async () => {
  await using pile = await temporaryFolder();
  await using out = await temporaryFolder();
  const archive = path.join(out.path, 'archive');
  const pictures = path.join(pile.path, 'pictures');
  await mkdir(pictures);
  await smallPile(pictures);
  await using app = await startApp({ DAYBOOK_TIMEZONE: 'Europe/Vienna' });
  await imported(app, pictures);
  await using browser = await openPage({});
  const { page, faults } = browser;

  // A selection goes along from the library, also over a reload.
  await page.goto(`${app.url}/library`);
  await page.locator('[data-asset]').first().focus();
  await page.keyboard.press('x');
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Export…' }).click();
  await page.getByText('What you selected: 1 picture').waitFor();
  await page.reload();
  await page.getByText('What you selected: 1 picture').waitFor();
  await page.getByRole('link', { name: 'Export the whole library instead' }).click();
  await page.getByText('The whole library: 7 pictures').waitFor();

  // What is wrong is told where it was typed.
  const template = page.getByRole('textbox', { name: 'Template of the names' });
  const names = page.getByRole('list', { name: 'Names it gives' });
  await names.getByText('2019/20190505_153400.jpg').waitFor();
  await template.fill('{yeer}/{date}{ext}');
  await page.getByText(/wrong at character 1: there is no word \{yeer\}/).waitFor();
  await template.fill('{year}/{month}/{date}_{time}{ext}');
  await names.getByText('2019/05/20190505_153400.jpg').waitFor();
  const folder = page.getByRole('textbox', { name: 'Folder to export to' });
  await folder.fill(pictures);
  await page.getByRole('button', { name: 'Make the plan' }).click();
  await page
    .getByText(/imported/)
    .filter({ hasText: pictures })
    .waitFor();
  await folder.fill(archive);
  await page.getByRole('button', { name: 'Make the plan' }).click();

  // The plan can be looked through, and nothing is written yet.
  await page.getByRole('heading', { name: `Export to ${archive}` }).waitFor();
  const lines = page.getByRole('table', { name: 'Lines of the plan' });
  await lines.getByRole('link', { name: /^2019\/05\/20190505_153000\.jpg, open IMG_0000\.jpg$/ }).waitFor();
  await expect(access(archive)).rejects.toThrow('ENOENT');
  await page.getByRole('link', { name: 'in doubt' }).click();
  await page.getByText('2 lines', { exact: true }).waitFor();
  expect(await lines.getByRole('row').filter({ hasText: 'scan.png' }).innerText()).toContain('no date');
  await page.getByRole('link', { name: /^all 7$/ }).click();
  await page.getByRole('textbox', { name: 'Find a part of a source or target' }).fill('IMG_0003');
  await page.getByText('1 line', { exact: true }).waitFor();
  await lines.getByRole('button', { name: /into the copy/ }).click();
  await page.getByRole('dialog').getByText('2019:05:05 15:33:00').first().waitFor();
  await page.keyboard.press('Escape');
  const csv = await saved(page, () => page.getByRole('link', { name: 'Save as CSV' }).click());
  expect(csv.bytes.toString().trim().split('\n')).toHaveLength(8);

  await page.getByRole('button', { name: 'Start the export' }).click();
  await page.getByText(/7 copies written and verified/).waitFor();
  expect(await filesBelow(archive)).toEqual([
    '2017/12/20171218.jpg',
    ...[0, 1, 2, 3, 4].map((minute) => `2019/05/20190505_153${minute}00.jpg`),
    'unknown/scan.png',
  ]);

  // A dialog says what will happen; "Keep it" has the focus, so that Enter takes nothing away.
  await page.getByRole('button', { name: 'Undo this export' }).click();
  const question = page.getByRole('dialog', { name: 'Undo this export?' });
  await question.getByText(/What this export wrote into/).waitFor();
  await page.keyboard.press('Enter');
  await question.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Undo this export' }).click();
  await question.getByRole('button', { name: 'Undo the export' }).click();
  await page.getByText(/7 files removed/).waitFor();
  await page.getByText('undone', { exact: true }).waitFor();
  expect(await filesBelow(archive)).toEqual([]);

  await page.getByRole('link', { name: 'All exports' }).click();
  const earlier = page.getByRole('region', { name: 'Plans and exports so far' });
  expect(await earlier.getByRole('listitem').filter({ hasText: archive }).innerText()).toContain('undone');
  expect(faults.filter((fault) => !/422/.test(fault))).toEqual([]);
});

test('a selection arrives as a zip of its originals', async () => {
  await using pile = await temporaryFolder();
  const photos = await smallPile(pile.path);
  await using app = await startApp({ DAYBOOK_TIMEZONE: 'Europe/Vienna' });
  await imported(app, pile.path);
  await using browser = await openPage({});
  const { page, faults } = browser;

  await page.goto(`${app.url}/library`);
  await page.locator('[data-asset]').first().focus();
  await page.keyboard.press('Control+a');
  const bar = page.getByRole('region', { name: 'Selection' });
  await bar.getByText('7 selected').waitFor();
  const { download, bytes } = await saved(page, () => bar.getByRole('button', { name: 'Download' }).click());
  await page.getByText('A zip of 7 files is on its way').waitFor();
  expect(download.suggestedFilename()).toBe('daybook-7-files.zip');
  const entries = readZip(bytes);
  expect(entries.map(({ name, modified }) => `${name} ${modified}`).slice(0, 2)).toEqual([
    '2017/20171218.jpg 2017-12-18T00:00:00',
    '2019/20190505_153000.jpg 2019-05-05T15:30:00',
  ]);
  const originals = await Promise.all(photos.map((photo) => readFile(photo)));
  const inZip = new Set(entries.map((entry) => entry.bytes.toString('base64')));
  expect(inZip).toEqual(new Set(originals.map((original) => original.toString('base64'))));
  // The page stays where it was.
  expect(page.url()).toContain('/library');
  expect(faults).toEqual([]);
});
