/** Rows of the table as the API gives them. */
import type { Selectable } from 'kysely';
import type { Cell, Field, Value } from '#contract/fields.ts';
import type { SavedVideo, SavedVideoDetail } from '#contract/saved-videos.ts';
import type { Queryable } from '#db/database.ts';
import type { FieldValuesTable, SavedVideosTable } from '#db/schema/saved-videos.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { noSuchVideo } from '#saved-videos/refused.ts';
import { addressOf } from './read-link.ts';
import { seqIsAmong } from './video-seqs.ts';

const columns = [
  'seq',
  'youtube_id',
  'start_seconds',
  'state',
  'state_reason',
  'title',
  'channel',
  'duration_seconds',
  'published_at',
  'thumbnail_url',
  'language',
  'live_state',
  'metadata_source',
  'metadata_at',
  'added_at',
  'processed_at',
] as const satisfies readonly (keyof SavedVideosTable)[];

/** In the order of `seqs`; those deleted meanwhile are left out. */
export async function videosOfSeqs(
  db: Queryable,
  listId: string,
  fields: readonly Pick<Field, 'id'>[],
  seqs: readonly number[],
): Promise<SavedVideo[]> {
  if (seqs.length === 0) return [];
  const rows = await db
    .selectFrom('saved_videos')
    .select(columns)
    .where('list_id', '=', listId)
    .where(seqIsAmong(db, 'seq', seqs))
    .where('deleted_at', 'is', null)
    .execute();
  const cells = await cellsOf(db, fields, seqs);
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  return seqs.flatMap((seq) => {
    const row = bySeq.get(seq);
    return row === undefined ? [] : [videoOf(row, cells.get(seq) ?? {})];
  });
}

/** Throws `ListRefused` when the list has no such video. */
export async function videoOfSeq(db: Queryable, listId: string, seq: number): Promise<SavedVideoDetail> {
  const [video] = await videosOfSeqs(db, listId, await fieldsOfList(db, listId), [seq]);
  if (video === undefined) throw noSuchVideo();
  const text = await db
    .selectFrom('saved_video_texts')
    .select('description')
    .where('list_id', '=', listId)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return { ...video, description: text?.description ?? null };
}

function videoOf(
  row: Pick<Selectable<SavedVideosTable>, (typeof columns)[number]>,
  cells: SavedVideo['cells'],
): SavedVideo {
  return { ...row, url: addressOf(row.youtube_id, row.start_seconds), cells };
}

async function cellsOf(
  db: Queryable,
  fields: readonly Pick<Field, 'id'>[],
  seqs: readonly number[],
): Promise<Map<number, Record<string, Cell>>> {
  const bySeq = new Map<number, Record<string, Cell>>();
  if (fields.length === 0) return bySeq;
  const rows = await db
    .selectFrom('field_values')
    .select(['field_id', 'seq', 'value_json', 'state', 'source', 'model', 'prompt_version', 'at', 'error'])
    .where(
      'field_id',
      'in',
      fields.map(({ id }) => id),
    )
    .where(seqIsAmong(db, 'seq', seqs))
    .execute();
  for (const row of rows) {
    const cells = bySeq.get(row.seq) ?? {};
    cells[row.field_id] = cellOf(row);
    bySeq.set(row.seq, cells);
  }
  return bySeq;
}

function cellOf(row: Omit<Selectable<FieldValuesTable>, 'sort_key' | 'search_text'>): Cell {
  const { value_json, state, source, model, prompt_version, at, error } = row;
  const value = value_json === null ? null : (JSON.parse(value_json) as Value);
  return { value, state, source, model, prompt_version, at, error };
}
