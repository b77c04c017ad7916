/** The page's own stream against the real server over real sockets, cut again and again in the middle of messages. */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LiveStream } from '../web/src/live-stream.ts';
import { bad, done } from '../src/jobs/fixture.ts';
import { onEachEngine } from './databases.ts';
import { liveServer } from './live-server.ts';

const cuts = 1000;

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

onEachEngine('the live stream', (engine) => {
  test(
    `cut ${cuts} times, it brings every event once, in order, none missing`,
    { timeout: 180_000 },
    async () => {
      const random = chance(3);
      let made = 0;
      /** Passes on so many bytes of what the server says, then cuts the connection without a word. */
      const cutting = (inward: Socket, outward: Socket) => {
        outward.pipe(inward);
        if (made >= cuts) return void inward.pipe(outward);
        // Mostly within the first messages, sometimes within the handshake, sometimes far into a replay.
        let left = Math.floor(random() ** 4 * 6000);
        inward.on('data', (bytes: Buffer) => {
          const passed = bytes.subarray(0, left);
          left -= passed.length;
          outward.write(passed);
          if (left > 0 || outward.destroyed) return;
          made += 1;
          outward.resetAndDestroy();
        });
      };
      await using server = await liveServer(engine, cutting);
      const { test: fixture, work } = server;
      const { ledger } = fixture;
      const got = new Map<string, number[]>();
      let connections = 0;
      const stream = new LiveStream({
        address: server.live,
        onLive: (live) => (connections += Number(live)),
        onEvents: (job, events) => got.getOrInsert(job.id, []).push(...events.map(({ seq }) => seq)),
        pauseMs: () => 1,
      });
      while (connections === 0) await sleep(1);

      // Jobs come, run, pause, go on, fail in part, are tried again and end while the stream is cut.
      const jobs: { id: string; owner: string }[] = [];
      while (made < cuts) {
        if (random() < 0.02 || jobs.length === 0) jobs.push(await fixture.job(2 + Math.floor(random() * 400)));
        const some = jobs[Math.floor(random() * jobs.length)]!;
        const { status } = await ledger.get(some);
        if (random() < 0.05 && status === 'running') await ledger.pause(some);
        else if (random() < 0.3 && status === 'paused') await ledger.resume(some);
        else if (status === 'completed_with_errors') await ledger.retry(some, 'all');
        else await work(1 + Math.floor(random() * 3), random() < 0.1 ? bad : done);
        await sleep(random() * 2);
      }
      for (;;) {
        const heads = await ledger.heads({ owner: 'home', ended_since: new Date(0), also: [] });
        if ([...heads].every(([id, head]) => (got.get(id)?.length ?? 0) >= head)) break;
        await sleep(50);
      }
      await sleep(600);
      stream.close();

      for (const { id } of jobs) {
        const kept = await fixture.db
          .selectFrom('job_events')
          .select('seq')
          .where('job_id', '=', id)
          .orderBy('seq')
          .execute();
        expect(got.get(id)).toEqual(kept.map(({ seq }) => seq));
      }
      expect(made).toBe(cuts);
      const events = [...got.values()].reduce((sum, seqs) => sum + seqs.length, 0);
      expect(events).toBeGreaterThan(300);
      // Not all of the cuts came before anything was said; how many depends on the speed of the machine.
      expect(connections).toBeGreaterThan(50);
    },
  );
});
