/**
 * The language model, by the AI SDK: Gemini, or any server that speaks OpenAI’s protocol. It answers with JSON of a
 * given shape; whether that holds what it should is for the caller to check.
 */
import type { JSONSchema7 } from '@ai-sdk/provider';
import type { LanguageModel, LanguageModelUsage, UserContent } from 'ai';
import type { ModelProvider } from '#contract/words.ts';
import { ApiFault, readGoogleError, retryAt } from '#saved-videos/asking/api-fault.ts';
import { send, type Service } from '#saved-videos/asking/outgoing.ts';
import { nextPacificMidnight } from '#saved-videos/asking/pacific-day.ts';

export type ModelSettings = {
  provider: Exclude<ModelProvider, 'off'>;
  name: string;
  /** Asked below it. Empty: Google’s own address. */
  url: string;
  /** Empty: none is sent. */
  key: string;
  /** Longest time for one answer. */
  limit_seconds: number;
};

export type Question = {
  instructions: string;
  text: string;
  /** The id of a video that the model shall watch, where it can. */
  watch: string | null;
  schema: object;
  signal: AbortSignal;
};

export type Answer = {
  /** What its JSON says, `undefined` where it is none. */
  value: unknown;
  /** Why there is no answer that could be read; null where there is. */
  problem: string | null;
  /** It would not answer about this, and would not a second time. */
  is_blocked: boolean;
  input_tokens: number;
  output_tokens: number;
  seconds: number;
};

export type Model = {
  provider: ModelSettings['provider'];
  name: string;
  canWatch: boolean;
  /** Where questions go to, for a sentence: `generativelanguage.googleapis.com`. */
  host: string;
  /** Rejects with `ApiFault`, or with the reason of `signal`. */
  ask(question: Question): Promise<Answer>;
};

const googleAddress = 'https://generativelanguage.googleapis.com/v1beta';
const max_bytes = 4_000_000;
/** Google counts thinking among them. More is a model that does not find an end. */
const maxOutputTokens = 16_384;

export function openModel(settings: ModelSettings): Model {
  const { provider, name, key, limit_seconds } = settings;
  const base = new URL((settings.url || googleAddress).replace(/\/+$/, ''));
  const service: Service = {
    name: provider === 'google' ? 'Gemini' : 'The model',
    setting: 'DAYBOOK_AI_URL',
    base,
  };

  /** The SDK's way out is ours: to this address alone, limited, without following anywhere. */
  async function ownFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const { status, headers, bytes } = await send(
      service,
      new URL(input instanceof Request ? input.url : input),
      {
        method: 'POST',
        headers: init?.headers ?? {},
        body: init?.body ?? null,
        signal: init?.signal ?? new AbortController().signal,
        limit_seconds,
        max_bytes,
      },
    );
    return new Response(bytes, { status, headers });
  }

  async function openLanguageModel(): Promise<LanguageModel> {
    if (provider === 'google') {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ apiKey: key, baseURL: base.href, fetch: ownFetch })(name);
    }
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    const options = { name: 'daybook', baseURL: base.href, fetch: ownFetch, supportsStructuredOutputs: true };
    return createOpenAICompatible({ ...options, ...(key === '' ? {} : { apiKey: key }) })(name);
  }

  let opened: Promise<LanguageModel> | undefined;

  return {
    provider,
    name,
    canWatch: provider === 'google',
    host: base.host,
    async ask({ instructions, text, watch, schema, signal }) {
      // Loaded when there is something to ask: half a second that the start of the server need not wait for.
      const { generateText, jsonSchema, NoObjectGeneratedError, Output } = await import('ai');
      globalThis.AI_SDK_LOG_WARNINGS = false;
      const began = performance.now();
      const seconds = () => (performance.now() - began) / 1000;
      try {
        const {
          text: said,
          usage,
          finishReason,
        } = await generateText({
          model: await (opened ??= openLanguageModel()),
          instructions,
          messages: [{ role: 'user', content: contentOf(text, watch) }],
          output: Output.object({ schema: jsonSchema(schema as JSONSchema7), name: 'answer' }),
          // Whether and when to try again is decided by the job engine, which can be paused and survives a crash.
          maxRetries: 0,
          abortSignal: signal,
          // A link in a prompt is for the model; nothing is ever downloaded here.
          experimental_download: async (links) => links.map(() => null),
          ...(provider === 'google' ? { maxOutputTokens } : {}),
          ...(watch === null
            ? {}
            : { providerOptions: { google: { mediaResolution: 'MEDIA_RESOLUTION_LOW' } } }),
        });
        // No word, no count of any and no reason: Gemini's client takes every JSON for an answer. A prompt that it
        // blocks it may not count.
        const isAnswer = said !== '' || usage.inputTokens !== undefined || finishReason === 'content-filter';
        if (!isAnswer) throw noAnswer(service);
        return { ...read(jsonWithin(said), finishReason), ...tokensOf(usage), seconds: seconds() };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (NoObjectGeneratedError.isInstance(error)) {
          const value = jsonWithin(error.text ?? '');
          return { ...read(value, error.finishReason), ...tokensOf(error.usage), seconds: seconds() };
        }
        throw faultOf(error, service, settings);
      }
    },
  };
}

