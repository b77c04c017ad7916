/**
 * Saved videos: the rows of a list, how they are added, found and changed. Beside these routes there are, outside
 * the contract because they carry files:
 *
 * - `POST /api/lists/{id}/videos/import` with `text/csv` or `application/json` as the body, streamed; query
 *   `ImportOptions`, answer `ImportReport`.
 * - `GET /api/lists/{id}/export.csv` and `GET /api/lists/{id}/export.json`, streamed; query `VideoView`
 *   (`viewQuery` writes it). What they give imports back to the same table.
 * - `GET /api/lists/{id}/videos/{seq}/thumbnail`, the picture that `thumbnail_url` names, kept by the server.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Cell, limits, ListId, Value } from './fields.ts';
import { searchCharacters } from './page.ts';
import { FilterTest, LiveState, MetadataSource, UnreadableReason, VideoState, listEditKinds } from './words.ts';

/** The number of a video in its list. Its column has 32 bits, and PostgreSQL fails at more. */
export const Seq = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);

/** One row of the table. What YouTube told stays when the video goes: then it is the last that was known. */
export const SavedVideo = z.strictObject({
  seq: z.int().describe('1, 2, 3 … in the order of adding; the id of the video within its list'),
  youtube_id: z.string(),
  url: z.string().describe('The plain address, with `t` where it was saved with a start'),
  start_seconds: z.int().nullable(),
  state: VideoState,
  state_reason: z.string().nullable().describe('A sentence where the state needs one'),
  title: z.string().nullable(),
  channel: z.string().nullable(),
  duration_seconds: z.int().nullable(),
  published_at: z.string().nullable(),
  thumbnail_url: z.string().nullable().describe('At YouTube; the page asks this server for it'),
  language: z.string().nullable().describe('BCP 47, such as `en` or `pt-BR`'),
  live_state: LiveState.nullable(),
  metadata_source: MetadataSource.nullable(),
  metadata_at: z.string().nullable().describe('When that was told'),
  added_at: z.string(),
  processed_at: z.string().nullable().describe('When a job last finished with it'),
  cells: z.record(z.string(), Cell).describe('By id of the field; without an entry: nobody gave a value yet'),
});
export type SavedVideo = z.infer<typeof SavedVideo>;

export const SavedVideoDetail = SavedVideo.extend({ description: z.string().nullable() });
export type SavedVideoDetail = z.infer<typeof SavedVideoDetail>;

const Column = z.string().max(100).describe('One of the columns every list has, or the id of a field');

export const VideoFilter = z.strictObject({
  column: Column,
  test: FilterTest,
  values: z
    .array(z.string().max(limits.filter_characters))
    .max(limits.values_per_filter)
    .default([])
    .describe('As text, whatever the type: `12.5`, `true`, `2024-05-01`. `at_least` and `at_most` read one'),
});
export type VideoFilter = z.infer<typeof VideoFilter>;

const conditions = {
  text: z
    .string()
    .max(searchCharacters)
    .optional()
    .describe('Part of title, channel, id, or any value in words'),
  filters: z.array(VideoFilter).max(limits.filters_per_view).default([]).describe('All of them must hold'),
};

/** Which videos are meant. */
export const VideoCondition = z.strictObject(conditions);
export type VideoCondition = z.infer<typeof VideoCondition>;

/** Which videos, in which order. Empty values stand last in both directions, ties in the order of adding. */
export const VideoView = z.strictObject({
  ...conditions,
  sort: z
    .array(z.strictObject({ column: Column, direction: z.enum(['asc', 'desc']).default('asc') }))
    .max(limits.sorts_per_view)
    .default([])
    .describe('Left out: in the order of adding'),
});
export type VideoView = z.infer<typeof VideoView>;

/** Any place of a table of any length at once: `items` are the rows from `offset` on, of `total`. */
export const VideoWindow = z.strictObject({
  items: z.array(SavedVideo),
  offset: z.int(),
  total: z.int(),
  version: z
    .int()
    .describe('That of the list. Where two windows differ in it, rows may have moved between them'),
});
export type VideoWindow = z.infer<typeof VideoWindow>;

