/** What the stand-ins share: a real HTTP server on this computer, and faults that a test orders from it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is answered instead of what would be. */
export type Fault =
  | { answer: number; body: unknown; headers?: Record<string, string> }
  /** The connection ends before a byte of the answer, or in the middle of it. */
  | { cut: 'at once' | 'half way' }
  | { late_ms: number };

export type Asked = { method: string; url: URL; headers: IncomingMessage['headers']; body: unknown };

export type Answered = { status: number; body: unknown; type?: string; headers?: Record<string, string> };

export type Wire = {
  url: string;
  close(): Promise<void>;
};

/** Serves on 127.0.0.1; port 0 takes any that is free. `answer` may order a fault with `ordered`. */
export async function serveWire(
  port: number,
  answer: (asked: Asked) => Promise<Answered | Fault> | Answered | Fault,
): Promise<Wire> {
  const server = createServer((request, response) => {
    void respond(request, response, answer).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${given}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: Asked) => Promise<Answered | Fault> | Answered | Fault,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const asked = {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://127.0.0.1'),
    headers: request.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
  const answered = await answer(asked);
  if ('late_ms' in answered) {
    await sleep(answered.late_ms);
    return write(response, { status: 503, body: 'too late' });
  }
  if ('cut' in answered) {
    if (answered.cut === 'half way') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"items": [');
    }
    response.destroy();
    return;
  }
  if ('answer' in answered) {
    const { answer: status, ...rest } = answered;
    return write(response, { status, ...rest });
  }
  write(response, answered);
}

function write(response: ServerResponse, { status, body, type, headers }: Answered): void {
  const isBytes = body instanceof Uint8Array;
  const plain = isBytes || typeof body === 'string' ? body : JSON.stringify(body);
  const usual = isBytes ? 'image/jpeg' : typeof body === 'string' ? 'text/html' : 'application/json';
  response.writeHead(status, { 'content-type': type ?? usual, ...headers });
  response.end(plain);
}

/** Faults in the order in which they were ordered, by what is asked. */
export class Faults<What extends string> {
  readonly #ordered = new Map<What, Fault[]>();
  readonly #always = new Map<What, Fault>();

  /** The next `times` answers; without a number every one until `mend`. */
  order(what: What, fault: Fault, times?: number): void {
    if (times === undefined) this.#always.set(what, fault);
    else for (let n = 0; n < times; n++) this.#ordered.getOrInsert(what, []).push(fault);
  }

  mend(): void {
    this.#ordered.clear();
    this.#always.clear();
  }

  take(what: What): Fault | undefined {
    return this.#ordered.get(what)?.shift() ?? this.#always.get(what);
  }
}

/** The same number for the same text, always. */
export function numberFrom(text: string): number {
  let hash = 2_166_136_261;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619);
  return (hash ^ (hash >>> 15)) >>> 0;
}

export function pick<Value>(from: readonly Value[], text: string): Value {
  return from[numberFrom(text) % from.length] as Value;
}
