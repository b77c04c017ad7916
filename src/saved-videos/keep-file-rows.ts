/** Rows of a file written into a list: the video, what is told of it, and its values. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { limits, type Field } from '#contract/fields.ts';
import type { ImportReport } from '#contract/saved-videos.ts';
import { engineOf, jsonRows } from '#db/json-rows.ts';
import { valueRowsAmong } from './edits.ts';
import { fitValue, misfitForms, readValue, storedForms, type Fitted } from './field-value.ts';
import type { FileRow, FileValue } from './file-row.ts';
import { writeMetadata } from './keep-metadata.ts';
import { putValueRows, valueRow, type ValueRow } from './keep-values.ts';
import { keepVideos, type KeptVideos, type NewVideo } from './keep-videos.ts';
import type { Changes, ListRow } from './list-lock.ts';
import { seqIsAmong } from './video-seqs.ts';

/** `row` null: the link stood there without anything that is told of it alone. */
export type FileVideo = NewVideo & { row: FileRow | null };

/** Counts what became of the values, over all transactions of one import. */
export type ValueTally = { counts: ImportReport['values']; examples: ImportReport['unfit_examples'] };

export function noValues(): ValueTally {
  return { counts: { written: 0, same: 0, kept: 0, unfit: 0 }, examples: [] };
}

type Wishes = { fields: readonly Field[]; overwrite: boolean; values: ValueTally };
type Placed = { seq: number; youtube_id: string; row: FileRow };

/** In the transaction of the caller, who holds the list. */
export async function keepFileRows(
  changes: Changes,
  list: ListRow,
  videos: readonly FileVideo[],
  wishes: Wishes,
): Promise<KeptVideos> {
  const now = new Date();
  const kept = await keepVideos(
    changes,
    list,
    videos.map(({ row, ...video }) => ({ ...video, added_at: row?.about.added_at ?? now.toISOString() })),
    now,
  );
  const placed: Placed[] = [];
  const seen = new Set<number>();
  for (const { youtube_id, row } of videos) {
    const place = kept.places.get(youtube_id);
    // Of a video that stands in the file twice the first row counts.
    if (place === undefined || row === null || seen.has(place.seq)) continue;
    seen.add(place.seq);
    placed.push({ seq: place.seq, youtube_id, row });
  }
  await keepAbout(changes, list.id, placed, now.toISOString());
  for (const field of wishes.fields) {
    await othersTurn();
    await keepField(changes, field, placed, wishes, now.toISOString());
  }
  return kept;
}

/** What a file tells of a video counts while YouTube told nothing; its state, while nobody asked. */
async function keepAbout(
  changes: Changes,
  listId: string,
  placed: readonly Placed[],
  now: string,
): Promise<void> {
  const about = placed.filter(({ row }) => row.about.metadata !== null || row.about.state !== null);
  if (about.length === 0) return;
  const unknown = await changes
    .selectFrom('saved_videos')
    .select('seq')
    .where('list_id', '=', listId)
    .where(
      seqIsAmong(
        changes,
        'seq',
        about.map(({ seq }) => seq),
      ),
    )
    .where((where) => where.or([where('metadata_source', 'is', null), where('metadata_source', '=', 'csv')]))
    .execute();
  const untold = new Set(unknown.map(({ seq }) => seq));
  await writeMetadata(
    changes,
    listId,
    about.flatMap(({ seq, youtube_id, row: { about: told } }) =>
      told.metadata === null || !untold.has(seq)
        ? []
        : [{ seq, youtube_id, ...told.metadata, source: told.metadata_source, at: told.metadata_at ?? now }],
    ),
  );
  const states = about.flatMap(({ seq, row: { about: told } }) =>
    told.state === null || told.state === 'pending'
      ? []
      : [{ seq, state: told.state, state_reason: told.state_reason, processed_at: told.processed_at }],
  );
  const columns = { seq: 'integer', state: 'text', state_reason: 'text', processed_at: 'text' } as const;
  await sql`
    update saved_videos set
      state = told.state, state_reason = told.state_reason, processed_at = told.processed_at
    from ${jsonRows(engineOf(changes), 'told', columns, states)}
    where saved_videos.list_id = ${listId} and saved_videos.seq = told.seq
      and saved_videos.state = ${sql.lit('pending')}`.execute(changes);
}

async function keepField(
  changes: Changes,
  field: Field,
  placed: readonly Placed[],
  { overwrite, values: tally }: Wishes,
  now: string,
): Promise<void> {
  const given = placed.flatMap(({ seq, row }) => {
    const value = row.values.find(({ field_id }) => field_id === field.id);
    return value === undefined ? [] : [{ seq, line: row.line, value }];
  });
  if (given.length === 0) return;
  const standing = await valueRowsAmong(
    changes,
    field.id,
    given.map(({ seq }) => seq),
  );
  const put: ValueRow[] = [];
  for (const { seq, line, value } of given) {
    const row = rowOfValue(field, seq, value, now);
    if (typeof row === 'string') {
      tally.counts.unfit += 1;
      if (tally.examples.length < limits.unreadable_shown) {
        tally.examples.push({
          line,
          field_id: field.id,
          text: inWords(value).slice(0, 200).toWellFormed(),
          message: row,
        });
      }
      continue;
    }
    if (row === null) continue;
    const there = standing.get(seq);
    if (there?.value_json === row.value_json && there.state === row.state) tally.counts.same += 1;
    else if (there?.source === 'person' && !overwrite) tally.counts.kept += 1;
    else {
      tally.counts.written += 1;
      put.push(row);
    }
  }
  await putValueRows(changes, put);
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
