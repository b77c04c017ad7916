/**
 * A stand-in for a language model that speaks two wire formats: Gemini's `generateContent` and OpenAI's
 * `chat/completions` with a JSON schema. It answers by the schema, the same to the same question, unless it is told
 * what to answer.
 */
import { Faults, numberFrom, pick, serveWire, type Answered, type Asked, type Fault } from './wire.ts';

export const modelKey = 'stand-in-key-of-the-model';
export const modelName = 'stand-in-1';

export type Question = {
  wire: 'gemini' | 'openai';
  model: string;
  instructions: string;
  text: string;
  /** The address of the video that shall be watched. */
  watch: string | null;
  schema: Schema;
  /** What stands about the video in the text, where it is about one. */
  video: { title?: string; [told: string]: unknown };
};

type Schema = {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
};

/** A value to be written as JSON, or the text as it is. */
export type Said = { value: unknown } | { text: string; finish?: 'stop' | 'length' | 'blocked' };

export type ModelStandIn = Awaited<ReturnType<typeof startModel>>;

export async function startModel({ port = 0, latency_ms = 0 } = {}) {
  const questions: Question[] = [];
  const faults = new Faults<'ask'>();
  const script: { answer: (question: Question) => Said | undefined | Promise<Said | undefined> } = {
    answer: () => undefined,
  };
  const inHand = { now: 0, most: 0 };

  async function answer(asked: Asked): Promise<Answered | Fault> {
    const gemini = /^\/v1beta\/models\/([^:]+):generateContent$/.exec(asked.url.pathname);
    const openai = asked.url.pathname === '/v1/chat/completions';
    if (gemini === null && !openai) return { status: 404, body: { error: { message: 'No such address.' } } };
    const question = gemini === null ? readOpenai(asked) : readGemini(asked, gemini[1] ?? '');
    questions.push(question);
    inHand.most = Math.max(inHand.most, (inHand.now += 1));
    try {
      if (latency_ms > 0) await new Promise((resolve) => setTimeout(resolve, latency_ms));
      const fault = faults.take('ask') ?? refusal(asked, question);
      if (fault !== undefined) return fault;
      const said = (await script.answer(question)) ?? { value: valueFor(question.schema, question, '') };
      return {
        status: 200,
        body: question.wire === 'gemini' ? sayGemini(question, said) : sayOpenai(question, said),
      };
    } finally {
      inHand.now -= 1;
    }
  }

  const wire = await serveWire(port, answer);
  return {
    url: wire.url,
    questions,
    faults,
    script,
    inHand,
    environment: {
      google: {
        DAYBOOK_AI: 'google',
        DAYBOOK_AI_MODEL: modelName,
        DAYBOOK_AI_URL: `${wire.url}/v1beta`,
        DAYBOOK_AI_KEY: modelKey,
      },
      'openai-compatible': {
        DAYBOOK_AI: 'openai-compatible',
        DAYBOOK_AI_MODEL: modelName,
        DAYBOOK_AI_URL: `${wire.url}/v1`,
        DAYBOOK_AI_KEY: modelKey,
      },
    },
    [Symbol.asyncDispose]: () => wire.close(),
  };
}

function refusal(asked: Asked, question: Question): Answered | undefined {
  const { wire, model } = question;
  const key =
    wire === 'gemini' ? asked.headers['x-goog-api-key'] : asked.headers.authorization?.replace('Bearer ', '');
  if (key !== modelKey) return wire === 'gemini' ? geminiWrongKey() : openaiWrongKey(String(key));
  if (model === modelName) return undefined;
  return wire === 'gemini'
    ? {
        status: 404,
        body: { error: { code: 404, message: `models/${model} is not found`, status: 'NOT_FOUND' } },
      }
    : { status: 404, body: { error: { message: `model "${model}" not found`, type: 'api_error' } } };
}

function geminiWrongKey(): Answered {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
  const message = 'API key not valid. Please pass a valid API key.';
  return { status: 400, body: { error: { code: 400, message, status: 'INVALID_ARGUMENT', details } } };
}

/** Some repeat the key that they refuse. */
function openaiWrongKey(key: string): Answered {
  const message = `Incorrect API key provided: ${key}.`;
  return { status: 401, body: { error: { message, type: 'invalid_request_error', code: 'invalid_api_key' } } };
}

/** As Gemini says it, with the time to wait in its own way. */
export function geminiTooOften(
  retry_seconds: number,
  quota = 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
): Fault {
  return {
    answer: 429,
    body: {
      error: {
        code: 429,
        message: 'You exceeded your current quota, please check your plan and billing details.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: quota }] },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retry_seconds}s` },
        ],
      },
    },
  };
}

