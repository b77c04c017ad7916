/** Rows of a file written into a list: the video, what is told of it, and its values. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { limits, type Field } from '#contract/fields.ts';
import type { ImportReport } from '#contract/saved-videos.ts';
import { engineOf, jsonRows } from '#db/json-rows.ts';
import {
  fitValue,
  misfitForms,
  readValue,
  storedForms,
  type Fitted,
} from '#saved-videos/fields/field-value.ts';
import { putValueRows, valueRow, type ValueRow } from '#saved-videos/fields/keep-values.ts';
import type { Changes, ListRow } from '#saved-videos/list-lock.ts';
import {
  knownMetadata,
  writeMetadata,
  type KnownMetadata,
  type ToldMetadata,
} from '#saved-videos/videos/keep-metadata.ts';
import {
  keepVideos,
  type KeptVideos,
  type NewVideo,
  type VideoAbout,
} from '#saved-videos/videos/keep-videos.ts';
import { seqIsAmong } from '#saved-videos/videos/video-seqs.ts';
import type { AboutVideo, FileRow, FileValue } from './file-row.ts';

/** `row` null: the link stood there without anything that is told of it alone. */
export type FileVideo = NewVideo & { row: FileRow | null };

/** Counts what became of the values, over all transactions of one import. */
export type ValueTally = { counts: ImportReport['values']; examples: ImportReport['unfit_examples'] };

export function noValues(): ValueTally {
  return { counts: { written: 0, same: 0, kept: 0, unfit: 0 }, examples: [] };
}

type Wishes = { fields: readonly Field[]; overwrite: boolean; values: ValueTally };
type Placed = { seq: number; is_new: boolean; youtube_id: string; row: FileRow };

/** In the transaction of the caller, who holds the list. */
export async function keepFileRows(
  changes: Changes,
  list: ListRow,
  videos: readonly FileVideo[],
  wishes: Wishes,
): Promise<KeptVideos> {
  const now = new Date();
  const told = new Map<string, FileRow>();
  for (const { youtube_id, row } of videos) {
    // Of a video that stands in the file twice the first row counts.
    if (row !== null && !told.has(youtube_id)) told.set(youtube_id, row);
  }
  const kept = await keepVideos(
    changes,
    list,
    videos.map(({ row, ...video }) => ({
      ...video,
      added_at: row?.about.added_at ?? now.toISOString(),
      about: aboutNew(told.get(video.youtube_id), now),
    })),
    now,
  );
  const placed: Placed[] = [...told].flatMap(([youtube_id, row]) => {
    const place = kept.places.get(youtube_id);
    return place === undefined ? [] : [{ ...place, youtube_id, row }];
  });
  await keepAbout(
    changes,
    list.id,
    placed.filter(({ is_new }) => !is_new),
    now,
  );
  for (const field of wishes.fields) {
    await othersTurn();
    await keepField(changes, field, placed, wishes, now);
  }
  tellOfGone(placed, wishes);
  return kept;
}

/** The field of a value may have been put away since the headings were read. */
function tellOfGone(placed: readonly Placed[], { fields, values }: Wishes): void {
  const there = new Set(fields.map(({ id }) => id));
  for (const { row } of placed) {
    for (const value of row.values) {
      if (!there.has(value.field_id)) {
        tellUnfit(values, row.line, value, 'The field was put away while the file was read.');
      }
    }
  }
}

function tellUnfit({ counts, examples }: ValueTally, line: number, value: FileValue, message: string): void {
  counts.unfit += 1;
  if (examples.length >= limits.unreadable_shown) return;
  const text = inWords(value).slice(0, 200).toWellFormed();
  examples.push({ line, field_id: value.field_id, text, message });
}

const notAsked = { state: 'pending', state_reason: null, processed_at: null } as const;

function aboutNew(row: FileRow | undefined, now: Date): VideoAbout {
  const { asked = null, metadata = null } = row?.about ?? {};
  return { ...(asked ?? notAsked), metadata: metadata && withTime(metadata, now) };
}

function withTime(metadata: NonNullable<AboutVideo['metadata']>, now: Date): ToldMetadata {
  return { ...metadata, at: metadata.at ?? now.toISOString() };
}

