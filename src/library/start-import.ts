import path from 'node:path';
import type { Kysely } from 'kysely';
import type { Job } from '#contract/jobs.ts';
import { unfinishedStatuses, type JobStatus } from '#contract/words.ts';
import type { Database } from '#db/schema.ts';
import type { Ledger } from '#jobs/ledger.ts';
import { importKind, type ImportInput } from './import-input.ts';
import { isFree } from './waiting-uploads.ts';
import type { Storage } from './storage.ts';
import { walk } from './walk.ts';

/** An import that cannot begin, with the sentence that says why. */
export class ImportRefused extends Error {
  readonly code:
    | 'nothing_to_import'
    | 'upload_unknown'
    | 'upload_unfinished'
    | 'upload_taken'
    | 'invalid_input';
  constructor(code: ImportRefused['code'], sentence: string) {
    super(sentence);
    this.code = code;
  }
}

export type ImportRequest = { paths?: string[] | undefined; uploads?: string[] | undefined };

/**
 * Turns what was asked for into a job with one item per file, all in one transaction. Throws `ImportRefused`, or
 * `PathRefused` for a path that cannot be read.
 */
export async function startImport(place: ImportPlace, owner: string, request: ImportRequest): Promise<Job> {
  if (request.uploads !== undefined) return importUploads(place, owner, request.uploads);
  return importPaths(place, owner, request.paths ?? []);
}

type ImportPlace = { db: Kysely<Database>; ledger: Ledger; storage: Storage };

async function importPaths({ ledger, storage }: ImportPlace, owner: string, asked: string[]): Promise<Job> {
  const paths = wholePaths(asked);
  const unreadable: string[] = [];
  const files = await walk(paths, {
    leaveOut: storage.folder,
    onUnreadable: (folder) => unreadable.push(folder),
  });
  if (files.length === 0) {
    const where = paths.length === 1 ? paths[0] : 'these folders';
    throw new ImportRefused(
      'nothing_to_import',
      `There are no files in ${where}. Hidden and system files are left out.`,
    );
  }
  // A folder that cannot be read becomes an item of its own, so that it is told and not silently missing.
  const items = [
    ...files.map((file) => ({ key: file.path, label: file.name })),
    ...unreadable.map((folder) => ({ key: folder, label: path.basename(folder) })),
  ];
  const input: ImportInput = { from: 'paths', paths };
  const id = await ledger.create({ owner, kind: importKind, label: importLabel(items.length), input, items });
  return ledger.get({ id, owner });
}

/** As the page and the command line would both write them: without a slash at the end, `.` or `..`. */
function wholePaths(asked: string[]): string[] {
  return asked.map((each) => {
    if (path.isAbsolute(each)) return path.resolve(each);
    throw new ImportRefused(
      'invalid_input',
      `${each} is not a whole path. Write it from the root, such as /media/phone.`,
    );
  });
}

async function importUploads(place: ImportPlace, owner: string, ids: string[]): Promise<Job> {
  const wanted = [...new Set(ids)];
  const items: { key: string; label: string }[] = [];
  for (const some of inChunks(wanted)) {
    const rows = await place.db
      .selectFrom('uploads')
      .select(['id', 'name', 'finished_at', isFree().as('is_free')])
      .where('owner', '=', owner)
      .where('id', 'in', some)
      .execute();
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const id of some) {
      const row = byId.get(id);
      if (row === undefined) throw new ImportRefused('upload_unknown', `There is no upload ${id}.`);
      if (row.finished_at === null) {
        throw new ImportRefused('upload_unfinished', `${row.name} has not arrived whole yet.`);
      }
      if (!row.is_free) throw taken(`${row.name} is`);
      items.push({ key: row.id, label: row.name });
    }
  }
  const input: ImportInput = { from: 'uploads' };
  const id = await place.db.transaction().execute(async (changes) => {
    const job = { owner, kind: importKind, label: importLabel(items.length), input, items };
    const job_id = await place.ledger.create(job, changes);
    for (const some of inChunks(wanted)) {
      const { numUpdatedRows } = await changes
        .updateTable('uploads')
        .set({ job_id })
        .where('id', 'in', some)
        .where(isFree)
        .executeTakeFirst();
      // Between the check above and here another request may have taken some of them.
      if (Number(numUpdatedRows) !== some.length) throw taken('Some of these files are');
    }
    return job_id;
  });
  return place.ledger.get({ id, owner });
}

function taken(which: string): ImportRefused {
  return new ImportRefused('upload_taken', `${which} already being imported.`);
}

function importLabel(count: number): string {
  return count === 1 ? 'Import of 1 file' : `Import of ${count.toLocaleString('en')} files`;
}

/** Both engines limit how many values one statement may carry. */
const chunk = 1000;

function* inChunks<Value>(values: Value[]): Generator<Value[]> {
  for (let start = 0; start < values.length; start += chunk) yield values.slice(start, start + chunk);
}

/** The newest unfinished import of exactly these paths, so that the same command can go on with it. */
export async function findImportOf(
  db: Kysely<Database>,
  owner: string,
  paths: string[],
): Promise<{ id: string; status: JobStatus } | undefined> {
  const input: ImportInput = { from: 'paths', paths };
  return db
    .selectFrom('jobs')
    .select(['id', 'status'])
    .where('owner', '=', owner)
    .where('kind', '=', importKind)
    .where('status', 'in', unfinishedStatuses)
    .where('input_json', '=', JSON.stringify(input))
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}