function contentOf(text: string, watch: string | null): UserContent {
  if (watch === null) return [{ type: 'text', text }];
  // Put together from the id alone: Google opens it, not Daybook.
  const data = `https://www.youtube.com/watch?v=${watch}`;
  return [
    { type: 'file', data, mediaType: 'video/mp4' },
    { type: 'text', text },
  ];
}

function read(value: unknown, finishReason: string | undefined) {
  const is_blocked = finishReason === 'content-filter';
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { value, problem: null, is_blocked: false };
  }
  const problem = is_blocked
    ? 'The model will not answer about this video.'
    : finishReason === 'length'
      ? 'The answer of the model was too long and was cut.'
      : 'The answer of the model could not be read.';
  return { value: undefined, problem, is_blocked };
}

/** The object in an answer with words or a fence of code around it, as small models like to give it. */
function jsonWithin(text: string): unknown {
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  if (from === -1 || to < from) return undefined;
  try {
    return JSON.parse(text.slice(from, to + 1)) as unknown;
  } catch {
    return undefined;
  }
}

function tokensOf(usage: LanguageModelUsage | undefined) {
  return { input_tokens: counted(usage?.inputTokens), output_tokens: counted(usage?.outputTokens) };
}

/** More than any answer has. */
const mostTokens = 100_000_000;

/** A count is kept and added up: what a server says that is none must not cost the answer. */
function counted(tokens: number | undefined): number {
  return Number.isSafeInteger(tokens) ? Math.min(Math.max(0, tokens as number), mostTokens) : 0;
}

/** What an answer of the SDK's carries, whatever class it has. */
type CallError = {
  statusCode?: number;
  responseHeaders?: Record<string, string>;
  responseBody?: string;
};

/** Nothing of the error itself goes on: it holds the whole request. */
function faultOf(error: unknown, service: Service, settings: ModelSettings): ApiFault {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApiFault) return cause;
    const { statusCode, responseHeaders = {}, responseBody = '' } = cause as Error & CallError;
    if (statusCode === undefined) continue;
    const headers = { get: (name: string) => responseHeaders[name] ?? null };
    return faultOfStatus(statusCode, headers, jsonOf(responseBody), service, settings);
  }
  return noAnswer(service);
}

function noAnswer({ base }: Service): ApiFault {
  return new ApiFault(
    'unreadable',
    `What came from ${base.host} is no answer of a model. Look at DAYBOOK_AI_URL.`,
  );
}

function faultOfStatus(
  status: number,
  headers: { get(name: string): string | null },
  body: unknown,
  service: Service,
  settings: ModelSettings,
): ApiFault {
  const { name, base } = service;
  const now = new Date();
  const google = readGoogleError(body);
  if (status === 200) return noAnswer(service);
  if (status === 402 || google.reasons.has('insufficient_quota')) {
    return new ApiFault('setting_wrong', `${name} at ${base.host} wants to be paid before it answers more.`);
  }
  if (status === 429 && google.is_daily) {
    return new ApiFault('quota_spent', `${name}’s quota of today is spent.`, nextPacificMidnight(now));
  }
  if (status === 429) {
    const seconds = google.retry_seconds;
    const said = seconds === null ? null : new Date(now.getTime() + seconds * 1000);
    return new ApiFault('rate_limited', `${name} is asked too often.`, retryAt(headers, now) ?? said);
  }
  const isKey =
    status === 401 ||
    status === 403 ||
    google.reasons.has('API_KEY_INVALID') ||
    (status === 400 && /\bAPI[ _]key\b/i.test(google.message));
  if (isKey) {
    const because =
      settings.key === ''
        ? 'wants a key. Set one in DAYBOOK_AI_KEY'
        : 'refuses the key in DAYBOOK_AI_KEY. Set one that it takes';
    return new ApiFault('setting_wrong', `${name} at ${base.host} ${because} and start Daybook again.`);
  }
  if (status === 404) {
    return new ApiFault(
      'setting_wrong',
      `There is no model “${settings.name}” at ${base.host}. Look at DAYBOOK_AI_MODEL and DAYBOOK_AI_URL, and start Daybook again.`,
    );
  }
  if (status >= 500 || status === 408 || status === 409) {
    return new ApiFault('unavailable', `${name} at ${base.host} has trouble of its own (${status}).`);
  }
  const said = google.message.replaceAll(settings.key || '\0', '…');
  return new ApiFault('refused', `${name} refuses to answer (${status}). ${said}`.trim());
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
