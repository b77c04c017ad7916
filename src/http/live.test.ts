/** `/api/live` and the history behind it, over real sockets. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { JobEvent, ProgressHistory } from '#contract/jobs.ts';
import type { LiveHello, LiveMessage } from '#contract/live.ts';
import type { z } from 'zod';
import { bad, done } from '#jobs/fixture.ts';
import { usualLimits } from './live.ts';
import { onEachEngine } from '../../test/databases.ts';
import { liveServer, type LiveServer } from '../../test/live-server.ts';

type Events = Extract<LiveMessage, { say: 'events' }>;

/** A client that writes everything down, with the time it came. */
function listen(address: string, hello: LiveHello | string) {
  const socket = new WebSocket(address);
  const messages: { at: number; message: LiveMessage }[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }));
  });
  socket.addEventListener('open', () => socket.send(typeof hello === 'string' ? hello : JSON.stringify(hello)));
  socket.addEventListener('message', ({ data }) =>
    messages.push({ at: performance.now(), message: JSON.parse(String(data)) as LiveMessage }),
  );
  return {
    socket,
    messages,
    closed,
    ready: () => messages.map(({ message }) => message).find((message) => message.say === 'ready'),
    events: (jobId: string): JobEvent[] =>
      messages.flatMap(({ message }) =>
        message.say === 'events' && message.job.id === jobId ? message.events : [],
      ),
    [Symbol.asyncDispose]: async () => socket.close(),
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}

const kinds = (events: readonly JobEvent[]) => events.map(({ kind }) => kind);
const numbers = (events: readonly JobEvent[]) => events.map(({ seq }) => seq);
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

async function workOff({ work }: LiveServer, items: number): Promise<void> {
  for (let n = 0; n < items; n++) await work(1, done);
}

