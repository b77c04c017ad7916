import { spawn } from 'node:child_process';

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
