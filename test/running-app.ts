/** The real product as a household runs it: `daybook serve` in a process of its own, on an empty data folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from './temporary-folder.ts';

const root = path.join(import.meta.dirname, '..');
const starter = path.join(root, 'bin/daybook.js');

export type RunningApp = {
  url: string;
  data: string;
  process: ChildProcess;
  /** Everything it wrote to stdout and stderr. */
  said(): string;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Starts it and waits until `/api/health` answers. Disposing of it stops it with SIGTERM and removes its data. */
export async function startApp(environment: Record<string, string> = {}): Promise<RunningApp> {
  const folder = await temporaryFolder();
  const port = environment['DAYBOOK_PORT'] ?? String(await freePort());
  const child = spawn(process.execPath, [starter, 'serve'], {
    cwd: folder.path,
    env: { ...process.env, DAYBOOK_DATA: folder.path, ...environment, DAYBOOK_PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const url = `http://127.0.0.1:${port}`;
  const app: RunningApp = {
    url,
    data: folder.path,
    process: child,
    said: () => said,
    async [Symbol.asyncDispose]() {
      await stop(child);
      await folder[Symbol.asyncDispose]();
    },
  };
  try {
    await untilHealthy(app);
  } catch (error) {
    await app[Symbol.asyncDispose]();
    throw error;
  }
  return app;
}

/** Runs one command of the command line to its end. */
export async function daybook(arguments_: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [starter, ...arguments_], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

async function untilHealthy(app: RunningApp): Promise<void> {
  for (;;) {
    if (app.process.exitCode !== null) throw new Error(`daybook serve ended: ${app.said()}`);
    try {
      const answer = await fetch(`${app.url}/api/health`);
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(50);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const ended = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(late);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return address.port;
}
