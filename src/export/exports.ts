/** Plans and exports, read. */
import { sql } from 'kysely';
import type { Export, ExportCounts, ExportFile } from '#contract/exports.ts';
import { unfinishedStatuses, type ExportAction } from '#contract/words.ts';
import { readCursor, writeCursor } from '#db/cursor.ts';
import type { Queryable } from '#db/database.ts';
import { engineOf } from '#db/json-rows.ts';
import { keptWish, type ExportWish, type KeptWish, type PlannedFile } from '#export/plan/plan.ts';
import { resolvedTarget } from '#export/plan/target.ts';
import type { LineOutcome } from '#export/write/journal.ts';
import type { Ledger } from '#jobs/ledger.ts';
import { ExportRefused } from './export-refused.ts';

export type ExportsPlace = { db: Queryable; ledger: Ledger };
type Page<Row> = { items: Row[]; next_cursor: string | null };
type PageWanted = { limit: number; cursor?: string | undefined };

/** Newest first. Throws `CursorRefused`. */
export async function listExports(
  place: ExportsPlace,
  owner: string,
  { limit, cursor }: PageWanted,
): Promise<Page<Export>> {
  let query = exportRows(place.db, owner)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) {
    const [createdAt, id] = readCursor(cursor);
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}, ${id})`);
  }
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: await Promise.all(shown.map((row) => viewOf(place.ledger, owner, row))),
    next_cursor: last === undefined ? null : writeCursor([last.created_at, last.id]),
  };
}

/** Throws `ExportRefused` where there is none of this id. */
export async function getExport(place: ExportsPlace, owner: string, id: string): Promise<Export> {
  return viewOf(place.ledger, owner, await exportRow(place.db, owner, id));
}

export type ExportRow = Awaited<ReturnType<typeof exportRow>>;

/** Throws `ExportRefused` where there is none of this id. */
export async function exportRow(db: Queryable, owner: string, id: string) {
  const row = await exportRows(db, owner).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new ExportRefused('not_found', 'There is no export of this id.');
  return row;
}

/** A plan that is still being made is not seen. */
function exportRows(db: Queryable, owner: string) {
  return db.selectFrom('exports').selectAll().where('owner', '=', owner).where('counts_json', '!=', '');
}

async function viewOf(ledger: Ledger, owner: string, row: ExportRow): Promise<Export> {
  const { wish_json, counts_json, owner: _, job_id, undo_job_id, remove_job_id, ...rest } = row;
  const { template, write_uncertain, set_aside_gone } = JSON.parse(wish_json) as KeptWish;
  const job = async (id: string | null) => (id === null ? null : ledger.get({ id, owner }));
  return {
    ...rest,
    template,
    write_uncertain,
    set_aside_gone,
    counts: JSON.parse(counts_json) as ExportCounts,
    job: await job(job_id),
    undo_job: await job(undo_job_id),
    remove_job: await job(remove_job_id),
  };
}

/** An export with exactly this wish whose job is not finished, so that the same command can go on with it. */
export async function unfinishedExportOf(
  { db }: ExportsPlace,
  owner: string,
  wish: ExportWish,
): Promise<string | undefined> {
  const { folder } = await resolvedTarget(wish.folder);
  const row = await db
    .selectFrom('exports')
    .innerJoin('jobs', 'jobs.id', 'exports.job_id')
    .select('exports.id')
    .where('exports.owner', '=', owner)
    .where('exports.folder', '=', folder)
    .where('exports.wish_json', '=', JSON.stringify(keptWish(wish, folder)))
    .where('jobs.status', 'in', unfinishedStatuses)
    .executeTakeFirst();
  return row?.id;
}

export type FilesWanted = {
  limit: number;
  offset: number;
  action?: ExportAction | undefined;
  in_doubt?: boolean | undefined;
  text?: string | undefined;
};

/** The lines of a plan in the order of their names. Throws `ExportRefused`. */
export async function exportFiles(
  db: Queryable,
  owner: string,
  id: string,
  wanted: FilesWanted,
): Promise<{ items: ExportFile[]; total: number }> {
  const row = await exportRow(db, owner, id);
  const lines = linesWanted(db, id, wanted);
  const { total } = await lines.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const items = total <= wanted.offset ? [] : await pageOfFiles(db, row, lines, wanted);
  return { items, total };
}

function linesWanted(db: Queryable, id: string, { action, in_doubt, text }: Partial<FilesWanted>) {
  let query = db.selectFrom('export_files').where('export_id', '=', id);
  if (action !== undefined) query = query.where('action', '=', action);
  if (in_doubt !== undefined) query = query.where('has_doubts', '=', in_doubt ? 1 : 0);
  if (text !== undefined) query = query.where(hasText(db, text));
  return query;
}

async function pageOfFiles(
  db: Queryable,
  row: ExportRow,
  lines: ReturnType<typeof linesWanted>,
  { limit, offset }: Pick<FilesWanted, 'limit' | 'offset'>,
): Promise<ExportFile[]> {
  const rows = await lines.selectAll().orderBy('seq').limit(limit).offset(offset).execute();
  const items = await itemsOf(
    db,
    row,
    rows.map(({ seq }) => seq),
  );
  return rows.map((file) => ({ ...fileView(file), ...(items.get(file.seq) ?? notStarted) }));
}

/** SQLite ignores case in ASCII alone, so other letters are asked for as they are likely to be written. */
function hasText(db: Queryable, text: string) {
  const typed = text.normalize('NFC');
  const capital = typed.slice(0, 1).toUpperCase() + typed.slice(1).toLowerCase();
  const spelled = new Set([typed, typed.toLowerCase(), typed.toUpperCase(), capital]);
  const like = sql.raw(engineOf(db) === 'sqlite' ? 'like' : 'ilike');
  const found = [...spelled].flatMap((each) => {
    const pattern = `%${each.replaceAll(/[\\%_]/g, (wild) => `\\${wild}`)}%`;
    return ['target', 'source'].map((column) => sql`${sql.ref(column)} ${like} ${pattern} escape '\\'`);
  });
  return sql<boolean>`(${sql.join(found, sql` or `)})`;
}

const notStarted = { state: null, error_message: null };

type FileRow = {
  seq: number;
  asset_id: string;
  action: ExportAction;
  name: string;
  source: string | null;
  target: string;
  number: number;
  size_bytes: number;
  plan_json: string;
  outcome_json: string | null;
};

function fileView(row: FileRow): Omit<ExportFile, 'state' | 'error_message'> {
  const { seq, asset_id, action, name, source, target, number, size_bytes } = row;
  const { local, zone, precision, confidence, into, writes, companions, was, doubts } = JSON.parse(
    row.plan_json,
  ) as PlannedFile;
  const { exported } = JSON.parse(row.outcome_json ?? '{}') as LineOutcome;
  return {
    seq,
    asset_id,
    action,
    name,
    source,
    target,
    number,
    size_bytes,
    local,
    zone,
    precision,
    confidence,
    into,
    writes,
    companions,
    doubts,
    was: was?.path ?? null,
    written_to: action === 'gone' ? null : (exported?.target ?? null),
    warnings: exported?.warnings ?? [],
  };
}

type ItemView = Pick<ExportFile, 'state' | 'error_message'>;

/**
 * Where the items of these lines stand. Items are numbered in the order of their lines, so those of a page lie
 * together: an index on their keys, which every import would have to keep as well, is not needed.
 */
async function itemsOf(db: Queryable, row: ExportRow, seqs: readonly number[]): Promise<Map<number, ItemView>> {
  const [first, last] = [seqs.at(0), seqs.at(-1)];
  if (row.job_id === null || first === undefined || last === undefined) return new Map();
  const { set_aside_gone } = JSON.parse(row.wish_json) as KeptWish;
  const itemNumber = async (seq: number) => {
    const { count } = await db
      .selectFrom('export_files')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('export_id', '=', row.id)
      .where('action', 'in', workedOn(set_aside_gone))
      .where('seq', '<=', seq)
      .executeTakeFirstOrThrow();
    return count;
  };
  const rows = await db
    .selectFrom('job_items')
    .select(['key', 'state', 'error_message'])
    .where('job_id', '=', row.job_id)
    .where('seq', '>=', await itemNumber(first))
    .where('seq', '<=', await itemNumber(last))
    .execute();
  return new Map(rows.map(({ key, ...item }) => [Number(key), item]));
}

/** The lines of a plan that become items of its job. */
export function workedOn(set_aside_gone: boolean): ExportAction[] {
  return set_aside_gone ? ['new', 'changed', 'gone'] : ['new', 'changed'];
}

const pageOfAll = 500;

/** Every line of a plan, a page in memory at a time. Throws `ExportRefused`. */
export async function* everyFile(db: Queryable, owner: string, id: string): AsyncGenerator<ExportFile> {
  const row = await exportRow(db, owner, id);
  for (let last = 0; ; last += pageOfAll) {
    const lines = linesWanted(db, id, {}).where('seq', '>', last);
    const page = await pageOfFiles(db, row, lines, { limit: pageOfAll, offset: 0 });
    yield* page;
    if (page.length < pageOfAll) return;
  }
}
