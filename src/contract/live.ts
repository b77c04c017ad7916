/**
 * What is said over the WebSocket at `/api/live`.
 *
 * The client speaks once, `LiveHello`; the server answers `ready`, then sends `events` until the connection ends. Every
 * event of every job of the owner comes exactly once, in the order of its job, without gap. A client that comes back
 * with the numbers it has seen, and with `since` from its first `ready`, gets exactly what it missed.
 */
import { z } from 'zod';
import { Job, JobEvent } from './jobs.ts';

/** Jobs whose numbers a client may bring; one that has seen more begins afresh. */
export const mostJobsSeen = 2000;

export const LiveHello = z.strictObject({
  /** Number of the last event seen, by job: events after it are sent. */
  seen: z
    .record(z.string().max(100), z.int().min(0))
    .refine((seen) => Object.keys(seen).length <= mostJobsSeen, `at most ${mostJobsSeen} jobs`)
    .default({}),
  /** Other jobs: their events of this instant and later are sent. Left out: only what happens from now on. */
  since: z.iso.datetime({ offset: true }).optional(),
});
export type LiveHello = z.input<typeof LiveHello>;

export const LiveMessage = z.discriminatedUnion('say', [
  /** `seen`: where each job is taken up. Numbers of other jobs in the hello name nothing that is here. */
  z.strictObject({ say: z.literal('ready'), since: z.string(), seen: z.record(z.string(), z.int()) }),
  /** The next events of one job, and the job as it stands now: at their last event, or already further. */
  z.strictObject({ say: z.literal('events'), job: Job, events: z.array(JobEvent).min(1) }),
  /** Nothing happened for a while; the connection lives. */
  z.strictObject({ say: z.literal('beat') }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;

/** A connection on which nothing came for three beats is dead. */
export const beatSeconds = 15;
