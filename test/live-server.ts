/** The HTTP server on a ledger of its own, in this process, for tests of what it streams. */
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { pino } from 'pino';
import { all, owner, testLedger } from '../src/jobs/fixture.ts';
import { enrichmentOf } from '#app.ts';
import { readConfig } from '#config.ts';
import type { Engine } from '#db/database.ts';
import type { LiveLimits } from '#http/live.ts';
import { buildServer } from '#http/server.ts';
import type { Outcome } from '#jobs/outcome.ts';
import { openStorage } from '#library/storage.ts';
import { Threads } from '#review/threads.ts';
import { openViews } from '#saved-videos/table/views.ts';
import { freePort } from './running-app.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type LiveServerOptions = {
  /** Called with every connection before a byte of it is passed on; without it they go straight through. */
  wire?: (inward: Socket, outward: Socket) => void;
  limits?: LiveLimits;
};

export async function liveServer(engine: Engine, { wire, limits }: LiveServerOptions = {}) {
  const opened = new AsyncDisposableStack();
  const test = opened.use(await testLedger(engine, { halt_minimum: 1_000_000 }));
  const folder = opened.use(await temporaryFolder());
  // The guard knows the port that is asked: that of the wire.
  const port = await freePort();
  const storage = await openStorage(folder.path);
  const server = await buildServer(
    {
      owner,
      db: test.db,
      ledger: test.ledger,
      storage,
      rules() {
        throw new Error('not asked here');
      },
      threads: opened.use(new Threads({ database: test.address, most: 1 })),
      export_template: '{name}{ext}',
      views: openViews(test.db),
      expand_playlist: null,
      enrichment: enrichmentOf({ config: readConfig({}), db: test.db, storage }),
      dispatcher: { notify() {} },
      health: () => Promise.reject(new Error('not asked here')),
    },
    {
      port,
      version: 'test',
      page: path.join(folder.path, 'no-page'),
      max_upload_bytes: 1,
      ...(limits === undefined ? {} : { live_limits: limits }),
      logger: pino({ level: 'silent' }),
    },
  );
  opened.defer(() => server.close());
  if (wire === undefined) await server.listen({ host: '127.0.0.1', port });
  else {
    await server.listen({ host: '127.0.0.1', port: 0 });
    const inner = (server.server.address() as AddressInfo).port;
    const outer = createServer((outward) => {
      const inward = connect(inner, '127.0.0.1');
      for (const socket of [inward, outward]) socket.on('error', () => {});
      inward.on('close', () => outward.destroy());
      outward.on('close', () => inward.destroy());
      wire(inward, outward);
    }).listen(port, '127.0.0.1');
    await once(outer, 'listening');
    opened.defer(() => void outer.close());
  }
  return {
    test,
    server,
    url: `http://127.0.0.1:${port}`,
    live: `ws://127.0.0.1:${port}/api/live`,
    /** Works so many items of whatever job is next, as a worker would. Resolves to how many there were. */
    async work(items: number, outcome: Outcome<unknown>): Promise<number> {
      const claims = await test.claim(items);
      if (claims.length > 0) await test.ledger.settle(all(claims, outcome), {}, 'now');
      return claims.length;
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

export type LiveServer = Awaited<ReturnType<typeof liveServer>>;
