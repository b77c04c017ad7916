import { hostname } from 'node:os';
import type { Queryable } from '#db/database.ts';
import { aliveSince } from './beat.ts';
import { processAlive } from './process-alive.ts';

export type LiveWorker = { id: string; host: string; pid: number; role: string };

/** Workers whose lease has not ended; those of this computer only while their process is there. */
export async function liveWorkers(db: Queryable, leaseSeconds: number): Promise<LiveWorker[]> {
  const rows = await db
    .selectFrom('workers')
    .select(['id', 'host', 'pid', 'role', 'started_at'])
    .where('beat_at', '>=', aliveSince(new Date(), leaseSeconds))
    .execute();
  return rows.filter(
    ({ host, pid, started_at }) => host !== hostname() || processAlive(pid, new Date(started_at)),
  );
}
