import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/database.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

const starter = path.join(import.meta.dirname, '../../bin/daybook.js');

test('a worker that dies under "daybook work" is replaced at once, and SIGTERM ends both', async () => {
  await using data = await temporaryFolder();
  const child = spawn(process.execPath, [starter, 'work'], {
    env: { ...process.env, DAYBOOK_DATA: data.path, DAYBOOK_LOG_LEVEL: 'error' },
    stdio: 'ignore',
  });
  await using database = await openDatabase({ sqlite: path.join(data.path, 'daybook.db') });
  const working = async (other: number) => {
    for (;;) {
      const rows = await database.db.selectFrom('workers').select(['pid', 'role']).execute();
      const [worker] = rows;
      if (rows.length === 1 && worker !== undefined && worker.pid !== other) return worker;
      await sleep(20);
    }
  };
  const first = await working(0);
  expect(first.role).toBe('standalone');
  // In a process of its own: what takes it down does not take down who restarts it.
  expect(first.pid).not.toBe(child.pid);
  process.kill(first.pid, 'SIGKILL');
  const second = await working(first.pid);
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(() => process.kill(second.pid, 0)).toThrow('ESRCH');
  expect(await database.db.selectFrom('workers').selectAll().execute()).toEqual([]);
});
