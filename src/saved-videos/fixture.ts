/** Lists for the tests of this room. */
import { Readable } from 'node:stream';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import { testDatabase } from '../../test/databases.ts';
import { NewField, type Field, type Value } from '#contract/fields.ts';
import type { List } from '#contract/lists.ts';
import type { VideoView } from '#contract/saved-videos.ts';
import type { FieldType, VideoState } from '#contract/words.ts';
import type { Engine } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { keepModelValues } from '#saved-videos/fields/keep-values.ts';
import type { SpooledFile } from '#saved-videos/files/spool.ts';
import { seqsInOrder } from '#saved-videos/table/views.ts';
import { addVideos } from '#saved-videos/videos/add-videos.ts';
import { keepMetadata, type Metadata } from '#saved-videos/videos/keep-metadata.ts';
import { videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { touchList } from './list-lock.ts';
import { createList, getList } from './lists.ts';

export const owner = 'home';
export const now = new Date('2026-05-01T10:00:00.000Z');

/** One database for all tests of a block: making one takes longer than most of them, and each has lists of its own. */
export function sharedDatabase(engine: Engine): { readonly db: Kysely<Database> } {
  let opened: Awaited<ReturnType<typeof testDatabase>>;
  beforeAll(async () => {
    opened = await testDatabase(engine);
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  return {
    get db() {
      return opened.db;
    },
  };
}

/** The nth video that anybody ever saved. */
export function idOf(nth: number): string {
  return `video${String(nth).padStart(6, '0')}`;
}

export function newField(label: string, type: FieldType = 'text', options: string[] = []): NewField {
  return NewField.parse({ label, type, options });
}

/** One of every type. */
export const everyType = [
  newField('level', 'select', ['Beginner', 'Intermediate', 'Advanced']),
  newField('topics', 'multi_select', ['wood', 'steel', 'piano; grand', 'a "b", c']),
  newField('score', 'number'),
  newField('watch time', 'duration'),
  newField('seen', 'boolean'),
  newField('summary', 'text'),
];

export async function listWith(
  db: Kysely<Database>,
  { videos = 0, fields = everyType }: { videos?: number; fields?: readonly NewField[] } = {},
): Promise<List> {
  const list = await createList(db, owner, { name: 'Woodwork', description: '', watch_videos: false, fields });
  if (videos > 0) {
    const ids = Array.from({ length: videos }, (_, nth) => idOf(nth + 1));
    await addVideos(db, owner, list.id, ids, null);
  }
  return getList(db, owner, list.id);
}

export function fieldNamed(list: Pick<List, 'fields'>, label: string): Field {
  const field = list.fields.find((each) => each.label === label);
  if (field === undefined) throw new Error(`No field ${label}.`);
  return field;
}

const nothingTold: Metadata = {
  title: null,
  channel: null,
  description: null,
  duration_seconds: null,
  published_at: null,
  thumbnail_url: null,
  language: null,
  live_state: null,
};

/** What YouTube would tell of a video. */
export async function tell(
  db: Kysely<Database>,
  listId: string,
  seq: number,
  told: Partial<Metadata> & { state?: VideoState },
): Promise<void> {
  const { state = 'ready', ...metadata } = told;
  await db.transaction().execute(async (changes) => {
    await touchList(changes, listId);
    const found = { seq, youtube_id: idOf(seq), state, state_reason: null };
    const source = 'youtube_api' as const;
    await keepMetadata(changes, listId, [{ ...found, metadata: { ...nothingTold, ...metadata, source } }], now);
  });
}

/** What the model would say: a value, or an `Error` for none that fits. */
export async function modelSays(
  db: Kysely<Database>,
  listId: string,
  field: Field,
  values: Readonly<Record<number, Value | null | Error>>,
): Promise<void> {
  await db.transaction().execute(async (changes) => {
    await touchList(changes, listId);
    await keepModelValues(
      changes,
      listId,
      Object.entries(values).map(([seq, value]) => ({
        seq: Number(seq),
        field_id: field.id,
        model: 'model-1',
        prompt_version: 3,
        ...(value instanceof Error ? { error: value.message } : { value }),
      })),
      now,
    );
  });
}

export async function orderOf(
  db: Kysely<Database>,
  listId: string,
  view: Partial<VideoView>,
): Promise<number[]> {
  return [...(await seqsInOrder(db, listId, { filters: [], sort: [], ...view }))];
}

/** What stands in one field, by number of the video. */
export async function cellsOf(db: Kysely<Database>, list: List, field: Field) {
  const videos = await videosOfSeqs(db, list.id, [field], await orderOf(db, list.id, {}));
  return Object.fromEntries(videos.map(({ seq, cells }) => [seq, cells[field.id]]));
}

/** A file as it would have been put aside, given in pieces of `size` bytes. */
export function fileOf(content: string | Uint8Array, size = 65_536): SpooledFile {
  const bytes = Buffer.from(content);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, nth) =>
    bytes.subarray(nth * size, (nth + 1) * size),
  );
  return { read: () => Readable.from(pieces), [Symbol.asyncDispose]: async () => {} };
}