/** What a file tells of a video counts while YouTube told nothing; its state, while nobody asked. */
async function keepAbout(
  changes: Changes,
  listId: string,
  placed: readonly Placed[],
  now: Date,
): Promise<void> {
  const about = placed.filter(({ row }) => row.about.metadata !== null || row.about.asked !== null);
  if (about.length === 0) return;
  const known = await knownMetadata(
    changes,
    listId,
    about.map(({ seq }) => seq),
  );
  await writeMetadata(
    changes,
    listId,
    about.flatMap(({ seq, youtube_id, row }) => {
      const { metadata } = row.about;
      const there = known.get(seq);
      const isFromYouTube = there?.source !== null && there?.source !== 'csv';
      if (metadata === null || there === undefined || isFromYouTube || saysNothingNew(metadata, there))
        return [];
      return [{ seq, youtube_id, ...withTime(metadata, now) }];
    }),
    known,
  );
  const states = about.flatMap(({ seq, row: { about: told } }) =>
    told.asked === null ? [] : [{ seq, ...told.asked }],
  );
  const columns = { seq: 'integer', state: 'text', state_reason: 'text', processed_at: 'text' } as const;
  await sql`
    update saved_videos set
      state = told.state, state_reason = told.state_reason, processed_at = told.processed_at
    from ${jsonRows(engineOf(changes), 'told', columns, states)}
    where saved_videos.list_id = ${listId} and saved_videos.seq = told.seq
      and saved_videos.state = ${sql.lit('pending')}`.execute(changes);
}

function saysNothingNew(told: NonNullable<AboutVideo['metadata']>, there: KnownMetadata): boolean {
  return (Object.keys(told) as (keyof ToldMetadata)[]).every(
    (key) => told[key] === null || told[key] === there[key],
  );
}

async function keepField(
  changes: Changes,
  field: Field,
  placed: readonly Placed[],
  { overwrite, values: tally }: Wishes,
  now: Date,
): Promise<void> {
  const given = placed.flatMap(({ seq, is_new, row }) => {
    const value = row.values.find(({ field_id }) => field_id === field.id);
    return value === undefined ? [] : [{ seq, is_new, line: row.line, value }];
  });
  if (given.length === 0) return;
  const standing = await standingAmong(
    changes,
    field.id,
    given.filter(({ is_new }) => !is_new).map(({ seq }) => seq),
  );
  const put: ValueRow[] = [];
  for (const { seq, line, value } of given) {
    const row = rowOfValue(field, seq, value, now.toISOString());
    if (typeof row === 'string') {
      tellUnfit(tally, line, value, row);
      continue;
    }
    if (row === null) continue;
    const there = standing.get(seq);
    if (there?.value_json === row.value_json && there.state === row.state) tally.counts.same += 1;
    else if (there !== undefined && !mayReplace(row, there, overwrite)) tally.counts.kept += 1;
    else {
      tally.counts.written += 1;
      put.push(row);
    }
  }
  await putValueRows(changes, put);
}

type Standing = Pick<ValueRow, 'value_json' | 'state' | 'source'>;

/**
 * A file weighs as much as whoever gave the value that it tells of. No value, or one that does not fit, never takes the
 * place of one that does; only a person may have left a cell empty on purpose.
 */
function mayReplace(row: ValueRow, there: Standing, overwrite: boolean): boolean {
  if (row.state !== 'ok' && there.state === 'ok') return false;
  if (row.value_json === null && there.value_json !== null && row.source !== 'person') return false;
  if (row.source === 'model') return there.source === 'model';
  return there.source !== 'person' || overwrite;
}

async function standingAmong(changes: Changes, fieldId: string, seqs: readonly number[]) {
  if (seqs.length === 0) return new Map<number, never>();
  const rows = await changes
    .selectFrom('field_values')
    .select(['seq', 'value_json', 'state', 'source'])
    .where('field_id', '=', fieldId)
    .where(seqIsAmong(changes, 'seq', seqs))
    .execute();
  return new Map(rows.map((row) => [row.seq, row]));
}

/** The row, null for a cell that says nothing, or why the value does not fit. */
function rowOfValue(field: Field, seq: number, given: FileValue, now: string): ValueRow | string | null {
  if ('cell' in given) {
    const { value, state, error, at, ...said } = given.cell;
    const fitted = fitValue(field, value);
    const from = { field_id: field.id, seq, ...said, at: at ?? now };
    if (!fitted.fits) {
      return state === 'misfit' && value !== null
        ? { ...from, ...misfitForms(value), state, error }
        : fitted.message;
    }
    return { ...from, ...storedForms(field, fitted.value), state: state === 'failed' ? state : 'ok', error };
  }
  const fitted: Fitted = 'in_words' in given ? readValue(field, given.in_words) : fitValue(field, given.value);
  if (!fitted.fits) return fitted.message;
  return fitted.value === null ? null : valueRow(field, seq, fitted.value, { source: 'csv', at: now });
}

function inWords(given: FileValue): string {
  if ('in_words' in given) return given.in_words;
  return JSON.stringify('cell' in given ? given.cell.value : given.value);
}
