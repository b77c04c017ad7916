import { readFileSync } from 'node:fs';

/**
 * How many processes the system has killed for want of memory since it started; 0 where it does not say. A worker that
 * ends by SIGKILL while this grows was hardly killed by a person: its item ate the memory.
 */
export function memoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
