/** Files read into lists and written from them, for the tests of this room. */
import type { Kysely } from 'kysely';
import type { List } from '#contract/lists.ts';
import type { ImportOptions, VideoView } from '#contract/saved-videos.ts';
import type { Database } from '#db/schema.ts';
import { fileOf, idOf, orderOf, owner } from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { seqsInOrder } from '#saved-videos/table/views.ts';
import { videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { exportCsv, exportJson } from './export-file.ts';
import { importFile, type FileFormat } from './import-file.ts';

type Db = Kysely<Database>;

export function importText(
  db: Db,
  list: Pick<List, 'id'>,
  content: string | Uint8Array,
  format: FileFormat = 'csv',
  options: Partial<ImportOptions> = {},
) {
  const place = { db, owner, expand_playlist: null };
  return importFile(place, list.id, fileOf(content), format, {
    create_fields: false,
    overwrite: false,
    ...options,
  });
}

export async function exportText(
  db: Db,
  listId: string,
  format: FileFormat,
  view: Partial<VideoView> = {},
): Promise<string> {
  const list = await getList(db, owner, listId);
  const seqs = await seqsInOrder(db, listId, { filters: [], sort: [], ...view });
  const write = format === 'csv' ? exportCsv : exportJson;
  let text = '';
  for await (const piece of write(db, { list, fields: list.fields, seqs })) text += piece;
  return text;
}

export async function titlesOf(db: Db, list: Pick<List, 'id'>): Promise<(string | null)[]> {
  return (await videosOfSeqs(db, list.id, [], await orderOf(db, list.id, {}))).map(({ title }) => title);
}

export const link = (nth: number) => `https://youtu.be/${idOf(nth)}`;
