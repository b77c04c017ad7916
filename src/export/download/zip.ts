/**
 * A zip of originals as a stream: each is read from where it stands when its turn comes and the reader has taken what
 * came before. Stored, not deflated: photos and videos hold no air.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { makeZip } from 'client-zip';
import { startOf } from '#capture-time/wall-clock.ts';
import { MediaError } from '#media/media-facts.ts';
import { asMediaError } from '#media/open-file.ts';

export type FileToZip = {
  /** In the zip, with `/`. */
  name: string;
  /** The capture time as the wall clock at the place showed it, as far as known. */
  local: string | null;
  sha256: string;
  /** Where it stands; undefined when no place holds it any more. */
  file: string | undefined;
};

/** Tells which files are not in the zip or not as they were, and why. Stands in it only if there are any. */
export const notIncluded = 'not-included.txt';

/** Small enough that hashing one holds up no other request for as long as a millisecond. */
const chunkBytes = 256 * 1024;

/**
 * Ends with the last file. A file that cannot be opened is left out and told in `not-included.txt`, where stands, too,
 * which one turned out at its end to hold other bytes than its asset. A disk that fails half-way through a file, or a
 * fault of `files` itself, breaks the zip. Destroying the stream closes what is open.
 */
export function zipStream(files: AsyncIterable<FileToZip>): Readable {
  return Readable.fromWeb(makeZip(entries(files)) as ReadableStream<Uint8Array>);
}

type Entry = { name: string; lastModified: Date; input: AsyncIterable<Buffer> };

async function* entries(files: AsyncIterable<FileToZip>): AsyncGenerator<Entry> {
  const faults: string[] = [];
  for await (const { name, local, sha256, file } of files) {
    const tell = (fault: string) => faults.push(`${name}\n    ${fault}\n`);
    let opened: OpenedFile;
    try {
      if (file === undefined) throw gone();
      opened = await openFile(file);
    } catch (error) {
      tell(sentenceOf(error, file ?? name));
      continue;
    }
    await using handle = opened.handle;
    // The next is asked for when this one was read to its end, and the end is asked for when the reader leaves.
    yield {
      name,
      lastModified: local === null ? opened.modified : onThisClock(local),
      input: bytesOf(handle, (hash) => hash !== sha256 && tell(changed)),
    };
  }
  if (faults.length === 0) return;
  const text = `These files are not in this zip, or not as they were imported:\n\n${faults.join('\n')}`;
  yield { name: notIncluded, lastModified: new Date(), input: once(Buffer.from(text)) };
}

type OpenedFile = { handle: FileHandle; modified: Date };

/** Throws for what is no file. O_NONBLOCK: opening a named pipe would otherwise wait for a writer for ever. */
async function openFile(file: string): Promise<OpenedFile> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await handle.stat();
  if (stats.isFile()) return { handle, modified: stats.mtime };
  await handle.close();
  throw new MediaError('unreadable', 'The file cannot be read: it is no file any more.');
}

async function* bytesOf(handle: FileHandle, atEnd: (sha256: string) => void): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for (;;) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(chunkBytes), 0, chunkBytes, null);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    yield chunk;
  }
  atEnd(hash.digest('hex'));
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** A zip has no zones: what it says is what a `Date` shows on the clock of this computer. Its years begin in 1980. */
function onThisClock(local: string): Date {
  const { year, month, day, hour, minute, second } = startOf(local);
  return year < 1980 ? new Date(1980, 0, 1) : new Date(year, month - 1, day, hour, minute, second);
}

const changed = 'The file is in this zip, but it does not hold the bytes that were imported any more.';

function gone(): MediaError {
  return new MediaError(
    'not_found',
    'The file is no longer where it was met, or was changed since. Connect its disk, or import it again from its new place.',
  );
}

function sentenceOf(error: unknown, file: string): string {
  const known = asMediaError(error, file);
  if (known instanceof MediaError) return known.message;
  throw error;
}
