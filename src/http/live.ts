/** The WebSocket at `/api/live`: who may connect, how long a connection lives, and how it ends. */
import type { IncomingMessage } from 'node:http';
import websocket from '@fastify/websocket';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { beatSeconds, type LiveMessage } from '#contract/live.ts';
import type { RequestContext } from './context.ts';
import type { Guard } from './guard.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveSession, type LiveSocket } from './live-session.ts';
import { Refusal } from './problem.ts';

const mostClients = 64;
/** The numbers of two thousand jobs. */
const longestHelloBytes = 128 * 1024;
const goodbyeWithinMs = 1000;

export type LiveLimits = {
  /** One that connects and says nothing is closed after this. */
  hello_within_ms: number;
  /** Between two beats; one that has not answered the last is closed at the next. */
  beat_ms: number;
};

export const usualLimits: LiveLimits = { hello_within_ms: 10_000, beat_ms: beatSeconds * 1000 };

/** What is used of a socket of `ws`, whose types are a package of their own. */
type Socket = {
  send(text: string, done: (error?: Error | null) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'message', hear: (data: Buffer, isBinary: boolean) => void): void;
  on(event: 'pong' | 'close', hear: () => void): void;
};

const address = '/api/live';

/**
 * Which requests become a connection. All others are answered as if they had not asked for it: those to other
 * protocols (curl asks for HTTP/2), and those that the guard refuses, which it tells them.
 */
export function mayConnect({ url, headers }: IncomingMessage, guard: Guard): boolean {
  const isWebSocket = headers.upgrade?.toLowerCase() === 'websocket';
  return isWebSocket && url?.split('?')[0] === address && guard(headers) === undefined;
}

export async function serveLive(
  server: FastifyInstance,
  context: RequestContext,
  limits: LiveLimits,
): Promise<void> {
  const feed = new LiveFeed(context.ledger, context.owner);
  const sockets = new Set<Socket>();
  await server.register(websocket, {
    options: { maxPayload: longestHelloBytes },
    // A connection that was cut, or a client that broke the protocol: it is closed, and comes back if it wants to.
    errorHandler: (_error, socket: Socket) => socket.terminate(),
    preClose: (done) => {
      for (const socket of server.websocketServer.clients as Set<Socket>) {
        socket.close(1001, 'Daybook stops.');
        setTimeout(() => socket.terminate(), goodbyeWithinMs).unref();
      }
      done();
    },
  });

  server.route({
    method: 'GET',
    url: address,
    handler: () => {
      throw new Refusal(426, 'websocket_only', 'Events are sent over a WebSocket; open one at this address.');
    },
    wsHandler: (socket: Socket, request) => connect(socket, request.log),
  });

  function connect(socket: Socket, log: FastifyBaseLogger): void {
    if (sockets.size >= mostClients) return socket.close(1013, `${mostClients} pages are connected already.`);
    sockets.add(socket);
    const session = new LiveSession(feed, sending(socket), (error) =>
      log.warn({ err: error }, 'live events cannot be read'),
    );
    const hurry = setTimeout(() => socket.close(1008, 'Expected a hello.'), limits.hello_within_ms);
    const beat = keepAlive(socket, limits.beat_ms);
    socket.on('message', (data, isBinary) => {
      clearTimeout(hurry);
      void session.begin(isBinary ? '' : data.toString('utf8'));
    });
    socket.on('close', () => {
      clearTimeout(hurry);
      clearInterval(beat);
      sockets.delete(socket);
      session.end();
      feed.remove(session);
    });
  }
}

/** Both ends learn of a dead connection: this one by a missing pong, a page (which sees no pings) by missing beats. */
function keepAlive(socket: Socket, beatMs: number): NodeJS.Timeout {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const beat: LiveMessage = { say: 'beat' };
  return setInterval(() => {
    // Also one that reads too slowly to get to the ping within a beat.
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    socket.send(JSON.stringify(beat), () => {});
  }, beatMs);
}

function sending(socket: Socket): LiveSocket {
  return {
    send: (text) =>
      new Promise((resolve) => {
        // An error means that the connection is over, which `close` tells.
        socket.send(text, () => resolve());
      }),
    close: (code, reason) => socket.close(code, reason),
  };
}
