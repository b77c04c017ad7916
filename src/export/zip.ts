/**
 * A zip of originals as a stream: each is read from where it stands when its turn comes and the reader has taken what
 * came before. Stored, not deflated: photos and videos hold no air.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { startOf } from '#capture-time/wall-clock.ts';
import { MediaError } from '#media/media-facts.ts';
import { asMediaError } from '#media/open-file.ts';
import {
  centralRecord,
  dataDescriptor,
  endRecords,
  localHeader,
  needsZip64,
  type ZipEntry,
} from './zip-records.ts';

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
  return Readable.from(zipped(files), { objectMode: false, highWaterMark: chunkBytes });
}

async function* zipped(files: AsyncIterable<FileToZip>): AsyncGenerator<Buffer> {
  const table: Buffer[] = [];
  const faults: string[] = [];
  let offset = 0;
  for await (const file of files) {
    for await (const part of entryOf(file, offset)) {
      if ('bytes' in part) {
        yield part.bytes;
        offset += part.bytes.length;
      } else if ('entry' in part) table.push(centralRecord(part.entry));
      else faults.push(`${file.name}\n    ${part.fault}\n`);
    }
  }
  if (faults.length > 0) {
    const bytes = Buffer.from(`These files are not in this zip:\n\n${faults.join('\n')}`);
    const entry: ZipEntry = {
      name: notIncluded,
      modified: Temporal.Now.plainDateTimeISO(),
      offset,
      zip64: false,
      crc32: crc32(bytes),
      size: bytes.length,
    };
    const whole = Buffer.concat([localHeader(entry), bytes, dataDescriptor(entry)]);
    yield whole;
    offset += whole.length;
    table.push(centralRecord(entry));
  }
  const contents = Buffer.concat(table);
  yield contents;
  yield endRecords({ entries: table.length, offset, size: contents.length });
}

/** Bytes for the zip; at the end the line for its table of contents, or why there is none. */
type Part = { bytes: Buffer } | { entry: ZipEntry } | { fault: string };

/**
 * What turns out to be another file only at its end has left its bytes in the zip by then; it is not in the table of
 * contents, and so no program finds it.
 */
async function* entryOf({ name, local, sha256, file }: FileToZip, offset: number): AsyncGenerator<Part> {
  if (file === undefined) return yield { fault: gone().message };
  let handle: FileHandle;
  try {
    // O_NONBLOCK: opening a named pipe would otherwise wait for a writer for ever.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return yield { fault: sentenceOf(error, file) };
  }
  await using _closing = handle;
  const { size, mtimeMs } = await handle.stat();
  const modified = local === null ? onThisClock(mtimeMs) : startOf(local);
  const entry: ZipEntry = { name, modified, offset, zip64: needsZip64(size), crc32: 0, size: 0 };
  const hash = createHash('sha256');
  yield { bytes: localHeader(entry) };
  for (;;) {
    const left = size - entry.size;
    if (left === 0) break;
    const chunk = await readChunk(handle, Math.min(chunkBytes, left)).catch((error: unknown) => error);
    if (!(chunk instanceof Buffer)) return yield { fault: sentenceOf(chunk, file) };
    if (chunk.length === 0) break;
    hash.update(chunk);
    entry.crc32 = crc32(chunk, entry.crc32);
    entry.size += chunk.length;
    yield { bytes: chunk };
  }
  yield { bytes: dataDescriptor(entry) };
  yield hash.digest('hex') === sha256 ? { entry } : { fault: gone().message };
}

async function readChunk(handle: FileHandle, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(bytes), 0, bytes, null);
  return buffer.subarray(0, bytesRead);
}

function onThisClock(milliseconds: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(milliseconds))
    .toZonedDateTimeISO(Temporal.Now.timeZoneId())
    .toPlainDateTime();
}

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
