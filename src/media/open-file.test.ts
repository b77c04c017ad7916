import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, chmod, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { heldInMemoryBytes, isoMilliseconds, openFile } from '#media/open-file.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

const { signal } = new AbortController();

describe('opening a file', () => {
  test('gives name, size, time in UTC and the SHA-256 of its bytes', async () => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.path, 'Ünïcode name.jpg');
    await writeFile(file, 'abc');
    await utimes(file, 1_600_000_000.25, 1_600_000_000.25);
    const opened = await openFile(file, signal);
    expect(opened).toMatchObject({
      path: file,
      name: 'Ünïcode name.jpg',
      size_bytes: 3,
      modified_at: '2020-09-13T12:26:40.250Z',
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
    expect(Buffer.from(opened.bytes!).toString()).toBe('abc');
  });

  test('streams a file above 64 MB, to the same hash', async () => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.path, 'long.mov');
    await writeFile(file, 'start');
    await truncate(file, heldInMemoryBytes + 1);
    const opened = await openFile(file, signal);
    const expected = createHash('sha256')
      .update('start')
      .update(Buffer.alloc(heldInMemoryBytes - 4));
    expect(opened.bytes).toBeNull();
    expect(opened.sha256).toBe(expected.digest('hex'));
  });

  test('cuts a file time to milliseconds, also before 1970', () => {
    expect(isoMilliseconds(1_999_999n)).toBe('1970-01-01T00:00:00.001Z');
    expect(isoMilliseconds(-1n)).toBe('1969-12-31T23:59:59.999Z');
  });

  test('refuses an empty file', async () => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.path, 'empty.jpg');
    await writeFile(file, '');
    await expect(openFile(file, signal)).rejects.toMatchObject({ name: 'MediaError', code: 'empty_file' });
  });

  test('says that a file is gone, and that a name is not UTF-8', async () => {
    const gone = openFile('/nowhere/photo.jpg', signal);
    await expect(gone).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringMatching(/no longer there/),
    });
    const unnamed = openFile('/nowhere/caf\u{FFFD}.jpg', signal);
    await expect(unnamed).rejects.toMatchObject({ code: 'not_found', message: expect.stringMatching(/UTF-8/) });
  });

  test('refuses folders and pipes without waiting for a writer', async () => {
    await using folder = await temporaryFolder();
    const pipe = path.join(folder.path, 'pipe.jpg');
    execFileSync('mkfifo', [pipe]);
    await expect(openFile(pipe, signal)).rejects.toMatchObject({ code: 'unreadable' });
    await expect(openFile(folder.path, signal)).rejects.toMatchObject({ code: 'unreadable' });
  });

  test.skipIf(process.getuid?.() === 0)(
    'says that reading is not permitted (not shown to root, who may)',
    async () => {
      await using folder = await temporaryFolder();
      const file = path.join(folder.path, 'secret.jpg');
      await writeFile(file, 'abc');
      await chmod(file, 0);
      await expect(openFile(file, signal)).rejects.toMatchObject({ code: 'unreadable' });
    },
  );

  test('notices a file that grows while it is read', async () => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.path, 'growing.mov');
    await writeFile(file, 'start');
    await truncate(file, heldInMemoryBytes * 4);
    const reading = openFile(file, signal).then(
      () => 'read',
      (error: unknown) => error,
    );
    let outcome: unknown = null;
    while (outcome === null) {
      await appendFile(file, 'more');
      outcome = await Promise.race([reading, setImmediate(null)]);
    }
    expect(outcome).toMatchObject({ code: 'changed_while_reading' });
  });

  test('stops when it is told to', async () => {
    await expect(openFile('/etc/hostname', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
