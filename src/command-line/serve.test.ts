import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { daybook, freePort, startApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

test('SIGTERM ends the server and its worker, with exit code 0', async () => {
  const app = await startApp();
  app.process.kill('SIGTERM');
  const [code] = (await once(app.process, 'exit')) as [number | null];
  expect(code).toBe(0);
  await app[Symbol.asyncDispose]();
});

test('a server whose npm is gone stops by itself', async () => {
  await using folder = await temporaryFolder();
  const port = String(await freePort());
  const starter = path.join(import.meta.dirname, '../../bin/daybook.js');
  // As npm does: a shell between it and the server, which dies of a signal without passing it on.
  const shell = spawn('sh', ['-c', `"${process.execPath}" "${starter}" serve; true`], {
    env: { ...process.env, npm_lifecycle_event: 'start', DAYBOOK_DATA: folder.path, DAYBOOK_PORT: port },
    stdio: 'ignore',
  });
  await untilAnswer(port, true);
  shell.kill('SIGKILL');
  await untilAnswer(port, false);
});

test('a server whose data folder is gone says so and stops', async () => {
  const app = await startApp();
  const moved = `${app.data}-moved`;
  await rename(app.data, moved);
  const [code] = (await once(app.process, 'exit')) as [number | null];
  expect(code).toBe(1);
  expect(app.said()).toContain(`The data folder ${app.data} is gone`);
  await rename(moved, app.data);
  await app[Symbol.asyncDispose]();
});

test('a port that is taken is told with what to do', async () => {
  await using app = await startApp();
  const second = await daybook(['serve'], {
    DAYBOOK_DATA: path.join(app.data, 'second'),
    DAYBOOK_PORT: new URL(app.url).port,
  });
  expect(second.code).toBe(2);
  expect(second.stderr).toContain('DAYBOOK_PORT');
});

test('bad settings and bad words are refused before anything begins', async () => {
  expect(await daybook(['serve'], { DAYBOOK_PORT: 'x' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('DAYBOOK_PORT') as string,
  });
  expect(await daybook(['import'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('missing required argument') as string,
  });
  expect(await daybook(['nonsense'])).toMatchObject({ code: 2 });
  for (const command of ['serve', 'work', 'import', 'inspect', 'doctor']) {
    expect(await daybook([command, '--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`daybook ${command}`) as string,
    });
  }
});

async function untilAnswer(port: string, wanted: boolean): Promise<void> {
  for (;;) {
    const answers = await fetch(`http://127.0.0.1:${port}/api/health`).then(
      () => true,
      () => false,
    );
    if (answers === wanted) return;
    await sleep(100);
  }
}
