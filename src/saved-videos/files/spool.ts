/** A file that is sent, put aside until it has arrived whole: what breaks off on its way changes nothing. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';

export type SpooledFile = {
  /** From its beginning, as often as is wanted. */
  read(): Readable;
  [Symbol.asyncDispose](): Promise<void>;
};

export class FileTooLarge extends Error {}

/** Throws `FileTooLarge`, and whatever broke the stream. The file is gone once it is disposed of. */
export async function spool(
  body: AsyncIterable<Uint8Array>,
  folder: string,
  maxBytes: number,
): Promise<SpooledFile> {
  const file = path.join(folder, `list-${randomUUID()}`);
  const remove = () => rm(file, { force: true });
  try {
    await using handle = await open(file, 'wx');
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        throw new FileTooLarge(
          `The file is larger than ${Math.round(maxBytes / 1e6).toLocaleString('en')} MB.`,
        );
      }
      await handle.writeFile(chunk);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { read: () => createReadStream(file), [Symbol.asyncDispose]: remove };
}
