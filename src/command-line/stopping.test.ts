import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Job } from '#contract/jobs.ts';
import { openDatabase } from '#db/database.ts';
import { drawPhoto } from '../../test/fixtures/draw.ts';
import { progressOf, untilOver } from '../../test/requests.ts';
import { startApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

const files = 150;

test('SIGTERM in the middle of an import: it stops in good time, nothing stays in hand, the next start goes on', async () => {
  await using pile = await temporaryFolder();
  await using data = await temporaryFolder();
  const photo = await drawPhoto({ seed: 1, width: 1600, height: 1200, format: 'jpeg' });
  for (let n = 0; n < files; n++) {
    await writeFile(path.join(pile.path, `IMG_${n}.jpg`), Buffer.concat([photo, randomBytes(16)]));
  }
  let id: string;
  {
    await using app = await startApp({ DAYBOOK_DATA: data.path });
    const answer = await fetch(`${app.url}/api/imports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ paths: [pile.path] }),
    });
    ({ id } = (await answer.json()) as Job);
    while ((await progressOf(app.url, id)).progress_current < 20) await sleep(10);
    const began = performance.now();
    app.process.kill('SIGTERM');
    expect(await once(app.process, 'exit')).toEqual([0, null]);
    // What was promised to whoever stops it: after that, process managers kill.
    expect(performance.now() - began).toBeLessThan(10_000);
  }
  await using database = await openDatabase({ sqlite: path.join(data.path, 'daybook.db') });
  const items = (...states: ('waiting' | 'working' | 'done')[]) =>
    database.db
      .selectFrom('job_items')
      .select(['attempt', 'crashes', 'lease_owner'])
      .where('state', 'in', states)
      .execute();
  expect(await items('working')).toEqual([]);
  expect(await database.db.selectFrom('workers').selectAll().execute()).toEqual([]);
  const waiting = await items('waiting');
  expect(waiting.length).toBeGreaterThan(0);
  // Stopping costs no item an attempt.
  for (const item of waiting) expect(item).toEqual({ attempt: 0, crashes: 0, lease_owner: null });

  await using app = await startApp({ DAYBOOK_DATA: data.path });
  expect(await untilOver(app.url, id, 300_000)).toMatchObject({
    status: 'completed',
    progress_current: files,
  });
  const done = await items('done');
  expect(done).toHaveLength(files);
  for (const item of done) expect(item).toEqual({ attempt: 1, crashes: 0, lease_owner: null });
  const { total } = (await (await fetch(`${app.url}/api/assets/days`)).json()) as { total: number };
  expect(total).toBe(files);
});
