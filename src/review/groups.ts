/** What waits for a person, grouped so that one decision settles many, the group that settles most first. */
import { sql } from 'kysely';
import type { ReviewGroup } from '#contract/review.ts';
import { readCursor } from '#db/cursor.ts';
import type { Queryable } from '#db/database.ts';
import { filtered, pageOfTiles } from '#library/browse.ts';
import { readDoubtKey } from '#library/doubt.ts';
import { proposalFor, sentenceFor } from './group-words.ts';

const samplesShown = 6;

export async function reviewGroups(
  db: Queryable,
  owner: string,
  limit: number,
): Promise<{ total: number; groups: ReviewGroup[] }> {
  const rows = await db
    .selectFrom('capture_times')
    .select(['doubt', (select) => select.fn.countAll<number>().as('count')])
    .where('owner', '=', owner)
    .where('doubt', 'is not', null)
    .groupBy('doubt')
    .execute();
  const groups = rows.flatMap(({ doubt: key, count }) => {
    const doubt = key === null ? null : readDoubtKey(key);
    if (key === null || doubt === null) return [];
    const proposal = proposalFor(doubt, count);
    return [{ key, kind: doubt.kind, sentence: sentenceFor(doubt, count), count, proposal }];
  });
  const shown = groups.toSorted(
    (one, other) => settles(other) - settles(one) || (one.key < other.key ? -1 : 1),
  );
  return {
    total: groups.reduce((sum, { count }) => sum + count, 0),
    groups: await Promise.all(
      shown
        .slice(0, limit)
        .map(async (group) => ({ ...group, samples: await samplesOf(db, owner, group.key) })),
    ),
  };
}

/** How many one action settles. Where nothing can be proposed it is one at a time, the larger group first. */
function settles({ count, proposal }: { count: number; proposal: unknown }): number {
  return proposal === null ? 1 - 1 / (count + 1) : count;
}

async function samplesOf(db: Queryable, owner: string, key: string): Promise<ReviewGroup['samples']> {
  const rows = await db
    .selectFrom('capture_times')
    .innerJoin('assets', 'assets.id', 'capture_times.asset_id')
    .select(['assets.id', 'assets.name', 'assets.kind', 'assets.has_thumbnail'])
    .where('capture_times.owner', '=', owner)
    .where('capture_times.doubt', '=', key)
    .where('capture_times.doubt', 'is not', null)
    .orderBy('capture_times.sort_key')
    .orderBy('capture_times.asset_id')
    .limit(samplesShown)
    .execute();
  return rows.map(({ has_thumbnail, ...sample }) => ({ ...sample, has_thumbnail: has_thumbnail === 1 }));
}

/** One page of a group, oldest first. Throws `CursorRefused`. */
export async function assetsOfGroup(
  db: Queryable,
  owner: string,
  key: string,
  page: { limit: number; cursor?: string | undefined },
) {
  let query = filtered(db, owner, { doubt: key })
    .select(['assets.id', 'assets.name', 'assets.kind', 'assets.width', 'assets.height'])
    .select(['assets.duration_seconds', 'assets.has_thumbnail'])
    .select(['capture_times.local', 'capture_times.zone', 'capture_times.confidence', 'capture_times.review'])
    .select(['capture_times.precision', 'capture_times.because', 'capture_times.sort_key as position'])
    .where('capture_times.doubt', 'is not', null) // lets the index of what is in doubt be used
    .orderBy('capture_times.sort_key')
    .orderBy('capture_times.asset_id')
    .limit(page.limit + 1);
  if (page.cursor !== undefined) {
    const [position, id] = readCursor(page.cursor);
    query = query.where(sql<boolean>`(capture_times.sort_key, capture_times.asset_id) > (${position}, ${id})`);
  }
  return pageOfTiles(await query.execute(), page.limit);
}