type GeminiBody = {
  systemInstruction?: { parts: { text: string }[] };
  contents: { parts: { text?: string; fileData?: { fileUri: string } }[] }[];
  generationConfig: { responseMimeType?: string; responseJsonSchema?: Schema };
};

function readGemini(asked: Asked, model: string): Question {
  const body = asked.body as GeminiBody;
  const parts = body.contents.flatMap((content) => content.parts);
  const text = parts.map((part) => part.text ?? '').join('');
  return {
    wire: 'gemini',
    model,
    instructions: body.systemInstruction?.parts.map((part) => part.text).join('') ?? '',
    text,
    watch: parts.find((part) => part.fileData !== undefined)?.fileData?.fileUri ?? null,
    schema: body.generationConfig.responseJsonSchema ?? {},
    video: videoIn(text),
  };
}

type OpenaiBody = {
  model: string;
  messages: { role: string; content: string | { type: string; text: string }[] }[];
  response_format?: { type: string; json_schema?: { schema: Schema } };
};

function readOpenai(asked: Asked): Question {
  const body = asked.body as OpenaiBody;
  const textOf = (role: string) =>
    body.messages
      .filter((message) => message.role === role)
      .map(({ content }) => (typeof content === 'string' ? content : content.map((part) => part.text).join('')))
      .join('\n');
  const text = textOf('user');
  return {
    wire: 'openai',
    model: body.model,
    instructions: textOf('system'),
    text,
    watch: null,
    schema: body.response_format?.json_schema?.schema ?? {},
    video: videoIn(text),
  };
}

function videoIn(text: string): Question['video'] {
  const data = /<(video-[0-9a-f]+)>\n(.*)\n<\/\1>/s.exec(text)?.[2];
  return data === undefined ? {} : (JSON.parse(data) as Question['video']);
}

function sayGemini(question: Question, said: Said) {
  const text = textOf(said);
  const finish = 'finish' in said ? said.finish : 'stop';
  const reasons = { stop: 'STOP', length: 'MAX_TOKENS', blocked: 'SAFETY' };
  const parts = finish === 'blocked' ? [] : [{ text }];
  return {
    candidates: [{ content: { role: 'model', parts }, finishReason: reasons[finish ?? 'stop'], index: 0 }],
    usageMetadata: { promptTokenCount: tokens(question), candidatesTokenCount: Math.ceil(text.length / 4) },
    modelVersion: question.model,
  };
}

function sayOpenai(question: Question, said: Said) {
  const text = textOf(said);
  const finish = 'finish' in said ? said.finish : 'stop';
  const reasons = { stop: 'stop', length: 'length', blocked: 'content_filter' };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: question.model,
    choices: [
      { index: 0, message: { role: 'assistant', content: text }, finish_reason: reasons[finish ?? 'stop'] },
    ],
    usage: { prompt_tokens: tokens(question), completion_tokens: Math.ceil(text.length / 4) },
  };
}

function textOf(said: Said): string {
  return 'value' in said ? JSON.stringify(said.value) : said.text;
}

function tokens({ instructions, text, watch }: Question): number {
  return Math.ceil((instructions.length + text.length) / 4) + (watch === null ? 0 : 30_000);
}

/** A value that fits, made from the question. */
function valueFor(schema: Schema, question: Question, at: string): unknown {
  const seed = `${question.video.title ?? question.text} ${at}`;
  if (schema.properties?.['fields'] !== undefined) return { fields: proposals };
  if (schema.anyOf !== undefined) {
    const isSilent = numberFrom(`null ${seed}`) % 12 === 0;
    return isSilent ? null : valueFor(schema.anyOf[0] ?? {}, question, at);
  }
  if (schema.enum !== undefined) return pick(schema.enum, seed);
  switch (schema.type ?? 'string') {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, each]) => [
          name,
          valueFor(each, question, `${at}.${name}`),
        ]),
      );
    case 'array': {
      const options = schema.items?.enum ?? [];
      return options.filter((option) => numberFrom(`${seed} ${String(option)}`) % 3 === 0);
    }
    case 'number':
      return (numberFrom(seed) % 600) / 10;
    case 'boolean':
      return numberFrom(seed) % 2 === 0;
    default:
      return `About ${question.video.title ?? 'it'}`.slice(0, 60);
  }
}

const proposals = [
  {
    label: 'Difficulty',
    type: 'select',
    options: ['Beginner', 'Intermediate', 'Advanced'],
    instruction: 'How much must one know before?',
    required: true,
  },
  {
    label: 'Topics',
    type: 'multi_select',
    options: ['Theory', 'Practice', 'History'],
    instruction: 'What is it about?',
    required: false,
  },
  { label: 'Prerequisites', type: 'text', options: [], instruction: 'What should one know?', required: false },
  {
    label: 'Practice time',
    type: 'duration',
    options: [],
    instruction: 'Minutes to practise.',
    required: false,
  },
];
