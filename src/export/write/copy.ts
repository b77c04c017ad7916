/** Reading originals and copies: opened for reading only, hashed as they are read. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { asMediaError, changedWhileReading } from '#media/open-file.ts';
import type { Working } from '#media/write-tags.ts';

/** As large as the reads of an import. */
const chunkBytes = 1024 * 1024;

export type Copied = { sha256: string; size_bytes: number; modified: Date };

/**
 * Copies a file in one read. The hash is that of the bytes that were read; whether they arrived is for a read of the
 * copy to say. Throws `MediaError` for what is wrong with the source, and errors of the system for the copy.
 */
export async function copyHashed(source: string, to: string, working: Working): Promise<Copied> {
  await using copy = await open(to, 'wx');
  // Awaited here, or the copy would be closed under its hands.
  return await readThrough(source, working, async (chunk) => {
    for (let written = 0; written < chunk.length;) {
      written += (await copy.write(chunk, written)).bytesWritten;
    }
  });
}

/** Throws `MediaError` when the file is not there or cannot be read. */
export async function hashFile(file: string, working: Working): Promise<Copied> {
  return readThrough(file, working, async () => {});
}

async function readThrough(
  file: string,
  { signal, moves }: Working,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<Copied> {
  const reading = <Value>(act: () => Promise<Value>): Promise<Value> =>
    act().catch((error: unknown) => {
      throw asMediaError(error, file);
    });
  // O_NONBLOCK: opening a named pipe would otherwise wait for a writer for ever.
  await using handle: FileHandle = await reading(() => open(file, constants.O_RDONLY | constants.O_NONBLOCK));
  const before = await reading(() => handle.stat({ bigint: true }));
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, Number(before.size) + 1));
  let size_bytes = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await reading(() => handle.read(chunk, 0, chunk.length, size_bytes));
    if (bytesRead === 0) break;
    const read = chunk.subarray(0, bytesRead);
    hash.update(read);
    await take(read);
    size_bytes += bytesRead;
    moves();
  }
  const after = await reading(() => handle.stat({ bigint: true }));
  if (BigInt(size_bytes) !== before.size || after.mtimeNs !== before.mtimeNs) throw changedWhileReading();
  return { sha256: hash.digest('hex'), size_bytes, modified: new Date(Number(before.mtimeMs)) };
}
