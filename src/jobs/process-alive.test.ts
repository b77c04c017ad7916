import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { processAlive } from './process-alive.ts';

test('this process is alive, one that came to its number later is another, a free number is nobody', () => {
  expect(processAlive(process.pid, new Date())).toBe(true);
  expect(processAlive(2 ** 30, new Date())).toBe(false);
  if (process.platform === 'linux') expect(processAlive(process.pid, new Date(0))).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'a process that was killed and that nobody has buried is not alive',
  async () => {
    // A shell that becomes `sleep` never asks after the child it started before.
    const parent = spawn('sh', ['-c', 'sleep 300 & echo $!; exec sleep 300'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = Number(String(said).trim());
    expect(processAlive(child, new Date())).toBe(true);
    const limit = performance.now() + 60_000;
    // As a shell it might still bury the child.
    const isShell = () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim() !== 'sleep';
    while (isShell() && performance.now() < limit) await sleep(5);
    process.kill(child, 'SIGKILL');
    while (processAlive(child, new Date()) && performance.now() < limit) await sleep(5);
    // The number is still taken.
    expect(() => process.kill(child, 0)).not.toThrow();
    expect(processAlive(child, new Date())).toBe(false);
    parent.kill('SIGKILL');
  },
);
