/** Originals are only ever read: proved by the system, not by looking at the result alone. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { brokenFiles } from '../fixtures/broken.ts';
import { manyPhotos, stampedPhoto } from '../fixtures/stamp.ts';
import { daybook } from '../running-app.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { mayMount, readOnlyView } from './mounts.ts';
import { changedFiles, fingerprints } from './soundness.ts';

const starter = path.join(import.meta.dirname, '../../bin/daybook.js');

/** Three of 22 fail, more than a job takes usually: whether the last ones are known by then would be chance. */
const neverHalts = { DAYBOOK_HALT_PERCENT: '100' };

async function drawAll(folder: string): Promise<void> {
  await mkdir(folder);
  await manyPhotos(folder, 12);
  await stampedPhoto(folder, 'odd\nname[1].png', { seed: 900 });
  await stampedPhoto(folder, 'wrong extension.png', { seed: 901, format: 'jpeg' });
  await brokenFiles(path.join(folder, 'broken'));
}

const hasStrace = (() => {
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Calls that change a file or its folder. `open` only with a flag that lets it write. */
const changes =
  /^\d+ +(?:open(?:at2?)?\(.*(?:O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND)|(?:creat|truncate|rename(?:at2?)?|unlink(?:at)?|rmdir|mkdir(?:at)?|link(?:at)?|chmod|fchmodat2?|l?chown|fchownat|utimensat|utimes?|futimesat|l?setxattr|l?removexattr|mknod(?:at)?)\()/;

test.skipIf(!hasStrace)(
  'no call of an import opens an original for writing, or changes its folder (where strace is installed)',
  async () => {
    await using folder = await temporaryFolder();
    const source = path.join(folder.path, 'source');
    await drawAll(source);
    const before = await fingerprints(source);
    const log = path.join(folder.path, 'calls.txt');
    const traced = spawn(
      'strace',
      [
        '-f',
        '-qq',
        '-s',
        '4096',
        '-e',
        'trace=%file,ftruncate,fchmod,fchown',
        '-o',
        log,
        process.execPath,
        starter,
        'import',
        source,
        '--json',
      ],
      {
        env: { ...process.env, ...neverHalts, DAYBOOK_DATA: path.join(folder.path, 'data') },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    let said = '';
    traced.stdout.on('data', (chunk) => (said += String(chunk)));
    await once(traced, 'close');
    expect(JSON.parse(said)).toMatchObject({ status: 'completed_with_errors' });
    const calls = (await readFile(log, 'utf8')).split('\n').filter((call) => call.includes(source));
    expect(calls.some((call) => call.includes('O_RDONLY'))).toBe(true);
    // A link to an odd name is made elsewhere; it names the original as its target and does not touch it.
    expect(calls.filter((call) => changes.test(call))).toEqual([]);
    expect(await changedFiles(source, before)).toEqual([]);
  },
);

test.skipIf(!mayMount)(
  'an import from a disk that cannot be written says nothing of it and leaves every file as it was',
  async () => {
    await using folder = await temporaryFolder();
    const source = path.join(folder.path, 'source');
    const view = path.join(folder.path, 'view');
    await drawAll(source);
    await mkdir(view);
    const before = await fingerprints(source);
    await using _ = await readOnlyView(source, view);
    const { stdout } = await daybook(['import', view, '--json'], {
      ...neverHalts,
      DAYBOOK_DATA: path.join(folder.path, 'data'),
    });
    const report = JSON.parse(stdout) as { done: number; errors: { code: string; message: string }[] };
    expect(report.done).toBeGreaterThanOrEqual(14);
    expect(report.errors.filter(({ message }) => /EROFS|read-only/i.test(message))).toEqual([]);
    expect(await changedFiles(source, before)).toEqual([]);
  },
);
