/** How the columns of a file are read: by the label of a field, or by the names that every list's columns have. */
import { oneLine, type Field } from '#contract/fields.ts';
import { withoutHeaps } from './sort-key.ts';

/** The columns of an export besides the fields, in order. A field cannot have one of these as its label. */
export const fileColumns = [
  'url',
  'title',
  'channel',
  'duration_seconds',
  'published_at',
  'language',
  'live_state',
  'state',
  'state_reason',
  'thumbnail_url',
  'metadata_source',
  'metadata_at',
  'added_at',
  'processed_at',
] as const;
export type FileColumn = (typeof fileColumns)[number];

/** What other programs call them: Google Takeout, yt-dlp, browsers' bookmarks, spreadsheets made by hand. */
const otherNames = new Map<string, FileColumn>(
  Object.entries({
    link: 'url',
    links: 'url',
    video: 'url',
    'video id': 'url',
    'video url': 'url',
    'video link': 'url',
    'youtube id': 'url',
    'youtube url': 'url',
    'youtube link': 'url',
    youtube: 'url',
    'watch url': 'url',
    'webpage url': 'url',
    clip: 'url',
    address: 'url',
    href: 'url',
    id: 'url',
    'song url': 'url',
    name: 'title',
    'video title': 'title',
    'channel name': 'channel',
    'channel title': 'channel',
  } as const),
);

export function isFileColumn(label: string): boolean {
  return columnOf(label) !== undefined;
}

function columnOf(heading: string): FileColumn | undefined {
  const plain = labelKey(heading).replaceAll(/[ _-]+/g, '_');
  return fileColumns.find((column) => column === plain);
}

/** A heading stands for one of the list's columns, a field (by its id), or nothing. */
export type HeadingMeans = { column: FileColumn } | { field_id: string } | undefined;

/** Ids of fields by how their labels are compared. */
export type Labels = ReadonlyMap<string, string>;

export function labelsOf(fields: readonly Field[]): Labels {
  return new Map(fields.map(({ id, label }) => [labelKey(label), id]));
}

/** Each meaning is given once: a second column for the same is left alone. */
export function readHeadings(headings: readonly string[], labels: Labels): HeadingMeans[] {
  const taken = new Set<string>();
  const once = (key: string, meaning: HeadingMeans): HeadingMeans => {
    if (taken.has(key)) return undefined;
    taken.add(key);
    return meaning;
  };
  // Names that are exactly ours come first: a table may have "link" beside "url".
  const exact = headings.map((heading) => {
    const column = columnOf(heading);
    if (column !== undefined) return once(column, { column });
    const field_id = labels.get(labelKey(heading));
    return field_id === undefined ? undefined : once(field_id, { field_id });
  });
  return exact.map((meaning, at) => {
    if (meaning !== undefined) return meaning;
    const column = otherNames.get(labelKey(headings[at] ?? '').replaceAll(/[ _-]+/g, ' '));
    return column === undefined ? undefined : once(column, { column });
  });
}

/**
 * Alike for labels, and options, that are the same word: in any case, width, ornament and white space. Finding is more
 * generous: "cafe" finds "Café", but is not that option.
 */
export function labelKey(label: string): string {
  return withoutHeaps(oneLine(label)).normalize('NFKC').toLowerCase().normalize('NFKC');
}

export function sameLabel(one: string, other: string): boolean {
  return labelKey(one) === labelKey(other);
}
