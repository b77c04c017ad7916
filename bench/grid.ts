/**
 * The library of 100,000 as a person meets it, in a real browser: how long until the first pictures, a jump and a
 * filter are seen, and how smoothly it scrolls. Beside the frames stands the floor: the same wheel over a page of
 * great height that holds nothing, in the same browser.
 *
 *   npm run bench:grid [-- --assets 100000]
 */
import { link, mkdir } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import sharp from 'sharp';
import { openDatabase } from '#db/database.ts';
import { drawPixels } from '../test/fixtures/draw.ts';
import { openPage } from '../test/e2e/browser.ts';
import { startApp, type RunningApp } from '../test/running-app.ts';
import { framesBesideFloor, untilSeen } from './browser-frames.ts';
import { machineLine } from './photos.ts';
import { drawLibrary, hashOf } from './redate-library.ts';

const { values } = parseArgs({ options: { assets: { type: 'string', default: '100000' } } });
const assets = Number(values.assets);
const said: string[] = [];

await using app = await startApp();
await fill(app);
await using opened = await openPage({});
const { page } = opened;
const whole = page.getByText(`${assets.toLocaleString('en')} pictures`, { exact: true });
const firstPicture = page.getByRole('main').locator('img').first();

await page.goto(`${app.url}/jobs`);
await timed('first pictures', async () => {
  await page.getByRole('link', { name: /^Library/ }).click();
  await drawn();
});
await page.locator('[data-asset]').first().focus();
await timed('jump to the end', async () => {
  await page.keyboard.press('End');
  await page.locator('[data-asset="asset-00000000"]').waitFor();
  await drawn();
});
await page.keyboard.press('Home');
await timed('search', async () => {
  await page.getByRole('search').getByRole('textbox').fill('trip 42');
  await whole.waitFor({ state: 'hidden' });
  await drawn();
});
await page.getByRole('button', { name: 'Show everything' }).click();
await whole.waitFor();
await drawn();

said.push(...(await framesBesideFloor(page, 'grid')));

process.stdout.write(
  [
    machineLine(),
    `library  ${assets.toLocaleString('en')} photos, SQLite; load ${loadavg()[0]?.toFixed(1)}`,
    ...said,
    `command  npm run bench:grid -- --assets ${assets}`,
    '',
  ].join('\n'),
);

/** Rows as imports leave them, forty photos a day, and a thumbnail for each. */
async function fill({ data }: RunningApp): Promise<void> {
  await using opened = await openDatabase({ sqlite: path.join(data, 'daybook.db') });
  await drawLibrary(opened.db, 'home', assets);
  await sql`
    insert into capture_times (asset_id, owner, confidence, because, sort_key, local, precision, rules_differ)
    select id, owner, 'high', '', day || 'T10:00:00', day || 'T10:00:00', 'second', 0
    from (select id, owner, date('2012-01-01', '+' || (rowid / 40) || ' days') as day from assets)
  `.execute(opened.db);
  const folder = path.join(data, 'thumbnails', '00', '00');
  await mkdir(folder, { recursive: true });
  const patterns = await Promise.all(
    Array.from({ length: 24 }, async (_, seed) => {
      const file = path.join(folder, `pattern-${seed}.webp`);
      const raw = { width: 480, height: 360, channels: 3 as const };
      await sharp(drawPixels(seed, 480, 360), { raw })
        .webp()
        .toFile(file);
      return file;
    }),
  );
  for (let nth = 0; nth < assets; nth += 1) {
    await link(patterns[nth % patterns.length] ?? '', path.join(folder, `${hashOf(nth)}.webp`));
  }
}

/** Until a picture in sight has been decoded. */
async function drawn(): Promise<void> {
  await firstPicture.waitFor();
  await page.waitForFunction(
    () => {
      const inSight = [...document.querySelectorAll<HTMLImageElement>('main img')].filter((image) => {
        const { top, bottom } = image.getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
      });
      return inSight.length > 0 && inSight.every((image) => image.complete && image.naturalWidth > 0);
    },
    undefined,
    { polling: 'raf' },
  );
}

async function timed(name: string, run: () => Promise<unknown>): Promise<void> {
  said.push(await untilSeen(name, run));
}
