import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testLedger } from './fixture.ts';
import { superviseWorker } from './supervisor.ts';

test('a process that dies with a ping unanswered is replaced at once, not after the limit for hanging', async () => {
  await using test = await testLedger('sqlite');
  await using supervisor = await superviseWorker({
    ledger: test.ledger,
    entry: new URL('supervisor.fixture.ts', import.meta.url),
    args: [],
    env: { ...process.env, TEST_DATABASE: JSON.stringify(test.address) },
    hang_limit_seconds: 400,
    stop_limit_seconds: 5,
    onEvent() {},
  });
  while (!supervisor.health.alive) await sleep(10);
  const pid = supervisor.health.pid!;
  process.kill(pid, 'SIGSTOP');
  // It is asked every five seconds.
  await sleep(6000);
  process.kill(pid, 'SIGKILL');
  const began = performance.now();
  while (supervisor.health.restarts === 0 || !supervisor.health.alive) await sleep(10);
  expect(performance.now() - began).toBeLessThan(200_000);
});
