/** Small disks for tests: tmpfs, where this user may mount. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Asked once, while tests are collected. */
export const mayMount: boolean = (() => {
  if (process.platform !== 'linux') return false;
  const folder = mkdtempSync(path.join(tmpdir(), 'daybook-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
})();

export type SmallDisk = {
  path: string;
  grow(kilobytes: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function smallDisk(folder: string, kilobytes: number): Promise<SmallDisk> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', folder]);
  return {
    path: folder,
    async grow(to) {
      await run('mount', ['-o', `remount,size=${to}k`, folder]);
    },
    async [Symbol.asyncDispose]() {
      await run('umount', ['-l', folder]);
    },
  };
}

/** The same tree a second time, which nobody can write to. */
export async function readOnlyView(
  of: string,
  at: string,
): Promise<{ [Symbol.asyncDispose](): Promise<void> }> {
  await run('mount', ['--bind', of, at]);
  await run('mount', ['-o', 'remount,ro,bind', at]);
  return {
    async [Symbol.asyncDispose]() {
      await run('umount', ['-l', at]);
    },
  };
}

/** What is mounted there is gone at once, also for those who have it open; the empty folder stays. */
export async function pull(at: string): Promise<void> {
  await run('umount', ['-l', at]);
}
