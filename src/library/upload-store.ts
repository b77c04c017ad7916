/** Where tus keeps what arrives: bytes in `incoming/`, everything else in the table `uploads`. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { Upload, type KvStore } from '@tus/utils';
import type { Kysely } from 'kysely';
import type { Database } from '#db/schema.ts';
import { storable } from '#jobs/outcome.ts';
import type { Storage } from './storage.ts';
import { isFree } from './waiting-uploads.ts';

/** An upload that cannot be accepted, with the sentence that tus sends back. */
export class UploadRefused extends Error {
  readonly status_code: number;
  readonly body: string;
  constructor(status: number, sentence: string) {
    super(sentence);
    this.status_code = status;
    this.body = sentence;
  }
}

/** Digests kept for uploads under way. One more than this, and the oldest is read again from its file. */
const digestsKept = 2000;

/**
 * A tus store that hashes while it writes. The digest lives in memory; after a cut or a restart it is taken up again
 * by reading what the file holds, so it always covers exactly the bytes on disk.
 */
export class UploadStore extends FileStore {
  readonly #digests = new Map<string, { hash: Hash; bytes: number }>();
  readonly #db: Kysely<Database>;
  readonly #storage: Storage;
  readonly #owner: string;

  constructor(db: Kysely<Database>, storage: Storage, owner: string) {
    super({ directory: storage.incoming, configstore: uploadRows(db, owner) });
    this.#db = db;
    this.#storage = storage;
    this.#owner = owner;
    // A length that is told later would leave an upload without an end.
    this.extensions = ['creation', 'creation-with-upload', 'termination'];
  }

