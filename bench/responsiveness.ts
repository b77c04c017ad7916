/**
 * How quickly the web process answers `/api/progress/:id` while an import runs flat out, beside the same question to
 * an idle server in the same run. Aim: p99 ≤ 25 ms.
 *
 *   npm run bench:web [-- --files 200]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { drawHeavyPhotos, machineLine, quantile } from './photos.ts';

const { values } = parseArgs({ options: { files: { type: 'string', default: '200' } } });
const port = 20_000 + Math.floor(Math.random() * 20_000);
const url = `http://127.0.0.1:${port}`;
const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
const photos = path.join(folder, 'photos');
await drawHeavyPhotos(photos, Number(values.files));
const server = spawn(process.execPath, [path.join(import.meta.dirname, '../bin/daybook.js'), 'serve'], {
  env: { ...process.env, DAYBOOK_DATA: path.join(folder, 'data'), DAYBOOK_PORT: String(port) },
  stdio: 'ignore',
});
try {
  while (!(await fetch(`${url}/api/health`).catch(() => undefined))?.ok) await sleep(100);
  const answer = await fetch(`${url}/api/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paths: [photos] }),
  });
  const { id } = (await answer.json()) as { id: string };
  const busy: number[] = [];
  while ((await ask(id, busy)) === null) await sleep(20);
  const idle: number[] = [];
  for (let n = 0; n < 200; n++) {
    await ask(id, idle);
    await sleep(5);
  }
  process.stdout.write(
    [machineLine(), line('importing', busy), line('idle', idle), 'command  npm run bench:web', ''].join('\n'),
  );
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  await rm(folder, { recursive: true, force: true });
}

async function ask(id: string, milliseconds: number[]): Promise<unknown> {
  const start = performance.now();
  const answer = await fetch(`${url}/api/progress/${id}`);
  const { summary } = (await answer.json()) as { summary: unknown };
  milliseconds.push(performance.now() - start);
  return summary;
}

function line(when: string, milliseconds: number[]): string {
  const [p50, p99] = [quantile(milliseconds, 0.5), quantile(milliseconds, 0.99)];
  return `${when.padEnd(9)}p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms over ${milliseconds.length} answers`;
}
