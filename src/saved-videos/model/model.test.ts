import { expect, test } from 'vitest';
import { geminiTooOften, modelKey, modelName, startModel } from '../../../test/stand-ins/model.ts';
import type { Fault as Ordered } from '../../../test/stand-ins/wire.ts';
import { ApiFault, type Fault } from '#saved-videos/asking/api-fault.ts';
import { nextPacificMidnight } from '#saved-videos/asking/pacific-day.ts';
import { openModel, type ModelSettings, type Question } from './model.ts';

const schema = {
  type: 'object',
  properties: {
    f1: { anyOf: [{ type: 'string', enum: ['one', 'two'] }, { type: 'null' }] },
    f2: { type: 'number' },
  },
  required: ['f1', 'f2'],
  additionalProperties: false,
};

const question: Question = {
  instructions: 'Fill the columns.',
  text: 'A video about knots.',
  watch: null,
  schema,
  signal: new AbortController().signal,
};

const providers = ['google', 'openai-compatible'] as const;

async function desk(provider: ModelSettings['provider'], settings: Partial<ModelSettings> = {}) {
  const standIn = await startModel();
  const path = provider === 'google' ? 'v1beta' : 'v1';
  const url = `${standIn.url}/${path}`;
  const model = openModel({ provider, name: modelName, url, key: modelKey, limit_seconds: 20, ...settings });
  return { standIn, model, [Symbol.asyncDispose]: () => standIn[Symbol.asyncDispose]() };
}

async function faultOf(asking: Promise<unknown>): Promise<ApiFault> {
  const error = await asking.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ApiFault)) throw new Error(`No fault, but ${String(error)}.`);
  return error;
}

test.each(providers)(
  '%s is asked in its own format, with the schema, and answers with values and tokens',
  async (provider) => {
    await using test = await desk(provider);
    test.standIn.script.answer = () => ({ value: { f1: 'two', f2: 4.5 } });
    const answer = await test.model.ask(question);
    expect(answer).toEqual({
      value: { f1: 'two', f2: 4.5 },
      problem: null,
      is_blocked: false,
      input_tokens: 10,
      output_tokens: 6,
      seconds: expect.any(Number),
    });
    expect(test.standIn.questions).toEqual([
      {
        wire: provider === 'google' ? 'gemini' : 'openai',
        model: modelName,
        instructions: question.instructions,
        text: question.text,
        watch: null,
        schema,
        video: {},
      },
    ]);
  },
);

test.each(providers)('%s: words or a fence around the JSON are taken off', async (provider) => {
  await using test = await desk(provider);
  test.standIn.script.answer = () => ({ text: 'Sure!\n```json\n{"f1": "one", "f2": 2}\n```\nAnything else?' });
  expect(await test.model.ask(question)).toMatchObject({
    value: { f1: 'one', f2: 2 },
    problem: null,
    output_tokens: 14,
  });
});

const unreadable = [
  ['words', { text: 'I would rather not.' }, /could not be read/, false],
  ['half of it', { text: '{"f1": "on', finish: 'length' }, /too long and was cut/, false],
  ['a list', { value: ['one', 2] }, /could not be read/, false],
  ['nothing, for its rules', { text: '', finish: 'blocked' }, /will not answer about this video/, true],
] as const;

for (const provider of providers) {
  test.each(unreadable)(
    `${provider}: an answer that is %s has no value, and says why`,
    async (_, said, problem, is_blocked) => {
      await using test = await desk(provider);
      test.standIn.script.answer = () => said;
      const answer = await test.model.ask(question);
      expect(answer).toMatchObject({ value: undefined, problem: expect.stringMatching(problem), is_blocked });
      expect(answer.input_tokens).toBe(10);
    },
  );
}

test.each([
  ['and counts it', { usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 } }, 10],
  ['and does not count it', {}, 0],
])(
  'a prompt that Gemini blocks %s is answered: it will say nothing about this video',
  async (_, counted, tokens) => {
    await using test = await desk('google');
    const body = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, ...counted };
    test.standIn.faults.order('ask', { answer: 200, body });
    expect(await test.model.ask(question)).toMatchObject({
      value: undefined,
      problem: 'The model will not answer about this video.',
      is_blocked: true,
      input_tokens: tokens,
    });
  },
);

test.each([
  ['12.5', 0],
  ['1e30', 0],
  ['-7', 0],
  ['4000', 4000],
])('a count of %s tokens is kept as %i: what is no count must not cost the answer', async (said, tokens) => {
  await using test = await desk('openai-compatible');
  const message = { role: 'assistant', content: '{"level": "Beginner"}' };
  const usage = { prompt_tokens: Number(said), completion_tokens: Number(said), total_tokens: 1 };
  const body = { choices: [{ index: 0, message, finish_reason: 'stop' }], usage };
  test.standIn.faults.order('ask', { answer: 200, body });
  expect(await test.model.ask(question)).toMatchObject({
    problem: null,
    input_tokens: tokens,
    output_tokens: tokens,
  });
});

