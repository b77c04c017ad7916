import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Wall seconds of one whole process; a failing one fails the bench with what it said. */
export function timed(command: string[], environment: Record<string, string>): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, command, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve((performance.now() - start) / 1000);
      else reject(new Error(`${command.join(' ')} ended with ${code}: ${said.slice(-2000)}`));
    });
  });
}

/**
 * Processor seconds of all processes that this one started, and those they started and waited for, once they have
 * ended; NaN where the system does not tell. Fields 16 and 17 of `/proc/self/stat`, in hundredths of a second.
 */
export function processorOfChildren(): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
