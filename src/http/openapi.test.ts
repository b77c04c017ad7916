import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { expect, test } from 'vitest';
import { liveServer } from '../../test/live-server.ts';
import { describeApi } from './openapi.ts';

/** Answered by the contract, told in the words of the description, or the description itself. */
const notPaths = new Set(['/api/*', '/api/live', '/api/openapi.json']);

/** What Fastify is given to answer while a server is built. */
async function ownRoutes(): Promise<RouteOptions[]> {
  const routes: RouteOptions[] = [];
  const heed = (message: unknown) => {
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', (route) => void routes.push(route));
  };
  subscribe('fastify.initialization', heed);
  await using _ = await liveServer('sqlite');
  unsubscribe('fastify.initialization', heed);
  return routes.filter(({ url }) => !notPaths.has(url));
}

test('every address of the server is described, also those that are not in the contract', async () => {
  const { paths = {} } = await describeApi('test');
  const routes = await ownRoutes();
  expect(routes.length).toBeGreaterThan(0);
  for (const { url, method } of routes) {
    const path = url.replace('/api', '').replaceAll(/:(\w+)/g, '{$1}');
    const described = Object.keys(paths[path] ?? {}).map((name) => name.toUpperCase());
    // tus answers every method itself, most of them with a refusal; a HEAD comes with each GET.
    if (Array.isArray(method)) expect(method, path).toEqual(expect.arrayContaining(described));
    else if (method !== 'HEAD') expect(described, path).toContain(method);
    expect(described, path).not.toEqual([]);
  }
});

test('an upload is described with what asks how far it came, sends the rest and forgets it', async () => {
  const { paths = {} } = await describeApi('test');
  expect(Object.keys(paths['/uploads/{id}'] ?? {})).toEqual(['head', 'patch', 'delete']);
});

test('an export is asked for as the table is, but for the part that is shown', async () => {
  const { paths = {} } = await describeApi('test');
  const namesOf = (path: string) =>
    (paths[path]?.get?.parameters ?? []).map((each) => ('name' in each ? each.name : ''));
  const view = namesOf('/lists/{id}/videos').filter((name) => name !== 'offset' && name !== 'limit');
  expect(view).toEqual(['id', 'text', 'filters', 'sort']);
  expect(namesOf('/lists/{id}/export.csv')).toEqual(view);
  expect(namesOf('/lists/{id}/export.json')).toEqual(view);
  expect(namesOf('/lists/{id}/videos/{seq}/thumbnail')).toEqual(['id', 'seq']);
});