const faults: [string, Ordered, Fault, RegExp][] = [
  [
    'trouble over there',
    { answer: 500, body: { error: { message: 'internal' } } },
    'unavailable',
    /trouble of its own \(500\)/,
  ],
  ['an overloaded model', { answer: 503, body: '<html>busy</html>' }, 'unavailable', /\(503\)/],
  ['a connection cut', { cut: 'at once' }, 'unavailable', /cannot be reached/],
  ['a connection cut in the answer', { cut: 'half way' }, 'unavailable', /cannot be reached/],
  ['a page of HTML', { answer: 200, body: '<html>Log in</html>' }, 'unreadable', /is no answer of a model/],
  [
    'another service’s JSON',
    { answer: 200, body: { hello: 'world' } },
    'unreadable',
    /no answer of a model|could not be read/,
  ],
  [
    'an answer of five megabytes',
    { answer: 200, body: { padding: 'x'.repeat(5_000_000) } },
    'unreadable',
    /larger than/,
  ],
  [
    'a way to somewhere else',
    { answer: 307, body: '', headers: { location: 'http://127.0.0.1:1/' } },
    'setting_wrong',
    /not followed/,
  ],
  [
    'a refused request',
    { answer: 400, body: { error: { message: `Too long, said ${modelKey}.` } } },
    'refused',
    /Too long/,
  ],
  [
    'no credit left',
    { answer: 429, body: { error: { message: 'Pay.', code: 'insufficient_quota' } } },
    'setting_wrong',
    /wants to be paid/,
  ],
  ['a rate limit', { answer: 429, body: {}, headers: { 'retry-after': '7' } }, 'rate_limited', /too often/],
];

for (const provider of providers) {
  test.each(faults)(`${provider}: %s is a fault of its own sort`, async (_, ordered, fault, message) => {
    await using test = await desk(provider);
    test.standIn.faults.order('ask', ordered, 1);
    const error = await faultOf(test.model.ask(question));
    expect(error.fault).toBe(fault);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain(modelKey);
    expect(error.cause).toBeUndefined();
    // Nothing was tried again behind our back.
    expect(test.standIn.questions).toHaveLength(1);
    expect((await test.model.ask(question)).problem).toBeNull();
  });
}

test.each(providers)(
  '%s: a wrong key and a model that is not there say which setting to mend, and never the key',
  async (provider) => {
    const key = 'a-wrong-and-secret-key';
    await using test = await desk(provider, { key });
    const wrongKey = await faultOf(test.model.ask(question));
    expect([wrongKey.fault, wrongKey.message]).toEqual([
      'setting_wrong',
      expect.stringContaining('DAYBOOK_AI_KEY'),
    ]);
    expect(wrongKey.message).not.toContain(key);

    await using other = await desk(provider, { name: 'gemini-99' });
    const noModel = await faultOf(other.model.ask(question));
    expect([noModel.fault, noModel.message]).toEqual([
      'setting_wrong',
      expect.stringContaining('There is no model “gemini-99”'),
    ]);
  },
);

test('without a key a server that wants one says so', async () => {
  await using test = await desk('openai-compatible', { key: '' });
  expect((await faultOf(test.model.ask(question))).message).toContain('wants a key. Set one in DAYBOOK_AI_KEY');
});

test('Gemini says in its own way how long to wait, and that a day’s quota is spent', async () => {
  await using test = await desk('google');
  test.standIn.faults.order('ask', geminiTooOften(34.5), 1);
  const before = Date.now();
  const often = await faultOf(test.model.ask(question));
  expect(often.fault).toBe('rate_limited');
  expect((often.until as Date).getTime()).toBeGreaterThanOrEqual(before + 34_500);
  test.standIn.faults.order('ask', geminiTooOften(34, 'GenerateRequestsPerDayPerProjectPerModel-FreeTier'), 1);
  const midnight = nextPacificMidnight(new Date());
  const spent = await faultOf(test.model.ask(question));
  expect(spent.fault).toBe('quota_spent');
  // Where one has passed meanwhile, it is the next.
  expect([midnight, nextPacificMidnight(new Date())]).toContainEqual(spent.until);
});

test('Gemini is shown the video by its address, and nothing is downloaded here', async () => {
  await using test = await desk('google');
  expect(test.model.canWatch).toBe(true);
  await test.model.ask({ ...question, watch: 'dQw4w9WgXcQ' });
  expect(test.standIn.questions[0]?.watch).toBe('https://www.youtube.com/watch?v=dQw4w9WgXcQ');
});

test('a model that does not answer in time is a fault, one that is given up ends with the reason', async () => {
  await using test = await desk('google', { limit_seconds: 0.1 });
  test.standIn.faults.order('ask', { late_ms: 60_000 });
  const late = await faultOf(test.model.ask(question));
  expect([late.fault, late.message]).toEqual(['unavailable', 'Gemini did not answer within 0.1 seconds.']);
  await using patient = await desk('google');
  patient.standIn.faults.order('ask', { late_ms: 60_000 });
  const stop = new AbortController();
  const asking = patient.model.ask({ ...question, signal: stop.signal });
  setTimeout(() => stop.abort(new Error('The job was cancelled.')), 100);
  await expect(asking).rejects.toThrow('The job was cancelled.');
});