onEachEngine('the live stream', (engine) => {
  test('tells a newcomer what happens from now on, each event once, with the job as it stands', async () => {
    await using server = await liveServer(engine);
    const { ledger } = server.test;
    const before = await server.test.job(2);
    await using client = listen(server.live, {});
    await until(() => client.ready() !== undefined);
    expect(client.ready()).toMatchObject({ seen: { [before.id]: 1 } });
    const after = await server.test.job(3);
    await workOff(server, 5);
    await until(() => client.events(after.id).length === 6 && client.events(before.id).length === 4);
    expect(kinds(client.events(before.id))).toEqual(['started', 'progress', 'progress', 'completed']);
    expect(numbers(client.events(after.id))).toEqual(upTo(6));
    expect(client.events(after.id)).toEqual(await ledger.events({ job: after, limit: 100 }));
    const last = client.messages.findLast(({ message }) => message.say === 'events')?.message as Events;
    expect(last.job).toMatchObject({ status: 'completed' });
    await sleep(600);
    expect(client.events(after.id)).toHaveLength(6);
  });

  test('tells one that comes back what it missed: of jobs it knows, of new ones, of one tried again', async () => {
    await using server = await liveServer(engine);
    const { ledger } = server.test;
    const forgotten = await server.test.job(1);
    await server.work(1, bad);
    server.test.pass(3600);
    const known = await server.test.job(5);
    const first = listen(server.live, {});
    await until(() => first.ready() !== undefined);
    await workOff(server, 2);
    await until(() => first.events(known.id).length === 3);
    const since = first.ready()!.since;
    const seen = { ...first.ready()!.seen, [known.id]: first.events(known.id).at(-1)!.seq };
    first.socket.close();

    await workOff(server, 3);
    const fresh = await server.test.job(1);
    await workOff(server, 1);
    await ledger.retry(forgotten, 'all');
    await using second = listen(server.live, { seen: { ...seen, 'no-job': 7 }, since });
    await until(() => second.events(forgotten.id).length > 0 && second.events(fresh.id).length === 4);
    expect(numbers(second.events(known.id))).toEqual([5, 6, 7, 8]);
    expect(numbers(second.events(fresh.id))).toEqual(upTo(4));
    expect(kinds(second.events(forgotten.id))).toEqual(['retried']);
  });

  test('sends at most four messages a second of one job, however fast it runs, and the last one', async () => {
    await using server = await liveServer(engine);
    await using client = listen(server.live, {});
    await until(() => client.ready() !== undefined);
    const job = await server.test.job(10_000);
    const end = performance.now() + 2500;
    while (performance.now() < end) {
      await server.work(1, done);
      await sleep(1);
    }
    const progress = await server.test.ledger.get(job);
    const heads = await server.test.ledger.heads({ owner: 'home', ended_since: new Date(), also: [] });
    await until(() => client.events(job.id).length === heads.get(job.id));
    expect(numbers(client.events(job.id))).toEqual(upTo(heads.get(job.id)!));
    expect(client.events(job.id).at(-1)!.data).toMatchObject({ done: progress.done });
    // A message with all it can hold is followed at once by the rest; the others keep their distance.
    const sent = client.messages.filter(({ message }) => message.say === 'events');
    const light = sent.filter(({ message }) => (message as Events).events.length < 500);
    expect(light.length).toBeGreaterThan(3);
    // They begin so far apart; where the first took longer to arrive than the last, one more fits between the two.
    expect(light.length).toBeLessThanOrEqual(Math.floor((light.at(-1)!.at - light[0]!.at) / 250) + 2);
  });

  test('a long history comes in pieces, and a client that does not read costs one of them', async () => {
    await using server = await liveServer(engine);
    const job = await server.test.job(1);
    const rows = 30_000;
    const filler = 'x'.repeat(400);
    for (let from = 2; from <= rows; from += 2000) {
      const values = Array.from({ length: Math.min(2000, rows - from + 1) }, (_, n) => ({
        job_id: job.id,
        seq: from + n,
        at: new Date().toISOString(),
        kind: 'progress' as const,
        data_json: JSON.stringify({ filler }),
      }));
      await server.test.db.insertInto('job_events').values(values).execute();
    }
    await server.test.db.updateTable('jobs').set({ last_event: rows }).execute();
    await using deaf = await deafClient(server, { seen: { [job.id]: 0 } });
    await using client = listen(server.live, { seen: { [job.id]: 0 } });
    await until(() => client.events(job.id).length === rows);
    expect(numbers(client.events(job.id))).toEqual(upTo(rows));
    expect(deaf.received()).toBeLessThan(1000);
    for (const { bufferedAmount } of server.server.websocketServer.clients as Set<{ bufferedAmount: number }>) {
      expect(bufferedAmount).toBeLessThan(500 * 1000);
    }
  });

  test('the history over HTTP: pages, since, after, and what cannot be asked', async () => {
    await using server = await liveServer(engine);
    const job = await server.test.job(6);
    await workOff(server, 6);
    const ask = async (query: string) => {
      const answer = await fetch(`${server.url}/api/jobs/${job.id}/progress-history${query}`);
      return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
    };
    const history = async (query: string) => (await ask(query)).body as z.infer<typeof ProgressHistory>;
    const whole = await history('');
    expect(whole.total).toBe(9);
    expect(numbers(whole.events)).toEqual(upTo(9));
    expect(kinds(whole.events).slice(0, 3)).toEqual(['created', 'started', 'progress']);
    expect(numbers((await history('?limit=2&offset=3')).events)).toEqual([4, 5]);
    expect(numbers((await history('?after=7')).events)).toEqual([8, 9]);
    const at = whole.events[4]!.at;
    const since = await history(`?since=${at}`);
    expect(since.events).toEqual(whole.events.filter((event) => event.at >= at));
    expect(since.total).toBe(since.events.length);
    expect(numbers((await history('?without=progress')).events)).toEqual([1, 2, 9]);
    const inBerlin = `${new Date(Date.parse(at) + 7_200_000).toISOString().slice(0, -1)}%2B02:00`;
    expect(await history(`?since=${inBerlin}`)).toEqual(since);

    for (const query of [
      '?limit=0',
      '?limit=101',
      '?since=yesterday',
      '?after=-1',
      '?offset=-1',
      '?nonsense=1',
    ]) {
      expect(await ask(query), query).toMatchObject({
        status: 400,
        type: expect.stringContaining('application/problem+json') as string,
        body: { code: 'invalid_input', fields: [{ field: query.slice(1).split('=')[0] }] },
      });
    }
    for (const address of ['progress-history', 'progress-curve']) {
      const answer = await fetch(`${server.url}/api/jobs/nope/${address}`);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'not_found' });
    }
  });
});