const Target = z
  .strictObject({
    seqs: z.array(Seq).min(1).max(limits.videos_per_list).optional(),
    condition: VideoCondition.optional().describe('All that it holds for'),
    except: z.array(Seq).max(limits.videos_per_list).default([]).describe('But for these'),
  })
  .refine((target) => (target.seqs === undefined) !== (target.condition === undefined), {
    error: 'Give either seqs or condition, not both and not neither.',
    path: ['seqs'],
  });
export type Target = z.infer<typeof Target>;

// ── Adding ──────────────────────────────────────────────────────────────────────────────────────────────────

const Unreadable = z.strictObject({
  line: z.int().describe('From 1: of the links as given, or of the file'),
  text: z.string().describe('What stood there, cut at 200 characters'),
  reason: UnreadableReason,
  message: z.string(),
});
export type Unreadable = z.infer<typeof Unreadable>;

/** A video that was deleted and is added again comes back with all its values, and counts as added. */
export const AddReport = z.strictObject({
  added: z.int(),
  already_here: z.int().describe('In the list before, or given twice'),
  unreadable: z.int(),
  examples: z.array(Unreadable).describe(`The first ${limits.unreadable_shown} of the unreadable`),
  first_seq: z.int().nullable().describe('The first of those added'),
});
export type AddReport = z.infer<typeof AddReport>;

export const ImportOptions = z.strictObject({
  create_fields: z
    .boolean()
    .default(false)
    .describe('Columns with no field of their name become text fields. A JSON export brings its fields itself'),
  overwrite: z.boolean().default(false).describe('Also values that a person gave'),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

export const ImportReport = AddReport.extend({
  rows: z.int(),
  columns: z
    .array(z.strictObject({ heading: z.string(), as: z.string().nullable() }))
    .describe('How each column was read: a column every list has, `url`, a field’s id, or null: left alone'),
  values: z.strictObject({
    written: z.int(),
    same: z.int(),
    kept: z.int().describe('Left alone: what stood there weighs more, such as a person’s value'),
    unfit: z.int().describe('Do not fit their field: left out'),
  }),
  unfit_examples: z.array(
    z.strictObject({ line: z.int(), field_id: z.string(), text: z.string(), message: z.string() }),
  ),
});
export type ImportReport = z.infer<typeof ImportReport>;

// ── Changing ────────────────────────────────────────────────────────────────────────────────────────────────

/** What a person does to the values of one field. */
export const ValueChange = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('set'), value: Value }),
  z.strictObject({ do: z.literal('empty') }).describe('Empty, and no model fills it'),
  z.strictObject({ do: z.literal('release') }).describe('Forget it, so that a model may fill it again'),
  z
    .strictObject({
      do: z.literal('options'),
      add: z.array(z.string().max(limits.option_characters)).max(limits.options_per_field).default([]),
      remove: z.array(z.string().max(limits.option_characters)).max(limits.options_per_field).default([]),
    })
    .describe('Of a multi-select: add and take away single options'),
]);
export type ValueChange = z.infer<typeof ValueChange>;

export const EditReport = z.strictObject({
  edit_id: z.string().nullable().describe('For undo; null where nothing changed'),
  matched: z.int(),
  changed: z.int(),
  version: z.int().describe('Of the list, after it'),
});
export type EditReport = z.infer<typeof EditReport>;

/** Something that a person did and that stands. */
export const ListEdit = z.strictObject({
  id: z.string(),
  kind: z.enum(listEditKinds).describe('`values` were given, emptied or released; `deletion` of videos'),
  at: z.string(),
  changed: z.int().describe('In so many videos'),
});
export type ListEdit = z.infer<typeof ListEdit>;

// ── Routes ──────────────────────────────────────────────────────────────────────────────────────────────────

const tags = ['lists'];
const VideoRef = ListId.extend({ seq: Seq });

