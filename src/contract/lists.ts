/** Lists of saved videos: what each is, and how one is made, changed and put away. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Field, limits, ListId, NewField } from './fields.ts';
import { JobStatus, videoStates, type VideoState } from './words.ts';

const ListName = z.string().trim().min(1).max(limits.list_name_characters);
const ListDescription = z.string().trim().max(limits.description_characters);

const listColumns = {
  id: z.string(),
  name: z.string(),
  description: z.string(),
  watch_videos: z
    .boolean()
    .describe('The owner allows that a model which can watches the videos themselves, which costs far more'),
  created_at: z.string(),
  deleted_at: z.string().nullable(),
  version: z.int().describe('Higher after every change to anything in the list'),
  videos: z.int(),
  states: z.strictObject(
    Object.fromEntries(videoStates.map((state) => [state, z.int()])) as Record<VideoState, z.ZodInt>,
  ),
  job: z
    .strictObject({ id: z.string(), status: JobStatus })
    .nullable()
    .describe('The newest job that processed it'),
};

export const ListSummary = z.strictObject(listColumns);
export type ListSummary = z.infer<typeof ListSummary>;

export const List = z.strictObject({
  ...listColumns,
  fields: z.array(Field),
  failed_cells: z.int(),
  misfit_cells: z.int(),
});
export type List = z.infer<typeof List>;

const tags = ['lists'];

export const listsContract = {
  list: oc
    .route({ method: 'GET', path: '/lists', tags, summary: 'Every list, newest first' })
    .input(z.strictObject({ deleted: z.boolean().default(false).describe('Those deleted instead') }))
    .output(z.strictObject({ items: z.array(ListSummary) })),
  create: oc
    .route({ method: 'POST', path: '/lists', tags, summary: 'A new list', successStatus: 201 })
    .input(
      z.strictObject({
        name: ListName,
        description: ListDescription.default(''),
        watch_videos: z.boolean().default(false),
        fields: z.array(NewField).max(limits.fields_per_list).default([]),
      }),
    )
    .output(List),
  get: oc
    .route({ method: 'GET', path: '/lists/{id}', tags, summary: 'One list with its fields and counts' })
    .input(ListId)
    .output(List),
  change: oc
    .route({ method: 'PATCH', path: '/lists/{id}', tags, summary: 'Rename, describe, allow watching' })
    .input(
      ListId.extend({
        name: ListName.optional(),
        description: ListDescription.optional(),
        watch_videos: z.boolean().optional(),
      }),
    )
    .output(List),
  remove: oc
    .route({
      method: 'DELETE',
      path: '/lists/{id}',
      tags,
      summary: 'Put a list away; `restore` brings it back',
      description: 'Refused while a job of it is not over.',
    })
    .input(ListId)
    .output(ListSummary),
  restore: oc
    .route({ method: 'POST', path: '/lists/{id}/restore', tags, summary: 'Bring a deleted list back' })
    .input(ListId)
    .output(List),
};