describe('a connection', () => {
  test('is open to pages of this server only', async () => {
    await using server = await liveServer('sqlite');
    const { host } = new URL(server.url);
    expect(await upgrade(server, { host })).toBe(101);
    expect(await upgrade(server, { host, origin: server.url })).toBe(101);
    expect(await upgrade(server, { host: 'evil.example' })).toBe(403);
    expect(await upgrade(server, { host, origin: 'https://evil.example' })).toBe(403);
    expect(await upgrade(server, { host, origin: 'null' })).toBe(403);
    expect(await upgrade(server, { host, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await upgrade(server, { host, upgrade: 'h2c' })).toBe(426);
    const plain = await fetch(`${server.url}/api/live`);
    expect(plain.status).toBe(426);
    expect(await plain.json()).toMatchObject({ code: 'websocket_only' });
  });

  test('that says something else than one hello is closed with a sentence', async () => {
    await using server = await liveServer('sqlite');
    for (const hello of ['', 'x', '{"seen":[1]}', '{"seen":{"a":-1}}', '{"since":"now"}', '{"other":1}']) {
      expect(await listen(server.live, hello).closed, hello).toMatchObject({
        code: 1008,
        reason: expect.stringContaining('Expected') as string,
      });
    }
    const twice = listen(server.live, {});
    await until(() => twice.ready() !== undefined);
    twice.socket.send('{}');
    expect(await twice.closed).toMatchObject({ code: 1008 });
    const long = JSON.stringify({ seen: { a: 1 }, since: ' '.repeat(200_000) });
    expect(await listen(server.live, long).closed).toMatchObject({ code: 1009 });
  });

  test('on which nothing is said is closed after ten seconds (here after half of one)', async () => {
    expect(usualLimits.hello_within_ms).toBe(10_000);
    await using server = await liveServer('sqlite', { limits: { ...usualLimits, hello_within_ms: 500 } });
    const silent = new WebSocket(server.live);
    const closed = new Promise<CloseEvent>((resolve) => silent.addEventListener('close', resolve));
    await using polite = listen(server.live, {});
    await until(() => polite.ready() !== undefined);
    expect(await closed).toMatchObject({ code: 1008, reason: 'Expected a hello.' });
    // One that said hello stays: it hears of what happens after the other was closed.
    const job = await server.test.job(1);
    await until(() => polite.events(job.id).length === 1);
  });

  test('whose other end is gone is closed at the second beat; one that answers hears them and stays', async () => {
    // Long enough for an answer on a machine with other things to do.
    await using server = await liveServer('sqlite', { limits: { ...usualLimits, beat_ms: 1500 } });
    const clients = server.server.websocketServer.clients as Set<unknown>;
    await using deaf = await deafClient(server, {});
    await using there = listen(server.live, {});
    await until(() => clients.size === 2 && there.ready() !== undefined);
    await until(() => clients.size === 1);
    await until(() => there.messages.filter(({ message }) => message.say === 'beat').length >= 2);
    const job = await server.test.job(1);
    await until(() => there.events(job.id).length === 1);
    expect(deaf.received()).toBeGreaterThan(0);
  });

  test('ends when the server stops, and one too many is asked to come later', async () => {
    const server = await liveServer('sqlite');
    const clients = Array.from({ length: 64 }, () => listen(server.live, {}));
    await until(() => clients.every((client) => client.ready() !== undefined));
    expect(await listen(server.live, {}).closed).toMatchObject({ code: 1013 });
    clients[0]!.socket.close();
    await clients[0]!.closed;
    const next = listen(server.live, {});
    await until(() => next.ready() !== undefined);
    await using _deaf = await deafClient(server, {});
    const began = performance.now();
    await server[Symbol.asyncDispose]();
    // Without its own limit, the handshake with the deaf one would take half a minute.
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(await next.closed).toMatchObject({ code: 1001 });
  });

  test('is closed when the ledger cannot be read, so that the page knows', async () => {
    await using server = await liveServer('sqlite');
    const client = listen(server.live, {});
    await until(() => client.ready() !== undefined);
    await server.test.db.schema.alterTable('jobs').renameTo('elsewhere').execute();
    expect(await client.closed).toMatchObject({ code: 1011 });
  });
});

function upgrade({ url }: LiveServer, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(url);
  const handshake = {
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.from('the sample nonce').toString('base64'),
  };
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: '/api/live', headers: { ...handshake, ...headers } })
      .on('upgrade', (answer, socket) => {
        socket.destroy();
        resolve(answer.statusCode ?? 0);
      })
      .on('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
      .on('error', reject)
      .end();
  });
}

/** Says hello, and reads nothing of the answer. */
async function deafClient({ url }: LiveServer, hello: LiveHello) {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  let received = 0;
  socket.write(
    `GET /api/live HTTP/1.1\r\nhost: ${host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await new Promise<void>((resolve) => {
    socket.once('data', (bytes) => {
      received += bytes.length;
      socket.pause();
      resolve();
    });
  });
  // One text frame, masked with zeros.
  const text = Buffer.from(JSON.stringify(hello));
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
  return { received: () => received, [Symbol.asyncDispose]: async () => void socket.destroy() };
}
