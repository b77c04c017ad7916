/**
 * A zip of originals as a stream: each is read from where it stands when its turn comes and the reader has taken what
 * came before. Stored, not deflated: photos and videos hold no air. ZIP64 where sizes ask for it.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { addAbortSignal, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
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

/** Tells which files are not in the zip, and why. Stands in it only if there are any. */
export const notIncluded = 'not-included.txt';

/** Small enough that hashing one holds up no other request for as long as a millisecond. */
const chunkBytes = 256 * 1024;

/**
 * Ends with the last file. A file that cannot be read, or does not hold the bytes of its asset, is left out and told in
 * `not-included.txt`; only a fault of `files` itself breaks the zip. Destroying the stream closes what is open.
 */
export function zipStream(files: AsyncIterable<FileToZip>): Readable {
  const zip = new ZipFile();
  // What yazl calls readable is a PassThrough.
  const stream = zip.outputStream as Readable;
  const stop = new AbortController();
  stream.once('close', () => stop.abort());
  fill(zip, files, stop.signal).catch((error: unknown) => stream.destroy(error as Error));
  return stream;
}

async function fill(zip: ZipFile, files: AsyncIterable<FileToZip>, signal: AbortSignal): Promise<void> {
  const faults: string[] = [];
  const spoilt = new Set<unknown>();
  for await (const file of files) {
    signal.throwIfAborted();
    const fault = await addFile(zip, file, spoilt, signal);
    if (fault !== undefined) faults.push(`${file.name}\n    ${fault}\n`);
  }
  if (faults.length > 0) {
    // This entry comes after all others, so that none of them is in the making when it is asked for.
    zip.addReadStreamLazy(notIncluded, { compress: false, forceDosTimestamp: true }, (add) => {
      takeOut(zip, spoilt);
      add(null, Readable.from([Buffer.from(`These files are not in this zip:\n\n${faults.join('\n')}`)]));
    });
  }
  zip.end();
}

/** Resolves when it was handed on to its last byte, or to the reason why it is not in the zip. */
async function addFile(
  zip: ZipFile,
  { name, local, sha256, file }: FileToZip,
  spoilt: Set<unknown>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    if (file === undefined) throw gone();
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const { mtime } = await handle.stat();
    const reading: Reading = { fault: undefined };
    const bytes = Readable.from(readVerified(handle, sha256, reading), { objectMode: false });
    addAbortSignal(signal, bytes);
    zip.addReadStream(bytes, name, {
      compress: false,
      // The other form holds an instant, which whoever unpacks it would see on the clock of another place.
      forceDosTimestamp: true,
      mtime: local === null ? mtime : new WallClockDate(local),
    });
    await finished(bytes);
    if (reading.fault === undefined) return undefined;
    spoilt.add(entriesOf(zip).at(-1));
    throw reading.fault;
  } catch (error) {
    const known = asMediaError(error, file ?? '');
    if (known instanceof MediaError) return known.message;
    throw error;
  }
}

type Reading = { fault: unknown };

/** A fault ends the bytes early and is told in `reading`: to throw it would break the zip. */
async function* readVerified(handle: FileHandle, sha256: string, reading: Reading): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  try {
    for (;;) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest('hex') !== sha256) reading.fault = gone();
  } catch (error) {
    reading.fault = error;
  }
}

function gone(): MediaError {
  return new MediaError(
    'not_found',
    'The file is no longer where it was met, or was changed since. Connect its disk, or import it again from its new place.',
  );
}

/** The table of contents that yazl writes at the end: an entry that is not in it is not in the zip. */
function entriesOf(zip: ZipFile): unknown[] {
  return (zip as unknown as { entries: unknown[] }).entries;
}

function takeOut(zip: ZipFile, spoilt: ReadonlySet<unknown>): void {
  const kept = entriesOf(zip).filter((entry) => !spoilt.has(entry));
  entriesOf(zip).splice(0, Infinity, ...kept);
}

/** yazl writes what a `Date` says on the clock of this computer; this one says what the clock at the place showed. */
class WallClockDate extends Date {
  constructor(local: string) {
    super(startOf(local).toZonedDateTime('UTC').epochMilliseconds);
  }
  override getFullYear(): number {
    return this.getUTCFullYear();
  }
  override getMonth(): number {
    return this.getUTCMonth();
  }
  override getDate(): number {
    return this.getUTCDate();
  }
  override getHours(): number {
    return this.getUTCHours();
  }
  override getMinutes(): number {
    return this.getUTCMinutes();
  }
  override getSeconds(): number {
    return this.getUTCSeconds();
  }
}
