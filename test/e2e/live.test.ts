/** What the page learns by itself, in a real browser: progress, the log, a server that goes and comes back. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Job } from '#contract/jobs.ts';
import { openDatabase } from '#db/database.ts';
import { drawPhoto } from '../fixtures/draw.ts';
import { freePort, startApp, type RunningApp } from '../running-app.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openPage } from './browser.ts';

async function pileOf(folder: string, count: number): Promise<void> {
  const photo = await drawPhoto({ seed: 1, width: 1600, height: 1200, format: 'jpeg' });
  for (let n = 0; n < count; n++) {
    await writeFile(path.join(folder, `IMG_${n}.jpg`), Buffer.concat([photo, randomBytes(16)]));
  }
  await writeFile(path.join(folder, 'notes.jpg'), 'these are no pixels');
}

async function importOf(app: RunningApp, folder: string): Promise<Job> {
  const answer = await fetch(`${app.url}/api/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paths: [folder] }),
  });
  return (await answer.json()) as Job;
}

test('a job is followed by its events, hardly asking, to its end, its log and its curve', async () => {
  await using pile = await temporaryFolder();
  await pileOf(pile.path, 120);
  await using app = await startApp({ DAYBOOK_WORKERS: '1', DAYBOOK_SETTLE_GROUP: '2' });
  await using browser = await openPage({});
  const { page, faults } = browser;
  const events: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => events.push(String(payload))));
  await page.goto(`${app.url}/jobs`);
  await page.getByRole('heading', { name: 'No job has run yet' }).waitFor();
  while (events.length === 0) await page.waitForTimeout(50);

  // The page is told of a job that something else began.
  const { id } = await importOf(app, pile.path);
  await page
    .getByRole('main')
    .getByRole('link', { name: /^Import of/ })
    .click();
  await page.getByText('running', { exact: true }).waitFor();
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().includes(`/progress/${id}`))));
  const began = performance.now();
  const seen = new Set<string>();
  const figures = page.getByText(/^\d+ of 121 files$/);
  while ((await page.getByText('completed with errors', { exact: true }).count()) === 0) {
    seen.add(await figures.first().innerText());
    await page.waitForTimeout(50);
  }
  const seconds = (performance.now() - began) / 1000;
  // It moved more often than it asked: once in five seconds, and a few times when the status changed.
  expect(seen.size).toBeGreaterThan(5);
  expect(asked).toBeLessThan(seconds / 5 + 5);

  const log = page.getByRole('list', { name: 'What happened' });
  await log.getByText('Completed with errors').waitFor();
  expect(await log.getByRole('listitem').allInnerTexts()).toMatchObject([
    expect.stringContaining('121 files') as string,
    expect.stringContaining('Started') as string,
    expect.stringContaining('notes.jpg') as string,
    expect.stringContaining('Completed with errors') as string,
  ]);
  await page.getByRole('img', { name: /^121 of 121 files after/ }).waitFor();
  expect(faults).toEqual([]);
});

test('a worker that died and a server that was killed are told, and the page goes on by itself', async () => {
  await using pile = await temporaryFolder();
  await using data = await temporaryFolder();
  await pileOf(pile.path, 60);
  const environment = {
    DAYBOOK_DATA: data.path,
    DAYBOOK_PORT: String(await freePort()),
    DAYBOOK_WORKERS: '1',
  };
  await using browser = await openPage({});
  const { page } = browser;
  const gone = page.getByRole('contentinfo', { name: 'Running now' }).getByRole('alert');
  {
    await using app = await startApp(environment);
    await importOf(app, pile.path);
    await using database = await openDatabase({ sqlite: path.join(data.path, 'daybook.db') });
    const { pid } = await database.db.selectFrom('workers').select('pid').executeTakeFirstOrThrow();
    process.kill(pid, 'SIGKILL');
    let restarts = 0;
    while (restarts === 0) {
      const health = (await (await fetch(`${app.url}/api/health`)).json()) as {
        worker: { restarts: number };
      };
      ({ restarts } = health.worker);
    }
    await page.goto(`${app.url}/jobs`);
    await page.getByText('The worker was restarted this minute.').waitFor();
    await page
      .getByRole('main')
      .getByRole('link', { name: /^Import of/ })
      .click();
    await page.getByText(/^[1-9]\d* of 61 files$/).waitFor();
    app.process.kill('SIGKILL');
    await once(app.process, 'exit');
    await gone.waitFor();
  }
  await using _app = await startApp(environment);
  await page.getByText('completed with errors', { exact: true }).waitFor();
  await gone.waitFor({ state: 'detached' });
});
