/**
 * The job engine on SQLite, and on PostgreSQL where a server answers: what commands cost on small and on large jobs,
 * how many items a worker settles per second, how long a claim takes while two jobs run. Beside each figure, from the
 * same run and in turns with it, the floor (`jobs-floor.ts`) and on PostgreSQL a peer (`jobs-peer.ts`).
 *
 *   npm run bench:jobs [-- --rounds 3 --items 100000 --loop 20000]
 *
 * The server is the one that `DAYBOOK_TEST_POSTGRES_URL` names, else the local one; the databases made there have
 * names of their own and are dropped.
 */
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import type { DatabaseAddress } from '#db/database.ts';
import { emptyPostgres, emptySqlite } from '../test/empty-databases.ts';
import {
  drain,
  drainLedger,
  lanes,
  openHouse,
  timeClaims,
  timeCommands,
  type CommandTimes,
} from './jobs-engine.ts';
import { openFloor } from './jobs-floor.ts';
import { openPeer } from './jobs-peer.ts';
import { machineLine, quantile } from './photos.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    items: { type: 'string', default: '100000' },
    loop: { type: 'string', default: '20000' },
  },
});
const rounds = Number(values.rounds);
const items = Number(values.items);
const loop = Number(values.loop);
/** One transaction per item is slow; a tenth of the items shows it as well. */
const loopOneByOne = Math.ceil(loop / 10);
const few = 10;

function loopOf(group: number, effects: boolean) {
  return { count: group === 1 ? loopOneByOne : loop, group, effects };
}

const local = 'postgres://postgres@127.0.0.1:5432/postgres';
const server = process.env['DAYBOOK_TEST_POSTGRES_URL'] ?? local;

say(`${machineLine()}; load ${loadavg()[0]?.toFixed(1)} of others before`);
const wishes = process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : '';
say(`command  npm run bench:jobs${wishes}`);
say(`shown    medians of ${rounds} rounds, ratios within each; ${lanes} lanes`);
say(
  '         by 10 (12.3): groups of 10; of those that queued up, 12.3 items went into one transaction on average',
);
{
  await using database = await emptySqlite();
  await bench('SQLite', database.address);
}
const refusal = await refusalOf(server);
if (refusal === undefined) {
  await using database = await emptyPostgres(server);
  await bench('PostgreSQL', database.address);
} else {
  say(`\nPostgreSQL was not measured: ${refusal}. Name a server in DAYBOOK_TEST_POSTGRES_URL.`);
}

/** Every figure of every round. */
type Figures = { engine: number[]; floor?: number[]; peer?: number[] };

