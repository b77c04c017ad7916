import { readFileSync } from 'node:fs';

/** Ticks per second of `/proc/<pid>/stat`; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;
/** The start of a process is known to the second only; a clock may have been set a little. */
const slackMs = 2000;

/**
 * Is the process that had this number at that time still there? Numbers are given again, in a restarted container
 * even the same ones at once; where the system says when a process started (Linux), one that started later is
 * another. One that has ended and waits for its parent to take notice (an orphan in a container whose first process
 * never does) does no more work: it is gone. Elsewhere a number that is taken counts as alive, and its leases end
 * with their time.
 */
export function processAlive(pid: number, registeredAt: Date): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const known = stateAndStart(pid);
  if (known === undefined) return true;
  return !endedStates.has(known.state) && known.startedAt <= registeredAt.getTime() + slackMs;
}

/** Zombie and dead. */
const endedStates = new Set(['Z', 'X']);

/** The letter of its state and milliseconds since 1970, or undefined where `/proc` does not tell. */
function stateAndStart(pid: number): { state: string; startedAt: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in parentheses and may hold anything; fields 3 and 22 of the whole are the 1st and 20th after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[19]);
    const bootSeconds = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]);
    const startedAt = (bootSeconds + ticks / ticksPerSecond) * 1000;
    return Number.isFinite(startedAt) ? { state: fields[0] ?? '', startedAt } : undefined;
  } catch {
    return undefined;
  }
}
