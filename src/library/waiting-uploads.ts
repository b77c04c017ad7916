import { sql } from 'kysely';
import type { WaitingUpload } from '#contract/library.ts';
import { unfinishedStatuses } from '#contract/words.ts';
import type { Queryable } from '#db/database.ts';
import { readCursor, writeCursor } from '#db/cursor.ts';

/** No job is going to import it: it was never given to one, or that one has ended and has let go of it. */
export function isFree() {
  return sql<boolean>`(uploads.job_id is null or not (${isInHand()} or exists (
    select 1 from jobs where jobs.id = uploads.job_id and jobs.status in (${sql.join(unfinishedStatuses)})
  )))`;
}

/** A worker may still finish what it had in hand when its job was cancelled. */
function isInHand() {
  return sql<boolean>`exists (
    select 1 from job_items
    where job_items.job_id = uploads.job_id and job_items.state = 'working' and job_items.key = uploads.id
  )`;
}

/** One that failed was told to its owner with the job; one whose job was cancelled never had its turn. */
function isWaiting() {
  return sql<boolean>`(uploads.job_id is null or (not ${isInHand()} and exists (
    select 1 from jobs where jobs.id = uploads.job_id and jobs.status = 'cancelled'
  )))`;
}

/** Uploads that arrived whole and are not going to be imported by a job, oldest first. Throws `CursorRefused`. */
export async function waitingUploads(
  db: Queryable,
  owner: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: WaitingUpload[]; next_cursor: string | null }> {
  let query = db
    .selectFrom('uploads')
    .select(['id', 'name', 'folder', 'size_bytes', 'finished_at'])
    .where('owner', '=', owner)
    .where(isWaiting)
    .where('finished_at', 'is not', null)
    .$narrowType<{ finished_at: string }>()
    .orderBy('finished_at')
    .orderBy('id')
    .limit(page.limit + 1);
  if (page.cursor !== undefined) {
    const [finished, id] = readCursor(page.cursor);
    query = query.where((where) =>
      where.or([
        where('finished_at', '>', finished),
        where.and([where('finished_at', '=', finished), where('id', '>', id)]),
      ]),
    );
  }
  const rows = await query.execute();
  const last = rows.length > page.limit ? rows[page.limit - 1] : undefined;
  return {
    items: rows.slice(0, page.limit),
    next_cursor: last === undefined ? null : writeCursor([last.finished_at, last.id]),
  };
}
