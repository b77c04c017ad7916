/** One row of a file, read: which link, what is told of the video, which values. CSV and JSON come together here. */
import { z } from 'zod';
import { limits, Value } from '#contract/fields.ts';
import {
  liveStates,
  metadataSources,
  ValueSource,
  ValueState,
  videoStates,
  type MetadataSource,
  type VideoState,
} from '#contract/words.ts';
import type { FileColumn, HeadingMeans } from '#saved-videos/fields/headings.ts';
import { cutTo, limitsOfMetadata, plainMetadata, type Metadata } from '#saved-videos/videos/keep-metadata.ts';
import { leftEmpty, restore } from './formula.ts';

export type FileRow = {
  line: number;
  link: string;
  /** What the row tells besides, as far as it can be understood. */
  about: AboutVideo;
  values: FileValue[];
};

export type FileValue = { field_id: string } & (
  | { in_words: string }
  | { value: unknown }
  /** With where it came from, as our own JSON tells it. */
  | { cell: StoredCell }
);

export type AboutVideo = {
  /** `at` null: when it was told is not said. */
  metadata: (Metadata & { source: MetadataSource; at: string | null }) | null;
  /** Null: not said, said by another program, or that nobody asked yet. */
  asked: { state: VideoState; state_reason: string | null; processed_at: string | null } | null;
  added_at: string | null;
};

const Time = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());

const StoredCell = z.object({
  value: Value.nullable(),
  state: ValueState.default('ok'),
  source: ValueSource.default('csv'),
  model: z.string().max(200).nullable().default(null),
  prompt_version: z.int().min(0).max(1_000_000).nullable().default(null),
  at: Time.nullable().default(null),
  error: z.string().max(limits.reason_characters).nullable().default(null),
});
export type StoredCell = z.output<typeof StoredCell>;

/** Only a person leaves a cell empty on purpose, in whatever program. */
const emptied = StoredCell.parse({ value: null, source: 'person' });

export function rowOfCsv(line: number, cells: readonly string[], meanings: readonly HeadingMeans[]): FileRow {
  const columns: Partial<Record<FileColumn, string>> = {};
  const values: FileValue[] = [];
  for (const [at, meaning] of meanings.entries()) {
    const cell = cells[at] ?? '';
    const text = restore(cell);
    if (meaning === undefined || text.trim() === '') continue;
    if ('column' in meaning) columns[meaning.column] = text.trim();
    else if (cell.trim() === leftEmpty) values.push({ field_id: meaning.field_id, cell: emptied });
    else values.push({ field_id: meaning.field_id, in_words: text });
  }
  return { line, link: columns.url ?? '', about: aboutVideo(columns, null), values };
}

/** More than any column or field has a use for. */
const mostMembers = 1000;

/**
 * The row, or why the element is none. `meaningOf` says what the name of a member stands for. An element may also be a
 * link alone.
 */
export function rowOfJson(
  line: number,
  element: unknown,
  meaningOf: (name: string) => HeadingMeans,
): FileRow | string {
  if (typeof element === 'string') return { line, link: element, about: aboutVideo({}, null), values: [] };
  if (!isObject(element)) return 'Expected a link, or an object with a “url”.';
  const inside = membersWithin(element['values']);
  // Counted before they are looked at: 300,000 of them keep everybody waiting.
  const count = Object.keys(element).length + Object.keys(inside).length;
  if (count > mostMembers) {
    const [came, most] = [count, mostMembers].map((each) => each.toLocaleString('en'));
    return `A video has at most ${most} members here, but ${came} came.`;
  }
  const { values: _, description, ...members } = element;
  const columns: Partial<Record<FileColumn, string>> = {};
  const values: FileValue[] = [];
  for (const [name, member] of [...Object.entries(members), ...Object.entries(inside)]) {
    const meaning = member === null || member === undefined ? undefined : meaningOf(name);
    if (meaning === undefined) continue;
    if ('column' in meaning) {
      if (typeof member === 'string' || typeof member === 'number')
        columns[meaning.column] = String(member).trim();
    } else values.push(valueOf(meaning.field_id, member));
  }
  const about = aboutVideo(columns, typeof description === 'string' ? description : null);
  return { line, link: columns.url ?? '', about, values };
}

/** Of an export, `values` are the fields by their labels; in another program it may be a field itself. */
function membersWithin(values: unknown): Record<string, unknown> {
  if (isObject(values)) return values;
  return values === undefined ? {} : { values };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueOf(field_id: string, member: unknown): FileValue {
  if (typeof member === 'string') return { field_id, in_words: member };
  const cell = StoredCell.safeParse(member);
  return cell.success ? { field_id, cell: cell.data } : { field_id, value: member };
}

function aboutVideo(told: Partial<Record<FileColumn, string>>, description: string | null): AboutVideo {
  const metadata = plainMetadata({
    title: told.title ?? null,
    channel: told.channel ?? null,
    description,
    duration_seconds: seconds(told.duration_seconds),
    published_at: asTime(told.published_at),
    thumbnail_url: thumbnail(told.thumbnail_url),
    language: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$/.test(told.language ?? '')
      ? (told.language ?? null)
      : null,
    live_state: oneOf(liveStates, told.live_state),
  });
  const tellsAnything = Object.values(metadata).some((each) => each !== null);
  const [at, processed_at] = [asTime(told.metadata_at), asTime(told.processed_at)];
  // That YouTube told something stands in our own exports alone, and there with when. A column that happens to be called
  // `state`, of the owner's errands or of the USA, would else keep its videos from being asked about.
  const source = (at === null ? null : oneOf(metadataSources, told.metadata_source)) ?? 'csv';
  const isOurs = processed_at !== null || source !== 'csv';
  const state = (isOurs ? oneOf(videoStates, told.state) : null) ?? 'pending';
  const state_reason = cutTo(told.state_reason ?? null, limits.reason_characters);
  return {
    metadata: tellsAnything ? { ...metadata, source, at } : null,
    asked: state === 'pending' ? null : { state, state_reason, processed_at },
    added_at: asTime(told.added_at),
  };
}

function oneOf<Word extends string>(words: readonly Word[], text: string | undefined): Word | null {
  return words.find((word) => word === text) ?? null;
}

const longestSeconds = 10_000_000;

function seconds(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,8}$/.test(text) && Number(text) <= longestSeconds ? Number(text) : null;
}

/** A day alone is its beginning in UTC. */
function asTime(text: string | undefined): string | null {
  if (text === undefined) return null;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  return Time.safeParse(day).data ?? null;
}

/** Kept as it is told; whether this server may ask that host is for who asks. */
function thumbnail(text: string | undefined): string | null {
  if (text === undefined || text.length > limitsOfMetadata.url) return null;
  const url = URL.parse(text);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null;
}
