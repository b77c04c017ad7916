/**
 * The page's own stream against the real server over real sockets, cut again and again after events came: each
 * connection brings at least one, and is cut behind it or in the middle of the next.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { LiveHello, LiveMessage } from '#contract/live.ts';
import type { Engine } from '#db/database.ts';
import { bad, done } from '#jobs/fixture.ts';
import { LiveStream } from '../web/src/live-stream.ts';
import { onEachEngine } from './databases.ts';
import { randomFrom } from './random.ts';
import { liveServer, type LiveServer } from './live-server.ts';

/** Numbers of the events that a client handed on, by job, in the order in which it did. */
type Got = Map<string, number[]>;
type Client = { close(): void };
type Connect = (address: string, got: Got) => Client;

const keepsNumbers: Connect = (address, got) =>
  new LiveStream({
    address,
    onLive: () => {},
    onEvents: (job, events) => got.getOrInsert(job.id, []).push(...events.map(({ seq }) => seq)),
    pauseMs: () => 1,
  });

type Ready = Extract<LiveMessage, { say: 'ready' }>;

/** A client that comes back too, but remembers of what it was told no more than `hello` makes of it. */
function forgetful(hello: (told: { first: Ready; last: Ready }) => LiveHello): Connect {
  return (address, got) => {
    let closed = false;
    let told: { first: Ready; last: Ready } | undefined;
    let socket: WebSocket;
    const connect = () => {
      socket = new WebSocket(address);
      socket.addEventListener('open', () => socket.send(JSON.stringify(told === undefined ? {} : hello(told))));
      socket.addEventListener('message', ({ data }) => {
        const message = JSON.parse(String(data)) as LiveMessage;
        if (message.say === 'ready') told = { first: told?.first ?? message, last: message };
        if (message.say !== 'events') return;
        got.getOrInsert(message.job.id, []).push(...message.events.map(({ seq }) => seq));
      });
      socket.addEventListener('close', () => closed || setTimeout(connect, 1));
    };
    connect();
    return {
      close() {
        closed = true;
        socket.close();
      },
    };
  };
}

/** Several at once, because most of a connection is waiting. */
const clientsAtOnce = 5;
/** A connection that brings no events is cut after this, and does not count. */
const patienceMs = 1500;

/** Jobs run while the clients are cut so often in all; what each of them got that it should not have, or did not get. */
async function cutAndCompare(engine: Engine, connect: Connect, cuts: number): Promise<string[]> {
  const random = randomFrom(3);
  const jobs: { id: string; owner: string }[] = [];
  const scissors = new Scissors(random, cuts, () => somethingHappens(server, jobs, random));
  await using server = await liveServer(engine, { wire: (...sockets) => void scissors.wire(...sockets) });
  const all = Array.from({ length: clientsAtOnce }, () => {
    const got: Got = new Map();
    return { got, client: connect(server.live, got) };
  });
  // Each has been told where it is taken up before anything happens: from here on it is owed every event.
  while (scissors.ready < clientsAtOnce) await sleep(5);
  scissors.begin();
  while (scissors.made < cuts) await sleep(5);
  await scissors.calm;

  const kept = await keptEvents(server, jobs);
  // Uncut now: everybody has time to get the rest, and anything that comes twice.
  const hasAll = ({ got }: { got: Got }) => count(got) >= count(kept);
  const limit = performance.now() + (connect === keepsNumbers ? 60_000 : 1000);
  while (!all.every(hasAll) && performance.now() < limit) await sleep(20);
  await sleep(600);
  for (const { client } of all) client.close();
  // Some were cut before they heard of any event, which must not matter either.
  if (cuts >= 1000) expect(scissors.early).toBeGreaterThan(0);
  return all.flatMap(({ got }, number) => differences(number, kept, got));
}

function count(events: Got): number {
  return [...events.values()].reduce((sum, seqs) => sum + seqs.length, 0);
}

async function keptEvents({ test: { db } }: LiveServer, jobs: readonly { id: string }[]): Promise<Got> {
  const kept: Got = new Map();
  for (const { id } of jobs) {
    const rows = await db
      .selectFrom('job_events')
      .select('seq')
      .where('job_id', '=', id)
      .orderBy('seq')
      .execute();
    kept.set(
      id,
      rows.map(({ seq }) => seq),
    );
  }
  return kept;
}

/** Lets connections through until `begin`, then cuts one after the other, then lets them through again. */
class Scissors {
  /** Cuts after events came. */
  made = 0;
  /** Cuts before that. */
  early = 0;
  /** What is made happen for those who connect: one at a time, to fit to where a job stands. */
  calm: Promise<void> = Promise.resolve();
  readonly #random: () => number;
  readonly #cuts: number;
  readonly #happen: () => Promise<void>;
  readonly #uncut: Socket[] = [];
  #begun = false;
  #connections = 0;

  constructor(random: () => number, cuts: number, happen: () => Promise<void>) {
    this.#random = random;
    this.#cuts = cuts;
    this.#happen = happen;
  }

  /** Clients that have been told where they are taken up. */
  get ready(): number {
    return this.#uncut.length;
  }