async function bench(name: string, address: DatabaseAddress): Promise<void> {
  await using house = await openHouse(address);
  await using floor = await openFloor(await beside(address));
  await using peer = 'postgres' in address ? await openPeer(address.postgres) : undefined;
  const small: CommandTimes = { create: [], pause: [], resume: [], cancel: [] };
  const large: CommandTimes = { create: [], pause: [], resume: [], cancel: [] };
  const createFloor: number[] = [];
  const peerCreate: number[] = [];
  const peerCancel: number[] = [];
  const alone = [1, 10].map((group) => ({
    ...loopOf(group, false),
    engine: [] as number[],
    floor: [] as number[],
  }));
  const loops = [loopOf(1, false), loopOf(1, true), loopOf(10, false), loopOf(10, true)].map((options) => ({
    ...options,
    engine: [] as number[],
    floor: [] as number[],
    peer: [] as number[],
    perTransaction: [] as number[],
  }));
  const claims: number[] = [];
  const fetches: number[] = [];

  for (let round = 1; round <= rounds; round++) {
    for (let n = 0; n < 5; n++) await timeCommands(house, few, small);
    createFloor.push(await floor.create(items));
    await timeCommands(house, items, large);
    const created = await peer?.createAndCancel(items);
    if (created !== undefined) {
      peerCreate.push(created.create);
      peerCancel.push(created.cancel);
    }
    for (const { engine, floor: bare, ...options } of alone) {
      bare.push(await floor.drain(options.count, options.group));
      engine.push(await drainLedger(house, options));
    }
    for (const { engine, floor: bare, peer: other, perTransaction, ...options } of loops) {
      bare.push(await floor.drain(options.count, options.group));
      const drained = await drain(house, options);
      engine.push(drained.perSecond);
      perTransaction.push(drained.perTransaction);
      // It has no effects to commit with the completion: it is the same figure either way.
      if (peer !== undefined) other.push(await peer.drain(options.count, options.group));
    }
    claims.push(...(await timeClaims(house, items, loop / 2)));
    fetches.push(...((await peer?.timeFetches(items, loop / 2)) ?? []));
  }

  const many = items.toLocaleString('en');
  const heads = peer === undefined ? '' : `pg-boss ${peerVersion()}`;
  say(`\n${row(name, 'Daybook', 'floor', 'of floor', heads, heads && 'Daybook is')}`);
  say(took(`create, ${few} items`, { engine: small.create }));
  say(took(`create, ${many} items`, { engine: large.create, floor: createFloor, peer: peerCreate }));
  for (const command of ['pause', 'resume', 'cancel'] as const) {
    say(took(`${command}, ${few} items`, { engine: small[command] }));
    say(
      took(`${command}, ${many} items`, {
        engine: large[command],
        ...(command === 'cancel' ? { peer: peerCancel } : {}),
      }),
    );
  }
  for (const { group, engine, floor: bare } of alone) {
    say(rate(`ledger alone, settled/s by ${group}`, { engine, floor: bare }));
  }
  for (const { group, effects, perTransaction, ...figures } of loops) {
    const size = quantile(perTransaction, 0.5).toFixed(1);
    say(rate(`worker, settled/s by ${group} (${size})${effects ? ', effects' : ''}`, figures));
  }
  say(took(`claim of 10, two jobs of ${many}, p50`, { engine: claims, peer: fetches }));
  const p99 = fetches.length === 0 ? '' : `${quantile(fetches, 0.99).toFixed(1)} ms`;
  say(row('  … p99', `${quantile(claims, 0.99).toFixed(1)} ms`, '', '', p99, ''));
}

/** The floor has a database of its own, on the same disk or server, so that neither writes into the other's log. */
async function beside(address: DatabaseAddress): Promise<DatabaseAddress> {
  return 'sqlite' in address ? { sqlite: `${address.sqlite}-floor` } : address;
}

/** Milliseconds: more is worse. */
function took(what: string, { engine, floor, peer }: Figures): string {
  const shown = [engine, floor, peer].map((values) => medianOf(values, (value) => `${value.toFixed(1)} ms`));
  return figureRow(what, shown, ratio(floor, engine), ratio(peer, engine));
}

/** Items per second: more is better. */
function rate(what: string, { engine, floor, peer }: Figures): string {
  const shown = [engine, floor, peer].map((values) =>
    medianOf(values, (value) => Math.round(value).toLocaleString('en')),
  );
  return figureRow(what, shown, ratio(engine, floor), ratio(engine, peer));
}

function medianOf(values: number[] | undefined, inWords: (value: number) => string): string {
  return values === undefined || values.length === 0 ? '' : inWords(quantile(values, 0.5));
}

function figureRow(what: string, [engine = '', floor = '', peer = '']: string[], of: number, times: number) {
  const ofFloor = Number.isNaN(of) ? '' : of.toFixed(2);
  const ofPeer = Number.isNaN(times) ? '' : `${times.toFixed(times < 1 ? 2 : 1)} × as fast`;
  return row(what, engine, floor, ofFloor, peer, ofPeer);
}

/** The median of the ratios within each round; NaN when there is nothing beside. */
function ratio(of: number[] | undefined, to: number[] | undefined): number {
  if (of === undefined || to === undefined || of.length === 0) return Number.NaN;
  // Figures that are taken more often than once a round have no partner each.
  if (of.length !== to.length) return quantile(of, 0.5) / quantile(to, 0.5);
  return quantile(
    of.map((value, round) => value / (to[round] ?? Number.NaN)),
    0.5,
  );
}

function row(what: string, ...cells: string[]): string {
  const shown = cells.map((cell) => cell.padStart(16));
  return `${what.padEnd(42)}${shown.join('')}`.trimEnd();
}

function peerVersion(): string {
  const { version } = createRequire(import.meta.url)('pg-boss/package.json') as { version: string };
  return version;
}

/** Why the server cannot be used, or undefined. */
async function refusalOf(url: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return `${new URL(url).host} does not answer (${error instanceof Error ? error.message || error.name : String(error)})`;
  } finally {
    await client.end();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
