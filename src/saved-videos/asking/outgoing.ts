/**
 * The one way out of this room. A request goes to a configured address and nowhere else: an answer that points to
 * another address is not followed. Time and size of every answer are limited.
 */
import { ApiFault } from './api-fault.ts';

export type Service = {
  /** Who is asked, for a sentence: “YouTube”. */
  name: string;
  /** The setting to look at when it cannot be reached. */
  setting: string;
  /** Everything is asked below this address. */
  base: URL;
};

export type Sending = {
  method?: 'GET' | 'POST';
  headers?: HeadersInit;
  body?: BodyInit | null;
  signal: AbortSignal;
  limit_seconds: number;
  max_bytes: number;
};

export type Reply = { status: number; headers: Headers; bytes: Uint8Array<ArrayBuffer> };

/** Rejects with `ApiFault`, or with the reason of `signal` when that is why it ended. */
export async function send(service: Service, url: URL, sending: Sending): Promise<Reply> {
  if (url.origin !== service.base.origin) {
    throw new Error(`${url.origin} is not where ${service.name} is asked: ${service.base.origin}.`);
  }
  const { signal, limit_seconds, max_bytes, ...rest } = sending;
  const limit = AbortSignal.timeout(limit_seconds * 1000);
  try {
    const response = await fetch(url, {
      ...rest,
      redirect: 'manual',
      signal: AbortSignal.any([signal, limit]),
    });
    const bytes = await readAtMost(response, max_bytes, service);
    if (response.status >= 300 && response.status < 400) {
      throw new ApiFault(
        'setting_wrong',
        `${service.name} pointed to another address, which is not followed. Look at ${service.setting}.`,
      );
    }
    return { status: response.status, headers: response.headers, bytes };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof ApiFault) throw error;
    if (limit.aborted) {
      throw new ApiFault('unavailable', `${service.name} did not answer within ${limit_seconds} seconds.`);
    }
    throw new ApiFault(
      'unavailable',
      `${service.name} cannot be reached at ${service.base.host} (${codeOf(error)}). Look at the network and at ${service.setting}.`,
    );
  }
}

/** The body as JSON; `unreadable` where it is none. */
export function readJson(service: Service, reply: Reply): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(reply.bytes)) as unknown;
  } catch {
    const isPage = /^\s*</.test(new TextDecoder().decode(reply.bytes.subarray(0, 200)));
    const what = isPage ? 'a page of HTML' : 'no JSON';
    throw new ApiFault(
      'unreadable',
      `${what === 'no JSON' ? 'What' : 'Instead of an answer, what'} came from ${service.base.host} is ${what}. Something between here and ${service.name} may have answered.`,
    );
  }
}

async function readAtMost(response: Response, max: number, service: Service): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop cancels the rest of the body.
    if (size > max) {
      throw new ApiFault(
        'unreadable',
        `The answer of ${service.name} is larger than ${max.toLocaleString('en')} bytes.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `ECONNREFUSED` and the like: of the first cause that has one. */
function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return error instanceof Error ? error.name : 'unknown error';
}
