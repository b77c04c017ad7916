/**
 * The peer of `bench/jobs.ts`: pg-boss, the queue on PostgreSQL that a user of this ecosystem would pick. As quick as
 * it can be asked: `fetch` and `complete` themselves, without the pauses of its own polling loop.
 */
import { PgBoss } from 'pg-boss';
import { itemsOf, lanes } from './jobs-engine.ts';

/** Items asked for at once, where the engine claims ahead as many. */
const fetchSize = 100;

export type Peer = Awaited<ReturnType<typeof openPeer>>;

export async function openPeer(url: string) {
  const boss = new PgBoss({ connectionString: url, schema: 'bench_peer', supervise: false, schedule: false });
  boss.on('error', (error) => process.stderr.write(`pg-boss: ${error.message}\n`));
  await boss.start();
  let queues = 0;
  const fill = async (count: number) => {
    const queue = `bench-${(queues += 1)}`;
    await boss.createQueue(queue);
    const began = performance.now();
    await boss.insert(
      queue,
      itemsOf(count).map((data) => ({ data })),
    );
    return { queue, milliseconds: performance.now() - began };
  };
  const take = async (queue: string, batchSize: number) =>
    (await boss.fetch<object>(queue, { batchSize })).map(({ id }) => id);
  return {
    /** Milliseconds to create so many, and to delete what waits. */
    async createAndCancel(count: number) {
      const { queue, milliseconds } = await fill(count);
      const began = performance.now();
      await boss.deleteQueuedJobs(queue);
      return { create: milliseconds, cancel: performance.now() - began };
    },

    /** Items per second, by as many loops as the worker has lanes. */
    async drain(count: number, group: number): Promise<number> {
      const { queue } = await fill(count);
      const began = performance.now();
      const lane = async () => {
        for (;;) {
          const ids = await take(queue, Math.max(group, fetchSize));
          if (ids.length === 0) return;
          for (let from = 0; from < ids.length; from += group) {
            await boss.complete(queue, ids.slice(from, from + group));
          }
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      return (count / (performance.now() - began)) * 1000;
    },

    /** Milliseconds of each fetch of ten out of two queues in turns. */
    async timeFetches(count: number, worked: number): Promise<number[]> {
      const two = [(await fill(count)).queue, (await fill(count)).queue];
      const milliseconds: number[] = [];
      for (let done = 0; done < worked; done += 10) {
        const queue = two[(done / 10) % 2] as string;
        const began = performance.now();
        const ids = await take(queue, 10);
        milliseconds.push(performance.now() - began);
        await boss.complete(queue, ids);
      }
      return milliseconds;
    },

    [Symbol.asyncDispose]: () => boss.stop({ graceful: false }),
  };
}