  begin(): void {
    this.#begun = true;
    for (const socket of this.#uncut) socket.destroySoon();
  }

  async wire(inward: Socket, outward: Socket): Promise<void> {
    if (!this.#begun) return this.#letReadyThrough(inward, outward);
    this.#connections += 1;
    // Something new for one in two: it is new to the other one as well.
    if (this.made < this.#cuts && this.#connections % 2 === 0) this.calm = this.calm.then(this.#happen);
    await this.calm;
    outward.pipe(inward);
    if (this.made < this.#cuts) this.#cutAfterEvents(inward, outward);
    else inward.pipe(outward);
  }

  #letReadyThrough(inward: Socket, outward: Socket): void {
    const frames = new Frames();
    outward.pipe(inward);
    inward.on('data', (bytes: Buffer) => {
      outward.write(bytes);
      if (frames.ends('ready', bytes) !== undefined) this.#uncut.push(outward);
    });
  }

  #cutAfterEvents(inward: Socket, outward: Socket): void {
    const frames = new Frames();
    let sawEvents = false;
    // One in ten is cut before that, in the handshake or the answer to the hello.
    let left = this.#random() < 0.1 ? Math.floor(this.#random() * 250) : Infinity;
    // So many bytes behind the first message with events: none, or into the middle of what follows.
    const behind = this.#random() < 0.5 ? 0 : Math.floor(this.#random() * 500);
    const cut = () => {
      if (outward.destroyed) return;
      if (sawEvents) this.made += 1;
      else this.early += 1;
      // As a cable that is pulled, or as a proxy that ends.
      if (this.#random() < 0.5) outward.resetAndDestroy();
      else outward.destroySoon();
    };
    let timer = setTimeout(cut, patienceMs);
    outward.on('close', () => clearTimeout(timer));
    inward.on('data', (bytes: Buffer) => {
      if (outward.destroyed) return;
      const end = sawEvents ? undefined : frames.ends('events', bytes);
      if (end !== undefined && end <= left) {
        sawEvents = true;
        left = end + behind;
        // Where nothing follows it is cut a moment later.
        clearTimeout(timer);
        timer = setTimeout(cut, 20);
      }
      outward.write(bytes.subarray(0, left));
      left -= bytes.length;
      if (left <= 0) cut();
    });
  }
}

function differences(client: number, kept: ReadonlyMap<string, number[]>, got: Got): string[] {
  return [...kept].flatMap(([id, seqs]) => {
    const came = got.get(id) ?? [];
    const missing = seqs.filter((seq) => !came.includes(seq)).length;
    const inOrder = came.every((seq, index) => index === 0 || seq > came[index - 1]!);
    return missing === 0 && inOrder && came.length === seqs.length
      ? []
      : [`client ${client}: of ${seqs.length} events ${missing} are missing and ${came.length} came`];
  });
}

/** Jobs come, run, pause, go on, fail in part, are tried again and end. */
async function somethingHappens(
  { test: fixture, work }: LiveServer,
  jobs: { id: string; owner: string }[],
  random: () => number,
): Promise<void> {
  const { ledger } = fixture;
  if (jobs.length === 0 || random() < 0.02) jobs.push(await fixture.job(20 + Math.floor(random() * 100)));
  const job = jobs[Math.floor(random() * jobs.length)]!;
  const { status } = await ledger.get(job);
  if (status === 'running' && random() < 0.05) await ledger.pause(job);
  else if (status === 'paused' && random() < 0.3) await ledger.resume(job);
  else if (status === 'completed_with_errors') await ledger.retry(job, 'all');
  const worked = await work(1 + Math.floor(random() * 3), random() < 0.1 ? bad : done);
  if (worked === 0) jobs.push(await fixture.job(30));
}

/** Follows what a server says on one connection: the answer to the handshake, then unmasked frames. */
class Frames {
  #unread = Buffer.alloc(0);
  #shaken = false;

  /** How many of these bytes stand before the end of the first whole message of this kind that ends in them. */
  ends(say: LiveMessage['say'], bytes: Buffer): number | undefined {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    if (!this.#shaken) {
      const end = this.#unread.indexOf('\r\n\r\n');
      if (end === -1) return undefined;
      this.#shaken = true;
      this.#unread = this.#unread.subarray(end + 4);
    }
    for (let text = this.#next(); text !== undefined; text = this.#next()) {
      if (text.startsWith(`{"say":"${say}"`)) return bytes.length - this.#unread.length;
    }
    return undefined;
  }

  /** The next whole frame, taken from what is unread. */
  #next(): string | undefined {
    const unread = this.#unread;
    if (unread.length < 2) return undefined;
    const short = unread[1]! & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (unread.length < head) return undefined;
    const length =
      short < 126 ? short : short === 126 ? unread.readUInt16BE(2) : Number(unread.readBigUInt64BE(2));
    if (unread.length < head + length) return undefined;
    this.#unread = unread.subarray(head + length);
    return unread.toString('utf8', head, head + length);
  }
}

onEachEngine('the live stream', (engine) => {
  test('cut 1,000 times after events came, it brings every event once, in order, none missing', async () => {
    expect(await cutAndCompare(engine, keepsNumbers, 1000)).toEqual([]);
  });
});

test.each([
  ['nothing', () => ({})],
  ['when it first came', ({ first: { since } }) => ({ since })],
  ['where it was taken up last', ({ last: { seen, since } }) => ({ seen, since })],
] satisfies [string, Parameters<typeof forgetful>[0]][])(
  'a client that keeps no more than %s would be found out by that',
  async (_what, hello) => {
    expect(await cutAndCompare('sqlite', forgetful(hello), 30)).not.toEqual([]);
  },
);
