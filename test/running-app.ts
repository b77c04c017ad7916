/** The real product as a household runs it: `daybook serve` in a process of its own, on an empty data folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { start, stop, untilHealthy } from './processes.ts';
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
  const running = start([starter, 'serve'], {
    cwd: folder.path,
    environment: { DAYBOOK_DATA: folder.path, ...environment, DAYBOOK_PORT: port },
  });
  const url = `http://127.0.0.1:${port}`;
  const app: RunningApp = {
    url,
    data: folder.path,
    process: running.child,
    said: running.said,
    async [Symbol.asyncDispose]() {
      await stop(running, 15_000);
      await folder[Symbol.asyncDispose]();
    },
  };
  try {
    await untilHealthy(running, url, 60_000);
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

let asked = 0;

/**
 * Below those that the system gives to whoever asks for any (32768 and up): one of these may be somebody else's before a
 * program that takes a second to start listens on it. Each process has a hundred of its own.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + (process.pid % 100) * 100 + (asked % 100);
    asked += 1;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
