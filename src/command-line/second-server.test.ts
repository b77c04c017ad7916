import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/database.ts';
import { daybook, freePort, startApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { serverOf } from './hold-data-folder.ts';

async function secondServer(data: string) {
  return daybook(['serve'], { DAYBOOK_DATA: data, DAYBOOK_PORT: String(await freePort()) });
}

test('a second server on the same data is told so and refuses, under whatever name and port', async () => {
  await using app = await startApp();
  await using elsewhere = await temporaryFolder();
  const otherName = path.join(elsewhere.path, 'link');
  await symlink(app.data, otherName);
  for (const data of [app.data, otherName]) {
    const second = await secondServer(data);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toContain(`at ${app.url} (process ${app.process.pid})`);
    expect(second.stderr).toContain('daybook work');
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
  }
  expect((await fetch(`${app.url}/api/health`)).status).toBe(200);
});

test('of servers started together one serves', async () => {
  await using data = await temporaryFolder();
  const starts = Array.from({ length: 3 }, () => secondServer(data.path));
  const refused = await Promise.race([
    Promise.all(starts.slice(0, 2)),
    Promise.all(starts.slice(1)),
    Promise.all([starts[0]!, starts[2]!]),
  ]);
  expect(refused).toMatchObject([{ code: 2 }, { code: 2 }]);
  const { pid } = (await serverOf(data.path))!;
  process.kill(pid, 'SIGTERM');
  const codes = (await Promise.all(starts)).map(({ code }) => code ?? -1);
  expect(codes.toSorted((a, b) => a - b)).toEqual([0, 2, 2]);
  expect(await serverOf(data.path)).toBeUndefined();
});

test('after kill -9 the next server starts at once, whatever the last one left behind', async () => {
  await using data = await temporaryFolder();
  for (let round = 0; round < 3; round++) {
    await using app = await startApp({ DAYBOOK_DATA: data.path });
    // The last one was killed before it could take its name back.
    expect(await serverOf(data.path)).toMatchObject({ address: app.url, pid: app.process.pid });
    app.process.kill('SIGKILL');
    await once(app.process, 'exit');
  }
  await using _app = await startApp({ DAYBOOK_DATA: data.path });
  expect((await secondServer(data.path)).code).toBe(2);
});

test('a second instance that is asked to work joins as a worker', async () => {
  await using app = await startApp();
  const starter = path.join(import.meta.dirname, '../../bin/daybook.js');
  const worker = spawn(process.execPath, [starter, 'work'], {
    env: { ...process.env, DAYBOOK_DATA: app.data },
    stdio: 'ignore',
  });
  await using database = await openDatabase({ sqlite: path.join(app.data, 'daybook.db') });
  const roles = async () =>
    (await database.db.selectFrom('workers').select('role').orderBy('role').execute()).map(({ role }) => role);
  while ((await roles()).length < 2) await sleep(50);
  expect(await roles()).toEqual(['embedded', 'standalone']);
  worker.kill('SIGTERM');
  expect(await once(worker, 'exit')).toEqual([0, null]);
  expect(await roles()).toEqual(['embedded']);
});
