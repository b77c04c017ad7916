/** Fields that a model proposes from a plain description. Nothing is written: the owner edits and accepts them. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { limits, NewField, type Field } from '#contract/fields.ts';
import { isOfOptions, fieldTypes } from '#contract/words.ts';
import type { Database } from '#db/schema.ts';
import { ApiFault } from '#saved-videos/asking/api-fault.ts';
import { isFileColumn, sameLabel } from '#saved-videos/fields/headings.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { findList } from '#saved-videos/lists.ts';
import { ListRefused } from '#saved-videos/refused.ts';
import type { Model } from './model.ts';

const mostProposed = 12;

const schema = {
  type: 'object',
  properties: {
    fields: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          label: { type: 'string' },
          type: { type: 'string', enum: fieldTypes },
          options: { type: 'array', items: { type: 'string' } },
          instruction: { type: 'string' },
          required: { type: 'boolean' },
        },
        required: ['label', 'type', 'options', 'instruction', 'required'],
        additionalProperties: false,
      },
    },
  },
  required: ['fields'],
  additionalProperties: false,
};

/** Throws `ListRefused` where no model is set, or it cannot be asked now. */
export async function suggestFields(
  db: Kysely<Database>,
  model: Model | null,
  owner: string,
  listId: string,
  description: string,
): Promise<{ fields: NewField[]; model: string }> {
  const list = await findList(db, owner, listId);
  if (model === null) {
    throw new ListRefused(
      'model_off',
      'No model is set that could propose fields. Name one in DAYBOOK_AI and start Daybook again, or add the fields yourself.',
    );
  }
  const there = await fieldsOfList(db, listId);
  const room = Math.min(mostProposed, limits.fields_per_list - there.length);
  const fields = usable(await ask(model, list, there, description), there).slice(0, room);
  return { fields, model: model.name };
}

async function ask(
  model: Model,
  list: { name: string; description: string },
  there: readonly Field[],
  description: string,
): Promise<unknown> {
  try {
    const answer = await model.ask({
      instructions: [
        'You design the columns of a table of YouTube videos for the person who keeps it. Each column is filled later by a model that reads title, channel, length, date and description of each video.',
        `Propose at most ${mostProposed} columns for what the person wants to know; rather few good ones than many. Each can be judged from what is read about a video.`,
        'Title, channel, length, publishing date, language and address are columns of every list already.',
        'Types: text (a few words), select (one option), multi_select (several options), number, duration (minutes), boolean.',
        'A select has 2 to 8 short options in a sensible order; every type but select and multi_select has none.',
        'The instruction tells the filling model in one or two sentences how to decide. Required is true only where every video must have a value.',
        'Write labels, options and instructions in the language of the person’s words.',
      ].join('\n'),
      text: JSON.stringify({
        list: { name: list.name, description: list.description },
        columns_there: there.map(({ label }) => label),
        wanted: description,
      }),
      watch: null,
      schema,
      signal: new AbortController().signal,
    });
    if (answer.problem !== null) throw new ApiFault('unreadable', answer.problem);
    return answer.value;
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    throw new ListRefused('model_unavailable', `${error.message} Try again, or add the fields yourself.`);
  }
}

const Proposed = z.object({ fields: z.array(z.unknown()).max(1000) });

/** What fits a field as it may be added, and does not stand there yet. */
function usable(value: unknown, there: readonly Field[]): NewField[] {
  const read = Proposed.safeParse(value);
  const proposed: NewField[] = [];
  for (const each of read.data?.fields ?? []) {
    const field = fieldOf(each);
    if (field === undefined || isFileColumn(field.label)) continue;
    if ([...there, ...proposed].some(({ label }) => sameLabel(label, field.label))) continue;
    proposed.push(field);
  }
  return proposed;
}

function fieldOf(value: unknown): NewField | undefined {
  const read = NewField.safeParse(value);
  if (!read.success) return undefined;
  const { type, options } = read.data;
  const once = options.filter((option, at) => options.findIndex((other) => sameLabel(other, option)) === at);
  if (!isOfOptions(type)) return { ...read.data, options: [] };
  return once.length === 0 ? { ...read.data, type: 'text', options: [] } : { ...read.data, options: once };
}
