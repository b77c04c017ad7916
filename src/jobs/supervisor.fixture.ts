/** The process under the supervisor in its tests: a worker of items that behave as their label says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type DatabaseAddress } from '#db/database.ts';
import { usual, writesEffects } from './fixture-effects.ts';
import { defineJobKind, jobKinds } from './kinds.ts';
import { openLedger } from './ledger.ts';
import { runWorkerProcess } from './worker-process.ts';
import { startWorker } from './worker.ts';

const address = JSON.parse(process.env['TEST_DATABASE'] ?? '') as DatabaseAddress;

const kind = defineJobKind({
  ...writesEffects,
  name: 'test',
  async process(item) {
    if (item.label.startsWith('crash')) process.kill(process.pid, 'SIGSEGV');
    if (item.label.startsWith('hang')) for (;;);
    if (item.label.startsWith('deaf')) await new Promise(() => {});
    await sleep(1);
    return { outcome: 'done', result: null } as const;
  },
});

await runWorkerProcess({
  stop_limit_seconds: Number(process.env['TEST_STOP_LIMIT_SECONDS'] ?? 5),
  async open(restart) {
    const database = await openDatabase(address);
    const ledger = openLedger(database.db, database.engine, { ...usual, halt_minimum: 1_000_000 });
    const worker = await startWorker({
      ledger,
      kinds: jobKinds(kind),
      role: 'test',
      concurrency: 4,
      settle_group: 10,
      item_limit_seconds: 1,
      onFault: (doing, error) => console.error(doing, error),
      onUnresponsive: restart,
    });
    return { worker, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  },
});
