/**
 * Who may ask at all. Until accounts exist this is the only door: requests must come to an address of this computer
 * by its own name, and from its own page, so that no other site open in the same browser, and no name that was
 * pointed at 127.0.0.1, can reach the library.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './problem.ts';

const localNames = ['127.0.0.1', 'localhost', '[::1]'];

/** Why a request with these headers is refused, if it is. */
export type Guard = (headers: IncomingHttpHeaders) => Refusal | undefined;

export function openGuard(port: number): Guard {
  const hosts = new Set(
    localNames.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])),
  );
  const origins = new Set([...hosts].map((host) => `http://${host}`));

  return ({ host, origin, ...headers }) => {
    if (!hosts.has(host ?? '')) {
      return new Refusal(403, 'foreign_host', `This server answers to ${[...hosts].join(', ')} only.`);
    }
    // Pictures and scripts asked for by another site carry no Origin, but modern browsers say where they come from.
    const crossSite = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
    if (crossSite || (origin !== undefined && !origins.has(origin))) {
      return new Refusal(403, 'foreign_origin', 'Only the pages of this server may ask it.');
    }
    return undefined;
  };
}

export function stand(guard: Guard, server: FastifyInstance): void {
  server.addHook('onRequest', async ({ headers }) => {
    const refusal = guard(headers);
    if (refusal !== undefined) throw refusal;
  });
}
