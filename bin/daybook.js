#!/usr/bin/env node
// Starts Daybook on the Node that npm installed with it, whichever Node this file is run by. Plain JavaScript that
// any Node since 18 can read.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const main = path.join(root, 'src', 'main.ts');

// Compiled once, read by every later start and by each worker process: a start takes two thirds of the time.
process.env.NODE_COMPILE_CACHE ??= path.join(root, 'node_modules', '.cache', 'daybook');

if (Number(process.versions.node.split('.')[0]) >= 26) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(main);
} else {
  const folder = path.join(root, 'node_modules', 'node', 'bin');
  const node = [path.join(folder, 'node'), path.join(folder, 'node.exe')].find((file) => existsSync(file));
  if (node === undefined) {
    process.stderr.write(
      'Daybook brings its own Node, which is not installed yet. Run "npm ci" in its folder first.\n',
    );
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; a signal sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
