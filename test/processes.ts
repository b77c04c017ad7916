/** Processes of the product under test: started, killed at any moment, started again, and none left behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export type Running = {
  child: ChildProcess;
  /** Everything it wrote to stdout and stderr. */
  said(): string;
};

/** None outlives this process, however it ends. */
const started = new Set<ChildProcess>();
process.on('exit', () => {
  for (const { pid } of started) for (const each of [...descendants(pid ?? 0), pid]) kill(each);
});

/** A script with its arguments on the Node of this process; whoever starts it stops it. */
export function start(
  script: [file: string, ...given: string[]],
  { cwd, environment }: { cwd?: string; environment: Record<string, string> },
): Running {
  const child = spawn(process.execPath, script, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  child.on('exit', () => started.delete(child));
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  return { child, said: () => said };
}

export function isRunning({ child }: Running): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Resolves when the process is gone. */
export async function untilGone(running: Running): Promise<void> {
  if (isRunning(running)) await once(running.child, 'exit');
}

/** SIGTERM, and SIGKILL after the limit. Resolves to the exit code, null when it had to be killed. */
export async function stop(running: Running, limitMs: number): Promise<number | null> {
  running.child.kill('SIGTERM');
  const late = setTimeout(() => {
    for (const pid of [...descendants(running.child.pid ?? 0), running.child.pid]) kill(pid);
  }, limitMs);
  await untilGone(running);
  clearTimeout(late);
  return running.child.exitCode;
}

/** The processes that this one started itself. */
export function childrenOf(pid: number): number[] {
  try {
    const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return listed.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

export function descendants(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendants(child)]);
}

/** SIGKILL; a process that is gone already is no fault. */
export function kill(pid: number | undefined): void {
  if (pid === undefined || pid === 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone.
  }
}

/** The letter of its state (`R` running, `Z` waiting to be buried …), or `gone`. */
export function stateOf(pid: number | null): string {
  try {
    return /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? 'gone';
  } catch {
    return 'gone';
  }
}

/** Alive, and not merely waiting to be buried. */
export function isAlive(pid: number): boolean {
  return !['Z', 'X', 'gone'].includes(stateOf(pid));
}

/** A process and not only its number: numbers are given again, within half an hour of killing even on a quiet machine. */
export type Seen = { pid: number; started: string };

export function see(pid: number): Seen {
  return { pid, started: startOf(pid) };
}

export function isStillThere({ pid, started }: Seen): boolean {
  return started !== 'gone' && isAlive(pid) && startOf(pid) === started;
}

/** Ticks since the machine started, or `gone`. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'gone';
  } catch {
    return 'gone';
  }
}

/** Those of these processes that are still there after the limit. */
export async function leftAfter(seen: readonly Seen[], limitMs: number): Promise<Seen[]> {
  const limit = performance.now() + limitMs;
  let left = seen.filter(isStillThere);
  while (left.length > 0 && performance.now() < limit) {
    await sleep(50);
    left = left.filter(isStillThere);
  }
  return left;
}

export function lastWords({ said }: Running): string {
  return said().slice(-4000);
}

export async function untilHealthy(running: Running, url: string, limitMs: number): Promise<void> {
  const limit = performance.now() + limitMs;
  while (performance.now() < limit) {
    if (!isRunning(running)) throw new Error(`The server ended: ${lastWords(running)}`);
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error(`The server did not answer within ${limitMs / 1000} s: ${lastWords(running)}`);
}
