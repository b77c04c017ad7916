/** Chromium out of its npm package: unpacked once for this checkout and this version of it, and then reused. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '../..');
const unpack = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;

/**
 * The package unpacks into the folder for temporary files, and takes a file that stands there for whole, also while
 * another process writes it or after one that was killed. So it gets a folder of its own, which gets its name once it is
 * whole; and a process of its own, because a file that somebody has open for writing cannot be run.
 */
export async function unpackedChromium(cache: string): Promise<string> {
  const folder = path.join(cache, `chromium-${await version()}`);
  const program = path.join(folder, 'chromium');
  if (existsSync(program)) return program;
  await mkdir(cache, { recursive: true });
  const unpacking = await mkdtemp(`${folder}-`);
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', unpack], {
      cwd: root,
      env: { ...process.env, TMPDIR: unpacking },
    });
    await rename(unpacking, folder);
  } catch (error) {
    await rm(unpacking, { recursive: true, force: true });
    // Another process was first; both are the same.
    if (!existsSync(program)) throw error;
  }
  return program;
}

async function version(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const manifest = await readFile(path.join(path.dirname(entry), '../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
