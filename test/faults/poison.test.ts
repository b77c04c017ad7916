/** Items that take their process down, in the whole product: the job goes on, and the web process never notices. */
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { onlyOwner, openApp } from '#app.ts';
import { readConfig } from '#config.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openHouse } from './house.ts';
import { isRunning } from '../processes.ts';
import { untilStatus } from '../requests.ts';
import { unsound } from './soundness.ts';
import { createEffects, testKindName, type Fate, type TestInput } from './test-kind.ts';

const fates: readonly Fate[] = ['abort', 'segv', 'busy', 'deaf'];

test('an item that crashes or hangs its process costs itself alone, and the web process never notices', async () => {
  await using folder = await temporaryFolder();
  const environment = { DAYBOOK_DATA: path.join(folder.path, 'data'), DAYBOOK_ITEM_LIMIT_SECONDS: '1' };
  await using app = await openApp(readConfig(environment));
  await createEffects(app.db);
  await using house = await openHouse(environment.DAYBOOK_DATA, {
    ...environment,
    DAYBOOK_HALT_MINIMUM: '1000000',
  });
  const serverPid = house.running.child.pid;
  const innocent = Array.from({ length: 120 }, (_, n) => `item ${n + 1}`);
  const input: TestInput = { each_ms: 5 };
  const labels = [...innocent, ...fates.map((fate) => `${fate} its process`)];
  const id = await app.ledger.create({
    owner: onlyOwner,
    kind: testKindName,
    label: 'Poison',
    input,
    items: labels.map((label) => ({ key: label, label })),
  });

  const over = new AbortController();
  const asked = { times: 0, faults: [] as string[] };
  const polling = (async () => {
    while (!over.signal.aborted) {
      for (const address of ['/api/health', `/api/progress/${id}`]) {
        const answer = await fetch(`${house.url}${address}`).catch((error: unknown) => String(error));
        asked.times += 1;
        if (typeof answer === 'string') asked.faults.push(answer);
        else if (!answer.ok) asked.faults.push(`${address}: ${answer.status}`);
      }
      await sleep(20);
    }
  })();
  await untilStatus(house.url, id, ['completed_with_errors'], 300_000);
  over.abort();
  await polling;

  expect(asked.faults).toEqual([]);
  expect(asked.times).toBeGreaterThan(20);
  expect(isRunning(house.running)).toBe(true);
  expect(house.running.child.pid).toBe(serverPid);
  const job = { id, owner: onlyOwner };
  const failed = await app.ledger.items({ job, state: 'failed', limit: 10 });
  // Three of them begin together and share the first crash; each is then tried again alone.
  const codes = Object.fromEntries(
    failed.items.map(({ label, error_code, attempt }) => [label.split(' ')[0], { error_code, attempt }]),
  );
  expect(codes).toEqual({
    abort: { error_code: 'worker_crashed', attempt: 2 },
    segv: { error_code: 'worker_crashed', attempt: 2 },
    busy: { error_code: 'timed_out', attempt: 2 },
    deaf: { error_code: 'timed_out', attempt: 2 },
  });
  expect((await app.ledger.get(job)).done).toBe(innocent.length);
  expect(await unsound(app)).toEqual([]);
});