export const videosContract = {
  add: oc
    .route({
      method: 'POST',
      path: '/lists/{id}/videos',
      tags,
      summary: 'Add links; the links themselves are never fetched',
    })
    .input(
      ListId.extend({
        url: z.string().min(1).max(10_000).optional(),
        urls: z.array(z.string().max(10_000)).min(1).max(limits.links_per_request).optional(),
      }).refine((input) => (input.url === undefined) !== (input.urls === undefined), {
        error: 'Give either url or urls, not both and not neither.',
        path: ['url'],
      }),
    )
    .output(AddReport),
  list: oc
    .route({
      method: 'GET',
      path: '/lists/{id}/videos',
      tags,
      summary: 'The rows of the table from `offset` on, sorted, filtered and searched',
    })
    .input(
      ListId.extend(VideoView.shape).extend({
        offset: z.int().min(0).max(limits.videos_per_list).default(0),
        limit: z.int().min(1).max(500).default(100),
      }),
    )
    .output(VideoWindow),
  seqs: oc
    .route({
      method: 'GET',
      path: '/lists/{id}/seqs',
      tags,
      summary: 'The numbers of the videos of a view from `offset` on, as `Target` takes them',
    })
    .input(
      ListId.extend(VideoView.shape).extend({
        offset: z.int().min(0).max(limits.videos_per_list).default(0),
        limit: z.int().min(1).max(limits.videos_per_list).default(limits.videos_per_list),
      }),
    )
    .output(z.strictObject({ seqs: z.array(z.int()), total: z.int(), version: z.int() })),
  values: oc
    .route({
      method: 'GET',
      path: '/lists/{id}/columns/{column}/values',
      tags,
      summary: 'What stands in a column, most often first, for a filter to offer',
    })
    .input(
      ListId.extend({
        column: Column,
        text: z.string().max(searchCharacters).optional().describe('Part of it'),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(z.strictObject({ items: z.array(z.strictObject({ value: z.string(), count: z.int() })) })),
  get: oc
    .route({ method: 'GET', path: '/lists/{id}/videos/{seq}', tags, summary: 'One video with its description' })
    .input(VideoRef)
    .output(SavedVideoDetail),
  edit: oc
    .route({
      method: 'PATCH',
      path: '/lists/{id}/videos/{seq}',
      tags,
      summary: 'What a person says about one video',
    })
    .input(
      VideoRef.extend({ changes: z.record(z.string().max(100), ValueChange).describe('By id of the field') }),
    )
    .output(EditReport.extend({ video: SavedVideo })),
  editMany: oc
    .route({
      method: 'POST',
      path: '/lists/{id}/values',
      tags,
      summary: 'What a person says about many videos at once',
    })
    .input(ListId.extend({ target: Target, field_id: z.string().max(100), change: ValueChange }))
    .output(EditReport),
  remove: oc
    .route({ method: 'POST', path: '/lists/{id}/videos/delete', tags, summary: 'Take videos out of the list' })
    .input(ListId.extend({ target: Target }))
    .output(EditReport),
  edits: oc
    .route({
      method: 'GET',
      path: '/lists/{id}/edits',
      tags,
      summary: 'What can be undone, by whichever window it was done, the last first',
    })
    .input(ListId.extend({ limit: z.int().min(1).max(100).default(100) }))
    .output(z.strictObject({ items: z.array(ListEdit) })),
  undo: oc
    .route({
      method: 'POST',
      path: '/lists/{id}/edits/{edit_id}/undo',
      tags,
      summary: 'Take an edit or a deletion back',
      description: 'What was changed again since is left as it is. The last 100 edits of a list can be undone.',
    })
    .input(ListId.extend({ edit_id: z.string().max(100) }))
    .output(EditReport),
};

/** A view as the query of an address, for the export links: `filters[0][column]=title&…`. */
export function viewQuery({ text, filters, sort }: VideoView): string {
  const query = new URLSearchParams();
  if (text !== undefined) query.set('text', text);
  for (const [at, { column, test, values }] of filters.entries()) {
    query.set(`filters[${at}][column]`, column);
    query.set(`filters[${at}][test]`, test);
    for (const [nth, value] of values.entries()) query.set(`filters[${at}][values][${nth}]`, value);
  }
  for (const [at, { column, direction }] of sort.entries()) {
    query.set(`sort[${at}][column]`, column);
    query.set(`sort[${at}][direction]`, direction);
  }
  return query.toString();
}
