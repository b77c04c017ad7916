/**
 * What stands in a zip between the bytes of its files, after PKWARE's APPNOTE 6.3.10: stored entries with UTF-8 names,
 * checksum and sizes behind the bytes (they are not known before), ZIP64 where a number does not fit.
 *
 * Written here because an entry must be able to stay out of the table of contents after its bytes went out, and because
 * the packages for it go through all entries for each file: 16,000 small ones took yazl 37 s, and these records 3 s.
 */

export type ZipEntry = {
  name: string;
  /** On the wall clock; a zip has no zones. */
  modified: Temporal.PlainDateTime;
  /** Where its first header stands. */
  offset: number;
  /** Decided before the bytes are read, from the size that the file says it has. */
  zip64: boolean;
  crc32: number;
  size: number;
};

/** One more than the largest number that fits, which by itself says "see the ZIP64 field". */
const tooLarge = 0xffff_ffff;
const tooMany = 0xffff;

/** Names are UTF-8; checksum and sizes stand behind the bytes. */
const flags = 0x0808;
const stored = 0;
const plainVersion = 20;
const zip64Version = 45;
/** By a system with POSIX modes, of the specification 6.3. */
const madeBy = 0x033f;
/** A regular file, `rw-r--r--`. */
const mode = 0o100644;
const zip64Field = 0x0001;

export function needsZip64(size: number): boolean {
  return size >= tooLarge;
}

/** Before the bytes. */
export function localHeader({ name, modified, zip64 }: ZipEntry): Buffer {
  // That the field is there says that the sizes behind the bytes take eight bytes each.
  const extra = zip64 ? record(u16(zip64Field), u16(16), u64(0), u64(0)) : empty;
  const nameBytes = Buffer.from(name);
  return record(
    signature('PK\x03\x04'),
    u16(zip64 ? zip64Version : plainVersion),
    u16(flags),
    u16(stored),
    dosTime(modified),
    u32(0),
    u32(0),
    u32(0),
    u16(nameBytes.length),
    u16(extra.length),
    nameBytes,
    extra,
  );
}

/** Behind the bytes. */
export function dataDescriptor({ crc32, size, zip64 }: ZipEntry): Buffer {
  const sized = zip64 ? u64(size) : u32(size);
  return record(signature('PK\x07\x08'), u32(crc32), sized, sized);
}

/** In the table of contents. */
export function centralRecord({ name, modified, offset, crc32, size, zip64 }: ZipEntry): Buffer {
  const farOff = offset >= tooLarge;
  const large = [...(zip64 ? [u64(size), u64(size)] : []), ...(farOff ? [u64(offset)] : [])];
  const extra = large.length > 0 ? record(u16(zip64Field), u16(8 * large.length), ...large) : empty;
  const sized = u32(zip64 ? tooLarge : size);
  const nameBytes = Buffer.from(name);
  return record(
    signature('PK\x01\x02'),
    u16(madeBy),
    u16(large.length > 0 ? zip64Version : plainVersion),
    u16(flags),
    u16(stored),
    dosTime(modified),
    u32(crc32),
    sized,
    sized,
    u16(nameBytes.length),
    u16(extra.length),
    u16(0), // no comment
    u16(0), // on the first disk
    u16(0), // bytes, not text
    u32(mode * 0x1_0000),
    u32(farOff ? tooLarge : offset),
    nameBytes,
    extra,
  );
}

/** Behind the table of contents. */
export function endRecords(table: { entries: number; offset: number; size: number }): Buffer {
  const { entries, offset, size } = table;
  const zip64 = entries >= tooMany || offset >= tooLarge || size >= tooLarge;
  const count = u16(Math.min(entries, tooMany));
  const end = record(
    signature('PK\x05\x06'),
    u16(0),
    u16(0),
    count,
    count,
    u32(Math.min(size, tooLarge)),
    u32(Math.min(offset, tooLarge)),
    u16(0),
  );
  if (!zip64) return end;
  const end64 = record(
    signature('PK\x06\x06'),
    u64(44), // of what follows
    u16(madeBy),
    u16(zip64Version),
    u32(0),
    u32(0),
    u64(entries),
    u64(entries),
    u64(size),
    u64(offset),
  );
  const locator = record(signature('PK\x06\x07'), u32(0), u64(offset + size), u32(1));
  return record(end64, locator, end);
}

/** Time and date as MS-DOS kept them: to two seconds, from 1980 to 2107. */
function dosTime(modified: Temporal.PlainDateTime): Buffer {
  const { year, month, day, hour, minute, second } = within(modified);
  return record(
    u16((hour << 11) | (minute << 5) | (second >> 1)),
    u16(((year - 1980) << 9) | (month << 5) | day),
  );
}

const first = Temporal.PlainDateTime.from('1980-01-01T00:00');
const last = Temporal.PlainDateTime.from('2107-12-31T23:59:58');

function within(time: Temporal.PlainDateTime): Temporal.PlainDateTime {
  if (Temporal.PlainDateTime.compare(time, first) < 0) return first;
  return Temporal.PlainDateTime.compare(time, last) > 0 ? last : time;
}

const empty = Buffer.alloc(0);

function record(...parts: Buffer[]): Buffer {
  return Buffer.concat(parts);
}

function signature(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
