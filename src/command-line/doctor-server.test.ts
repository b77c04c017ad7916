import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/database.ts';
import { daybook, freePort, startApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

type Report = { findings: { check: string; ok: boolean; detail: string; todo: string | null }[] };

async function serverFinding(data: string, port: string) {
  const { stdout } = await daybook(['doctor', '--json'], { DAYBOOK_DATA: data, DAYBOOK_PORT: port });
  return (JSON.parse(stdout) as Report).findings.find(({ check }) => check === 'server');
}

test('doctor proves the worker of the server of these data, whatever its port', async () => {
  await using app = await startApp();
  // Another port than the server's: where it is asked stands in the data folder.
  const asked = await serverFinding(app.data, String(await freePort()));
  expect(asked).toMatchObject({ ok: true, todo: null });
  expect(asked?.detail).toMatch(new RegExp(`^at ${app.url}; its worker answered in \\d+ ms$`));

  await using database = await openDatabase({ sqlite: `${app.data}/daybook.db` });
  const { pid } = await database.db.selectFrom('workers').select('pid').executeTakeFirstOrThrow();
  // Its row is fresh, its process is there; it does not work.
  process.kill(pid, 'SIGSTOP');
  expect(await serverFinding(app.data, '1')).toMatchObject({
    ok: false,
    detail: expect.stringContaining('did not answer') as string,
    todo: expect.stringContaining('started again') as string,
  });
  process.kill(pid, 'SIGKILL');
  for (;;) {
    const { worker } = (await (await fetch(`${app.url}/api/health`)).json()) as { worker: { ok: boolean } };
    if (worker.ok) break;
    await sleep(50);
  }
  expect(await serverFinding(app.data, '1')).toMatchObject({
    ok: true,
    detail: expect.stringMatching(/, restarted once$/) as string,
  });

  app.process.kill('SIGKILL');
  await once(app.process, 'exit');
  // What the killed one left behind deceives nobody.
  expect(await serverFinding(app.data, '1')).toMatchObject({
    ok: true,
    detail: 'none runs now; "daybook serve" starts one',
  });
});

test('doctor says when something else has the port', async () => {
  await using data = await temporaryFolder();
  const port = await freePort();
  const other = createServer((_request, answer) => answer.end('hello')).listen(port, '127.0.0.1');
  await once(other, 'listening');
  expect(await serverFinding(data.path, String(port))).toMatchObject({
    ok: false,
    detail: `something else answers at http://127.0.0.1:${port}`,
  });
  other.close();
});
