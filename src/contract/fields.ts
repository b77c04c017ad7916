/** The columns that the owner of a list defined, and what a video has in them. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { FieldType, ValueSource, ValueState } from './words.ts';

/** What keeps one list readable, and one request small. */
export const limits = {
  lists: 1000,
  videos_per_list: 250_000,
  fields_per_list: 50,
  options_per_field: 100,
  links_per_request: 10_000,
  playlists_per_request: 50,
  label_characters: 100,
  option_characters: 100,
  list_name_characters: 200,
  /** Of what a list is about, and of what a model is told. */
  description_characters: 2000,
  text_characters: 5000,
  /** Of why a video or a cell is as it is. */
  reason_characters: 500,
  link_characters: 2000,
  filters_per_view: 20,
  values_per_filter: 100,
  filter_characters: 500,
  sorts_per_view: 3,
  unreadable_shown: 100,
  /** So long a list that was put away can come back. */
  deleted_list_days: 30,
} as const;

export const ListId = z.strictObject({ id: z.string().max(100).describe('Of the list') });
export const FieldRef = ListId.extend({ field_id: z.string().max(100) });

/** Names of columns and options stand in one cell of a file and in both databases: no line ends, NUL, half pairs. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

const Label = z.string().overwrite(oneLine).min(1).max(limits.label_characters);
const Option = z.string().overwrite(oneLine).min(1).max(limits.option_characters);
const Instruction = z
  .string()
  .trim()
  .max(limits.description_characters)
  .describe('What the model is told about it');

/** Options are for `select` and `multi_select`, which need at least one; the other types have none. */
export const NewField = z.strictObject({
  label: Label.describe('Unlike that of any other column of the list, in any case'),
  type: FieldType,
  options: z.array(Option).max(limits.options_per_field).default([]),
  instruction: Instruction.default(''),
  required: z.boolean().default(false).describe('The model must give a value: none is a failed cell'),
});
export type NewField = z.infer<typeof NewField>;

export const Field = z.strictObject({
  id: z.string(),
  label: z.string(),
  type: FieldType,
  options: z.array(z.string()),
  instruction: z.string(),
  required: z.boolean(),
  position: z.int().describe('0, 1, 2 … from left to right'),
});
export type Field = z.infer<typeof Field>;

/** What is left out stays. */
export const FieldChange = z.strictObject({
  label: Label.optional(),
  type: FieldType.optional(),
  options: z.array(Option).max(limits.options_per_field).optional(),
  renamed: z
    .array(z.strictObject({ from: z.string().max(200), to: Option }))
    .max(limits.options_per_field)
    .default([])
    .describe('Options that got another name: their values follow'),
  instruction: Instruction.optional(),
  required: z.boolean().optional(),
  position: z.int().min(0).max(limits.fields_per_list).optional(),
});
export type FieldChange = z.infer<typeof FieldChange>;

/** What became of the values when a field changed. */
export const FieldChanged = z.strictObject({
  field: Field,
  converted: z.int().describe('Values that are written otherwise now'),
  misfits: z.int().describe('Values that fit no longer: kept and marked'),
});
export type FieldChanged = z.infer<typeof FieldChanged>;

/** As its field's type says: text and select a string, multi-select strings, number and duration a number, boolean. */
export const Value = z.union([
  z.string().max(limits.text_characters),
  z.number(),
  z.boolean(),
  z.array(z.string().max(limits.option_characters)).max(limits.options_per_field),
]);
export type Value = z.infer<typeof Value>;

/** `value` null: left empty by whom `source` names, or `failed` with the reason in `error`. */
export const Cell = z.strictObject({
  value: Value.nullable(),
  state: ValueState,
  source: ValueSource,
  model: z.string().nullable().describe('With source `model`: its name'),
  prompt_version: z
    .int()
    .nullable()
    .describe('With source `model`: which version of our instructions it was given'),
  at: z.string(),
  error: z.string().nullable(),
});
export type Cell = z.infer<typeof Cell>;

const tags = ['lists'];

export const fieldsContract = {
  list: oc
    .route({ method: 'GET', path: '/lists/{id}/fields', tags, summary: 'The fields of a list, left to right' })
    .input(
      ListId.extend({ deleted: z.boolean().default(false).describe('Those deleted instead, the last first') }),
    )
    .output(z.strictObject({ items: z.array(Field) })),
  add: oc
    .route({ method: 'POST', path: '/lists/{id}/fields', tags, summary: 'A new field', successStatus: 201 })
    .input(
      ListId.extend({
        ...NewField.shape,
        position: z.int().min(0).max(limits.fields_per_list).optional().describe('Left out: the last'),
      }),
    )
    .output(Field),
  change: oc
    .route({
      method: 'PATCH',
      path: '/lists/{id}/fields/{field_id}',
      tags,
      summary: 'Change a field, move it; values that no longer fit are marked',
      description:
        'With another type, values are read anew as that type where they can be. A value that fits again after a later change is marked so.',
    })
    .input(FieldRef.extend(FieldChange.shape))
    .output(FieldChanged),
  remove: oc
    .route({
      method: 'DELETE',
      path: '/lists/{id}/fields/{field_id}',
      tags,
      summary: 'Put a field away with its values; `restore` brings both back',
    })
    .input(FieldRef)
    .output(Field),
  restore: oc
    .route({
      method: 'POST',
      path: '/lists/{id}/fields/{field_id}/restore',
      tags,
      summary: 'Bring a deleted field back with its values',
    })
    .input(FieldRef)
    .output(Field),
  suggest: oc
    .route({
      method: 'POST',
      path: '/lists/{id}/fields/suggest',
      tags,
      summary: 'Fields that a model proposes; nothing is written',
    })
    .input(ListId.extend({ description: z.string().trim().min(1).max(limits.description_characters) }))
    .output(z.strictObject({ fields: z.array(NewField), model: z.string() })),
};
