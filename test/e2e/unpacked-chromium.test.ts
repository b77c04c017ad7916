import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { unpackedChromium } from './unpacked-chromium.ts';

test('two processes that both find no browser both get one that runs, and leave nothing else', async () => {
  await using cache = await temporaryFolder();
  const programs = await Promise.all([unpackedChromium(cache.path), unpackedChromium(cache.path)]);
  for (const program of programs) {
    const { stdout } = await promisify(execFile)(program, ['--version']);
    expect(stdout).toMatch(/\d+\.\d+/);
  }
  const [folder, ...others] = await readdir(cache.path);
  expect(others).toEqual([]);
  expect(programs).toEqual(Array(2).fill(path.join(cache.path, folder ?? '', 'chromium')));
});
