/** The one read of a file: its bytes, its hash, and proof that both are of the same moment. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { MediaError, type OpenedFile } from '#media/media-facts.ts';
import { borrowBuffer } from '#media/read-buffers.ts';

/** Files up to this size are held in memory, so that hash and decoder see the same bytes; larger ones are streamed. */
export const heldInMemoryBytes = 64 * 1024 * 1024;

/** Larger reads gain nothing: 1 MB chunks hash a warm 2 GB file at the speed of SHA-256 alone. */
const streamChunkBytes = 1024 * 1024;

const headBytes = 64 * 1024;

/**
 * Reads and hashes a file, opened for reading only. `moves` is called after each chunk of a large one. Throws `MediaError`: `not_found`, `unreadable`, `empty_file`,
 * or `changed_while_reading` when size or modification time moved under the read.
 */
export async function openFile(filePath: string, signal: AbortSignal, moves?: () => void): Promise<OpenedFile> {
  signal.throwIfAborted();
  try {
    // O_NONBLOCK: opening a named pipe would otherwise wait for a writer for ever. Regular files ignore it.
    await using handle = await open(filePath, constants.O_RDONLY | constants.O_NONBLOCK);
    return await readOpened(handle, filePath, signal, moves);
  } catch (error) {
    throw asMediaError(error, filePath);
  }
}

async function readOpened(
  handle: FileHandle,
  filePath: string,
  signal: AbortSignal,
  moves?: () => void,
): Promise<OpenedFile> {
  const before = await handle.stat({ bigint: true });
  if (!before.isFile()) {
    throw new MediaError(
      'unreadable',
      `Expected a file, found a ${before.isDirectory() ? 'folder' : 'device or pipe'}: leave it out.`,
    );
  }
  const size = Number(before.size);
  if (size === 0) {
    throw new MediaError(
      'empty_file',
      'The file has no content (0 bytes): copy it again from where it came from.',
    );
  }
  const read =
    size <= heldInMemoryBytes
      ? await readWhole(handle, size, signal)
      : await readStreamed(handle, signal, moves);
  const after = await handle.stat({ bigint: true });
  if (read.size_bytes !== size || after.size !== before.size || after.mtimeNs !== before.mtimeNs) {
    throw changedWhileReading();
  }
  return {
    path: filePath,
    name: path.basename(filePath),
    size_bytes: size,
    modified_at: isoMilliseconds(before.mtimeNs),
    sha256: read.sha256,
    bytes: read.bytes,
  };
}

type Read = Pick<OpenedFile, 'size_bytes' | 'sha256' | 'bytes'>;

async function readWhole(handle: FileHandle, size: number, signal: AbortSignal): Promise<Read> {
  // One byte more than the size, so that a file which grew is noticed.
  const bytes = borrowBuffer(size + 1);
  let filled = 0;
  while (filled <= size) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, filled, size + 1 - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  const held = bytes.subarray(0, Math.min(filled, size));
  return { size_bytes: filled, sha256: createHash('sha256').update(held).digest('hex'), bytes: held };
}

async function readStreamed(handle: FileHandle, signal: AbortSignal, moves?: () => void): Promise<Read> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafeSlow(streamChunkBytes);
  let position = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    position += bytesRead;
    moves?.();
  }
  return { size_bytes: position, sha256: hash.digest('hex'), bytes: null };
}

/** Whole milliseconds of a file time in nanoseconds, as UTC text; the finer digits are cut, never rounded up. */
export function isoMilliseconds(nanoseconds: bigint): string {
  return new Temporal.Instant(nanoseconds).toString({ smallestUnit: 'millisecond' });
}

/** Enough of a large file to recognise it by. Throws `MediaError` as `openFile` does. */
export async function readHead(filePath: string): Promise<Uint8Array> {
  try {
    await using handle = await open(filePath, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw asMediaError(error, filePath);
  }
}

export function changedWhileReading(): MediaError {
  return new MediaError(
    'changed_while_reading',
    'The file was being written while it was read: import it again once it is complete.',
  );
}

/** An error of the file system in our words; any other is returned as it came. */
export function asMediaError(error: unknown, filePath: string): unknown {
  if (!(error instanceof Error) || error instanceof MediaError || !('code' in error)) return error;
  const cause = { cause: error };
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    // A name that is not UTF-8 reaches us with U+FFFD in it and can never be opened under that spelling.
    return filePath.includes('\u{FFFD}')
      ? new MediaError(
          'not_found',
          'The name of the file is not valid UTF-8, so it cannot be opened: rename it.',
          cause,
        )
      : new MediaError('not_found', 'The file is no longer there: it was moved, renamed or deleted.', cause);
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new MediaError(
      'unreadable',
      'Reading the file is not permitted: give Daybook the right to read it.',
      cause,
    );
  }
  if (typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code)) {
    return new MediaError(
      'unreadable',
      `The file cannot be read (${error.code}): check the disk or the connection to it.`,
      cause,
    );
  }
  return error;
}
