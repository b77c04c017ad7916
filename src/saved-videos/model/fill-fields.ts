/** The values of one video’s fields, by a model: asked, checked, asked once more for what did not fit. */
import type { Field, Value } from '#contract/fields.ts';
import { storable } from '#jobs/outcome.ts';
import { ApiFault } from '#saved-videos/asking/api-fault.ts';
import type { Asking, Courtesy } from '#saved-videos/asking/courtesy.ts';
import { fitValue, readValue, type Fitted } from '#saved-videos/fields/field-value.ts';
import type { ModelValue } from '#saved-videos/fields/keep-values.ts';
import type { Answer, Model, Question } from './model.ts';
import {
  callsFor,
  instructionsFor,
  nameInCall,
  promptVersion,
  schemaFor,
  tellMisfits,
  tellVideo,
  type KnownVideo,
} from './prompt.ts';

export type Wanted = {
  seq: number;
  list: { name: string; description: string };
  fields: readonly Field[];
  video: KnownVideo;
  /** The id of the video where the model shall watch it. */
  watch: string | null;
  longest_description: number;
};

/** What was asked of a model, to be kept for summaries and estimates. */
type Use = {
  model: string;
  watched: boolean;
  calls: number;
  input_tokens: number;
  output_tokens: number;
  seconds: number;
};

/** Grows call by call: what came before a call that was refused is kept. */
export type Filled = { values: ModelValue[]; use: Use };

export function nothingFilled(model: string, watched: boolean): Filled {
  return {
    values: [],
    use: { model, watched, calls: 0, input_tokens: 0, output_tokens: 0, seconds: 0 },
  };
}

type Judged = { field: Field; came: unknown } & ({ value: Value | null } | { message: string });

/**
 * Adds the values to `filled`. Rejects with `ItemEnded` where the model cannot be asked. A value that does not fit
 * rejects nothing: its cell failed.
 */
export async function fillFields(
  model: Model,
  courtesy: Courtesy,
  wanted: Wanted,
  asking: Asking,
  { values, use }: Filled,
): Promise<void> {
  const told = tellVideo(wanted.video, wanted.longest_description);
  for (const fields of callsFor(wanted.fields)) {
    for (const judged of await askFor(fields)) values.push(valueOf(judged));
  }

  async function askFor(fields: readonly Field[]): Promise<Judged[]> {
    const instructions = instructionsFor(wanted.list, fields);
    const question = { instructions, text: told, schema: schemaFor(fields), watch: wanted.watch };
    const first = await ask(question);
    const judged = fields.map((field, at) => judge(field, first, nameInCall(at)));
    const misfits = judged.filter((each) => 'message' in each);
    if (misfits.length === 0 || first.is_blocked) return judged;
    const second = await ask(askedAgain(misfits, first));
    return judged.map((each) => {
      const at = misfits.findIndex(({ field }) => field === each.field);
      return at === -1 ? each : judge(each.field, second, nameInCall(at));
    });
  }

  /** Only what did not fit. What was seen in the video stands in the earlier answer, if there was one. */
  function askedAgain(
    misfits: readonly (Judged & { message: string })[],
    first: Answer,
  ): Omit<Question, 'signal'> {
    const fields = misfits.map(({ field }) => field);
    return {
      instructions: instructionsFor(wanted.list, fields),
      text: `${told}\n\n${tellMisfits(misfits)}`,
      schema: schemaFor(fields),
      watch: first.problem === null ? null : wanted.watch,
    };
  }

  async function ask(question: Omit<Question, 'signal'>): Promise<Answer> {
    const answer = await courtesy.ask(() => watchOrRead({ ...question, signal: asking.signal }), asking);
    use.input_tokens += answer.input_tokens;
    use.output_tokens += answer.output_tokens;
    use.seconds += answer.seconds;
    return answer;
  }

  /** A video that the model may not or cannot watch (for its age limit, its length) is judged by what is written. */
  async function watchOrRead(question: Question): Promise<Answer> {
    use.calls += 1;
    if (question.watch === null) return model.ask(question);
    try {
      return await model.ask(question);
    } catch (error) {
      const isAboutVideo =
        error instanceof ApiFault && (error.fault === 'refused' || error.fault === 'setting_wrong');
      if (!isAboutVideo) throw error;
      use.calls += 1;
      return model.ask({ ...question, watch: null });
    }
  }

  function valueOf(judged: Judged): ModelValue {
    const { id: field_id } = judged.field;
    const value = { seq: wanted.seq, field_id, model: model.name, prompt_version: promptVersion };
    return 'value' in judged
      ? { ...value, value: judged.value }
      : { ...value, error: storable(judged.message) };
  }
}

function judge(field: Field, answer: Answer, name: string): Judged {
  if (answer.problem !== null) return { field, came: undefined, message: answer.problem };
  const answered = answer.value as Record<string, unknown>;
  if (!Object.hasOwn(answered, name)) return { field, came: undefined, message: 'No value came for it.' };
  const came = answered[name];
  const fitted = fit(field, came);
  if (!fitted.fits) return { field, came, message: fitted.message };
  if (fitted.value === null && field.required) return { field, came, message: 'It must have a value.' };
  return { field, came, value: fitted.value };
}

/** Small models write numbers and lists as texts. */
function fit(field: Field, came: unknown): Fitted {
  const fitted = fitValue(field, came);
  if (fitted.fits || typeof came !== 'string') return fitted;
  const read = readValue(field, came);
  return read.fits ? read : fitted;
}