  /** An upload that cannot be noted leaves no file: nobody would know whose it is. */
  override async create(upload: Upload): Promise<Upload> {
    try {
      return await super.create(upload);
    } catch (error) {
      await rm(this.#storage.incomingPath(upload.id), { force: true }).catch(() => {});
      throw error;
    }
  }

  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    let digest = this.#digests.get(id);
    if (digest?.bytes !== offset) digest = await digestOf(this.#storage.incomingPath(id), offset);
    this.#digests.delete(id);
    this.#digests.set(id, digest);
    if (this.#digests.size > digestsKept) this.#digests.delete(this.#digests.keys().next().value ?? '');
    const { hash } = digest;
    const hashed = async function* () {
      for await (const chunk of readable) {
        hash.update(chunk as Uint8Array);
        digest.bytes += (chunk as Uint8Array).length;
        yield chunk as Uint8Array;
      }
    };
    return super.write(Readable.from(hashed(), { objectMode: false }), id, offset);
  }

  /** Its owner does not want it any more. One that a job is going to import is refused: the job would fail on it. */
  override async remove(id: string): Promise<void> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('uploads')
      .where('id', '=', id)
      .where('owner', '=', this.#owner)
      .where(isFree)
      .executeTakeFirst();
    if (numDeletedRows === 0n) {
      throw new UploadRefused(
        409,
        'This upload is not there, or an unfinished job has it: cancel that job first.\n',
      );
    }
    this.#digests.delete(id);
    await rm(this.#storage.incomingPath(id), { force: true });
  }

  /**
   * How far an upload has come. One whose every byte is here, and that a fault kept from being finished, is finished
   * now: its sender learns from this answer that nothing is left to send, and never sends again.
   */
  override async getUpload(id: string): Promise<Upload> {
    const upload = await super.getUpload(id);
    if (upload.size === undefined || upload.offset < upload.size) return upload;
    const row = await this.#db
      .selectFrom('uploads')
      .select('finished_at')
      .where('id', '=', id)
      .executeTakeFirst();
    if (row?.finished_at === null) await this.finish(upload);
    return upload;
  }

  /** Called once every byte is on disk: the upload is finished and may be imported. */
  async finish(upload: Upload): Promise<void> {
    const size = upload.size ?? 0;
    let digest = this.#digests.get(upload.id);
    if (digest?.bytes !== size) digest = await digestOf(this.#storage.incomingPath(upload.id), size);
    this.#digests.delete(upload.id);
    await this.#db
      .updateTable('uploads')
      .set({ sha256: digest.hash.digest('hex'), finished_at: new Date().toISOString() })
      .where('id', '=', upload.id)
      .execute();
  }
}

async function digestOf(file: string, bytes: number): Promise<{ hash: Hash; bytes: number }> {
  const hash = createHash('sha256');
  if (bytes > 0) {
    for await (const chunk of createReadStream(file, { end: bytes - 1 })) hash.update(chunk as Uint8Array);
  }
  return { hash, bytes };
}

const longestName = 255;
const longestFolder = 4096;

/** Refuses an upload before a byte of it is kept. Throws `UploadRefused`. */
export function checkUpload(upload: Upload): void {
  const name = nameOf(upload);
  if (name === '') throw new UploadRefused(400, 'Say the name of the file in Upload-Metadata: filename.\n');
  if (name.length > longestName) {
    throw new UploadRefused(400, `The file name is longer than ${longestName} characters.\n`);
  }
}

/** Only the last part: folders come as `relative_path`, and no path is ever built from either. */
function nameOf(upload: Upload): string {
  return storable(upload.metadata?.['filename']?.split(/[/\\]/).at(-1)?.trim() ?? '');
}

function uploadRows(db: Kysely<Database>, owner: string): KvStore {
  return {
    async get(id) {
      const row = await db
        .selectFrom('uploads')
        .selectAll()
        .where('id', '=', id)
        .where('owner', '=', owner)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return new Upload({
        id,
        size: row.size_bytes,
        offset: 0,
        creation_date: row.created_at,
        metadata: { filename: row.name, relative_path: row.folder, modified_at: row.modified_at },
      });
    },
    async set(id, upload) {
      await db
        .insertInto('uploads')
        .values({
          id,
          owner,
          name: nameOf(upload),
          folder: storable((upload.metadata?.['relative_path'] ?? '').slice(0, longestFolder)),
          size_bytes: upload.size ?? 0,
          modified_at: instantOrNull(upload.metadata?.['modified_at'] ?? null),
          created_at: new Date().toISOString(),
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },
    async delete(id) {
      await db.deleteFrom('uploads').where('id', '=', id).where('owner', '=', owner).execute();
    },
  };
}

/** The browser tells the file time as an ISO instant; anything else is as good as not told. */
function instantOrNull(told: string | null): string | null {
  if (told === null) return null;
  try {
    return new Date(Temporal.Instant.from(told).epochMilliseconds).toISOString();
  } catch {
    return null;
  }
}

const keptDays = 7;

/**
 * Forgets uploads that nobody will come back for: those that stopped half way a week ago, and those that a job ended
 * with a week ago without taking them (they failed, or were none of ours). Finished ones that no job has had wait for
 * their import as long as it takes.
 */
export async function forgetStaleUploads(db: Kysely<Database>, storage: Storage): Promise<void> {
  const before = Temporal.Now.instant()
    .subtract({ hours: 24 * keptDays })
    .toString({ smallestUnit: 'millisecond' });
  const perhaps = await db
    .selectFrom('uploads')
    .leftJoin('jobs', 'jobs.id', 'uploads.job_id')
    .select(['uploads.id', 'uploads.finished_at'])
    .where('uploads.created_at', '<', before)
    .where((where) =>
      where.or([where('uploads.finished_at', 'is', null), where('jobs.completed_at', '<', before)]),
    )
    .limit(10_000)
    .execute();
  for (const { id, finished_at } of perhaps) {
    if (finished_at === null && (await wroteSince(storage.incomingPath(id), before))) continue;
    await rm(storage.incomingPath(id), { force: true });
    await db.deleteFrom('uploads').where('id', '=', id).execute();
  }
}

/** An upload over a slow line may be older than a week and still be moving. */
async function wroteSince(file: string, instant: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && stats.mtime.toISOString() >= instant;
}
