/** Reads a zip by its table of contents, as people's programs do. Only what Daybook writes: stored entries. */
import { crc32 } from 'node:zlib';

export type ZipEntry = {
  name: string;
  /** On the wall clock, to two seconds: `2019-05-05T15:30:00`. */
  modified: string;
  bytes: Buffer;
};

/** Throws when an entry is not where the table says, or not as its checksum says. */
export function readZip(zip: Buffer): ZipEntry[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  const count = zip.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    expectSignature(zip, at, 'PK\x01\x02');
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    entries.push({
      name,
      modified: dosTime(zip.readUInt16LE(at + 14), zip.readUInt16LE(at + 12)),
      bytes: bytesOf(zip, name, {
        local: zip.readUInt32LE(at + 42),
        method: zip.readUInt16LE(at + 10),
        size: zip.readUInt32LE(at + 24),
        checksum: zip.readUInt32LE(at + 16),
      }),
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (at !== end) throw new Error('The table of contents does not end where it should.');
  return entries;
}

type Place = { local: number; method: number; size: number; checksum: number };

function bytesOf(zip: Buffer, name: string, { local, method, size, checksum }: Place): Buffer {
  expectSignature(zip, local, 'PK\x03\x04');
  if (method !== 0) throw new Error(`${name} is not stored.`);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(start, start + size);
  if (crc32(bytes) !== checksum) throw new Error(`${name} does not agree with its checksum.`);
  return bytes;
}

function expectSignature(zip: Buffer, at: number, signature: string): void {
  if (zip.toString('latin1', at, at + 4) !== signature) throw new Error(`No ${signature} at ${at}.`);
}

function dosTime(date: number, time: number): string {
  const day = `${(date >> 9) + 1980}-${two((date >> 5) & 15)}-${two(date & 31)}`;
  return `${day}T${two(time >> 11)}:${two((time >> 5) & 63)}:${two((time & 31) * 2)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
